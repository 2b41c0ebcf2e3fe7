"""The numbers of design §7, each beside a yardstick measured in the same run on the same core.

``python tests/bench/run.py [row ...]``; rows: throughput fanout start memory fixtures
virtual live ways media profile. Nothing here asserts on a time.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

if __name__ == "__main__":  # a script has its own folder on the path instead of the repository
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.bench import fanout, fixtures, live, media, profiles, start, throughput, virtual, ways
from tests.bench.measure import Options, Row, table

ROWS: dict[str, Callable[[Options], list[Row]]] = {
    "throughput": throughput.run,
    "fanout": fanout.run,
    "start": start.run,
    "memory": start.run_memory,
    "fixtures": fixtures.run,
    "virtual": virtual.run,
    "live": live.run,
    "ways": ways.run,
    "media": media.run,
}


def main() -> None:
    """Run the rows asked for, or all, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="row", choices=[[], *ROWS, "profile"])
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--turns", type=int, default=5, help="alternating turns (default 5)")
    parser.add_argument("--cycles", type=int, default=1_000, help="tasks a turn of throughput")
    parser.add_argument("--requests", type=int, default=50_000, help="requests of row memory")
    parser.add_argument("--live", type=int, default=100_000, help="the most tasks of row live")
    asked = parser.parse_args()
    options = Options(asked.turns, asked.cycles, asked.requests, asked.live)
    if "profile" in asked.rows:
        print(profiles.run(options))
    rows: list[Row] = []
    for name in asked.rows or ROWS:
        if name != "profile":
            print(f"… {name}", file=sys.stderr, flush=True)
            rows += ROWS[name](options)
    if asked.json:
        told = [{**msgspec.structs.asdict(each), "ratio": each.ratio} for each in rows]
        print(msgspec.json.format(msgspec.json.encode(told)).decode())
    elif rows:
        print(table(rows))


if __name__ == "__main__":
    main()
