"""Measuring, the table and the results file."""

import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")
ROUNDS = 25
WARM_UP = 3


@dataclass(frozen=True)
class Measurement:
    """One piece of work beside its floor. Seconds are medians; `budget` is the highest allowed ratio."""

    name: str
    seconds: float
    floor: float
    budget: float
    queries: int | None = None

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor

    @property
    def kept(self) -> bool:
        return self.ratio <= self.budget


def medians(works: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds of each piece of work; they take turns, so that a busy moment hits all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for round_number in range(WARM_UP + rounds):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            if round_number >= WARM_UP:
                taken[name].append(time.perf_counter() - begun)
    return {name: statistics.median(times) for name, times in taken.items()}


def table(found: list[Measurement]) -> str:
    """What a person reads."""
    lines = [f"{'work':<44}{'ms':>9}{'floor ms':>10}{'ratio':>8}{'budget':>8}{'queries':>9}"]
    for one in found:
        queries = "" if one.queries is None else str(one.queries)
        lines.append(
            f"{one.name:<44}{one.seconds * 1000:>9.1f}{one.floor * 1000:>10.1f}{one.ratio:>8.2f}{one.budget:>8.1f}"
            f"{queries:>9}{'' if one.kept else '   over'}"
        )
    return "\n".join(lines)


def write(found: list[Measurement], scale: float, rows: dict[str, int]) -> None:
    """What a program reads."""
    result = {
        "scale": scale,
        "rows": rows,
        "python": platform.python_version(),
        "measurements": [asdict(one) | {"ratio": round(one.ratio, 3), "kept": one.kept} for one in found],
    }
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
