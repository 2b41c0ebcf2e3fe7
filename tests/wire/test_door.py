"""Two clocks meet at the door: what a token is worth is judged on the wall clock."""

from typing import TYPE_CHECKING

import pytest

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Rejected
from recording_emulator.vendors.handle import Handle

if TYPE_CHECKING:
    from tests.wire.conftest import Hosts

LONG_AGO_MS = 946_684_800_000
"""The year 2000: past on the wall clock."""
LONG_AHEAD_MS = 4_102_444_800_000
"""The year 2100: ahead of the wall clock and of the tenant's."""
MONTH_MS = 30 * 86_400_000


def test_an_expired_token_is_turned_away_at_the_door(member: "Hosts", toy: Handle) -> None:
    with pytest.raises(BadRequest, match="EXPIRED"):
        member("alice", expires_ms=str(LONG_AGO_MS))

    assert [entry["name"] for entry in toy.journal(kind="call")] == ["toy.sdk"]


def test_a_token_that_is_still_good_is_let_in_wherever_the_tenants_clock_is(
    member: "Hosts", toy: Handle
) -> None:
    toy.advance_to(LONG_AHEAD_MS - 1_000)

    alice = member("alice", expires_ms=str(LONG_AHEAD_MS - 2_000))

    assert alice.id == "toy:1"


def test_a_token_in_a_call_is_judged_on_the_wall_clock(member: "Hosts") -> None:
    alice = member("alice", joins=False)

    with pytest.raises(Rejected, match="token"):
        alice.call("join", expires_ms=LONG_AGO_MS)

    assert alice.call("join", expires_ms=LONG_AHEAD_MS)["data"] == "alice"


@pytest.mark.recording_emulator(mode="real")
def test_a_backend_whose_clock_is_ahead_finds_a_good_token_expired(
    member: "Hosts", toy: Handle
) -> None:
    good_for_a_month = toy.now_ms() + MONTH_MS
    bob = member("bob", joins=False, expires_ms=str(good_for_a_month))
    toy.faults.add("door", effect="skew", by_ms=2 * MONTH_MS, times=2)

    with pytest.raises(BadRequest, match="EXPIRED"):
        member("alice", expires_ms=str(good_for_a_month))
    with pytest.raises(Rejected, match="token"):
        bob.call("join", expires_ms=good_for_a_month)

    assert bob.call("join", expires_ms=good_for_a_month)["data"] == "bob"
