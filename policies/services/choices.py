"""Local choices: what an office sets where its document is silent, leaves the figure open, or allows more."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.acts import act
from common.errors import NotFound, Stale
from journal.services import record
from organizations.models import Area
from policies import packfiles
from policies.access import require_choice
from policies.catalogue import Definition, catalogue
from policies.errors import DocumentDecides, ReasonMissing, WrongDate, WrongValue
from policies.models import LocalChoice
from policies.packorder import order_faults
from policies.queries import Rules, Unset, Value, known
from policies.refinement import is_stricter


@act("policies.record_local_choice")
def record_local_choice(
    actor: Actor, *, parameter: str, area_code: str, value: Any, reason: str, valid_from: dt.date, seen: int = 0,
    proposal: str = "",
) -> LocalChoice:  # fmt: skip
    """Set a parameter for an area from a day on. `value` is the written form of the parameter's kind; `seen` the
    number of the choice that the person saw in force (0: none). The previous choice ends on the new one's first day
    (POL-04, POL-05)."""
    definition = known(parameter)
    area = Area.objects.select_for_update().filter(code=area_code).first()
    if area is None:
        raise NotFound()
    require_choice(actor, definition, area_code)
    if not reason.strip():
        raise ReasonMissing(_("请写明理由：为什么这样定，依据什么文件或会议。"), field="reason")
    typed = _typed(definition, value)
    _require_walkable(definition, typed)
    _require_room(definition, typed, area_code, valid_from)
    current = LocalChoice.objects.filter(area_code=area_code, parameter=definition.key, valid_to=None).first()
    if (current.pk if current else 0) != seen:
        raise Stale()
    _require_order(current, valid_from)
    if current:
        _end(actor, current, valid_from)
    before = current.value if current else None
    chosen = LocalChoice.objects.create(
        area_code=area_code,
        parameter=definition.key,
        value=packfiles.written(typed),
        reason=reason.strip(),
        proposal=proposal[:200],
        chosen_by_id=actor.user_id,
        chosen_by=actor.name,
        chosen_post=actor.post_title or actor.post,
        chosen_at=clock.now(),
        valid_from=valid_from,
    )
    record(
        actor, "policies.record_local_choice", chosen, reason=reason.strip(), area_code=area_code,
        changes={definition.key: [before, chosen.value], "valid_from": [None, valid_from.isoformat()]},
    )  # fmt: skip
    return chosen


def _typed(definition: Definition, value: Any) -> Any:
    try:
        typed = definition.parse(value)
    except ValueError as error:
        raise WrongValue(_("“%s”的取值不合要求。请按栏目说明重新填写。") % definition.title, field="value") from error
    if definition.is_open(typed):
        raise WrongValue(_("请填写具体的数值，不要只写文字。"), field="value")
    return typed


def _require_walkable(definition: Definition, typed: Any) -> None:
    """An order of stages that `check_pack` would refuse is no choice either."""
    if definition.kind != "stages":
        return
    faults = [fault.text for fault in order_faults(packfiles.written(typed))] if typed else [_("一个环节也没有。")]
    named = [key for stage in typed for key in stage.parameters]
    faults += [_("参数总目里没有“%s”。") % key for key in named if key not in catalogue()]
    if faults:
        raise WrongValue(_("这个办理环节的先后走不通：\n%s") % "\n".join(faults), field="value")


def _require_room(definition: Definition, typed: Any, area_code: str, on: dt.date) -> None:
    """A stated value stands; where the parameter may be refined, only a stricter one passes (003 四(一))."""
    stated: Value | Unset = Rules(area_code, on).stated(definition.key)
    if stated.open or isinstance(stated, Unset):
        return
    if not definition.refine:
        raise DocumentDecides(
            _("“%(title)s”由文件规定，本地不能另定。%(source)s写明：“%(original)s”。")
            % {"title": definition.title, "source": stated.source, "original": stated.original},
            basis=stated.citation, field="value",
        )  # fmt: skip
    if not is_stricter(definition.refine, stated.value, typed):
        raise DocumentDecides(
            _("“%(title)s”不能低于文件的要求。文件写明：“%(original)s”，本地只能在此之内从严。")
            % {"title": definition.title, "original": stated.original},
            basis=stated.citation, field="value",
        )  # fmt: skip


def _require_order(current: LocalChoice | None, valid_from: dt.date) -> None:
    """A choice never reaches back behind the one before it, nor changes days that have passed under an earlier
    choice."""
    if current is None:
        return
    if valid_from < current.valid_from:
        raise WrongDate(
            _("现行的选择自%s起，新的起始日期不能更早。") % current.valid_from.isoformat(), field="valid_from"
        )
    if valid_from < clock.today():
        raise WrongDate(_("已有现行的选择，新的选择不能追溯到过去。请把起始日期改为今天或以后。"), field="valid_from")


def _end(actor: Actor, current: LocalChoice, on: dt.date) -> None:
    record(
        actor, "policies.end_local_choice", current, area_code=current.area_code,
        changes={"valid_to": [None, on.isoformat()]},
    )  # fmt: skip
    LocalChoice.objects.filter(pk=current.pk).update(valid_to=on)
