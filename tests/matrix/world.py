"""The world of the matrix: two districts, a person in every post, and one object of each kind in every place."""

from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from archives.enums import PaperKind
from archives.models import IssuedPaper
from archives.services import issue, render
from cases import documents
from cases.models import CaseLimit, CaseMember, EconomicCheck, Filing, MaterialFile
from cases.services.online import apply_online
from cases.services.signing import open_unattended_sitting
from common import clock
from common.actors import resident_actor, system_actor
from journal.models import Entry
from organizations.enums import OfficeKind, ResponsibilityKind
from organizations.models import Area, Delegation, Office
from organizations.queries import appointments_in_force
from organizations.services.appointments import name_responsible
from organizations.services.areas import founder
from organizations.services.clients import add_client
from organizations.services.offices import delegate, save_office
from policies.services.flags import raise_flag
from tests.builders import api as interfaces
from tests.builders import cases as build
from tests.builders.organization import give_second_factor
from tests.matrix.tables import NOBODY, POSTS, ROLES, around

PLACES = ROLES["places"]
BACKEND = "django.contrib.auth.backends.ModelBackend"
HELD = "the matrix looks at its own world"
SEEN = {"village", "other_street"}
SITTINGS = {"village": "village", "other_street": "other_street", "foreign": "foreign"}


@dataclass(eq=False)
class World:
    """`people`: post → person, `held` their appointments; `objects`: place → the numbers of what lies there, as addresses and
    forms call them; `sittings`: post or place → an opened sitting of that leader."""

    people: dict = field(default_factory=dict)
    objects: dict = field(default_factory=dict)
    sittings: dict = field(default_factory=dict)
    held: dict = field(default_factory=dict)

    def actor(self, post, road="page"):
        return build.actor(self.people[post], road=road)

    def client(self, post):
        """A signed-in client that has shown a one-time code; for nobody one that has not signed in."""
        client = Client(raise_request_exception=False)
        if post != NOBODY:
            client.force_login(self.people[post], backend=BACKEND)
            session = client.session
            session["second_factor_at"] = clock.now().isoformat()
            session.save()
            client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    def numbers(self, post, relation):
        """The numbers of the place that stands in this relation to the post."""
        post = "handler" if post == NOBODY else post
        place = around(post)[0][relation]
        own = self.sittings.get(post) if relation == "own" else None
        return self.objects[place] | {
            "own_post": self.held[post],
            "sitting_pk": own or self.sittings[SITTINGS.get(place, "village")],
        }


def make():
    """Everything by the real services, but for the cases above a village: no service puts one there, so they are lifted."""
    world = World()
    people = {
        "village": build.street(PLACES["street"], PLACES["village"]),
        "other_street": build.street("120199002000", PLACES["other_street"]),
        "foreign": build.street("150199001000", PLACES["foreign"]),
    }
    _own_number_words()
    for post, level in POSTS.items():
        world.people[post] = _system() if post == "client" else give_second_factor(build.post(post, PLACES[level]))
        world.held[post] = appointments_in_force(world.people[post]).get().pk
    for place, code in PLACES.items():
        world.objects[place] = _organization(place, code) | _case(place, code, people.get(place, people["village"]))
    for place, acting in people.items():
        world.sittings[place] = _sitting(acting.deputy, world.objects[place]["pk"])
    for post in ("deputy_leader", "principal_leader"):
        world.sittings[post] = _sitting(world.actor(post, road="command"), world.objects["village"]["pk"])
    return world


def _system():
    """Another government system, for the whole district."""
    return interfaces.system(PLACES["district"]).record.user


def _own_number_words():
    """Case numbers begin with the office's own words; the made-up streets all have the same."""
    for office in Office.objects.filter(kind=OfficeKind.STREET).select_related("seat"):
        code = office.seat.code
        save_office(
            founder(), office.pk, name=office.name, kind=office.kind, seat_code=code, area_codes=[code],
            short_name=office.short_name, number_prefix=code[:9],
        )  # fmt: skip


def _sitting(leader, case_id):
    return open_unattended_sitting(leader, case_ids=[case_id]).pk


