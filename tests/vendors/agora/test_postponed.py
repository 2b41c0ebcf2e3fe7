"""Postponed transcoding and audio mixing: files and events some time after the end.

Source:
    Sheet §2.3 (appsCollection, transcodeOptions), §5.4 (names), §6.3, §6.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core import rooms
from recording_emulator.core.clips.clip import Clip

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Job, Set, Stage

POSTPONED = {"combinationPolicy": "postpone_transcoding"}
HOUR_MS = 3_600_000


def record(stage: Stage, format: str = "", until_ms: int = 20_000) -> Job:  # noqa: A002
    """Record two users, one without video; mixed audio if ``format`` is one of its formats."""
    stage.join("41")
    stage.join("42", video=False)
    config = {"streamTypes": 0, "streamMode": "original"} if format else {}
    kind = "audioMix" if format else "postponeTranscoding"
    options = {"transConfig": {"transMode": kind}, "container": {"format": format}}
    job = stage.record_users(config, scene=2, appsCollection=POSTPONED, transcodeOptions=options)
    stage.at(until_ms)
    return job


def made(stage: Stage, job: Job) -> list[tuple[str, int]]:
    """Return what postponed work left: names without what all begin with, and sizes."""
    return [
        (key.removeprefix(job.file), size)
        for key, size in stage.objects()
        if not key.endswith((".ts", ".m3u8"))
    ]


def later(stage: Stage) -> list[tuple[int, str, Any]]:
    found = [(ms, event, each) for ms, event, each in stage.events()]
    return found[[event for _, event, _ in found].index("11") + 1 :]


def test_each_user_gets_an_mp4_an_hour_after_the_end(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    job = record(stage)
    job.stop()
    stage.at(21_100 + HOUR_MS + 59_999)
    before = made(stage, job)

    stage.at(21_100 + HOUR_MS + 60_000)

    assert before == []
    assert made(stage, job) == [
        ("__uid_s_41__uid_e_0.mp4", 548 * 17_200 // 8),
        ("__uid_s_42__uid_e_0.mp4", 48 * 17_200 // 8),
    ]
    assert [(ms - 21_100 - HOUR_MS, event) for ms, event, _ in later(stage)] == [
        (0, "80"), (60_000, "81"), (60_000, "1001"),
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "aac"])
def test_all_audio_becomes_one_file(set_stage: Set, suffix: str) -> None:
    stage = set_stage(audience="none")
    job = record(stage, suffix)
    job.stop()

    stage.at(2 * HOUR_MS)

    assert made(stage, job) == [(f"_0.{suffix}", 48 * 17_200 // 8)]


def test_a_long_recording_becomes_several_files(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    job = record(stage, "mp3", 3_000 + 5 * HOUR_MS)
    job.stop()

    stage.at(7 * HOUR_MS)

    names = [name for name, _ in made(stage, job)]
    assert names == ["_0.mp3", "_1.mp3", "_2.mp3"]


def test_the_bytes_of_a_file_have_its_size(set_stage: Set) -> None:
    stage = set_stage(audience="none", postpone_ms=0)
    job = record(stage)
    job.stop()
    stage.at(120_000)
    name = f"{job.file}__uid_s_42__uid_e_0.mp4"

    found = stage.world.objects.find("recordings", name, stage.world.now_ms)

    assert found is not None
    assert found[1] == Clip("mp4", 17_200, wanted_bytes=48 * 17_200 // 8)
    missing = name.replace("_0.mp4", "_1.mp4")
    assert stage.world.objects.find("recordings", missing, stage.world.now_ms) is None


@pytest.mark.parametrize(
    ("effect", "events"), [("fail", ["80", "81", "1001"]), ("lose_input", ["90", "1001"])]
)
def test_postponed_work_fails_where_a_fault_says_so(
    set_stage: Set, effect: str, events: list[str]
) -> None:
    stage = set_stage(audience="none")
    stage.fault("transcoder", effect)
    job = record(stage)
    job.stop()

    stage.at(2 * HOUR_MS)

    assert [event for _, event, _ in later(stage)] == events
    assert later(stage)[-1][2] == {"result": "failed", "fileList": []}
    assert made(stage, job) == []


def test_lost_input_is_named_once(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.fault("transcoder", "lose_input")
    job = record(stage, "mp3")
    job.stop()

    stage.at(2 * HOUR_MS)

    names = [f"{job.file}__uid_s_{uid}__uid_e_audio.m3u8" for uid in ("41", "42")]
    assert later(stage)[0][2] == {
        "vendor": 1, "region": 0, "bucket": "recordings", "fileName": ";".join(names),
    }  # fmt: skip


def test_nothing_recorded_is_nothing_to_work_on(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    job = record(stage, until_ms=1_000)
    job.stop()

    stage.at(2 * HOUR_MS)

    assert later(stage) == []
    assert stage.world.ordinals == {job.sid: 1}


def test_the_events_of_both_parts_count_on_and_say_their_scene(set_stage: Set) -> None:
    stage = set_stage(audience="none")
    stage.listen(events=("11", "80", "1001"))
    job = record(stage)
    stage.room(rooms.Leave("41"))
    job.stop()

    stage.at(2 * HOUR_MS)

    told = [each for each in stage.world.journal if each.kind == "event"]
    assert {each.detail.scene for each in told[:-3]} == {"postpone_transcode::rtc_record"}
    assert {each.detail.scene for each in told[-3:]} == {"postpone_transcode::transcode"}
    assert stage.world.ordinals[job.sid] == len(told)
    assert list(stage.world.timers) == []
