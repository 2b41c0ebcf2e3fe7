"""Whatever a file holds: it loads, or every mistake has a place; nothing else is ever raised."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenario.test_language import EVERYTHING

from recording_emulator.scenario.load import loads
from recording_emulator.scenario.problems import BadScenario
from recording_emulator.vendors.base import load as adapters

WORDS = sorted({*EVERYTHING.replace("{", " ").replace("}", " ").replace(",", " ").split()})
JUNK = [
    "\t",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!",
    ": ",
    "- ",
    "null",
    "-1",
    "1e999",
    "~",
    "|",
    "\x00",
]


def judged(raw: bytes) -> list[str]:
    try:
        loads(raw, "FILE", adapters())
    except BadScenario as error:
        return [str(each) for each in error.problems]
    return []


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(EVERYTHING)),
            st.integers(0, 12),
            st.sampled_from([*WORDS, *JUNK]) | st.text(max_size=4),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_file_has_mistakes_with_places(edits: list[tuple[int, int, str]]) -> None:
    text = EVERYTHING
    for start, length, replacement in edits:
        text = text[:start] + replacement + text[start + length :]

    told = judged(text.encode("utf-8", "surrogatepass"))

    assert all(line.startswith("FILE:") and line.count(":") >= 3 for line in told)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_place(raw: bytes) -> None:
    assert all(line.startswith("FILE:") for line in judged(raw))
