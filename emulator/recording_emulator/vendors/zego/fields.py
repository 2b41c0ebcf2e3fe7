"""ZEGO's request bodies and task states, for the catalogue."""

from typing import Final

from recording_emulator.core.surface import Basis, Body, StateRow
from recording_emulator.vendors.zego.inputs import TASK
from recording_emulator.vendors.zego.requests import BODIES as KINDS
from recording_emulator.vendors.zego.task import STATUS

_ASSUMED: Final = {
    "RoomId": "its length is that of RTC rooms, for recording assumed",
    "RealtimeUploadFragment": "the default is assumed",
    "ShortFragmentPath": "the default is assumed",
    "TaskId": "16 bytes; that another length is a bad parameter is assumed",
}
_COLOUR: Final = "everybody has a colour of their own, and what is empty is black"
_PAID: Final = "a paid feature, ignored unless it is enabled for the account"
_VIDEO_SERVICE: Final = "a video service is no bucket: nothing is uploaded there"
_IDLE: Final = {
    **dict.fromkeys(("FrameFillColor", "BackgroundColor", "MixOutputBackgroundColor"), _COLOUR),
    **dict.fromkeys(("IsPPTAnimation", "PPTAnimationFps"), _PAID),
    **dict.fromkeys(
        ("MixOutputWatermarkTimestampConfig", "FontSize"), "every picture has a clock already"
    ),
    "ClearInputStreamTimeout": "the mix begins with the first stream, or as IsAlwaysMix says",
    **dict.fromkeys(
        (
            "AlibabaCloudVodParams.AccessKeyId",
            "AlibabaCloudVodParams.AccessKeySecret",
            "SecretId",
            "SecretKey",
            "SubAppId",
            "Title",
            "StorageLocation",
        ),
        _VIDEO_SERVICE,
    ),
}
_PAGES: Final = {
    "StartRecord": "DOC start-record",
    "StopRecord": "DOC stop-record",
    "DescribeRecordStatus": "DOC describe-record-status",
    "DescribeTasks": "DOC describe-tasks",
    "UpdateLayout": "DOC update-layout",
    "UpdateWhiteboard": "DOC update-whiteboard",
    "PauseRecord": "DOC pause-record",
    "ResumeRecord": "DOC resume-record",
    "TakeSnapshot": "DOC take-snapshot",
}

BODIES: Final = tuple(
    Body(action, kind, _PAGES[action], _ASSUMED, _IDLE) for action, kind in KINDS.items()
)

STATES: Final = tuple(
    StateRow(
        TASK,
        state.value,
        str(STATUS[state]),
        "DOC describe-record-status: Status",
        Basis.DOCUMENTED,
    )
    for state in STATUS
)
