"""Every field of the catalogue: bodies that hold it are accepted, and its row's words are true.

What a row says is allowed is read back from the row: one step outside of it is 300000004. What goes
together only in pairs is judged by name.

Source:
    Sheet §2.1 and §2.1.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import paths

from recording_emulator.core.surface import Field
from recording_emulator.vendors.zego import client
from recording_emulator.vendors.zego.surface import SURFACE

if TYPE_CHECKING:
    from tests.vendors.zego.conftest import Set, Stage

VIEW = {"Top": 0, "Left": 0, "Bottom": 540, "Right": 640, "Layer": 1, "StreamId": "s1",
        "ViewType": 1, "FillMode": 2, "BackgroundImage": "http://127.0.0.1/v.png"}  # fmt: skip
VIDEO = {"Width": 960, "Height": 540, "Fps": 20, "Bitrate": 900_000}
MIX = {
    "MixMode": 1,
    "MixInputList": [VIEW],
    "FillMode": 1,
    "MixOutputStreamId": "class9mix",
    "MixOutputVideoConfig": VIDEO,
    "MixOutputAudioConfig": {"Bitrate": 64_000},
    "MixOutputBackgroundColor": 4290167040,
    "MixOutputBackgroundImage": "https://example.test/b.png",
    "MixMaxResolutionStreamId": "s1",
    "MixOutputWatermarkImage": "https://example.test/w.png",
    "MixOutputWatermarkImageConfig": {"Left": 0, "Top": 0, "Right": 100, "Bottom": 50},
    "DefaultMixStreamBackgroundImage": "https://example.test/d.png",
    "IsAlwaysMix": True,
    "MixOutputWatermarkTimestampConfig": {"FontSize": 24},
    "RecordSoundWave": True,
    "SoundWaveType": 1,
    "StreamConfigList": [{"StreamId": "s1", "StreamType": 1}],
    "ClearInputStreamTimeout": 500,
}
BOARD = {
    "HorizontalRatio": 16, "VerticalRatio": 9, "Width": 1280, "Height": 720,
    "WhiteboardId": "5550001", "BackgroundColor": 4294967040, "IsPPTAnimation": True,
    "PPTAnimationFps": 30,
}  # fmt: skip
INPUT = {
    "RecordMode": 2,
    "StreamType": 3,
    "ClientTaskId": "lesson-77",
    "RecordStreamList": [{"StreamId": "s1"}],
    "FillBlank": True,
    "FillFrame": {"FrameFillMode": 2, "FrameFillColor": 4278190080},
    "RecordMuteAudio": 2,
    "RecordMuteAudioSplitThreshold": 20,
    "HasWhiteboard": True,
    "Whiteboard": [BOARD],
    "MaxIdleTime": 45,
    "MaxRecordTime": 3_600,
    "ResumeWithoutInterruption": True,
    "MixConfig": MIX,
}
OUTPUT = {
    "OutputFileFormat": "mp4", "OutputFolder": "rec/2025/", "OutputFileRule": 1,
    "SnapshotInterval": 10, "CallbackUrl": "http://127.0.0.1:9100/cb", "FragmentSeconds": 15,
    "RealtimeUploadFragment": True, "ShortFragmentPath": True,
}  # fmt: skip
VOD = {
    "AlibabaCloudVodParams": {
        "Region": "cn-shanghai", "AccessKeyId": "a", "AccessKeySecret": "s", "Title": "t",
        "StorageLocation": "l",
    },
    "TencentCloudVodParams": {"SecretId": "i", "SecretKey": "k", "Region": "r", "SubAppId": 7},
}  # fmt: skip
STORAGE = {
    "Vendor": 10, "Region": "local-1", "Bucket": "demo", "AccessKeyId": "AK",
    "AccessKeySecret": "SK", "EndPoint": "http://127.0.0.1:9000", "S3ForcePathStyle": True, **VOD,
}  # fmt: skip
START: dict[str, Any] = {
    "RoomId": "class-9",
    "RecordInputParams": INPUT,
    "RecordOutputParams": OUTPUT,
    "StorageParams": STORAGE,
}
LAYOUT = {"MixMode": 1, "MixInputList": [VIEW], "MixMaxResolutionStreamId": "s1"}
WINDOW = {"Status": 2, "RoomId": "class-9", "PageOffset": 1, "PageSize": 10}
ORDER = ("StartRecord", "DescribeRecordStatus", "DescribeTasks", "UpdateLayout", "UpdateWhiteboard",
         "TakeSnapshot", "PauseRecord", "ResumeRecord", "StopRecord")  # fmt: skip


def whole(stage: Stage, action: str, task: str) -> dict[str, Any]:
    """A body that holds every field of an action."""
    if action == "StartRecord":
        return deepcopy(START)
    if action == "DescribeTasks":
        now_ms = stage.world.now_ms
        return {**WINDOW, "StartTime": now_ms - 1_000, "EndTime": now_ms + 1_000}
    more: dict[str, Any] = {"UpdateLayout": LAYOUT, "UpdateWhiteboard": {"WhiteboardId": "5"}}
    return {"TaskId": task, **deepcopy(more.get(action, {}))}


@pytest.fixture
def task(stage: Stage) -> str:
    job = stage.record(mixed=True, HasWhiteboard=True, Whiteboard=[BOARD])
    stage.advance(1_000)
    return job.task


def test_a_body_with_every_field_is_accepted(stage: Stage, task: str) -> None:
    codes = {each: stage.send(each, whole(stage, each, task))["Code"] for each in ORDER}

    assert codes == dict.fromkeys(ORDER, 0)


def test_the_bodies_above_hold_every_field_of_the_catalogue(stage: Stage, task: str) -> None:
    held = {f"{action} {path}" for action in ORDER for path in paths(whole(stage, action, task))}

    assert {field.id for field in SURFACE.fields} == held


def outside(field: Field) -> Iterator[Any]:
    """Values one step outside of what a row says is allowed."""
    words = field.allowed
    if words.startswith("one of"):
        named = words.removeprefix("one of ").split(", ")
        yield max(map(int, named)) + 1 if named[0].isdigit() else "other"
    for word, sign in (("<=", 1), (">=", -1)):
        found = re.search(rf"(?<!length )(?<!items ){word} (-?\d+)", words)
        if found:
            yield int(found[1]) + sign
    longest = re.search(r"length <= (\d+)", words)
    if longest:
        yield "x" * (int(longest[1]) + 1)
    if "length >= 1" in words:
        yield ""
    if "matching" in words:
        yield "ftp://x"
    kind = words.partition(" ")[0]
    wrong: dict[str, Any] = {"string": 7, "integer": "2", "boolean": 1, "array": {}, "object": []}
    yield wrong.get(kind, [None])


@pytest.mark.parametrize("field", SURFACE.fields, ids=lambda field: field.id)
def test_a_value_outside_of_what_a_row_allows_is_refused_and_named(
    stage: Stage, task: str, field: Field
) -> None:
    for value in outside(field):
        body = whole(stage, field.operation, task)
        place: Any = body
        *way, last = field.path.replace("[]", ".0").split(".")
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        place[last] = value

        said = stage.send(field.operation, body)

        assert (said["Code"], field.path, value) == (300000004, field.path, value)
        assert said["Message"].startswith("invalid param: ")


# --- what goes together ---------------------------------------------------------------------------


def change(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = deepcopy(body)
    *way, last = path.split(".")
    place = changed
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


SINGLE = change(START, "RecordInputParams.RecordMode", 1)
IN, OUT, STORE = "RecordInputParams", "RecordOutputParams", "StorageParams"
MIXED = f"{IN}.MixConfig"
REFUSED = [
    (START, "RoomId", None),
    (START, "RoomId", "é" * 65),
    (START, IN, None),
    (START, STORE, None),
    (START, f"{IN}.RecordMode", None),
    (START, MIXED, None),
    (START, f"{MIXED}.MixOutputStreamId", None),
    (START, f"{MIXED}.MixOutputStreamId", ""),
    (START, f"{MIXED}.MixOutputVideoConfig", None),
    (START, f"{MIXED}.MixOutputVideoConfig", {**VIDEO, "Width": 1920, "Height": 1081}),
    (START, f"{MIXED}.MixOutputVideoConfig", {"Width": 960, "Height": 540, "Fps": 20}),
    (START, f"{MIXED}.MixInputList", []),
    (START, f"{MIXED}.MixInputList", [VIEW] * 26),
    (START, f"{MIXED}.MixInputList", [{**VIEW, "ViewType": 2}] * 2),
    (START, f"{MIXED}.MixInputList", [{**VIEW, "Bottom": 541}]),
    (START, f"{MIXED}.MixInputList", [{**VIEW, "Top": 541, "Bottom": 540}]),
    (START, f"{MIXED}.MixOutputWatermarkImageConfig",
     {"Left": 900, "Top": 0, "Right": 961, "Bottom": 50}),
    (START, f"{IN}.Whiteboard", None),
    (START, f"{IN}.Whiteboard", []),
    (START, f"{IN}.Whiteboard", [BOARD, BOARD]),
    (START, f"{IN}.Whiteboard", [{"HorizontalRatio": 16}]),
    (change(START, f"{OUT}.OutputFileFormat", "jpg"), f"{IN}.StreamType", 1),
    (START, f"{STORE}.Region", ""),
    (START, f"{STORE}.EndPoint", None),
    (change(START, f"{STORE}.Vendor", 8), f"{STORE}.Bucket", ""),
    (change(START, f"{STORE}.Vendor", 1), f"{STORE}.AccessKeySecret", None),
    (change(START, f"{STORE}.Vendor", 5), f"{STORE}.AlibabaCloudVodParams", None),
    (change(START, f"{STORE}.Vendor", 5), f"{OUT}.OutputFileFormat", "hls"),
    (change(START, f"{STORE}.Vendor", 6), f"{STORE}.TencentCloudVodParams", None),
    (change(START, f"{STORE}.Vendor", 6), f"{OUT}.OutputFileFormat", "aac"),
]  # fmt: skip
ACCEPTED = [
    (SINGLE, f"{IN}.MixConfig", None),
    (SINGLE, f"{IN}.MixConfig", {}),
    (SINGLE, f"{IN}.HasWhiteboard", False),
    (START, f"{IN}.HasWhiteboard", False),
    (change(START, f"{IN}.StreamType", 1), f"{MIXED}.MixOutputVideoConfig", None),
    (START, f"{MIXED}.MixInputList", [{**VIEW, "ViewType": 2}]),
    (START, f"{MIXED}.MixInputList", [VIEW] * 25),
    (START, f"{MIXED}.MixOutputVideoConfig", {**VIDEO, "Width": 1920, "Height": 1080}),
    (START, OUT, None),
    (START, f"{STORE}.S3ForcePathStyle", None),
    (change(START, f"{STORE}.Vendor", 8), f"{STORE}.Region", ""),
    (change(START, f"{STORE}.Vendor", 6), f"{OUT}.OutputFileFormat", "mp3"),
    (change(START, f"{STORE}.Vendor", 5), f"{STORE}.Bucket", ""),
    (START, f"{IN}.RecordStreamList", []),
    (START, "Extra", {"RegionId": 1}),
]


@pytest.mark.parametrize(
    ("body", "path", "value"), [pytest.param(*each, id=f"{each[1]}-{n}") for n, each in
                                enumerate(REFUSED)],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(
    stage: Stage, body: dict[str, Any], path: str, value: Any
) -> None:
    said = stage.send("StartRecord", change(body, path, value))

    assert said["Code"] == 300000004


@pytest.mark.parametrize(
    ("body", "path", "value"), [pytest.param(*each, id=f"{each[1]}-{n}") for n, each in
                                enumerate(ACCEPTED)],
)  # fmt: skip
def test_what_may_be_left_out_or_does_not_apply_is_accepted(
    stage: Stage, body: dict[str, Any], path: str, value: Any
) -> None:
    said = stage.send("StartRecord", change(body, path, value))

    assert said["Code"] == 0, said


def test_a_refusal_names_the_member_and_its_near_miss(stage: Stage) -> None:
    body = client.start_body("demo")
    body["InputParams"] = body.pop("RecordInputParams")

    said = stage.send("StartRecord", body)

    reply = [each for each in stage.world.journal if each.kind == "reply"][-1]
    assert said["Message"] == "invalid param: RecordInputParams"
    assert "did you mean RecordInputParams?" in reply.detail.hint


def test_numbers_as_texts_are_taken_only_where_set_so(set_stage: Set) -> None:
    body = change(client.start_body("demo"), f"{IN}.RecordMode", "1")
    body[IN]["MaxIdleTime"] = "60"

    codes = [set_stage(lax_types=lax).send("StartRecord", body)["Code"] for lax in (False, True)]

    assert codes == [300000004, 0]
