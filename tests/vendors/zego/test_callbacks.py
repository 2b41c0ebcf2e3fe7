"""ZEGO callbacks: bytes, signature, what counts as received, retries, order, and whose URL.

Source:
    Sheet §6.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.vendors.zego import callbacks

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Job, Set, Stage

SECRET = "cbsecret0123456789abcdef01234567"
HOOK = "http://127.0.0.1:9100/cb"


@pytest.mark.parametrize(
    ("secret", "timestamp", "nonce", "expected"),
    [
        ("secret", "1470820198", "123412", "5bd59fd62953a8059fb7eaba95720f66d19e4517"),
        (SECRET, "1760000123", "483920", "cabf5dd66c17afe634df77fc55e1e4497d5fd500"),
    ],
)
def test_a_callback_is_signed_as_the_vendors_example(
    secret: str, timestamp: str, nonce: str, expected: str
) -> None:
    assert callbacks.signature(secret, timestamp, nonce) == expected


def test_the_order_of_the_signed_texts_is_that_of_a_dictionary() -> None:
    assert callbacks.signature("b", "9", "10") == callbacks.signature("b", "10", "9")
    assert callbacks.signature("b", "9", "10") != callbacks.signature("9", "1", "0b")


def stopped(stage: Stage, **outside: Any) -> Job:
    """Record one stream for nine seconds, and wait for the upload."""
    stage.join("u1", "s1")
    job = stage.record(**outside)
    stage.at(10_000)
    job.stop()
    return job


def bodies(stage: Stage, status: int = 200) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in stage.deliver(status)]


def test_the_common_members_stand_in_the_documents_order(stage: Stage) -> None:
    stage.listen()
    job = stopped(stage)

    first, second = stage.deliver()

    told = json.loads(first.body)
    assert first.headers == (("Content-Type", "application/json"),)
    assert list(told) == [
        "app_id", "task_id", "room_id", "event_type", "message", "nonce", "timestamp",
        "signature", "sequence", "detail",
    ]  # fmt: skip
    assert told == {
        "app_id": 1234567890, "task_id": job.task, "room_id": "demo", "event_type": 5,
        "message": "", "nonce": told["nonce"], "timestamp": "1893456010",
        "signature": callbacks.signature(SECRET, "1893456010", told["nonce"]),
        "sequence": 0, "detail": {},
    }  # fmt: skip
    assert (len(told["nonce"]), json.loads(second.body)["sequence"]) == (6, 1)


def test_event_1_tells_every_file_in_the_documents_order(stage: Stage) -> None:
    stage.listen(("1",))
    job = stopped(stage)
    stage.advance(5_000)

    (told,) = bodies(stage)

    name = f"{job.task}_demo_u1_s1_VA_20300101000001000.mp4"
    url = f"http://127.0.0.1:8787/_files/stage/recordings/{name}"
    assert json.dumps(told["detail"]) == json.dumps(
        {
            "upload_status": 1,
            "file_info": [
                {
                    "user_id": "u1", "user_name": "u1", "stream_id": "s1", "file_id": name,
                    "video_id": "", "file_url": url, "output_file_format": "mp4",
                    "file_size": 841_500, "duration": 9_000, "resolution_width": 640,
                    "resolution_height": 360, "media_track_type": 3,
                    "begin_timestamp": stage.start_ms + 1_000, "status": 3,
                }
            ],
        }
    )  # fmt: skip


def test_event_102_tells_where_the_playlist_is(stage: Stage) -> None:
    stage.listen(("102",))
    stage.join("u1", "s1")
    output = {"OutputFileFormat": "hls", "RealtimeUploadFragment": True}
    job = stage.record(RecordOutputParams=output)
    stage.at(16_000)

    (told,) = bodies(stage)

    name = f"{job.task}_demo_u1_s1_VA_20300101000001000.m3u8"
    assert told["detail"] == {
        "stream_id": "s1",
        "file_id": name,
        "file_url": f"http://127.0.0.1:8787/_files/stage/recordings/{name}",
        "media_track_type": 3,
    }


@pytest.mark.parametrize(
    ("status", "is_received"),
    [(200, True), (204, True), (299, True), (302, False), (404, False), (500, False)],
)
def test_any_2xx_is_received(status: int, is_received: bool) -> None:
    assert (callbacks.accepts(status) == "") is is_received


def attempts(stage: Stage, until_ms: int, status: int) -> list[tuple[int, int]]:
    """Let time pass with a receiver that answers so: when which sequence was sent, in ms."""
    sent = []
    while stage.now_ms <= until_ms:
        sent += [(stage.now_ms, each["sequence"]) for each in bodies(stage, status)]
        stage.advance(500)
    return sent


def test_there_are_two_retries_five_seconds_apart_and_then_it_is_lost(stage: Stage) -> None:
    stage.listen(("5",))
    stopped(stage)

    assert attempts(stage, 60_000, 500) == [(10_000, 0), (15_000, 0), (20_000, 0)]


def test_the_next_event_of_a_task_waits_for_the_outcome_and_other_tasks_do_not(
    stage: Stage,
) -> None:
    stage.listen()
    stopped(stage)
    first = bodies(stage, 500)
    stopped_too = stage.record("other")
    stopped_too.stop()
    other = [each["task_id"] for each in bodies(stage)]

    rest = attempts(stage, 40_000, 200)

    assert [each["sequence"] for each in first] == [0]
    assert set(other) == {stopped_too.task}
    assert rest == [(15_000, 0), (15_000, 1), (15_000, 2)]


def test_a_retry_is_the_same_to_the_letter(stage: Stage) -> None:
    stage.listen(("5",))
    stopped(stage)
    (first,) = stage.deliver(500)
    stage.advance(5_000)

    (again,) = stage.deliver()

    assert again.body == first.body


def test_a_retry_can_be_signed_anew(set_stage: Set) -> None:
    stage = set_stage(resign_retries=True)
    stage.listen(("5",))
    stopped(stage)
    (first,) = bodies(stage, 500)
    stage.advance(5_000)

    (again,) = bodies(stage)

    assert int(again["timestamp"]) - int(first["timestamp"]) == 5
    assert again["nonce"] != first["nonce"]
    assert callbacks.verify(json.dumps(again).encode(), SECRET) == (5, "")


def test_a_stale_callback_claims_an_earlier_time_also_when_retried(stage: Stage) -> None:
    stage.listen(("5",))
    stage.fault("callback", "stale", by_ms=3_600_000, times=2)
    stopped(stage)
    (first,) = bodies(stage, 500)
    stage.advance(5_000)
    (again,) = bodies(stage)

    assert int(first["timestamp"]) == (stage.start_ms + 10_000 - 3_600_000) // 1000
    assert int(again["timestamp"]) == int(first["timestamp"]) + 5


def test_who_checks_a_callback_says_what_is_wrong(stage: Stage) -> None:
    stage.listen()
    stopped(stage)
    raw = stage.deliver()[0].body

    assert callbacks.verify(raw, SECRET) == (5, "")
    assert callbacks.verify(raw, "other")[1].startswith("signature is ")
    assert callbacks.verify(b"{}", SECRET)[0] == 0


# --- the URL of the task --------------------------------------------------------------------------


def named(url: str) -> dict[str, Any]:
    return {"RecordOutputParams": {"CallbackUrl": url}}


def test_a_tasks_own_url_stands_for_the_consoles(stage: Stage) -> None:
    stage.listen()
    job = stopped(stage, **named(HOOK))
    stopped_too = stage.record("other")
    stopped_too.stop()

    sent = [(each.url, json.loads(each.body)["task_id"]) for each in stage.deliver()]

    assert set(sent) == {(HOOK, job.task), ("http://127.0.0.1:1/", stopped_too.task)}


def test_a_tasks_own_url_is_signed_and_retried_like_any(stage: Stage) -> None:
    stopped(stage, **named(HOOK))

    sent = attempts(stage, 30_000, 503)

    assert sent == [
        *((at, 0) for at in (10_000, 15_000, 20_000)),
        *((at, 1) for at in (20_000, 25_000, 30_000)),
        (30_000, 2),
    ]


def test_a_task_with_a_url_hears_periodic_events_without_any_target(stage: Stage) -> None:
    stage.record(MaxIdleTime=60, **named(HOOK))

    stage.at(61_000)

    assert [json.loads(each.body)["event_type"] for each in stage.deliver()] == [4, 4, 2, 1]


def test_nothing_is_sent_to_a_host_that_nobody_allowed_and_the_journal_says_how(
    stage: Stage,
) -> None:
    job = stopped(stage, **named("https://app.test/hook"))

    sent = stage.deliver()

    notes = [each for each in stage.world.journal if each.kind == "note"]
    assert sent == []
    assert [each.subject for each in notes] == [job.task] * 2
    assert notes[0].name == (
        "callback not sent: app.test is not this machine; `serve --allow-host app.test`, or "
        "'app.test' among the tenant's allow_hosts, would allow it"
    )
    assert [each.fate for each in stage.world.outbox.every()] == ["dropped", "dropped"]


def test_an_allowed_host_is_sent_to(set_stage: Set) -> None:
    stage = set_stage(allow_hosts=("app.test",))
    stopped(stage, **named("https://app.test/hook"))

    assert {each.url for each in stage.deliver()} == {"https://app.test/hook"}


@pytest.mark.parametrize("effect", ["drop", "duplicate", "wrong_signature"])
def test_faults_bite_on_the_way_to_a_tasks_own_url_too(stage: Stage, effect: str) -> None:
    stage.fault("callback", effect, event="5")
    stopped(stage, **named(HOOK))

    sent = [each.body for each in stage.deliver()]

    complaints = [callbacks.verify(each, SECRET) for each in sent]
    events = [event for event, _ in complaints]
    assert events == {"drop": [7], "duplicate": [5, 5, 7], "wrong_signature": [5, 7]}[effect]
    assert bool(complaints[0][1]) is (effect == "wrong_signature")