def _organization(place, code):
    clerk = build.post("assistant", code, username=f"clerk-{place}")
    held = appointments_in_force(clerk).get()
    named = name_responsible(
        founder(), office_id=held.office_id, kind=ResponsibilityKind.CONCRETE, person_id=clerk.pk, basis="文件",
        valid_from=build.SINCE,
    )  # fmt: skip
    district = code if place in {"city", "province"} else f"{code[:6]}000000"
    return {
        "code": code,
        "street": code if place in {"district", "city", "province"} else f"{code[:9]}000",
        "district": district,
        "username": clerk.username,
        "user_id": clerk.pk,
        "client_id": add_client(founder(), name=place, office_id=held.office_id, scopes=["applications"]).pk,
        "number": f"nothing-{place}",
        "appointment_id": held.pk,
        "office_id": held.office_id,
        "area_id": Area.objects.get(code=code).pk,
        "responsibility_id": named.pk,
        "delegation_id": _delegation(district),
        "parameter": "pub.hotline",
    }


def _delegation(district):
    """What the district has delegated; nothing is delegated above a district, so its place holds the foreign one's."""
    if district in {PLACES["city"], PLACES["province"]}:
        district = "150199000000"
    found = Delegation.objects.filter(district__code=district).first()
    return (
        found or delegate(founder(), district_code=district, programme="DIBAO", basis="文件", valid_from=build.SINCE)
    ).pk


def _case(place, code, people):
    """A case in the economic check, with a request waiting."""
    village = code if code[9:] != "000" else PLACES["village"]
    walk = build.walk(people, village_code=village).to("ECONOMIC_CHECK").requests_check()
    case = walk.case
    check = EconomicCheck.objects.unscoped(reason=HELD).get(case=case)
    flag = raise_flag(system_actor("matrix"), case, rule="INT-05", message="第2份补正告知", area_code=code)
    paper = IssuedPaper.objects.unscoped(reason=HELD).filter(subject_id=str(case.pk)).earliest("pk")
    if place in SEEN:
        render(paper)
    file = MaterialFile.objects.unscoped(reason=HELD).filter(material__case=case).earliest("pk")
    running = CaseLimit.objects.unscoped(reason=HELD).filter(case=case, ended_on=None)
    running.update(area_code=code, due_on=clock.today(), flag_on=clock.today())  # everywhere something is late
    if village != code:
        type(case).objects.unscoped(reason=HELD).filter(pk=case.pk).update(area_code=code)
        EconomicCheck.objects.unscoped(reason=HELD).filter(pk=check.pk).update(area_code=code)
    return {
        "pk": case.pk,
        "seen": case.version,
        "investigator": people.handler.user_id,
        "check_pk": check.pk,
        "limit_pk": running.order_by("pk").values_list("pk", flat=True).first(),
        "flag_id": flag.pk,
        "flag_pk": flag.pk,
        "filing_pk": _filing(place, code, case).pk,
        "paper_pk": paper.pk,
        "check_code": paper.check_code,
        "file_pk": file.file_id,
        "material_id": file.material_id,
        "member_id": CaseMember.objects.unscoped(reason=HELD).filter(case=case).earliest("pk").pk,
        "what": "phone",
        "row": case.pk,
        **_online(village, code),
    }


def _online(village, code):
    """An online application that waits."""
    sent = apply_online(resident_actor("10.0.0.1"), application=build.application(village, channel="online"))
    if village != code:
        type(sent).objects.unscoped(reason=HELD).filter(pk=sent.pk).update(area_code=code)
    return {
        "online_pk": sent.pk,
        "online_seen": sent.version,
        "receipt_code": sent.receipt_code,
        "tail": sent.id_number[-4:],
        "place": 0,
    }


def _filing(place, code, case):
    """A summary that waits for its receipt. It is laid where the case is: no street of these districts files its results."""
    filing = Filing.objects.create(area_code=code, office=case.office, filed_at=clock.now(), filed_by_name="经办人")
    filing.paper = issue(
        system_actor("matrix"), kind=PaperKind.FILING_SUMMARY, owner=filing, subject=("filing", filing.pk), area_code=code,
        office_name=f"{case.office.name}{place}", prefix="示", data=documents.filing_summary(filing),
    )  # fmt: skip
    filing.save(update_fields=["paper"])
    if place in SEEN:
        render(filing.paper)
    return filing


def photo():
    return SimpleUploadedFile("photo.jpg", build.picture(), content_type="image/jpeg")


def calendar():
    return SimpleUploadedFile("2027.csv", "2027-01-01,rest,元旦".encode(), content_type="text/csv")


@contextmanager
def undone():
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lines_since(last):
    """The acts of the journal's lines after a number."""
    rows = Entry.objects.unscoped(reason=HELD).filter(pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", "act"))


def last_line():
    return Entry.objects.unscoped(reason=HELD).order_by("-pk").values_list("pk", flat=True).first() or 0
