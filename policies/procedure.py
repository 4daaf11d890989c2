"""The order of an area as a page shows it: the stages step by step, what runs side by side, and the drawing of it."""

from dataclasses import dataclass

from policies.catalogue import Definition, catalogue
from policies.overview import Line, line
from policies.queries import Rules, Unset, Value
from policies.values import Stage
from policies.wording import WHEN

ALWAYS = "always"
Place = tuple[str, str]
"""A place in a row of the drawing: a stage and nothing, or the two ends of a line that passes by."""


@dataclass(frozen=True)
class Step:
    """One stage: its number in the order, what it waits for, what may run beside it, when it is held, and its rules in force.
    `awaited`: another stage waits for it, or it is the last one."""

    number: int
    title: str
    after: tuple[str, ...]
    beside: tuple[str, ...]
    when: str
    optional: bool
    awaited: bool
    rules: list[Line]


@dataclass(frozen=True)
class Cell:
    """One place of a row of the drawing: a step, or only the line that passes by it."""

    step: Step | None


@dataclass(frozen=True)
class Row:
    """A row of the drawing, and the lines down to it from the row above: (from, to) in hundredths of the width."""

    cells: list[Cell]
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Procedure:
    """The order of one programme, with where it comes from."""

    rule: Line
    steps: list[Step]
    rows: list[Row]


def procedures(rules: Rules) -> tuple[list[Procedure], list[Line]]:
    """The orders of an area by programme, and the programmes whose order is not decided."""
    decided, missing = [], []
    for definition in _programmes():
        value = rules[definition.key]
        if isinstance(value, Unset) or value.open or not value.value:
            missing.append(line(value))
        else:
            decided.append(_procedure(rules, value))
    return decided, missing


def _programmes() -> list[Definition]:
    return [definition for definition in catalogue().parameters.values() if definition.kind == "stages"]


def _procedure(rules: Rules, value: Value) -> Procedure:
    stages: list[Stage] = list(value.value)
    before = {stage.key: _before(stages, stage.key) for stage in stages}
    titles = {stage.key: stage.title for stage in stages}
    steps = {}
    for number, stage in enumerate(stages, start=1):
        beside = [
            other.title
            for other in stages
            if other is not stage and other.key not in before[stage.key] and stage.key not in before[other.key]
        ]
        steps[stage.key] = Step(
            number=number,
            title=stage.title,
            after=tuple(titles[key] for key in stage.after),
            beside=tuple(beside),
            when=str(WHEN[stage.when]),
            optional=stage.when != ALWAYS,
            awaited=stage is stages[-1] or any(stage.key in other.after for other in stages),
            rules=[line(rules[key]) for key in stage.parameters],
        )
    return Procedure(line(value), list(steps.values()), _rows(stages, before, steps))


def _before(stages: list[Stage], key: str) -> set[str]:
    """Every stage that lies before another one, directly or not."""
    after = {stage.key: stage.after for stage in stages}
    found: set[str] = set()
    waiting = list(after[key])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += after[one]
    return found


def _longest(stages: list[Stage], key: str) -> list[str]:
    """The longest way of stages that lies before one."""
    after = {stage.key: stage.after for stage in stages}
    ways = [[*_longest(stages, one), one] for one in after[key]]
    return max(ways, key=len, default=[])


def _rows(stages: list[Stage], before: dict[str, set[str]], steps: dict[str, Step]) -> list[Row]:
    """The drawing: each stage one row below the lowest that it waits for; a line that passes a row has a place of its own in it."""
    depth = {stage.key: len(_longest(stages, stage.key)) for stage in stages}
    edges = [(key, stage.key) for stage in stages for key in stage.after if not _detour(key, stage, before)]
    rows: list[list[Place]] = [[] for _row in range(max(depth.values()) + 1)]
    for stage in stages:
        rows[depth[stage.key]].append((stage.key, ""))
    for source, target in edges:
        for between in range(depth[source] + 1, depth[target]):
            rows[between].append((source, target))
    drawn: list[Row] = []
    above: list[Place] = []
    for places in rows:
        incoming = {place: _sources(place, above, edges) for place in places}
        places.sort(key=lambda place: _middle(incoming[place], above))
        lines = [
            (_centre(above.index(source), above), _centre(places.index(place), places))
            for place in places
            for source in incoming[place]
        ]
        drawn.append(Row([Cell(None if passing else steps[key]) for key, passing in places], lines))
        above = places
    return drawn


def _detour(key: str, stage: Stage, before: dict[str, set[str]]) -> bool:
    """Whether another stage that it waits for comes after this one already: the line would say nothing new."""
    return any(key in before[other] for other in stage.after)


def _sources(place: Place, above: list[Place], edges: list[Place]) -> list[Place]:
    """From which places of the row above a line leads to this one."""
    key, passing = place
    if passing:
        return [one for one in above if one == place or one == (key, "")]
    return [one for one in above if one[1] == key or (not one[1] and (one[0], key) in edges)]


def _middle(sources: list[Place], above: list[Place]) -> float:
    return sum(above.index(one) for one in sources) / len(sources) if sources else 0


def _centre(place: int, row: list[Place]) -> str:
    return f"{(place + 0.5) / len(row) * 100:.2f}"
