"""People and places for tests, made by the real services.

`district()` is a small made-up district (two streets with two villages each, all the usual offices);
`foreign_district()` is another one that its people must never see. `post("handler", STREET)` makes a person with that
post there and returns the user, `actor(user)` the actor under it. Whoever signs in uses `PASSWORD`."""

import datetime as dt

from django.urls import reverse

from common import clock
from organizations.enums import Level, OfficeKind, Permission, Post
from organizations.models import Area, Office, User
from organizations.queries import actor_for, ancestors, appointments_in_force
from organizations.services.appointments import appoint
from organizations.services.areas import founder, load_areas
from organizations.services.offices import load_offices, save_office
from organizations.services.people import add_user
from organizations.services.second_factor import current_code, set_secret

PASSWORD = "correct horse 42"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SINCE = dt.date(2020, 1, 1)

DISTRICT = "120199000000"
STREET, OTHER_STREET = "120199001000", "120199002000"
VILLAGE, OTHER_VILLAGE = "120199001901", "120199001902"
FOREIGN_DISTRICT, FOREIGN_STREET, FOREIGN_VILLAGE = "150199000000", "150199001000", "150199001901"

PROVINCES = {"12": "天津市", "13": "示例省", "14": "山西省", "15": "内蒙古自治区", "22": "吉林省"}
CITIES = {"1201": "市辖区", "1501": "呼和浩特市", "1405": "晋城市", "2299": "示例市"}
OFFICE_KINDS = {
    Post.RECONCILIATION: OfficeKind.CHECK_CENTRE,
    Post.DISTRICT_SUPERVISOR: OfficeKind.SUPERVISING_UNIT,
}


def administrator():
    """The system administrator of everywhere, as the actor of the set-up."""
    return founder()


def district(code_prefix="120199", name=""):
    """The district with its offices; calling it again returns the same one."""
    code = f"{code_prefix}000000"
    name = name or ("示例区" if code == DISTRICT else f"示例{code_prefix}区")
    found = Area.objects.filter(code=code).first()
    if found is None:
        load_areas(founder(), _rows(code_prefix, name), valid_from=SINCE)
        load_offices(founder(), code)
        found = Area.objects.get(code=code)
    return found


def foreign_district():
    """A district of another province."""
    return district("150199", "示例外区")


def _rows(prefix, name):
    def row(code, name, level):
        return {"code": code.ljust(12, "0"), "name": name, "level": level, "made_up": "1", "source": ""}

    rows = [
        row(prefix[:2], PROVINCES[prefix[:2]], Level.PROVINCE),
        row(prefix[:4], CITIES.get(prefix[:4], "示例城"), Level.CITY),
        row(prefix, name, Level.DISTRICT),
    ]
    for street, ordinal in ((f"{prefix}001", "一"), (f"{prefix}002", "二")):
        rows.append(row(street, f"示例{ordinal}街道", Level.STREET))
        rows += [
            row(f"{street}901", f"{ordinal}春和里社区", Level.VILLAGE),
            row(f"{street}902", f"{ordinal}瑞安里社区", Level.VILLAGE),
        ]
    return rows


def office(area_code, kind):
    """The office of a kind whose seat is the area."""
    return Office.objects.get(seat__code=area_code, kind=kind)


def post(post_code, area_code, /, name="", *, username="", since=SINCE, until=None, **appointment):
    """A person appointed to `post_code` at the office of the area: bureau, street or village committee by its level,
    the check centre for `reconciliation`, the supervising unit for `district_supervisor`. City and province sit in an
    office made for them."""
    number = User.objects.count() + 1
    user = add_user(
        founder(),
        username=username or f"{post_code}-{number}",
        name=name or f"{Post(post_code).label}{number}",
        password=PASSWORD,
        area_code=area_code,
        is_demo=True,
    )
    appoint(
        founder(),
        user_id=user.pk,
        post=post_code,
        office_id=_office_for(post_code, area_code).pk,
        valid_from=since,
        valid_to=until,
        **appointment,
    )
    return user


def also(user, post_code, area_code, /, *, since=SINCE, until=None, **appointment):
    """A further appointment of the same person; returns it."""
    return appoint(
        founder(),
        user_id=user.pk,
        post=post_code,
        office_id=_office_for(post_code, area_code).pk,
        valid_from=since,
        valid_to=until,
        **appointment,
    )


def _office_for(post_code, area_code):
    level = next(area.level for area in ancestors(area_code) if area.code == area_code)
    by_level = {Level.STREET: OfficeKind.STREET, Level.VILLAGE: OfficeKind.VILLAGE}
    kind = (
        OFFICE_KINDS.get(post_code, OfficeKind.GOVERNMENT)
        if level == Level.DISTRICT
        else by_level.get(level, OfficeKind.GOVERNMENT)
    )
    found = Office.objects.filter(seat__code=area_code, kind=kind).first()
    return found or save_office(
        founder(), None, name=f"{area_code}民政部门", kind=kind, seat_code=area_code, area_codes=[area_code]
    )


def actor(user, *, post_code=None, road="page"):
    """The actor of a person under the first post held, or under the named one."""
    held = appointments_in_force(user)
    chosen = next((one.pk for one in held if post_code in (None, one.post)), None)
    return actor_for(user, chosen, road=road)


def administrator_of(area_code=DISTRICT):
    """The system administrator of one district, a person with an account."""
    return actor(post("system_admin", area_code))


def manages(one, area_code):
    """Whether the actor administers the area."""
    return one.can(Permission.MANAGE_ORGANIZATION, area_code)


def sign_in(client, user, password=PASSWORD):
    """Sign in through the page; returns the answer."""
    return client.post(reverse("account_login"), {"login": user.username, "password": password})


def give_second_factor(user):
    """Set up the known second factor of a demonstration account."""
    set_secret(founder(), user.pk, SECRET)
    return user


def code_now(moment=None):
    """The present one-time code of whoever has `SECRET`."""
    return current_code(SECRET, moment or clock.now())


def show_code(client):
    """Show the present one-time code, so that administration is open for ten minutes."""
    return client.post(reverse("organizations:second-factor-check"), {"code": code_now(), "next": ""})


def signed_in(client, user):
    """A client whose person has signed in and shown a one-time code."""
    sign_in(client, user)
    give_second_factor(user)
    show_code(client)
    return client
