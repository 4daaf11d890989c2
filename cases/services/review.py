"""初审: the calculation and the opinion (DEC-05, DEC-18, DEC-20; 002 二(一)3)."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from cases import rules
from cases.access import begin, cite
from cases.enums import Condition, ItemCategory, ItemKind, Opinion, Step
from cases.errors import Incomplete
from cases.models import Assessment, Case, CaseMember, EconomicItem
from cases.services import engine, publicity, signing
from common import clock
from common.actors import Actor
from common.acts import act
from common.crypto import canonical
from common.errors import Invalid
from common.ids import age_on
from policies.packfiles import written
from policies.queries import Rules, Unset, Value
from policies.values import Rounding

HELD = "rows of a case already held"
ADULT, ELDERLY = 18, 60
EMPLOYMENT = {ItemCategory.WAGE}
CONDITION_OF = {"severely_disabled": Condition.SEVERELY_DISABLED, "severely_ill": Condition.SEVERELY_ILL}


def preview(case: Case, on: dt.date) -> tuple[rules.Sheet, list[dict[str, str]]]:
    """The calculation sheet by the parameters in force on a day, and those parameters with their sources.

    Raises the refusal that names who must record a missing standard or rounding."""
    held = Rules(case.area_code, on)
    standard, rounding = held.required("calc.standard.dibao"), held.required("calc.rounding")
    job_costs, topups = held["calc.employment_cost_ratio"], held["calc.topups"]
    members = list(CaseMember.objects.unscoped(reason=HELD).filter(case=case, counts=True))
    unit: Rounding = rounding.value
    terms = rules.Terms(
        standard=standard.value,
        standard_source=_source(standard),
        job_cost_share=_decimal(job_costs.value) if isinstance(job_costs, Value) and not job_costs.open else None,
        job_cost_source=_source(job_costs),
        unit=unit.unit,
        rounding=unit.mode,
        topups=_topups(topups, members, on),
    )
    sheet = rules.calculate(len(members), _incomes(case), terms)
    used = [
        _used(value) for value in (standard, rounding, job_costs, topups) if isinstance(value, Value) and not value.open
    ]
    return sheet, used


def _source(value: Value | Unset) -> str:
    return value.cited if isinstance(value, Value) else ""


def _used(value: Value) -> dict[str, str]:
    """A parameter as a decision keeps it: what it was that day, from where."""
    return {
        "parameter": value.parameter,
        "title": value.title,
        "value": canonical(written(value.value)),
        "source": value.source,
        "cited": value.cited,
        "from": value.effective_from.isoformat(),
    }


def _decimal(value: Any) -> Decimal:
    exact = Fraction(str(value)) if not isinstance(value, Fraction) else value
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _incomes(case: Case) -> list[rules.Income]:
    rows = EconomicItem.objects.unscoped(reason=HELD).filter(case=case, kind=ItemKind.INCOME).select_related("member")
    return [
        rules.Income(
            label=f"{item.get_category_display()}　{item.member.name if item.member else _('家庭')}",
            amount=item.figure,
            how=_how(item),
            employment=item.category in EMPLOYMENT,
            excluded=item.category == ItemCategory.EXCLUDED or bool(item.member and not item.member.counts),
        )
        for item in rows.order_by("pk")
    ]


def _how(item: EconomicItem) -> str:
    figures = [(_("申报"), item.declared), (_("调查"), item.surveyed), (_("核对"), item.checked)]
    words = "；".join(f"{word} {value:,.2f}" for word, value in figures if value is not None)
    return f"{words}；{item.explanation}" if item.explanation else words


def _topups(value: Value | Unset, members: list[CaseMember], on: dt.date) -> tuple[rules.TopUp, ...]:
    if not isinstance(value, Value) or value.open:
        return ()
    found = []
    for row in value.value:
        persons = sum(belongs(member, row["category"], on) for member in members)
        if persons:
            found.append(rules.TopUp(CATEGORY_TITLES[row["category"]], _decimal(row["share"]), persons, _source(value)))
    return tuple(found)


CATEGORY_TITLES = {"elderly": "老年人", "minor": "未成年人", "severely_disabled": "重度残疾", "severely_ill": "重病"}


def belongs(member: CaseMember, category: str, on: dt.date) -> bool:
    """Whether a member is of a category of 分类施保 on a day."""
    age = age_on(member.birth, on)
    if category == "minor":
        return age < ADULT
    if category == "elderly":
        return age >= ELDERLY
    return member.condition == CONDITION_OF[category]


@act("cases.give_opinion")
def give_opinion(actor: Actor, case_id: int, *, opinion: str, grounds: str, basis: str, seen: int) -> Case:
    """Give the initial opinion with grounds and the rule applied; a refusal is never posted (A-76), so it skips the publicity."""
    case, move = begin(actor, case_id, "give_opinion", seen)
    if opinion not in Opinion.values:
        raise Invalid(_("请选择初审意见。"), field="opinion")
    if not grounds.strip():
        raise Incomplete(_("请写明初审理由。"), field="grounds", basis=cite(case, "DEC-05"))
    if not basis.strip():
        raise Incomplete(_("请写明对照的政策文件和条款。"), field="basis", basis=cite(case, "DEC-05"))
    sheet, used = preview(case, clock.today())
    if opinion == Opinion.GRANT and not sheet.eligible:
        raise Invalid(
            _("按核算单，这一户人均收入不低于保障标准，不能提出“拟给予救助”。请核对收入认定，或者提出不予确认的意见。"),
            field="opinion",
        )
    granted = opinion == Opinion.GRANT
    Assessment.objects.create(
        case=case,
        area_code=case.area_code,
        stage=engine.current(case, move),
        opinion=opinion,
        grounds=grounds.strip(),
        basis=basis.strip(),
        persons=sheet.persons,
        amount=sheet.amount if granted else 0,
        sheet=asdict(sheet),
        parameters=used,
        given_at=clock.now(),
        given_by_id=actor.person_id,
        given_by_name=actor.name,
    )
    case.amount = sheet.amount if granted else None
    changes = {"opinion": [None, opinion], "amount": [None, str(case.amount)]}
    return engine.close(actor, case, move, changes=changes)


@act("cases.send_back")
def send_back(actor: Actor, case_id: int, *, to_key: str, reason: str, seen: int) -> Case:
    """Return the case to an earlier stage, with the reason (DEC-28). Signatures given, a decision made and a round of publicity that
    still hangs fall away: all of it is done anew."""
    case, move = begin(actor, case_id, "send_back", seen)
    if not reason.strip():
        raise Invalid(_("请写明退回的原因。"), field="reason", basis=cite(case, "DEC-28"))
    earlier = [str(stage["key"]) for stage in case.procedure if stage["step"] in RETURNABLE]
    if to_key not in earlier or to_key not in engine.closed_keys(case):
        raise Invalid(_("只能退回到已经办过的调查、核对或初审环节。请重新选择。"), field="to_key")
    signing.void(actor, case, reason.strip())
    publicity.break_off(case)
    return engine.send_back(actor, case, move, to_key, reason=reason.strip())


RETURNABLE = {Step.SURVEY, Step.ECONOMIC_CHECK, Step.INITIAL_REVIEW}
