"""Whole stories against the golden files, byte for byte: every callback, every variant of answer.

``UPDATE_GOLDEN=1`` writes the files anew; read them against the sheet before you keep them.

Source:
    Sheet §3.1, §3.2, §5.4, §6.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from recording_emulator.core import rooms, snapshot
from recording_emulator.vendors.agora import ADAPTER

if TYPE_CHECKING:
    from tests.vendors.agora.conftest import Golden, Job, Set, Stage

    Story = Callable[[Stage], Iterator[tuple[str, bytes]]]

GOLDEN = Path(__file__).parents[3] / "fixtures" / "agora"
SECRET = "test-secret"
STORAGE = {"vendor": 1, "region": 0, "bucket": "recordings", "accessKey": "k", "secretKey": "s"}
PICTURES: dict[str, Any] = {"fileType": ["jpg"], "captureInterval": 20}
FILES: dict[str, Any] = {"recordingFileConfig": {"avFileType": ["hls"]}}


def as_list(sent: list[bytes]) -> bytes:
    return b"[" + b",".join(sent) + b"]"


def answer(said: tuple[int, dict[str, Any]]) -> bytes:
    return msgspec.json.encode(said[1])


def individual(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Two users, one without video; the video of the other rests from 30 s to 40 s."""
    stage.listen(SECRET)
    stage.join("41")
    stage.join("42", video=False)
    job = stage.record_users({"streamMode": "standard"})
    sent = stage.callbacks(20_000)
    yield "responses/query_individual.json", answer(job.query())
    sent += stage.callbacks(30_000)
    stage.room(rooms.Publish("41", video=False))
    sent += stage.callbacks(40_000)
    stage.room(rooms.Publish("41", video=True))
    sent += stage.callbacks(64_000)
    job.start()
    yield "responses/stop_individual_async.json", answer(job.stop(async_stop=True))
    sent += stage.callbacks(66_000)
    yield "callbacks/individual.json", as_list(sent)
    for kind in ("audio", "video", "av"):
        name = f"{job.file}__uid_s_41__uid_e_{kind}.m3u8"
        yield f"playlists/individual_{kind}.m3u8", stage.read_object(name).removesuffix(b"\n")


def _pictures(stage: Stage, **params: Any) -> tuple[Job, list[bytes]]:
    stage.listen(SECRET)
    stage.join("41")
    job = stage.record_users({"streamTypes": 1}, snapshotConfig=PICTURES, **params)
    return job, stage.callbacks(45_000)


