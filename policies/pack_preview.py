"""What changes in an area when another pack governs it, or when its pack has other values: shown before anything is done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from organizations.models import Area
from organizations.queries import bounds
from policies.catalogue import catalogue
from policies.models import PackBinding, PolicyDocument
from policies.overview import Line, line
from policies.packcheck import NEEDED, RUN
from policies.procedure import Procedure, procedures
from policies.queries import Rules, Value, held_on, leaves_room
from policies.services.packs import Proposed
from policies.wording import describe


@dataclass(frozen=True)
class Order:
    """The order of one programme before and after; None where none is decided."""

    title: str
    before: Procedure | None
    after: Procedure | None

    @property
    def same(self) -> bool:
        return _signature(self.before) == _signature(self.after)


@dataclass(frozen=True)
class Change:
    """A rule whose value differs. `silent`: it had a value and will have none."""

    before: Line
    after: Line

    @property
    def silent(self) -> bool:
        return self.after.rule.open and not self.before.rule.open


@dataclass(frozen=True)
class Kept:
    """A local choice of the area or above, and whether it still has a say."""

    title: str
    key: str
    text: str
    source: str
    holds: bool
    why: str


@dataclass(frozen=True)
class Apart:
    """An area inside with a document of its own, which nothing reaches. `codes`: the half-open range of its codes."""

    name: str
    document: str
    codes: tuple[str, str]


@dataclass(frozen=True)
class Preview:
    """Everything that the page shows of the rules. `codes`: the half-open range of the area's codes; `needed`: what somebody must
    record before a case can run."""

    area: Area
    codes: tuple[str, str]
    before: Rules
    after: Rules
    orders: list[Order]
    changes: list[Change]
    choices: list[Kept]
    needed: list[Line]
    apart: list[Apart]

    @property
    def kept(self) -> list[Kept]:
        """The local choices that still have a say."""
        return [one for one in self.choices if one.holds]

    @property
    def lost(self) -> list[Kept]:
        """Those that have none any more."""
        return [one for one in self.choices if not one.holds]

    @property
    def documents(self) -> tuple[PolicyDocument | None, PolicyDocument | None]:
        """What governs the area before and after."""
        return self.before.document, self.after.document


def preview(proposed: Proposed) -> Preview:
    """The rules of the area on the day, as they are and as they would be."""
    wanted, document = proposed.wanted, proposed.document
    before = Rules(wanted.area_code, wanted.valid_from)
    if proposed.plan:
        after = Rules.planned(wanted.area_code, wanted.valid_from, document, proposed.plan.rows(wanted.valid_from))
    else:
        after = Rules.planned(
            wanted.area_code,
            wanted.valid_from,
            document,
            Rules(wanted.area_code, wanted.valid_from, pack=document.key).rows,
        )
    area = Area.objects.get(code=wanted.area_code)
    return Preview(
        area=area,
        codes=bounds(area),
        before=before,
        after=after,
        orders=_orders(before, after),
        changes=_changes(before, after),
        choices=_choices(after),
        needed=_needed(after),
        apart=_apart(area, proposed),
    )


def _orders(before: Rules, after: Rules) -> list[Order]:
    was = {one.rule.key: one for one in procedures(before)[0]}
    will = {one.rule.key: one for one in procedures(after)[0]}
    titles = {key: definition.title for key, definition in catalogue().parameters.items() if key in was or key in will}
    return [Order(title, was.get(key), will.get(key)) for key, title in titles.items()]


def _signature(procedure: Procedure | None) -> list[tuple[object, ...]]:
    steps = procedure.steps if procedure else []
    return [(step.title, step.after, step.when) for step in steps]


def _changes(before: Rules, after: Rules) -> list[Change]:
    keys = [key for key, definition in catalogue().parameters.items() if definition.kind != "stages"]
    pairs = [Change(line(before[key]), line(after[key])) for key in keys]
    return [one for one in pairs if _differs(one)]


def _differs(one: Change) -> bool:
    """Whether the value is another one; two documents that are both silent differ in nothing."""
    before, after = one.before.rule, one.after.rule
    if before.open and after.open:
        return False
    return before.open != after.open or one.before.text != one.after.text


def _choices(after: Rules) -> list[Kept]:
    found = []
    for key, choice in sorted(after.choices.items()):
        stated = after.stated(key)
        holds = leaves_room(stated, choice)
        source = _("%(name)s（%(post)s）") % {"name": choice.chosen_by, "post": choice.chosen_post}
        text = describe(stated.definition, stated.definition.parse(choice.value))
        found.append(Kept(stated.title, key, text, source, holds, "" if holds else _decided(stated)))
    return found


def _decided(stated: object) -> str:
    assert isinstance(stated, Value)  # noqa: S101 - only a stated value leaves no room
    if stated.definition.refine:
        return _("文件要求更严：“%(words)s”（%(place)s）。") % {"words": stated.original, "place": stated.cited}
    return _("文件自己写明：“%(words)s”（%(place)s）。") % {"words": stated.original, "place": stated.cited}


def _needed(after: Rules) -> list[Line]:
    """What a case cannot do without and what neither the document nor a choice gives."""
    order = after[f"stages.{RUN}"]
    if not isinstance(order, Value) or order.open:
        return [line(order)]
    steps = dict.fromkeys(stage.step for stage in order.value)
    keys = [key for step in steps for key in NEEDED.get(step, ())]
    return [line(after[key]) for key in keys if after[key].open]


def _apart(area: Area, proposed: Proposed) -> list[Apart]:
    """The areas inside with a binding of their own on the day."""
    low, high = bounds(area)
    rows = PackBinding.objects.filter(area_code__gt=low, area_code__lt=high).select_related("document")
    held = [row for row in rows.order_by("area_code", "pk") if held_on(row, proposed.wanted.valid_from)]
    areas = {one.code: one for one in Area.objects.filter(code__in=[row.area_code for row in held])}
    return [Apart(areas[row.area_code].name, row.document.title, bounds(areas[row.area_code])) for row in held]
