"""Whether an order of stages can be walked: what the steps of the program demand of each other, whatever the document."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.catalogue import catalogue
from policies.wording import WHEN

ALWAYS = "always"
INTAKE, APPRAISAL, PUBLICITY = "INTAKE", "APPRAISAL", "PUBLICITY"
INITIAL_REVIEW, PAYMENT_START = "INITIAL_REVIEW", "PAYMENT_START"
DEMANDED = ("INTAKE", "ACCEPTANCE", "SURVEY", "INITIAL_REVIEW", "SIGN_OFF", "DECISION", "DELIVERY")
"""Without these a case cannot be carried to its end."""
REPEATABLE = {PUBLICITY, APPRAISAL}
BEFORE: dict[str, tuple[tuple[str, Promise], ...]] = {
    "ACCEPTANCE": ((INTAKE, gettext_lazy("先有申请，才能受理")),),
    "SURVEY": (("ACCEPTANCE", gettext_lazy("受理以后才能调查")),),
    "ECONOMIC_CHECK": (("ACCEPTANCE", gettext_lazy("受理以后才能核对")),),
    "APPRAISAL": (("SURVEY", gettext_lazy("评议要以入户调查的结果为依据")),),
    "INITIAL_REVIEW": (
        ("ACCEPTANCE", gettext_lazy("受理以后才能初审")),
        ("SURVEY", gettext_lazy("没有调查清楚，不能提出初审意见")),
        ("ECONOMIC_CHECK", gettext_lazy("没有核对清楚，不能提出初审意见")),
    ),
    "PUBLICITY": ((INITIAL_REVIEW, gettext_lazy("没有初审意见的，一律不得张贴")),),
    "SIGN_OFF": (
        (INITIAL_REVIEW, gettext_lazy("签批人签的是初审意见")),
        (APPRAISAL, gettext_lazy("签批的内容包括评议结果，签过以后不能再变")),
    ),
    "DECISION": (
        (INITIAL_REVIEW, gettext_lazy("没有初审意见，不能作出决定")),
        ("SIGN_OFF", gettext_lazy("签批齐全以后才能作出决定")),
    ),
    "FILING": (("DECISION", gettext_lazy("备案的是决定")),),
    "DELIVERY": (("DECISION", gettext_lazy("送达的是决定")),),
    "PAYMENT_START": (
        ("DECISION", gettext_lazy("没有决定，不能发放")),
        ("DELIVERY", gettext_lazy("通知书送达以后才能发放")),
        (PUBLICITY, gettext_lazy("公示结束以后才能发放")),
    ),
}


class Fault(NamedTuple):
    """What is wrong with the stage of a place, in one of its fields; None: with the order as a whole."""

    stage: int | None
    field: str
    text: str


Stage = Mapping[str, Any]


def order_faults(stages: Sequence[Stage]) -> list[Fault]:
    """Everything that keeps an order of stages of one programme from being walked, in the order of the stages."""
    order = _Order(stages)
    waiting = list(_waiting(order))
    found = [*_plain(order), *waiting, *_steps(order), *(() if waiting else _sequence(order))]
    return sorted(found, key=lambda fault: (fault.stage is None, fault.stage or 0))


class _Order:
    """The stages with their keys, what each waits for, and all that lies before it."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = stages
        self.index: dict[str, int] = {}
        for n, stage in enumerate(stages):
            self.index.setdefault(stage["key"], n)
        self.waits = {key: list(stages[n].get("after", ())) for key, n in self.index.items()}
        self.before = {key: self._before(key) for key in self.index}

    def _before(self, key: str) -> set[str]:
        found: set[str] = set()
        left = list(self.waits[key])
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += self.waits.get(one, [])
        return found

    def title(self, key: str) -> str:
        return f"{self.stages[self.index[key]]['title']}（{key}）"

    def of_step(self, step: str) -> list[str]:
        return [key for key, n in self.index.items() if self.stages[n]["step"] == step]

    def circle(self, key: str) -> list[str]:
        """The way from a stage back to itself, if there is one."""
        ways = [[key]]
        seen: set[str] = set()
        while ways:
            way = ways.pop(0)
            for one in self.waits.get(way[-1], ()):
                if one == key:
                    return [*way, key]
                if one not in seen:
                    seen.add(one)
                    ways.append([*way, one])
        return []


