"""What start and update say in web mode, and its judgement.

Source:
    Sheet §2.3 (extensionServiceConfig) and §2.4: DS and REC start and update pages. The Go and Java
    clients send ``VideoBitrate``. Where a breach is not described, the answer is code 2, assumed.
"""
# ruff: noqa: N815 - the wire's names

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from recording_emulator.vendors.agora.bodies import MODE, FileConfig, Storage
from recording_emulator.vendors.agora.checks import (
    FINE,
    MAX_PIXELS,
    Problem,
    file_problem,
    invalid,
    storage_problem,
)

WEB_RECORDER: Final = "web_recorder_service"
CDN_PUSH: Final = "rtmp_publish_service"
POLICIES: Final = {WEB_RECORDER: "error_abort", CDN_PUSH: "error_ignore"}
"""The only ``errorHandlePolicy`` of each service (DS)."""
REQUIRED: Final = ("url", "audioProfile", "videoWidth", "videoHeight", "maxRecordingHour")
LARGE_PIXELS: Final = 1280 * 720

Side = Annotated[int, Meta(ge=240, le=1920)]
Bitrate = Annotated[int, Meta(ge=50, le=8000)]


class Output(msgspec.Struct, frozen=True, gc=False):
    """Where a page is pushed to."""

    rtmpUrl: Annotated[str, Meta(pattern=r"^rtmps?://[^\s]+\Z", max_length=2048)]


Outputs = Annotated[tuple[Output, ...], Meta(max_length=1)]


class ServiceParam(msgspec.Struct, frozen=True, gc=False):
    """``serviceParam`` of either service; which fields are required depends on the service."""

    url: Annotated[str, Meta(min_length=1, max_length=8192)] | UnsetType = UNSET
    audioProfile: Literal[0, 1, 2] | UnsetType = UNSET
    videoWidth: Side | UnsetType = UNSET
    videoHeight: Side | UnsetType = UNSET
    maxRecordingHour: Annotated[int, Meta(ge=1, le=720)] | UnsetType = UNSET
    videoBitrate: Bitrate | UnsetType = UNSET
    VideoBitrate: Bitrate | UnsetType = UNSET
    videoFps: Annotated[int, Meta(ge=5, le=60)] = 15
    mobile: bool = False
    maxVideoDuration: Annotated[int, Meta(ge=30, le=240)] = 120
    onhold: bool = False
    readyTimeout: Annotated[int, Meta(ge=0, le=60)] = 0
    outputs: Outputs | UnsetType = UNSET

    @property
    def pixels(self) -> int:
        if isinstance(self.videoWidth, UnsetType) or isinstance(self.videoHeight, UnsetType):
            return 0
        return self.videoWidth * self.videoHeight

    @property
    def video_kbps(self) -> int:
        """The bit rate asked for; by default 2000, or 1500 below 1280 × 720 (DS)."""
        for given in (self.videoBitrate, self.VideoBitrate):
            if not isinstance(given, UnsetType):
                return given
        return 2000 if self.pixels >= LARGE_PIXELS else 1500

    @property
    def hours(self) -> int:
        return 0 if isinstance(self.maxRecordingHour, UnsetType) else self.maxRecordingHour

    @property
    def urls(self) -> tuple[str, ...]:
        return () if isinstance(self.outputs, UnsetType) else urls(self.outputs)


def urls(outputs: tuple[Output, ...]) -> tuple[str, ...]:
    """Return where the outputs go."""
    return tuple(each.rtmpUrl for each in outputs)


class ExtensionService(msgspec.Struct, frozen=True, gc=False):
    """One of ``extensionServices``."""

    serviceName: Literal["web_recorder_service", "rtmp_publish_service"]
    serviceParam: ServiceParam
    errorHandlePolicy: Literal["", "error_abort", "error_ignore"] = ""


