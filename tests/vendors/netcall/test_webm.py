"""A WebM's size is arithmetic, and its bytes are as many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recording_emulator.vendors.netcall import webm


@given(st.integers(0, 70_000), st.integers(0, 200_000), st.booleans())
def test_a_file_is_as_long_as_its_size_says(length_ms: int, wanted: int, has_video: bool) -> None:
    size = webm.size_of(length_ms, wanted, has_video=has_video)

    assert len(webm.written(length_ms, wanted, has_video=has_video)) == size
    assert size >= wanted


@pytest.mark.parametrize("has_video", [True, False])
def test_a_file_has_the_size_of_its_rule_from_its_first_second_on(has_video: bool) -> None:
    rule = 1_000 * (1 + has_video)
    sizes = [webm.size_of(1_000 * s, rule * s, has_video=has_video) for s in range(1, 100)]

    assert sizes[4:] == [rule * s for s in range(5, 100)]
