"""Whether a local choice stays within what the document states. Pure."""

from collections.abc import Callable
from typing import Any

from policies.values import Coverage, Cycle


def is_stricter(manner: str, stated: Any, chosen: Any) -> bool:
    """`higher`: at least as much; `among`: some of the alternatives left open; `superset`: everything named, and
    more."""
    return MANNERS[manner](stated, chosen)


def _higher(stated: Any, chosen: Any) -> bool:
    if isinstance(stated, Coverage):
        more_often = chosen.times * stated.months >= stated.times * chosen.months
        return bool(chosen.ratio >= stated.ratio and more_often)
    if isinstance(stated, tuple):
        return _higher_tiers(stated, chosen)
    return bool(chosen >= stated)


def _higher_tiers(stated: tuple[Any, ...], chosen: tuple[Any, ...]) -> bool:
    """Same steps, no ratio lower."""

    def steps(tiers: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        return [(t.min_n, t.max_n, t.min_inclusive, t.max_inclusive, t.special) for t in tiers]

    return steps(stated) == steps(chosen) and all(c.ratio >= s.ratio for s, c in zip(stated, chosen, strict=True))


def _among(stated: Cycle, chosen: Cycle) -> bool:
    return bool(chosen.months) and set(chosen.months) <= set(stated.months) and chosen.quarter == stated.quarter


def _superset(stated: tuple[str, ...], chosen: tuple[str, ...]) -> bool:
    return set(stated) <= set(chosen)


MANNERS: dict[str, Callable[[Any, Any], bool]] = {"higher": _higher, "among": _among, "superset": _superset}
