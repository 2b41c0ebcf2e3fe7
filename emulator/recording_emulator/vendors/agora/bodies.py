"""Agora request bodies as they stand on the wire: names, types, ranges, defaults.

Source:
    Vendor sheet §2 (DS and REC reference pages; CN23 where they are silent). That a breach of type
    or range is answered with code 2 rather than clamped is assumed.
"""
# ruff: noqa: N815 - the wire's names

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

Uids = Annotated[list[str], Meta(max_length=32)]
Unit = Annotated[float, Meta(ge=0, le=1)]
Color = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}\Z")]
Url = Annotated[str, Meta(pattern=r"^(https?://[^\s]+)?\Z", max_length=2048)]
Uid = Annotated[str, Meta(pattern=r"^[0-9]{0,10}\Z")]
Key = Annotated[str, Meta(min_length=1, max_length=1024)]
ALL_STREAMS: Final = "#allstream#"
MODE: Final = "#mode"
"""Tells the parameters of the three modes apart where they are kept; never on the wire."""


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What every body carries."""

    cname: str
    uid: str | int
    clientRequest: Raw | UnsetType = UNSET


class AcquireParams(msgspec.Struct, frozen=True, gc=False):
    """``acquire`` → ``clientRequest``."""

    scene: Literal[0, 1, 2] = 0
    resourceExpiredHour: Annotated[int, Meta(ge=1, le=720)] = 72
    region: Literal["", "CN", "AP", "EU", "NA"] = ""
    regionAffinity: Annotated[int, Meta(ge=0, le=4)] = 0
    excludeResourceIds: list[str] = []
    startParameter: Raw | UnsetType = UNSET


class LayoutPane(msgspec.Struct, frozen=True, gc=False):
    """One pane of a custom layout."""

    x_axis: Unit
    y_axis: Unit
    width: Unit
    height: Unit
    uid: Uid = ""
    alpha: Unit = 1.0
    render_mode: Literal[0, 1] = 0


class Background(msgspec.Struct, frozen=True, gc=False):
    """One user's background picture."""

    uid: Uid
    image_url: Url
    render_mode: Literal[0, 1] = 0


class Layout(msgspec.Struct, frozen=True, gc=False):
    """``updateLayout`` → ``clientRequest``: replaces the whole layout."""

    mixedVideoLayout: Literal[0, 1, 2, 3] = 0
    maxResolutionUid: Uid = ""
    backgroundColor: Color = "#000000"
    backgroundImage: Url = ""
    defaultUserBackgroundImage: Url = ""
    layoutConfig: Annotated[list[LayoutPane], Meta(max_length=17)] = []
    backgroundConfig: Annotated[list[Background], Meta(max_length=17)] = []


class Transcoding(Layout, frozen=True, gc=False):
    """``recordingConfig.transcodingConfig``: the mixed picture."""

    width: Annotated[int, Meta(ge=1, le=1920)] = 360
    height: Annotated[int, Meta(ge=1, le=1920)] = 640
    fps: Annotated[int, Meta(ge=1, le=60)] = 15
    bitrate: Annotated[int, Meta(ge=1, le=50_000)] = 500


class Subscription(msgspec.Struct, frozen=True, gc=False):
    """Whom to record; None is "not given", which subscribes nothing if the other medium is."""

    audio: tuple[str, ...] | None = None
    not_audio: tuple[str, ...] | None = None
    video: tuple[str, ...] | None = None
    not_video: tuple[str, ...] | None = None

    def hears(self, uid: str) -> bool:
        return _is_in(uid, self.audio, self.not_audio, self.video, self.not_video)

    def sees(self, uid: str) -> bool:
        return _is_in(uid, self.video, self.not_video, self.audio, self.not_audio)


def _is_in(
    uid: str,
    only: tuple[str, ...] | None,
    but: tuple[str, ...] | None,
    other_only: tuple[str, ...] | None,
    other_but: tuple[str, ...] | None,
) -> bool:
    if only is not None:
        return ALL_STREAMS in only or uid in only
    if but is not None:
        return uid not in but and ALL_STREAMS not in but
    return other_only is None and other_but is None


class AudioLists(msgspec.Struct, frozen=True, gc=False):
    """Whom to hear, in all the spellings the documents and clients use."""

    subscribeAudioUids: Uids | UnsetType = UNSET
    unSubscribeAudioUids: Uids | UnsetType = UNSET
    unsubscribeAudioUids: Uids | UnsetType = UNSET


