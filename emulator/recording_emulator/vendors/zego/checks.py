"""Judgement of ZEGO's parameters beyond types and ranges, and how a breach is worded.

Source:
    Sheet §2.1.7 (DOC: ranges, and what must be there; that each breach is an error: assumed).
"""

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from recording_emulator.vendors.zego.bodies import (
    InputParams,
    LayoutBody,
    Mix,
    MixInput,
    OutputParams,
    Rectangle,
    StartBody,
    Storage,
    VideoConfig,
)

MAX_PIXELS: Final = 1920 * 1080
ROOM_BYTES: Final = 128
"""A room's name has at most 128 bytes (DOC of the RTC SDK; for recording assumed)."""
CUSTOM: Final = 1
"""``MixMode`` of a layout that is given view by view (DOC)."""
BOARD_VIEW: Final = 2
_KEYS: Final = ("AccessKeyId", "AccessKeySecret")
MANDATORY: Final[dict[int, tuple[str, ...]]] = {
    **dict.fromkeys((1, 2, 3, 4, 7, 9), ("Region", "Bucket", *_KEYS)),
    5: ("AlibabaCloudVodParams",),
    6: ("TencentCloudVodParams",),
    8: ("Bucket", *_KEYS),
    10: ("Region", "Bucket", *_KEYS, "EndPoint"),
}
"""What a storage needs, by ``Vendor`` (DOC; 10 as of April 2026)."""
UPLOADABLE: Final = {5: ("mp4", "flv"), 6: ("mp4", "flv", "jpg", "mp3")}
"""What a video service takes, by ``Vendor`` (DOC)."""


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with the parameters: the vendor's text and our hint."""

    says: str
    hint: str


def invalid(field: str, hint: str = "") -> Problem:
    """Word a bad parameter; the text is documented nowhere, only that it says which (assumed).

    >>> invalid("RoomId").says
    'invalid param: RoomId'
    """
    return Problem(f"invalid param: {field or 'body'}", hint)


def start_problem(body: StartBody, *, needs_storage: bool) -> Problem | None:
    """Return the first problem of a start, or None."""
    if len(body.RoomId.encode("utf-8", "surrogatepass")) > ROOM_BYTES:
        return invalid("RoomId", f"a room's name has at most {ROOM_BYTES} bytes")
    return (
        _input_problem(body.RecordInputParams)
        or _output_problem(body.RecordInputParams, body.RecordOutputParams)
        or _storage_problem(body, needs_storage=needs_storage)
    )


def _input_problem(asked: InputParams) -> Problem | None:
    if asked.HasWhiteboard and not asked.Whiteboard:
        return invalid("Whiteboard", "HasWhiteboard needs one Whiteboard with its two ratios")
    if not asked.is_mixed:
        return None
    if not isinstance(asked.MixConfig, Mix):
        return invalid("MixConfig", "RecordMode 2 needs MixConfig")
    return _mix_problem(asked.MixConfig, asked.StreamType)


def _mix_problem(mix: Mix, stream_type: int) -> Problem | None:
    if not mix.MixOutputStreamId:
        return invalid("MixConfig.MixOutputStreamId", "the mix needs a name")
    video = mix.MixOutputVideoConfig
    if isinstance(video, UnsetType):
        if stream_type != 1:
            hint = f"StreamType {stream_type} has a picture; its default is 3"
            return invalid("MixConfig.MixOutputVideoConfig", hint)
    elif video.Width * video.Height > MAX_PIXELS:
        return invalid("MixConfig.MixOutputVideoConfig", "Width × Height is at most 1920 × 1080")
    return (
        views_problem(mix.MixMode, mix.MixInputList)
        or canvas_problem(mix.MixInputList, video)
        or _watermark_problem(mix, video)
    )


def layout_problem(body: LayoutBody) -> Problem | None:
    return views_problem(body.MixMode, body.MixInputList) or canvas_problem(
        body.MixInputList, UNSET
    )


def views_problem(mode: int, views: list[MixInput]) -> Problem | None:
    if mode == CUSTOM and not views:
        return invalid("MixInputList", "MixMode 1 needs MixInputList")
    if sum(each.ViewType == BOARD_VIEW for each in views) > 1:
        return invalid("MixInputList.ViewType", "at most one view shows the whiteboard")
    return None


def canvas_problem(views: list[MixInput], video: VideoConfig | UnsetType) -> Problem | None:
    """Say which view is inverted or leaves the canvas."""
    for each in views:
        if not _is_inside(each, video):
            return invalid("MixInputList", "a view is inverted, or outside the picture")
    return None


def _watermark_problem(mix: Mix, video: VideoConfig | UnsetType) -> Problem | None:
    where = mix.MixOutputWatermarkImageConfig
    if isinstance(where, Rectangle) and not _is_inside(where, video):
        hint = "the watermark is inverted, or outside the picture"
        return invalid("MixConfig.MixOutputWatermarkImageConfig", hint)
    return None


def _is_inside(box: MixInput | Rectangle, video: VideoConfig | UnsetType) -> bool:
    is_upright = box.Left <= box.Right and box.Top <= box.Bottom
    if isinstance(video, UnsetType):
        return is_upright
    return is_upright and box.Right <= video.Width and box.Bottom <= video.Height


def _output_problem(asked: InputParams, output: OutputParams) -> Problem | None:
    if output.OutputFileFormat == "jpg" and asked.StreamType == 1:
        return invalid("RecordOutputParams.OutputFileFormat", "StreamType 1 has no picture")
    return None


def _storage_problem(body: StartBody, *, needs_storage: bool) -> Problem | None:
    storage = body.StorageParams
    if isinstance(storage, UnsetType):
        if not needs_storage:
            return None
        return invalid("StorageParams", "StorageParams is a member of its own, beside the others")
    return _vendor_problem(storage, body.RecordOutputParams.OutputFileFormat)


def _vendor_problem(storage: Storage, container: str) -> Problem | None:
    for name in MANDATORY[storage.Vendor]:
        if getattr(storage, name) in ("", UNSET):
            return invalid(f"StorageParams.{name}", f"Vendor {storage.Vendor} needs {name}")
    formats = UPLOADABLE.get(storage.Vendor)
    if formats is not None and container not in formats:
        hint = f"Vendor {storage.Vendor} takes {', '.join(formats)}"
        return invalid("RecordOutputParams.OutputFileFormat", hint)
    return None


def length_problem(body: StartBody, hours: int) -> Problem | None:
    """Say whether a task may last as long as it is asked to."""
    if body.RecordInputParams.MaxRecordTime > hours * 3600:
        hint = f"at most {hours} hours (setting zego.max_record_h)"
        return invalid("RecordInputParams.MaxRecordTime", hint)
    return None
