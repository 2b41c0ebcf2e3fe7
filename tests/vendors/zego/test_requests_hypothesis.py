"""Whatever a client sends: an answer in the vendor's shape, and a refusal changes nothing."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bodies import JSON, with_one_replaced
from tests.vendors.stage import kept

from recording_emulator.core import snapshot
from recording_emulator.core.decoding import read_query
from recording_emulator.testing import strategies as ours
from recording_emulator.vendors.zego import client, errors, gateway
from recording_emulator.vendors.zego.requests import BODIES

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Set

BOUNDED = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CODES = {0, *(row.code for row in errors.ROWS)}


@st.composite
def bodies(draw: st.DrawFn, action: str, task: str) -> Any:
    """Draw a good body with one place in it replaced, or no body at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=40) | JSON)
    start = client.start_body("demo", mixed=draw(st.booleans()), HasWhiteboard=False)
    body: dict[str, Any] = deepcopy(start) if action == "StartRecord" else {"TaskId": task}
    if action == "DescribeTasks":
        body = {"Status": 2, "StartTime": 1_893_456_000_000, "EndTime": 1_893_456_000_001}
    return with_one_replaced(draw, body)


@BOUNDED
@given(data=st.data())
def test_any_body_gets_a_code_of_the_catalogue_and_a_refusal_changes_nothing(
    set_stage: Set, data: st.DataObject
) -> None:
    stage = set_stage()
    job = stage.record(mixed=True)
    action = data.draw(st.sampled_from(list(BODIES)))
    body = data.draw(bodies(action, job.task))
    before = kept(stage.world)

    said = stage.send(action, body)

    assert said["Code"] in CODES
    assert list(said)[:3] == ["Code", "Message", "RequestId"]
    if said["Code"]:
        assert kept(stage.world) == before


@BOUNDED
@given(query=st.text(max_size=80) | st.lists(st.text("=&%+AppIdTimestamp0123é", max_size=30)).map(
    "&".join))  # fmt: skip
def test_any_query_is_judged(query: str) -> None:
    found = gateway.problem("POST", "/", read_query(query))

    assert found is not None
    assert found[0] in errors.BY_ID


@BOUNDED
@given(body=ours.zego_starts())
def test_what_the_strategies_draw_is_accepted(set_stage: Set, body: dict[str, Any]) -> None:
    assert set_stage().send("StartRecord", body)["Code"] == 0


@settings(BOUNDED, max_examples=60)
@given(data=st.data())
def test_a_snapshot_at_any_moment_goes_on_like_the_world_it_was_taken_of(
    set_stage: Set, data: st.DataObject
) -> None:
    stage, other = set_stage(), set_stage()
    for each in (stage, other):
        each.listen()
        each.join("u1", "s1")
        each.record(mixed=True, MaxIdleTime=40)
    at_ms = data.draw(st.integers(0, 120_000))
    stage.at(50_000)
    other.at(min(at_ms, 50_000))
    raw = snapshot.take(other.world)
    other.world = snapshot.restore(raw, list(other.world.adapters.values()))
    other.at(50_000)
    for each in (stage, other):
        each.leave("u1")
        each.at(200_000)

    assert kept(stage.world) == kept(other.world)
