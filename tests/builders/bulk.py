"""Many cases at once, for tests of scale: whole rows with their stages, members and lines of the trail, so that the integrity check
passes; no services, because a walk of a hundred thousand takes a day."""

import datetime as dt
import uuid

from django.db import transaction

from cases.models import Case, CaseMember, CaseStage, Household, HouseholdMember
from cases.services.engine import procedure_of
from common import clock
from common.names import pinyin_key
from journal.models import Entry
from journal.services import mac_of
from tests.leaks import plants

SURNAMES, GIVEN = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "桂国春秀明建玉海文华志红小金平"
BATCH = 2_000


def cases(people, village, number):
    """`number` open cases of a village, spread over the first stages; returns nothing."""
    procedure = procedure_of(village, "DIBAO", clock.today())
    keys = [stage["key"] for stage in procedure[:6]]
    steps = {stage["key"]: stage["step"] for stage in procedure}
    office = Case.objects.unscoped(reason="test").select_related("office").latest("pk").office
    start = Case.objects.unscoped(reason="test").count()
    for first in range(start, start + number, BATCH):
        with transaction.atomic():
            _write(people, village, office, procedure, keys, steps, range(first, min(first + BATCH, start + number)))


def _write(people, village, office, procedure, keys, steps, numbers):
    now = clock.now()
    households = Household.objects.bulk_create(Household(area_code=village, created_at=now) for _ in numbers)
    memberships = HouseholdMember.objects.bulk_create(
        HouseholdMember(
            area_code=village, household=household, name=_name(n), id_number=_identity(n), birth=_birth(n),
            sex="F", joined_on=now.date(),
        )
        for n, household in zip(numbers, households, strict=True)
    )  # fmt: skip
    rows = Case.objects.bulk_create(
        _case(people, village, office, procedure, keys[n % len(keys)], n, household, now)
        for n, household in zip(numbers, households, strict=True)
    )
    CaseMember.objects.bulk_create(
        CaseMember(
            area_code=village, case=case, membership=one, name=case.applicant_name, relation="self", id_number=one.id_number,
            birth=one.birth, sex="F", work="unemployed", programme="DIBAO",
        )
        for case, one in zip(rows, memberships, strict=True)
    )  # fmt: skip
    CaseStage.objects.bulk_create(
        CaseStage(area_code=village, case=case, key=case.status, step=steps[case.status], opened_at=now)
        for case in rows
    )
    Entry.objects.bulk_create(_entry(people.handler, case) for case in rows)


def _case(people, village, office, procedure, status, n, household, now):
    name = _name(n)
    pinyin, initials = pinyin_key(name)
    return Case(
        number=f"BULK-DB-2026-{n:07d}", programme="DIBAO", household=household, office=office, area_code=village,
        status=status, procedure=procedure, channel="window", applicant_name=name, applicant_pinyin=pinyin,
        applicant_initials=initials, receipt_code=f"B{n:09d}", draw_code=f"B{n:025d}", handler_id=people.handler.user_id,
        handler_name=people.handler.name, applied_on=now.date(), accepted_on=now.date(), due_on=now.date() + dt.timedelta(n % 40),
        moved_at=now - dt.timedelta(minutes=n),
    )  # fmt: skip


def _entry(actor, case):
    entry = Entry(
        uid=uuid.uuid4(), at=clock.now(), act="cases.register", object_type="cases.case", object_id=str(case.pk),
        subject_type="case", subject_id=str(case.pk), to_status=case.status, area_code=case.area_code, personal={},
        actor_id=actor.user_id, actor_username=actor.username, actor_name=actor.name, actor_kind=actor.kind,
        actor_post=actor.post, road="import",
    )  # fmt: skip
    entry.mac = mac_of(entry)
    return entry


def _name(n):
    return SURNAMES[n % len(SURNAMES)] + GIVEN[n // 20 % len(GIVEN)] + GIVEN[n // 300 % len(GIVEN)]


def _birth(n):
    return dt.date(1940, 1, 1) + dt.timedelta(n // 500)


def _identity(n):
    return plants.identity(n % 500, birth=_birth(n))
