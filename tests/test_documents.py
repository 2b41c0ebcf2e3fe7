"""What the documents show is made from the code; ``UPDATE_DOCS=1`` writes it anew."""

import os
import re
from functools import partial
from pathlib import Path

import pytest

from recording_emulator.core.machine import diagram
from recording_emulator.core.surface import counts, markdown
from recording_emulator.vendors.base import load

ROOT = Path(__file__).parents[1]


def machines() -> str:
    """Draw every machine of every vendor; one that vendors of a house share once."""
    every = {machine.name: machine for adapter in load() for machine in adapter.machines}
    parts = [
        f"### `{name}`\n\n```mermaid\n{diagram(machine.table)}\n```"
        for name, machine in every.items()
    ]
    return "\n\n".join(parts)


def vendors() -> str:
    """Say in one table how much of each vendor is emulated, and how we know."""
    surfaces = {adapter.name: counts(adapter.surface) for adapter in load()}
    kinds = list(next(iter(surfaces.values())))
    lines = [f"| | {' | '.join(kinds)} | scenarios |", f"| --- |{' --- |' * (len(kinds) + 1)}"]
    for name, found in surfaces.items():
        cells = [" / ".join(str(number) for number in found[kind].values()) for kind in kinds]
        scenarios = len(list((ROOT / "scenarios" / name).glob("*.yaml")))
        lines.append(f"| {name} | {' | '.join(cells)} | {scenarios} |")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("file", "mark", "made"),
    [  # what is emulated, and how we know, stands in a table for each vendor
        ("emulator/ARCHITECTURE.md", "machines", machines),
        ("README.md", "vendors", vendors),
        *(
            ("README.md", f"surface {adapter.name}", partial(markdown, adapter.surface))
            for adapter in load()
        ),
    ],
)
def test_a_generated_part_is_up_to_date(file: str, mark: str, made: object) -> None:
    path = ROOT / file
    text = path.read_text()
    pattern = re.compile(rf"(<!-- {mark} -->\n).*?(?=\n## |\Z)", re.S)
    expected = pattern.sub(lambda found: f"{found[1]}\n{made()}\n", text)  # type: ignore[operator]

    if os.environ.get("UPDATE_DOCS"):
        path.write_text(expected)
        text = expected

    assert text == expected, "run UPDATE_DOCS=1 pytest tests/test_documents.py"


def test_the_readme_lists_every_verb_of_the_control_api() -> None:
    from recording_emulator.admin.routes import Admin

    readme = (ROOT / "README.md").read_text()
    app = Admin(None, lambda: 0, bytes).app()  # type: ignore[arg-type]

    missing = []
    for route in app.routes:
        path = re.sub(r":int", "", route.path)  # type: ignore[attr-defined]
        short = path.replace("/_emulator/tenants/{tenant}/", "…/")
        for method in sorted(getattr(route, "methods", {"WS"}) - {"HEAD"}):
            line = next((x for x in readme.splitlines() if f"{short}`" in x and method in x), None)
            if line is None:
                missing.append(f"{method} {short}")
    assert missing == []
