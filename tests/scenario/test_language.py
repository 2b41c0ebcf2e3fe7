"""The language of scenario files: what is right loads, what is wrong says where and what."""

from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from recording_emulator._resources import data_folder
from recording_emulator.scenario import schema
from recording_emulator.scenario.document import Scenario
from recording_emulator.scenario.duration import parse
from recording_emulator.scenario.find import bundled, find
from recording_emulator.scenario.load import Loaded, loads
from recording_emulator.scenario.problems import BadScenario
from recording_emulator.vendors.base import load as adapters

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
HEAD = "scenario: a story\nvendor: agora\n"
EVERYTHING = """\
scenario: everything the language has
vendor: agora
seed: 7
settings: {upload_ms: 5000}
audience: none
until: 30m
faults:
  - {on: callback, event: 31, effect: delay, by: 5s, times: 2, room: demo, may_not_fire: true}
  - {id: mine, on: call, operation: stop, effect: answer, code: 65, from: 1s, until: 1h30m}
  - {on: recorder, effect: crash, after: 10s, for: 5s, chance: 0.5, times: null}
timeline:
  - {at: 0s, join: {room: demo, uid: 41, role: host}}
  - {after: start, at: 250ms, publish: {room: demo, uid: 41, video: false}}
  - {after: start, at: 5s, mute: {room: demo, uid: 41}}
  - {at: 1m, advance: 1h}
  - {at: 2h, configure: {upload_ms: 100}}
  - {at: 2h, outage: {for: 1m, status: 503}}
  - {at: 3h, fault: {on: callback, effect: drop}}
  - {at: 3h, disarm: mine}
  - {after: start, at: 4h, leave: {room: demo, uid: 41}}
client:
  - {call: acquire, with: {cname: demo}, save: {first: resourceId}}
  - {call: start, with: {resource: "${first}"}, expect: {status: 200, body: {cname: demo}}}
  - {after: start, at: 1m, call: query}
  - {at: 5h, call: stop, expect: {lost: true}}
expect:
  - callback: {event: uploaded, room: demo, attempts: 1, details: {status: 0}, body: {productId: 3}}
  - reply: {operation: stop, code: ok}
  - task: {state: ENDED, room: demo, count: 1}
  - objects: {name: "*.m3u8", count: 1}
  - count: {event: 4, times: 1}
  - nothing_else: true
"""


def read(text: str) -> Loaded:
    return loads(text.encode(), "story.yaml", adapters())


def problems(text: str) -> list[str]:
    with pytest.raises(BadScenario) as caught:
        read(text)
    return [str(each) for each in caught.value.problems]


def test_every_part_of_the_language_loads() -> None:
    document = read(EVERYTHING).document

    assert (document.seed, document.audience, document.until) == (7, "none", "30m")
    assert [len(part or ()) for part in (document.faults, document.timeline, document.client)] == [
        3,
        9,
        4,
    ]
    assert len(document.expect) == 6


def test_two_lines_are_a_scenario() -> None:
    document = read(HEAD).document

    assert document == Scenario(scenario="a story", vendor="agora")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_has_one_clear_error_with_its_place(path: Path) -> None:
    """What is expected stands in the first line of the file, up to where a list of words begins."""
    raw = path.read_bytes()
    expected = raw.decode().partition("\n")[0].removeprefix("# ").removesuffix("…")

    with pytest.raises(BadScenario) as caught:
        loads(raw, "FILE", adapters())

    (told,) = map(str, caught.value.problems)
    is_whole = not raw.partition(b"\n")[0].endswith("…".encode())
    assert told == f"FILE:{expected}" if is_whole else told.startswith(f"FILE:{expected}")


def test_there_are_enough_ways_to_be_wrong() -> None:
    assert len(BROKEN) >= 40


def test_every_mistake_of_a_file_is_named_in_the_order_of_the_file() -> None:
    text = f"{HEAD}seeed: 1\nfaults:\n  - {{on: call}}\n  - {{on: call, effect: reset, nth: 0}}\n"

    assert problems(text) == [
        "story.yaml:3:1: seeed: unknown key 'seeed'; did you mean 'seed'?",
        "story.yaml:5:5: faults[0]: the key 'effect' is missing",
        "story.yaml:6:36: faults[1].nth: expected a whole number at least 1 and at most 1,000,000, "
        "not 0",
    ]


def test_every_word_that_no_vendor_knows_is_named_too() -> None:
    text = (
        f"{HEAD}faults:\n  - {{on: upload, effect: fial}}\nexpect:\n  - callback: {{event: 999}}\n"
    )

    assert [each.partition(";")[0] for each in problems(text)] == [
        "story.yaml:4:26: faults[0].effect: agora has no effect on 'upload' called 'fial'",
        "story.yaml:6:23: expect[0].callback.event: agora announces no event 999",
    ]


def test_aliases_are_fine_where_they_stand_for_little() -> None:
    text = (
        f"{HEAD}timeline:\n"
        "  - {at: 0s, join: &someone {room: demo, uid: 41}}\n"
        "  - {at: 5s, leave: *someone}\n"
    )

    leave = read(text).document.timeline[1].leave

    assert leave is not None
    assert (leave.room, leave.uid) == ("demo", 41)


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    assert problems(HEAD + "#" * (1 << 20))[0].startswith("story.yaml:1:1: 1,048,6")


def test_bytes_that_are_no_text_are_named_with_their_line() -> None:
    with pytest.raises(BadScenario, match=r"story.yaml:3:1: bytes that are no UTF-8 text"):
        loads(HEAD.encode() + b"seed: \xff\n", "story.yaml", adapters())


@pytest.mark.parametrize("text", ["", "5", "s", "5 s", "-5s5", "1h-5m", "5S", "five"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a duration such as"):
        parse(text)


def test_the_published_schema_is_the_one_the_document_makes() -> None:
    assert (data_folder("scenarios") / "scenario.schema.json").read_bytes() == schema.text()


def test_the_schema_takes_what_loads_and_refuses_what_does_not() -> None:
    from ruamel.yaml import YAML

    validator = jsonschema_rs.validator_for(schema.schema())

    def is_valid(text: str) -> bool:
        plain = YAML(typ="safe").load(text)
        return validator.is_valid(msgspec.json.decode(msgspec.json.encode(plain)))

    assert is_valid(EVERYTHING)
    assert [path.stem for path in bundled() if not is_valid(path.read_text())] == []
    by_shape = {
        "unknown_key",
        "two_verbs",
        "no_verb",
        "bad_duration",
        "missing_room",
        "counts_nothing",
    }
    broken = {path.stem: path.read_text() for path in BROKEN if path.stem in by_shape}
    assert {name for name, text in broken.items() if not is_valid(text)} == by_shape


def test_a_scenario_is_found_by_path_by_own_name_and_by_bundled_name(tmp_path: Path) -> None:
    own = tmp_path / "scenarios" / "mine.yaml"
    own.parent.mkdir()
    own.write_text(HEAD)

    folders = [tmp_path / "scenarios"]

    assert find(str(own)) == own
    assert find("mine", folders) == own
    assert find("lost_callback", folders).parent.name == "agora"
    assert find("agora/lost_callback") == find("lost_callback")


def test_a_scenario_that_is_nowhere_is_named_with_one_that_is() -> None:
    from recording_emulator.errors import NotFound

    with pytest.raises(NotFound, match=r"no scenario 'lost_calback'.*did you mean 'lost_callback'"):
        find("lost_calback")