class VideoLists(msgspec.Struct, frozen=True, gc=False):
    """Whom to see, in all the spellings the documents and clients use."""

    subscribeVideoUids: Uids | UnsetType = UNSET
    unSubscribeVideoUids: Uids | UnsetType = UNSET
    unsubscribeVideoUids: Uids | UnsetType = UNSET
    unsunscribeVideoUids: Uids | UnsetType = UNSET


class UidLists(AudioLists, frozen=True, gc=False):
    """Both in one object, as ``recordingConfig`` has them."""

    subscribeVideoUids: Uids | UnsetType = UNSET
    unSubscribeVideoUids: Uids | UnsetType = UNSET
    unsubscribeVideoUids: Uids | UnsetType = UNSET
    unsunscribeVideoUids: Uids | UnsetType = UNSET


class ChannelConfig(UidLists, frozen=True, gc=False):
    """``start`` → ``recordingConfig``, as far as both channel modes share it."""

    channelType: Literal[0, 1] = 0
    streamTypes: Literal[0, 1, 2] = 2
    streamMode: Literal["default", "standard", "original"] = "default"
    videoStreamType: Literal[0, 1] = 0
    maxIdleTime: Annotated[int, Meta(ge=5, le=2_592_000)] = 30
    decryptionMode: Annotated[int, Meta(ge=0, le=8)] = 0
    secret: str = ""
    salt: str = ""
    audioProfile: Literal[0, 1, 2] = 0
    privateParams: str = ""


class RecordingConfig(ChannelConfig, frozen=True, gc=False):
    """``start`` → ``recordingConfig`` in mix mode."""

    subscribeUidGroup: Annotated[int, Meta(ge=0, le=5)] = 0
    transcodingConfig: Transcoding = Transcoding()


class FileConfig(msgspec.Struct, frozen=True, gc=False):
    """``start`` → ``recordingFileConfig``."""

    avFileType: tuple[Literal["hls", "mp4"], ...] = ("hls",)


class ExtensionParams(msgspec.Struct, frozen=True, gc=False):
    """``storageConfig.extensionParams``."""

    sse: Literal["", "kms", "aes256"] = ""
    tag: str = ""
    endpoint: str = ""


REGIONS: Final[dict[int, frozenset[int]]] = {
    1: frozenset(range(26)),
    2: frozenset(range(28)),
    3: frozenset(range(20)),
    5: frozenset({0}),
    6: frozenset({0}),
    7: frozenset(range(16)),
    8: frozenset(range(1, 8)),
    11: frozenset({0}),
}
"""Storage vendors and their region numbers (DS ``reference/region-vendor.mdx``)."""
StorageVendor = Annotated[int, Meta(extra_json_schema={"enum": list(REGIONS)})]
StorageRegion = Annotated[int, Meta(extra_json_schema={"minimum": 0, "maximum": 27})]


class Storage(msgspec.Struct, frozen=True, gc=False):
    """``storageConfig``: where the files go."""

    vendor: StorageVendor
    region: StorageRegion
    bucket: Key
    accessKey: Key
    secretKey: Key
    stsToken: str = ""
    stsExpiration: Annotated[int, Meta(ge=0)] = 0
    fileNamePrefix: list[Annotated[str, Meta(pattern=r"^[A-Za-z0-9]+\Z")]] = []
    extensionParams: ExtensionParams = ExtensionParams()

    @property
    def prefix(self) -> str:
        return "".join(f"{each}/" for each in self.fileNamePrefix)


class StartParams(msgspec.Struct, frozen=True, gc=False, tag="mix", tag_field=MODE):
    """``start`` → ``clientRequest`` in mix mode."""

    storageConfig: Storage
    token: str = ""
    recordingConfig: RecordingConfig = RecordingConfig()
    recordingFileConfig: FileConfig = FileConfig()
    snapshotConfig: Raw | UnsetType = UNSET
    extensionServiceConfig: Raw | UnsetType = UNSET
    appsCollection: Raw | UnsetType = UNSET
    transcodeOptions: Raw | UnsetType = UNSET


class UpdateLists(msgspec.Struct, frozen=True, gc=False):
    """``update`` → ``streamSubscribe``."""

    audioUidList: AudioLists = AudioLists()
    videoUidList: VideoLists = VideoLists()


class UpdateParams(msgspec.Struct, frozen=True, gc=False):
    """``update`` → ``clientRequest`` in the channel modes."""

    streamSubscribe: UpdateLists | UnsetType = UNSET
    storageConfig: Storage | UnsetType = UNSET
    webRecordingConfig: Raw | UnsetType = UNSET
    rtmpPublishConfig: Raw | UnsetType = UNSET


class StopParams(msgspec.Struct, frozen=True, gc=False):
    """``stop`` → ``clientRequest``."""

    async_stop: bool = False
