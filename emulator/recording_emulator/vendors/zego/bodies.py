"""ZEGO request bodies as they stand on the wire: names, types, ranges, defaults.

Source:
    Vendor sheet §2 (DOC: start-record.yaml and its siblings). That a breach of a range is an error
    rather than clamped, and that members of the other mode are judged too, is assumed.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Color = Annotated[int, Meta(ge=0, le=4_294_967_295)]
"""``0xRRGGBB00``: said to be an int32, yet bright colours do not fit one (DOC, and clients)."""
Edge = Annotated[int, Meta(ge=0, le=1920)]
Url = Annotated[str, Meta(pattern=r"^(https?://[^\s]+)?\Z", max_length=2048)]
Id = Annotated[str, Meta(max_length=256)]
Positive = Annotated[int, Meta(ge=1, le=2**31 - 1)]
TaskId = Annotated[str, Meta(pattern=r"^.{16}\Z")]
"""16 bytes (DOC); that another length is a bad parameter is assumed."""
Seconds = Annotated[int, Meta(ge=5, le=86_400)]
DAY_S: Final = 86_400
MAX_VIEWS: Final = 25
FORMATS: Final = ("mp4", "flv", "hls", "jpg", "aac", "mp3", "ogg")


class Stream(msgspec.Struct, frozen=True, gc=False):
    """One stream to record."""

    StreamId: Annotated[str, Meta(min_length=1, max_length=256)]


class Fill(msgspec.Struct, frozen=True, gc=False):
    """What is seen while a camera is off."""

    FrameFillMode: Literal[1, 2, 3] = 1
    FrameFillColor: Color = 0


class Board(msgspec.Struct, frozen=True, gc=False):
    """``RecordInputParams.Whiteboard[0]``."""

    HorizontalRatio: Positive
    VerticalRatio: Positive
    Width: Annotated[int, Meta(ge=1, le=1920)] = 1280
    Height: Annotated[int, Meta(ge=1, le=1920)] = 720
    WhiteboardId: Id = ""
    BackgroundColor: Color = 0xFFFFFF00
    IsPPTAnimation: bool = False
    PPTAnimationFps: Annotated[int, Meta(ge=1, le=30)] = 15


class MixInput(msgspec.Struct, frozen=True, gc=False):
    """One view of a custom layout."""

    Top: Edge
    Left: Edge
    Bottom: Edge
    Right: Edge
    Layer: int
    StreamId: Id = ""
    ViewType: Literal[1, 2] = 1
    FillMode: Literal[1, 2] = 1
    BackgroundImage: Url = ""


class VideoConfig(msgspec.Struct, frozen=True, gc=False):
    """``MixConfig.MixOutputVideoConfig``; ``Bitrate`` is in bits a second."""

    Width: Annotated[int, Meta(ge=1, le=1920)]
    Height: Annotated[int, Meta(ge=1, le=1920)]
    Fps: Annotated[int, Meta(ge=5, le=30)]
    Bitrate: Positive


class AudioConfig(msgspec.Struct, frozen=True, gc=False):
    """``MixConfig.MixOutputAudioConfig``, in bits a second."""

    Bitrate: Positive = 48_000


class Rectangle(msgspec.Struct, frozen=True, gc=False):
    """Where the watermark is."""

    Left: Edge
    Top: Edge
    Right: Edge
    Bottom: Edge


class Clock(msgspec.Struct, frozen=True, gc=False):
    """The clock in the top right corner."""

    FontSize: Annotated[int, Meta(ge=12, le=100)]


class StreamConfig(msgspec.Struct, frozen=True, gc=False):
    """What to take of one stream."""

    StreamId: Id = ""
    StreamType: Literal[0, 1, 2, 3] = 0


class Mix(msgspec.Struct, frozen=True, gc=False):
    """``RecordInputParams.MixConfig``: what mixed mode is about."""

    MixMode: Literal[1, 2, 3, 4, 5] = 2
    MixInputList: Annotated[list[MixInput], Meta(max_length=MAX_VIEWS)] = []
    FillMode: Literal[1, 2] = 1
    MixOutputStreamId: Id = ""
    MixOutputVideoConfig: VideoConfig | UnsetType = UNSET
    MixOutputAudioConfig: AudioConfig = AudioConfig()
    MixOutputBackgroundColor: Color = 0
    MixOutputBackgroundImage: Url = ""
    MixMaxResolutionStreamId: Id = ""
    MixOutputWatermarkImage: Url = ""
    MixOutputWatermarkImageConfig: Rectangle | UnsetType = UNSET
    DefaultMixStreamBackgroundImage: Url = ""
    IsAlwaysMix: bool = False
    MixOutputWatermarkTimestampConfig: Clock | UnsetType = UNSET
    RecordSoundWave: bool = False
    SoundWaveType: Literal[0, 1] = 0
    StreamConfigList: list[StreamConfig] = []
    ClearInputStreamTimeout: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class InputParams(msgspec.Struct, frozen=True, gc=False):
    """``StartRecord`` → ``RecordInputParams``."""

    RecordMode: Literal[1, 2]
    StreamType: Literal[1, 2, 3, 4] = 3
    ClientTaskId: Id = ""
    RecordStreamList: list[Stream] = []
    FillBlank: bool = False
    FillFrame: Fill = Fill()
    RecordMuteAudio: Literal[1, 2] = 1
    RecordMuteAudioSplitThreshold: int = -1
    HasWhiteboard: bool = False
    Whiteboard: Annotated[list[Board], Meta(max_length=1)] = []
    MaxIdleTime: Seconds = 30
    MaxRecordTime: Annotated[int, Meta(ge=300, le=2 * DAY_S)] = DAY_S
    ResumeWithoutInterruption: bool = False
    MixConfig: Mix | UnsetType = UNSET

    @property
    def is_mixed(self) -> bool:
        return self.RecordMode == 2

    @property
    def mix(self) -> Mix:
        """The layout of a mixed task; checked to be there."""
        assert isinstance(self.MixConfig, Mix)
        return self.MixConfig


class OutputParams(msgspec.Struct, frozen=True, gc=False):
    """``StartRecord`` → ``RecordOutputParams``."""

    OutputFileFormat: Literal["mp4", "flv", "hls", "jpg", "aac", "mp3", "ogg"] = "mp4"
    OutputFolder: Annotated[str, Meta(max_length=512)] = ""
    OutputFileRule: Literal[1] = 1
    SnapshotInterval: Annotated[int, Meta(ge=5, le=3600)] = 10
    CallbackUrl: Url = ""
    FragmentSeconds: Annotated[int, Meta(ge=2, le=60)] = 15
    RealtimeUploadFragment: bool = False
    ShortFragmentPath: bool = False


class AlibabaVod(msgspec.Struct, frozen=True, gc=False):
    """``StorageParams.AlibabaCloudVodParams``."""

    Region: str
    AccessKeyId: str
    AccessKeySecret: str
    Title: str
    StorageLocation: str


class TencentVod(msgspec.Struct, frozen=True, gc=False):
    """``StorageParams.TencentCloudVodParams``."""

    SecretId: str
    SecretKey: str
    Region: str
    SubAppId: int = 0


class Storage(msgspec.Struct, frozen=True, gc=False):
    """``StartRecord`` → ``StorageParams``; which members are mandatory depends on ``Vendor``."""

    Vendor: Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    Region: str = ""
    Bucket: str = ""
    AccessKeyId: str = ""
    AccessKeySecret: str = ""
    EndPoint: str = ""
    S3ForcePathStyle: bool = False
    AlibabaCloudVodParams: AlibabaVod | UnsetType = UNSET
    TencentCloudVodParams: TencentVod | UnsetType = UNSET


class StartBody(msgspec.Struct, frozen=True, gc=False):
    """``StartRecord``."""

    RoomId: Annotated[str, Meta(min_length=1, max_length=128)]
    RecordInputParams: InputParams
    RecordOutputParams: OutputParams = OutputParams()
    StorageParams: Storage | UnsetType = UNSET


class TaskBody(msgspec.Struct, frozen=True, gc=False):
    """The body of every call that names a task and nothing else."""

    TaskId: TaskId


class LayoutBody(TaskBody, frozen=True, gc=False):
    """``UpdateLayout``: replaces the whole layout."""

    MixMode: Literal[1, 2, 3, 4, 5] = 2
    MixInputList: Annotated[list[MixInput], Meta(max_length=MAX_VIEWS)] = []
    MixMaxResolutionStreamId: Id = ""


class BoardBody(TaskBody, frozen=True, gc=False):
    """``UpdateWhiteboard``."""

    WhiteboardId: Annotated[str, Meta(min_length=1, max_length=256)]


class TasksBody(msgspec.Struct, frozen=True, gc=False):
    """``DescribeTasks``."""

    Status: Literal[2, 3]
    StartTime: Annotated[int, Meta(ge=0, le=2**53)]
    EndTime: Annotated[int, Meta(ge=0, le=2**53)]
    RoomId: Id = ""
    PageOffset: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    PageSize: Annotated[int, Meta(ge=1, le=50)] = 50