class ExtensionServiceConfig(msgspec.Struct, frozen=True, gc=False):
    """``start`` → ``extensionServiceConfig``."""

    extensionServices: tuple[ExtensionService, ...]
    errorHandlePolicy: Literal["", "error_abort"] = ""
    apiVersion: str = "v1"

    def param(self, name: str) -> ServiceParam | None:
        """Return the parameters of a service, or None if it is not asked for."""
        found = [each.serviceParam for each in self.extensionServices if each.serviceName == name]
        return found[0] if found else None


class WebStart(msgspec.Struct, frozen=True, gc=False, tag="web", tag_field=MODE):
    """``start`` → ``clientRequest`` in web mode."""

    storageConfig: Storage
    extensionServiceConfig: ExtensionServiceConfig
    token: str = ""
    recordingFileConfig: FileConfig = FileConfig()
    recordingConfig: Raw | UnsetType = UNSET
    snapshotConfig: Raw | UnsetType = UNSET
    appsCollection: Raw | UnsetType = UNSET
    transcodeOptions: Raw | UnsetType = UNSET

    @property
    def page(self) -> ServiceParam:
        found = self.extensionServiceConfig.param(WEB_RECORDER)
        assert found is not None, self
        return found

    @property
    def urls(self) -> tuple[str, ...]:
        found = self.extensionServiceConfig.param(CDN_PUSH)
        return () if found is None else found.urls


class WebRecordingConfig(msgspec.Struct, frozen=True, gc=False):
    """``update`` → ``webRecordingConfig``."""

    onhold: bool = False


class RtmpPublishConfig(msgspec.Struct, frozen=True, gc=False):
    """``update`` → ``rtmpPublishConfig``."""

    outputs: Outputs


class WebUpdate(msgspec.Struct, frozen=True, gc=False):
    """``update`` → ``clientRequest`` in web mode."""

    webRecordingConfig: WebRecordingConfig | UnsetType = UNSET
    rtmpPublishConfig: RtmpPublishConfig | UnsetType = UNSET
    storageConfig: Storage | UnsetType = UNSET
    streamSubscribe: Raw | UnsetType = UNSET


def start_problem(params: WebStart) -> Problem:
    """Judge the parameters beyond types and ranges, in the order of blocks."""
    for block in ("recordingConfig", "snapshotConfig", "appsCollection", "transcodeOptions"):
        if getattr(params, block) is not UNSET:
            return invalid("start", block, f"{block} does not belong to web mode")
    return (
        storage_problem("start", params.storageConfig)
        or file_problem(params.recordingFileConfig)
        or _services_problem(params.extensionServiceConfig)
        or FINE
    )


def _services_problem(config: ExtensionServiceConfig) -> Problem | None:
    names = [each.serviceName for each in config.extensionServices]
    if names.count(WEB_RECORDER) != 1 or names.count(CDN_PUSH) > 1:
        hint = f"web mode needs {WEB_RECORDER} once, and may have {CDN_PUSH} once beside it"
        return invalid("start", "extensionServices", hint)
    for each in config.extensionServices:
        policy = POLICIES[each.serviceName]
        if each.errorHandlePolicy not in ("", policy):
            hint = f"the policy of {each.serviceName} is {policy}"
            return invalid("start", "errorHandlePolicy", hint)
        required = REQUIRED if each.serviceName == WEB_RECORDER else ("outputs",)
        for field in required:
            if getattr(each.serviceParam, field) is UNSET:
                return invalid("start", field, f"{each.serviceName} needs {field}")
        if each.serviceParam.pixels > MAX_PIXELS:
            return invalid("start", "videoWidth", "width × height is at most 1920 × 1080")
    return None


def update_problem(params: WebUpdate) -> Problem:
    """Judge an update: at least one block of this mode, and none of another."""
    if params.streamSubscribe is not UNSET:
        return invalid("update", "streamSubscribe", "streamSubscribe belongs to the channel modes")
    if not isinstance(params.storageConfig, UnsetType):
        return storage_problem("update", params.storageConfig) or FINE
    if params.webRecordingConfig is UNSET and params.rtmpPublishConfig is UNSET:
        hint = "webRecordingConfig and rtmpPublishConfig are missing"
        return invalid("update", "webRecordingConfig", hint)
    return FINE