def _plain(order: _Order) -> Iterator[Fault]:
    """Each stage by itself: its step, when it opens, its key, its parameters."""
    steps = catalogue().steps
    for n, stage in enumerate(order.stages):
        if stage["step"] not in steps:
            known = "、".join(steps)
            yield Fault(
                n, "step", _("没有“%(step)s”这个步骤。可以写：%(known)s。") % {"step": stage["step"], "known": known}
            )
        when = stage.get("when", ALWAYS)
        if when not in WHEN:
            known = "、".join(WHEN)
            yield Fault(n, "when", _("when 不能写“%(when)s”。可以写：%(known)s。") % {"when": when, "known": known})
        elif when != ALWAYS and stage["step"] != APPRAISAL:
            yield Fault(
                n, "when", _("“%s”必须写 when = \"always\"：只有民主评议可以不是每件都办。") % stage["title"]
            )  # fmt: skip
        if order.index[stage["key"]] != n:
            yield Fault(n, "key", _("环节的键“%s”用了两次。每个环节要有自己的键。") % stage["key"])


def _waiting(order: _Order) -> Iterator[Fault]:
    """What stages wait for: there, earlier, and able to be reached."""
    told: set[str] = set()
    unreachable: set[str] = set()
    for key, n in order.index.items():
        for one in order.waits[key]:
            fault = _one_wait(order, key, one)
            if fault:
                if one == key or one not in order.index:
                    unreachable.add(key)
                if not (order.circle(key) and told & set(order.circle(key))):
                    yield Fault(n, "after", fault)
                told |= set(order.circle(key))
        if n and not order.waits[key]:
            yield Fault(n, "after", _("“%s”没有写等哪个环节（after）。除了申请，每个环节都要写。") % order.title(key))
    unreachable |= {key for key in order.index if order.circle(key)}
    for key, n in order.index.items():
        stuck = [one for one in order.waits[key] if order.before.get(one, set()) & unreachable or one in unreachable]
        if stuck and key not in unreachable:
            words = {"title": order.title(key), "stuck": "、".join(order.title(one) for one in stuck)}
            yield Fault(n, "after", _("“%(title)s”永远不会打开：它等的%(stuck)s永远不会办结。") % words)


def _one_wait(order: _Order, key: str, one: str) -> str:
    words = {"title": order.title(key), "one": one}
    if one not in order.index:
        return _("“%(title)s”等的环节“%(one)s”不存在。") % words
    if one == key:
        return _("“%(title)s”等的是它自己，永远不会打开。") % words
    if circle := order.circle(key):
        return _("几个环节互相等待，一个也不会打开：%s。") % " → ".join(circle)
    if order.index[one] > order.index[key]:
        return _("“%(title)s”等的环节“%(one)s”写在它后面。请把先办的写在前面。") % words
    return ""


def _steps(order: _Order) -> Iterator[Fault]:
    """Which steps there are, and how often."""
    steps = catalogue().steps
    first = order.stages[0]
    if first["step"] != INTAKE or first.get("after"):
        yield Fault(0, "step", _("第一个环节必须是申请（INTAKE），它前面不能有别的环节。"))
    counted = Counter(stage["step"] for stage in order.stages)
    for step in DEMANDED:
        if not counted[step] and step != INTAKE:
            yield Fault(
                None,
                "",
                _("缺少“%(title)s”（%(step)s）这个步骤，个案办不到底。") % {"title": steps[step], "step": step},
            )
    seen: set[str] = set()
    for n, stage in enumerate(order.stages):
        step = stage["step"]
        if step in seen and step not in REPEATABLE:
            yield Fault(
                n,
                "step",
                _("“%(title)s”（%(step)s）写了两次，只能有一次。") % {"title": steps.get(step, ""), "step": step},
            )
        seen.add(step)


def _sequence(order: _Order) -> Iterator[Fault]:
    """What has to lie before what."""
    for key, n in order.index.items():
        stage = order.stages[n]
        for step, why in BEFORE.get(stage["step"], ()):
            late = [one for one in order.of_step(step) if one not in order.before[key]]
            if late:
                words = {"title": order.title(key), "late": "、".join(map(order.title, late)), "why": why}
                yield Fault(n, "after", _("“%(title)s”必须排在%(late)s之后：%(why)s。") % words)
        if stage.get("when", ALWAYS) == "by_choice" and set(order.of_step(INITIAL_REVIEW)) & order.before[key]:
            yield Fault(
                n, "after", _("“%s”永远不会打开：由经办人决定加办的评议，只能在初审之前加办。") % order.title(key)
            )