def snapshots(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Pictures alone, every 20 s."""
    job, sent = _pictures(stage)
    yield "responses/query_snapshots.json", answer(job.query())
    yield "responses/stop_snapshots.json", answer(job.stop())
    yield "callbacks/snapshots.json", as_list([*sent, *stage.callbacks(47_000)])


def snapshots_and_recording(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Pictures every 20 s beside the recording of the video."""
    job, sent = _pictures(stage, **FILES)
    yield "responses/stop_snapshots_and_recording.json", answer(job.stop())
    yield "callbacks/snapshots_and_recording.json", as_list([*sent, *stage.callbacks(47_000)])


def web(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A page recorded for a minute, at rest from 30 s to 40 s."""
    stage.listen(SECRET)
    job = stage.record_page(cname="board_1")
    yield "responses/query_web_starting.json", answer(job.query())
    sent = stage.callbacks(30_000)
    yield "responses/query_web.json", answer(job.query())
    job.update(webRecordingConfig={"onhold": True})
    sent += stage.callbacks(40_000)
    job.update(webRecordingConfig={"onhold": False})
    sent += stage.callbacks(70_000)
    yield "responses/stop_web.json", answer(job.stop())
    yield "callbacks/web.json", as_list([*sent, *stage.callbacks(72_000)])


def web_cdn(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A page pushed to one place, held, then pushed to another."""
    stage.listen(SECRET)
    job = stage.record_page(("rtmp://cdn.test/a",))
    sent = stage.callbacks(20_000)
    yield "responses/query_web_cdn.json", answer(job.query())
    job.update(webRecordingConfig={"onhold": True})
    sent += stage.callbacks(21_000)
    yield "responses/query_web_onhold.json", answer(job.query())
    job.update(rtmpPublishConfig={"outputs": [{"rtmpUrl": "rtmps://cdn.test/b"}]})
    sent += stage.callbacks(25_000)
    job.update(webRecordingConfig={"onhold": False})
    sent += stage.callbacks(40_000)
    yield "responses/stop_web_cdn.json", answer(job.stop())
    yield "callbacks/web_cdn.json", as_list([*sent, *stage.callbacks(42_000)])


def web_max_hour(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A page recorded for as long as it may be."""
    stage.listen(SECRET, ("70", "71", "31", "11"))
    stage.record_page(maxRecordingHour=1, maxVideoDuration=30)
    yield "callbacks/web_max_hour.json", as_list(stage.callbacks(3_602_000))


def web_load_timeout(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A page that hangs: loaded once more, then given up."""
    stage.fault("page", "hang", times=2)
    stage.listen(SECRET)
    stage.record_page(readyTimeout=10)
    yield "callbacks/web_load_timeout.json", as_list(stage.callbacks(30_000))


def web_unreachable(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A page that cannot be reached."""
    stage.fault("page", "unreachable")
    stage.listen(SECRET)
    stage.record_page()
    yield "callbacks/web_unreachable.json", as_list(stage.callbacks(10_000))


POSTPONED: dict[str, Any] = {"appsCollection": {"combinationPolicy": "postpone_transcoding"}}


def _later(stage: Stage, config: dict[str, Any], **options: Any) -> list[bytes]:
    """Record two users, and let a day pass after the stop."""
    stage.listen(SECRET)
    stage.join("41")
    stage.join("42", video=False)
    job = stage.record_users(config, scene=2, **POSTPONED, transcodeOptions=options)
    sent = stage.callbacks(20_000)
    job.stop(async_stop=True)
    return [*sent, *stage.callbacks(24 * 3_600_000)]


def postponed(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Each user's audio and video become one MP4 an hour after the end."""
    sent = _later(stage, {}, transConfig={"transMode": "postponeTranscoding"})
    yield "callbacks/postponed.json", as_list(sent)


def audio_mix(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """All audio becomes one M4A an hour after the end."""
    config = {"streamTypes": 0, "streamMode": "original"}
    container = {"format": "m4a"}
    sent = _later(stage, config, transConfig={"transMode": "audioMix"}, container=container)
    yield "callbacks/audio_mix.json", as_list(sent)


def token_expired(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A channel token that is valid for a minute."""
    stage.configure(token_ttl_s=60)
    stage.listen(SECRET)
    stage.join("41")
    stage.record(token="for-a-minute")
    yield "callbacks/token_expired.json", as_list(stage.callbacks(62_000))


def storage_denied(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Storage credentials that are wrong."""
    stage.fault("storage", "deny")
    stage.listen(SECRET)
    stage.join("41")
    stage.record()
    yield "callbacks/storage_denied.json", as_list(stage.callbacks(10_000))


def failover(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A recorder dies after a minute; another takes over half a minute later."""
    stage.fault("recorder", "crash", after_ms=60_000)
    stage.listen(SECRET)
    stage.join("41")
    job = stage.record(recordingFileConfig={"avFileType": ["hls", "mp4"]})
    sent = stage.callbacks(110_000)
    yield "responses/query_failover.json", answer(job.query())
    job.stop(async_stop=True)
    sent += stage.callbacks(112_000)
    yield "callbacks/failover.json", as_list(sent)
    yield "playlists/failover.m3u8", stage.read_object(f"bak0_{job.file}.m3u8").removesuffix(b"\n")


def failover_users(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """The same in individual mode: every user's files begin again."""
    stage.fault("recorder", "crash", after_ms=30_000, for_ms=20_000)
    stage.listen(SECRET)
    stage.join("41")
    job = stage.record_users({"streamMode": "standard"})
    sent = stage.callbacks(70_000)
    yield "responses/query_failover_individual.json", answer(job.query())
    job.stop(async_stop=True)
    yield "callbacks/failover_individual.json", as_list([*sent, *stage.callbacks(72_000)])


def upload_retried(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """The upload fails once and is tried again."""
    stage.fault("upload", "fail")
    yield "callbacks/upload_retried.json", as_list(_uploaded(stage))


def upload_backed_up(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """The upload fails twice and goes to the backup cloud."""
    stage.fault("upload", "fail", times=2)
    yield "callbacks/upload_backed_up.json", as_list(_uploaded(stage))


def _uploaded(stage: Stage) -> list[bytes]:
    stage.listen(SECRET, ("1", "2", "31", "32", "11"))
    stage.join("41")
    job = stage.record()
    sent = stage.callbacks(60_000)
    job.stop(async_stop=True)
    return [*sent, *stage.callbacks(30 * 60_000)]


def sts_expired(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Temporary credentials end after 20 s and are not refreshed."""
    stage.listen(SECRET, ("1", "2", "4", "31", "32", "11"))
    stage.join("41")
    ends_s = stage.world.now_ms // 1000 + 20
    job = stage.record(storageConfig={**STORAGE, "stsToken": "t", "stsExpiration": ends_s})
    sent = stage.callbacks(60_000)
    yield "responses/stop_sts_expired.json", answer(job.stop())
    yield "callbacks/sts_expired.json", as_list([*sent, *stage.callbacks(62_000)])


def page_too_heavy(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A page that needs more than there is, after half a minute."""
    stage.fault("page", "too_heavy", after_ms=30_000)
    stage.listen(SECRET)
    stage.record_page()
    yield "callbacks/page_too_heavy.json", as_list(stage.callbacks(40_000))


def transcoded_by_half(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Postponed transcoding that works for the first user only."""
    stage.fault("transcoder", "half")
    sent = _later(stage, {}, transConfig={"transMode": "postponeTranscoding"})
    yield "callbacks/transcoded_by_half.json", as_list(sent[-3:])


STORIES: dict[str, Story] = {
    each.__name__: each
    for each in (
        individual,
        snapshots,
        snapshots_and_recording,
        web,
        web_cdn,
        web_max_hour,
        web_load_timeout,
        web_unreachable,
        postponed,
        audio_mix,
        token_expired,
        storage_denied,
        failover,
        failover_users,
        upload_retried,
        upload_backed_up,
        sts_expired,
        page_too_heavy,
        transcoded_by_half,
    )
}


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_told_as_in_the_golden_files(set_stage: Set, golden: Golden, name: str) -> None:
    told = dict(STORIES[name](set_stage(audience="none")))

    if os.environ.get("UPDATE_GOLDEN"):
        for file, raw in told.items():
            (GOLDEN / file).write_bytes(raw + b"\n")
    assert {file: raw + b"\n" for file, raw in told.items()} == {
        file: golden(file) for file in told
    }


@pytest.mark.parametrize("name", STORIES)
def test_a_story_can_be_written_down_and_read_back_on_the_way(set_stage: Set, name: str) -> None:
    stage = set_stage(audience="none")

    for _ in STORIES[name](stage):
        raw = snapshot.take(stage.world)
        assert snapshot.take(snapshot.restore(raw, [ADAPTER])) == raw
