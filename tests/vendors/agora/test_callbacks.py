"""Callbacks on the wire: the envelope, both signatures, every event's details, and the retries.

Source:
    Sheet §6.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from recording_emulator.core import rooms
from recording_emulator.core.inputs import Abandoned, Answered, Dispatch
from recording_emulator.core.outbox import Outgoing
from recording_emulator.vendors.agora import ADAPTER, callbacks

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Golden, Set, Stage

VECTOR_SECRET = "test-secret"
SHA1 = "d6ff2cc5ffbd67869f83a9f1510105692687fcd1"
SHA256 = "1d6a1085f6d2166639594caab53e41462e0fa895193418f8fe79ede3e6dda818"
BOTH: dict[str, Any] = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}


def read(out: Outgoing) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(out.body)
    return found


def fine(attempt: int) -> Answered:
    return Answered(attempt, 200, b"{}")


def attempts(
    stage: Stage, until_ms: int, answer: Callable[[int], Answered] = fine
) -> list[Outgoing]:
    """Let time pass; every attempt that may begin does, and is answered at once."""
    sent: list[Outgoing] = []
    while True:
        while (out := stage.world.apply(Dispatch())) is not None:
            sent.append(out)
            stage.world.apply(answer(out.attempt))
        timer = stage.world.timers.peek()
        if timer is None or timer.due_ms > stage.start_ms + until_ms:
            stage.at(until_ms)
            return sent
        stage.at(timer.due_ms - stage.start_ms)


def story_of_a_stop(stage: Stage) -> list[Outgoing]:
    """Record from 3 s to 30 s and from 40 s on, start once more at 63 s and stop."""
    stage.listen(VECTOR_SECRET)
    stage.join("41")
    job = stage.record()
    sent = attempts(stage, 30_000)
    stage.room(rooms.Leave("41"))
    sent += attempts(stage, 40_000)
    stage.join("41")
    sent += attempts(stage, 63_000)
    job.start()
    job.stop(async_stop=True)
    return [*sent, *attempts(stage, 64_100)]


def story_of_an_idle_exit(stage: Stage) -> list[Outgoing]:
    """Record audio to HLS and MP4 from 3 s to 20 s, and leave half a minute later."""
    stage.listen(VECTOR_SECRET)
    stage.join("41", video=False)
    stage.record(**BOTH, recordingConfig={"streamTypes": 0})
    sent = attempts(stage, 20_000)
    stage.room(rooms.Leave("41"))
    return [*sent, *attempts(stage, 51_000)]


STORIES: dict[str, Callable[[Stage], list[Outgoing]]] = {
    "stop": story_of_a_stop,
    "idle_exit": story_of_an_idle_exit,
}


@pytest.fixture
def empty(set_stage: Set) -> Stage:
    return set_stage(audience="none")


def test_the_signatures_of_the_sheets_test_vector_are_reproduced(golden: Golden) -> None:
    raw = golden("callbacks/signature_vector.json").removesuffix(b"\n")

    found = callbacks.signatures(VECTOR_SECRET, raw)

    assert found == (("Agora-Signature", SHA1), ("Agora-Signature-V2", SHA256))


def file_of(name: str, out: Outgoing) -> str:
    payload = read(out)["payload"]
    return f"callbacks/{name}/{payload['sequence']:02}_{payload['details']['msgName']}.json"


@pytest.mark.parametrize("name", STORIES)
def test_the_callbacks_of_a_story_are_the_golden_ones(
    empty: Stage, golden: Golden, name: str
) -> None:
    sent = STORIES[name](empty)

    assert all(read(out)["notifyMs"] == read(out)["payload"]["sendts"] for out in sent)
    for out in sent:
        assert out.body + b"\n" == golden(file_of(name, out))


def test_the_stories_announce_every_event_of_mix_mode(set_stage: Set) -> None:
    others = {
        "1",
        "2",
        "12",
        "13",
        "32",
        "72",
        "45",
        "70",
        "71",
        "73",
        "80",
        "81",
        "90",
        "100",
        "1001",
    }
    announced = {
        str(read(out)["eventType"])
        for story in STORIES.values()
        for out in story(set_stage(audience="none"))
    }

    assert announced == {row.id for row in ADAPTER.surface.events if row.supported} - others


@pytest.mark.parametrize("name", STORIES)
def test_every_callback_is_signed_over_its_exact_bytes(empty: Stage, name: str) -> None:
    for out in STORIES[name](empty):
        headers = dict(out.headers)
        assert list(headers) == ["Content-Type", "Agora-Signature", "Agora-Signature-V2"]
        assert headers["Content-Type"] == "application/json"
        assert re.fullmatch("[0-9a-f]{40}", headers["Agora-Signature"])
        assert re.fullmatch("[0-9a-f]{64}", headers["Agora-Signature-V2"])
        assert callbacks.verify(headers, out.body, VECTOR_SECRET) == ""


def test_a_changed_body_or_another_secret_is_seen(empty: Stage) -> None:
    out = story_of_a_stop(empty)[0]
    headers = {name.upper(): value for name, value in out.headers}

    assert callbacks.verify(headers, out.body + b" ", VECTOR_SECRET).startswith("Agora-Signature ")
    assert callbacks.verify(headers, out.body, "other").startswith("Agora-Signature ")
    assert callbacks.verify({}, out.body, VECTOR_SECRET).startswith("Agora-Signature is None")


def test_the_envelope_has_the_documented_keys_in_order(empty: Stage) -> None:
    notices = [read(out) for out in story_of_a_stop(empty)]

    assert {tuple(each) for each in notices} == {
        ("noticeId", "productId", "eventType", "notifyMs", "payload")
    }
    assert {tuple(each["payload"]) for each in notices} == {
        (
            "cname", "uid", "sid", "sequence", "sendts", "serviceType", "serviceScene", "details",
        )
    }  # fmt: skip
    assert {(each["productId"], each["payload"]["serviceScene"]) for each in notices} == {
        (3, "rtc_record")
    }


def test_one_sequence_counts_all_events_of_a_sid_from_zero(empty: Stage) -> None:
    notices = [read(out) for out in story_of_a_stop(empty)]

    assert [each["payload"]["sequence"] for each in notices] == list(range(len(notices)))
    assert len({each["noticeId"] for each in notices}) == len(notices)


def test_two_tasks_have_sequences_and_notice_ids_of_their_own(empty: Stage) -> None:
    empty.listen()
    empty.record("one")
    empty.record("two")
    empty.at(3_000)

    notices = [read(out) for out in empty.deliver()]

    told = [(each["payload"]["cname"], each["payload"]["sequence"]) for each in notices]
    assert sorted(told) == [("one", 0), ("one", 1), ("two", 0), ("two", 1)]
    assert len({each["noticeId"] for each in notices}) == 4


def test_the_service_type_is_that_of_the_component(empty: Stage) -> None:
    notices = [read(out) for out in story_of_a_stop(empty)]

    services = {each["eventType"]: each["payload"]["serviceType"] for each in notices}
    assert services == {
        3: 0, 4: 0, 11: 0, 30: 2, 31: 2, 33: 2, 40: 1, 41: 1, 42: 1, 43: 1, 44: 1,
    }  # fmt: skip


def test_a_gap_shows_where_the_last_good_slice_ended(empty: Stage) -> None:
    story_of_a_stop(empty)

    starts = [
        (details["discontinueUtcMs"] - empty.start_ms, details["startUtcMs"] - empty.start_ms)
        for _, event, details in empty.events()
        if event == "42"
    ]
    assert starts == [(3_000, 3_000), (30_000, 40_000)]


def test_progress_is_reported_every_minute_of_the_recording_and_at_the_end(stage: Stage) -> None:
    stage.listen(events=("33",))
    job = stage.record()
    stage.at(130_000)

    job.stop()

    progress = [(ms, details["progress"]) for ms, event, details in stage.events() if event == "33"]
    assert progress == [(63_000, 10_000), (123_000, 10_000), (131_000, 10_000)]


def test_progress_is_the_share_of_what_is_uploaded(empty: Stage) -> None:
    empty.listen(events=("33",))
    empty.join("41")
    empty.record()
    empty.at(10_000)
    empty.room(rooms.Leave("41"))
    empty.at(23_000)
    empty.join("41")

    empty.at(63_000)

    # 7 s in a closed slice and 40 s since, of which two whole slices: 37 of 47 s.
    assert empty.events()[-1] == (63_000, "33", {"progress": 10_000 * 37 // 47})


def test_another_subscriber_does_not_shift_the_minutes_of_progress(stage: Stage) -> None:
    stage.listen()
    stage.record()
    stage.at(50_000)

    stage.listen()

    stage.at(130_000)
    assert [ms for ms, event, _ in stage.events() if event == "33"] == [63_000, 123_000]


def test_the_utc_key_of_stream_events_is_a_setting(set_stage: Set) -> None:
    stage = set_stage(utc_key="utcMs")
    stage.record()

    stage.at(3_000)

    streams = [details for _, event, details in stage.events() if event in ("43", "44")]
    assert {tuple(details) for details in streams} == {("streamUid", "state", "utcMs")}


@pytest.mark.parametrize(
    "answer",
    [
        lambda attempt: Answered(attempt, 500, b"{}"),
        lambda attempt: Answered(attempt, 201, b"{}"),
        lambda attempt: Answered(attempt, 302, b""),
        lambda attempt: Answered(attempt, 200, b"ok"),
        lambda attempt: Answered(attempt, 200, b""),
        lambda attempt: Answered(attempt, error="connection refused"),
    ],
    ids=["500", "201", "302", "no-json", "empty", "refused"],
)
def test_a_failure_is_retried_at_once_then_after_2_s_then_5_s_and_then_no_more(
    stage: Stage, answer: Callable[[int], Answered]
) -> None:
    stage.listen(events=("40",))
    stage.record()

    sent = attempts(stage, 120_000, answer)

    notices = [read(out) for out in sent]
    assert [each["notifyMs"] - stage.start_ms for each in notices] == [3_000, 3_000, 5_000, 10_000]
    assert len({each["noticeId"] for each in notices}) == 1
    assert {each["payload"]["sendts"] - stage.start_ms for each in notices} == {3_000}
    assert [each.fate for each in stage.world.outbox.every()] == ["lost"]


def test_a_retry_that_succeeds_is_the_last(stage: Stage) -> None:
    stage.listen(events=("40",))
    stage.record()
    statuses = iter([503, 503, 200])

    sent = attempts(stage, 120_000, lambda attempt: Answered(attempt, next(statuses), b"{}"))

    assert len(sent) == 3
    assert [each.fate for each in stage.world.outbox.every()] == ["delivered"]


def test_an_answer_that_never_comes_is_a_failure_after_ten_seconds(stage: Stage) -> None:
    stage.listen(events=("40",))
    stage.record()
    stage.at(3_000)
    first = stage.world.apply(Dispatch())
    stage.world.apply(Abandoned(first.attempt))

    stage.at(12_999)
    before = stage.world.outbox.has_ready
    stage.at(13_000)

    assert (before, stage.world.outbox.has_ready) == (False, True)
    assert read(stage.world.apply(Dispatch()))["notifyMs"] == stage.start_ms + 13_000


def test_any_json_or_none_is_good_enough_where_the_tenant_says_so(set_stage: Set) -> None:
    stage = set_stage(callback_needs_json=False)
    stage.listen(events=("40",))
    stage.record()

    sent = attempts(stage, 120_000, lambda attempt: Answered(attempt, 200, b"ok"))

    assert len(sent) == 1


def test_a_resting_callback_lets_the_next_one_pass(stage: Stage) -> None:
    stage.listen(events=("30", "40"))
    stage.record()
    failures = iter([500] * 3)

    def answer(attempt: int) -> Answered:
        return Answered(attempt, next(failures, 200), b"{}")

    sent = attempts(stage, 60_000, answer)

    told = [(read(out)["eventType"], read(out)["notifyMs"] - stage.start_ms) for out in sent]
    assert told == [(30, 2_000), (30, 2_000), (40, 3_000), (40, 3_000), (30, 4_000)]


def test_a_subscriber_gets_only_the_events_it_asked_for(stage: Stage) -> None:
    stage.listen(events=("40", "11"))
    job = stage.record()
    stage.at(20_000)
    job.stop()
    stage.advance(100)

    assert [read(out)["eventType"] for out in stage.deliver()] == [40, 11]


def test_names_of_events_are_numbers_or_message_names() -> None:
    assert (ADAPTER.event_name("31"), ADAPTER.event_name("uploaded")) == ("31", "31")
    with pytest.raises(KeyError, match="announces no event 'session_end'"):
        ADAPTER.event_name("session_end")
