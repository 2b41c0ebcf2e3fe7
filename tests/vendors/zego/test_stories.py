"""Whole stories against the golden files, byte for byte: every callback, every kind of answer.

``UPDATE_GOLDEN=1`` writes the files anew; read them against the sheet before you keep them.

Source:
    Sheet §3, §4, §6, §11.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from recording_emulator.core import snapshot
from recording_emulator.vendors.zego import ADAPTER, client

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Set, Stage

    Story = Callable[[Stage], Iterator[tuple[str, bytes]]]

GOLDEN = Path(__file__).parents[3] / "fixtures" / "zego"
BAD = "http://127.0.0.1:9/none.png"
BOARD = {"HorizontalRatio": 16, "VerticalRatio": 9, "WhiteboardId": "5550001"}


def as_list(sent: list[bytes]) -> bytes:
    return b"[" + b",".join(sent) + b"]"


def said(answer: dict[str, Any]) -> bytes:
    return msgspec.json.encode(answer)


def mixed(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A mix that is paused, photographed and stopped."""
    stage.listen()
    stage.join("u1", "s1")
    started = stage.start("class-9", mixed=True, ClientTaskId="lesson-77", MaxIdleTime=45)
    yield "responses/start.json", said(started)
    stage.join("u1", "s1", "class-9")
    task = {"TaskId": started["Data"]["TaskId"]}
    sent = stage.callbacks(20_000)
    stage.send("PauseRecord", task)
    sent += stage.callbacks(30_000)
    stage.send("ResumeRecord", task)
    stage.send("TakeSnapshot", task)
    sent += stage.callbacks(60_000)
    yield "responses/describe_recording.json", said(stage.send("DescribeRecordStatus", task))
    yield "responses/stop.json", said(stage.send("StopRecord", task))
    sent += stage.callbacks(61_000)
    yield "responses/describe_uploading.json", said(stage.send("DescribeRecordStatus", task))
    yield "callbacks/mixed.json", as_list([*sent, *stage.callbacks(70_000)])
    yield "responses/describe_stored.json", said(stage.send("DescribeRecordStatus", task))
    yield "responses/stop_stopped.json", said(stage.send("StopRecord", task))
    window = {"StartTime": stage.start_ms, "EndTime": stage.world.now_ms}
    listed = stage.send("DescribeTasks", {"Status": 3, **window})
    yield "responses/describe_tasks.json", said(listed)


def single(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Two streams and a whiteboard, sound and picture apart; one stream comes back."""
    stage.listen()
    stage.join("u1", "s1", board=True)
    stage.join("u2", "s2", video=False)
    job = stage.record(StreamType=4, HasWhiteboard=True, Whiteboard=[BOARD])
    sent = stage.callbacks(20_000)
    stage.leave("u2")
    sent += stage.callbacks(30_000)
    stage.join("u2", "s2", video=False)
    sent += stage.callbacks(40_000)
    job.stop()
    yield "callbacks/single.json", as_list([*sent, *stage.callbacks(50_000)])


def idle(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A room that nobody comes to, in which a stream was wanted."""
    stage.listen()
    job = stage.record(MaxIdleTime=70, RecordStreamList=[{"StreamId": "host"}])
    yield "callbacks/idle.json", as_list(stage.callbacks(100_000))
    yield "responses/describe_nothing.json", said(job.call("DescribeRecordStatus"))


def length(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A task that lasts for MaxRecordTime."""
    stage.listen()
    stage.join("u1", "s1")
    stage.record(MaxRecordTime=300)
    yield "callbacks/length.json", as_list(stage.callbacks(310_000))


def realtime(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Fragments that are uploaded while they are recorded."""
    stage.listen()
    stage.join("u1", "s1")
    output = {"OutputFileFormat": "hls", "RealtimeUploadFragment": True, "OutputFolder": "rec/"}
    job = stage.record(RecordOutputParams=output)
    sent = stage.callbacks(40_000)
    key = next(each for each in stage.objects() if each.endswith(".m3u8"))
    yield "playlists/growing.m3u8", stage.read_object(key).removesuffix(b"\n")
    job.stop()
    yield "callbacks/realtime.json", as_list([*sent, *stage.callbacks(50_000)])
    yield "playlists/finished.m3u8", stage.read_object(key).removesuffix(b"\n")


def pictures(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Pictures every 20 s."""
    stage.listen()
    stage.join("u1", "s1")
    output = {"OutputFileFormat": "jpg", "SnapshotInterval": 20}
    job = stage.record(RecordOutputParams=output)
    sent = stage.callbacks(45_000)
    job.stop()
    yield "callbacks/pictures.json", as_list([*sent, *stage.callbacks(60_000)])


def backed_up(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """One file goes to the backup storage, one is lost, one is stored."""
    stage.fault("upload", "divert")
    stage.fault("upload", "fail")
    stage.listen()
    for number in range(3):
        stage.join(f"u{number}", f"s{number}")
    job = stage.record()
    sent = stage.callbacks(20_000)
    job.stop()
    yield "callbacks/backed_up.json", as_list([*sent, *stage.callbacks(30_000)])
    yield "responses/describe_backed_up.json", said(job.call("DescribeRecordStatus"))


def image_failed(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A watermark that cannot be had."""
    stage.fault("image", "fail")
    stage.listen()
    stage.join("u1", "s1")
    mix = {**client.MIX, "MixOutputWatermarkImage": BAD}
    stage.record(mixed=True, MixConfig=mix)
    yield "callbacks/image_failed.json", as_list(stage.callbacks(10_000))


def sound_wave(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Who was how loud."""
    stage.join("u1", "s1")
    mix = {**client.MIX, "RecordSoundWave": True}
    job = stage.record(mixed=True, MixConfig=mix)
    stage.at(4_000)
    job.stop()
    stage.at(10_000)
    key = next(each for each in stage.objects() if each.endswith(".sw"))
    yield "files/sound_wave.json", stage.read_object(key)


def refused(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """A parameter, a task and a state that do not fit."""
    body = client.start_body("demo", mixed=True)
    body["RecordInputParams"]["MixConfig"] = {"MixOutputStreamId": "mix"}
    yield "responses/start_invalid.json", said(stage.send("StartRecord", body))
    stop = stage.send("StopRecord", {"TaskId": "A" * 16})
    yield "responses/stop_unknown.json", said(stop)
    job = stage.record(mixed=True)
    yield "responses/resume_not_paused.json", said(job.call("ResumeRecord"))


STORIES: dict[str, Story] = {
    each.__name__: each
    for each in (
        mixed, single, idle, length, realtime, pictures, backed_up, image_failed, sound_wave,
        refused,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_told_as_in_the_golden_files(set_stage: Set, name: str) -> None:
    told = dict(STORIES[name](set_stage()))

    if os.environ.get("UPDATE_GOLDEN"):
        for file, raw in told.items():
            (GOLDEN / file).parent.mkdir(exist_ok=True)
            (GOLDEN / file).write_bytes(raw + b"\n")
    assert {file: raw + b"\n" for file, raw in told.items()} == {
        file: (GOLDEN / file).read_bytes() for file in told
    }


@pytest.mark.parametrize("name", STORIES)
def test_a_story_can_be_written_down_and_read_back_on_the_way(set_stage: Set, name: str) -> None:
    stage = set_stage()

    for _ in STORIES[name](stage):
        raw = snapshot.take(stage.world)
        assert snapshot.take(snapshot.restore(raw, [ADAPTER])) == raw
