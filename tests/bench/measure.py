"""What every bench needs: a row of the table, medians, cores, and what a process has used."""

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, OWN_CORE = CORES[0], CORES[-1]


class Row(msgspec.Struct, frozen=True):
    """One line of the table: a number beside its yardstick, measured in the same run."""

    row: str
    what: str
    value: float
    unit: str
    yardstick: str = ""
    yardstick_value: float | None = None
    target: str = ""
    paired_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """The median of the turns' ratios where there were turns, else of the two numbers."""
        if self.paired_ratio is not None:
            return self.paired_ratio
        return self.value / self.yardstick_value if self.yardstick_value else None


class Options(msgspec.Struct, frozen=True):
    """How much of everything."""

    turns: int = 5
    cycles: int = 1_000
    requests: int = 50_000
    live: int = 100_000


def median(found: Sequence[float]) -> float:
    return statistics.median(found)


def paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median ratio of turns that ran side by side: noise of the machine drops out."""
    return median([a / b for a, b in zip(ours, theirs, strict=True)])


def timed(work: Callable[[], object]) -> float:
    """Return the seconds one run takes, after a collection of garbage."""
    gc.collect()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def core(number: int) -> Iterator[None]:
    """Pin this thread to one core; what it starts meanwhile inherits that."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {number})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def rss_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_s(pid: int) -> float:
    """Return the processor time a process has used, threads included, to the nanosecond."""
    found = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += int((thread / "schedstat").read_text().split()[0])
    return found / 1e9


def table(rows: Sequence[Row]) -> str:
    """Write the rows as plain text."""
    lines = [("row", "measured", "number", "yardstick", "its number", "ratio", "target")]
    for each in rows:
        theirs = "" if each.yardstick_value is None else _number(each.yardstick_value, each.unit)
        ratio = "" if each.ratio is None else f"{each.ratio:.2f}"
        mine = _number(each.value, each.unit)
        lines.append((each.row, each.what, mine, each.yardstick, theirs, ratio, each.target))
    widths = [max(len(line[at]) for line in lines) for at in range(7)]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join(
        "  ".join(
            text.rjust(width) if at in (2, 4, 5) else text.ljust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in ruled
    )


def _number(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    return f"{value:,.{digits}f} {unit}"
