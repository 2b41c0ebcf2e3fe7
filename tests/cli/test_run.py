"""``recording-emulator run``: played in process, judged, told."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

from click.testing import CliRunner, Result

from recording_emulator.cli import main

FAILING = """\
scenario: it expects what does not come
vendor: agora
faults:
  - {on: callback, event: 31, room: other, effect: drop}
timeline:
  - {at: 0s, join: {room: demo, uid: 41}}
  - {after: start, at: 2h, leave: {room: demo, uid: 41}}
client:
  - {call: acquire, with: {cname: demo}}
  - {call: start, expect: {status: 201}}
  - {at: 2h, call: stop}
expect:
  - callback: {event: 32}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", *arguments], prog_name="recording-emulator")


def failing(tmp_path: Path) -> str:
    path = tmp_path / "failing.yaml"
    path.write_text(FAILING)
    return str(path)


def test_a_passing_scenario_is_one_line_and_zero() -> None:
    result = run("lost_callback")

    assert result.exit_code == 0
    assert re.fullmatch(r"passed: the callback that .* \(8 of 8 expectations\)\n", result.stdout)


def test_a_failing_scenario_says_why_field_by_field_and_shows_the_timeline(tmp_path: Path) -> None:
    path = failing(tmp_path)

    result = run(path)

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "FAILED: it expects what does not come (0 of 3 expectations)",
        f"  {path}:10: answer to start: status 200 ≠ 201; " + lines[1].partition("≠ 201; ")[2],
        f"  {path}:13: expected callback {{event: 32}}; nearest came 31 at +2h 1s: event 31 ≠ 32",
        "  fault-1: never fired: it waits for callback 31 of room 'other'; 31 came once, for room "
        "'demo'",
    ]
    assert "tenant 'scenario', clock manual, seed 0: 2030-01-01T00:00:00.000Z" in result.stdout
    assert "call    agora.stop demo" in result.stdout


def test_the_worst_verdict_is_the_exit_code_and_the_rest_is_played(tmp_path: Path) -> None:
    result = run(failing(tmp_path), "second_stop_is_49")

    assert result.exit_code == 1
    assert "passed: stop is called twice" in result.stdout


def test_json_is_one_line_a_scenario(tmp_path: Path) -> None:
    result = run("--json", failing(tmp_path), "lost_callback")

    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["verdict"] for each in told] == ["failed", "passed"]
    assert [each["is_met"] for each in told[0]["findings"]] == [False, False, False]


def test_junit_holds_the_reasons_and_the_timeline(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"

    run("--junit", str(report), failing(tmp_path), "lost_callback")

    suite = ElementTree.parse(report).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert "event 31 ≠ 32" in (suite[0].findtext("failure") or "")
    assert "agora.start" in (suite[0].findtext("system-out") or "")
    assert list(suite[1]) == []


def test_the_story_has_a_diagram_and_the_timeline(tmp_path: Path) -> None:
    story = tmp_path / "story.md"

    run("--story", str(story), "unsigned_callback")

    text = story.read_text()
    assert text.startswith("# a callback with a wrong signature is refused")
    assert "```mermaid\nsequenceDiagram\n    participant app\n" in text
    assert "    backend->>receiver: 31 again (2)\n" in text
    assert "    receiver--xbackend: refused (status 401, expected 200)\n" in text


def test_another_seed_gives_other_ids(tmp_path: Path) -> None:
    def ids(*flags: str) -> set[str]:
        story = tmp_path / "story.md"
        assert run(*flags, "--story", str(story), "lost_callback").exit_code == 0
        return set(re.findall(r"[0-9a-f]{12}…", story.read_text()))

    assert ids() == ids("--seed", "0")
    assert not ids() & ids("--seed", "8")
