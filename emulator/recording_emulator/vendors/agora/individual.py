"""What a start in individual mode says, snapshots and postponed work included, and its judgement.

Source:
    Sheet §2.3: DS and REC start pages; ``appsCollection`` and ``transcodeOptions`` are REC's and
    CN23's only. The interval of snapshots begins at 1 s with CN23 (REC and DS: 5 s). Where a breach
    is not described, the answer is code 2, assumed.
"""
# ruff: noqa: N815 - the wire's names

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from recording_emulator.vendors.agora.bodies import MODE, ChannelConfig, FileConfig, Storage
from recording_emulator.vendors.agora.checks import (
    FINE,
    Problem,
    channel_config_problem,
    file_problem,
    invalid,
    storage_problem,
)

GROUP_SIZES: Final = (2, 7, 12, 17, 32, 49)
"""How many users each ``subscribeUidGroup`` is for, at most (DS)."""
FORMATS: Final = {
    "postponeTranscoding": ("mp4",),
    "audioMix": ("mp3", "m4a", "aac"),
}
"""The containers of each kind of postponed work, its default first (REC)."""


class IndividualConfig(ChannelConfig, frozen=True, gc=False, kw_only=True):
    """``start`` → ``recordingConfig`` in individual mode."""

    subscribeUidGroup: Annotated[int, Meta(ge=0, le=5)]
    transcodingConfig: Raw | UnsetType = UNSET


class SnapshotConfig(msgspec.Struct, frozen=True, gc=False):
    """``start`` → ``snapshotConfig``."""

    fileType: Annotated[tuple[Literal["jpg"], ...], Meta(min_length=1, max_length=1)]
    captureInterval: Annotated[int, Meta(ge=1, le=3600)] = 10


class AppsCollection(msgspec.Struct, frozen=True, gc=False):
    """``start`` → ``appsCollection``."""

    combinationPolicy: Literal["default", "postpone_transcoding"] = "default"


class TransConfig(msgspec.Struct, frozen=True, gc=False):
    """``transcodeOptions.transConfig``."""

    transMode: Literal["postponeTranscoding", "audioMix"]


class Container(msgspec.Struct, frozen=True, gc=False):
    """``transcodeOptions.container``."""

    format: Literal["", "mp4", "mp3", "m4a", "aac"] = ""


class TransAudio(msgspec.Struct, frozen=True, gc=False):
    """``transcodeOptions.audio``; all strings."""

    sampleRate: Literal["48000", "32000", "16000"] = "48000"
    bitrate: Annotated[str, Meta(pattern=r"^[0-9]{1,7}\Z")] = "48000"
    channels: Literal["1", "2"] = "2"


class TranscodeOptions(msgspec.Struct, frozen=True, gc=False):
    """``start`` → ``transcodeOptions``."""

    transConfig: TransConfig
    container: Container = Container()
    audio: TransAudio = TransAudio()

    @property
    def suffix(self) -> str:
        return self.container.format or FORMATS[self.transConfig.transMode][0]


class IndividualStart(msgspec.Struct, frozen=True, gc=False, tag="individual", tag_field=MODE):
    """``start`` → ``clientRequest`` in individual mode."""

    storageConfig: Storage
    recordingConfig: IndividualConfig
    token: str = ""
    recordingFileConfig: FileConfig | UnsetType = UNSET
    snapshotConfig: SnapshotConfig | UnsetType = UNSET
    extensionServiceConfig: Raw | UnsetType = UNSET
    appsCollection: AppsCollection = AppsCollection()
    transcodeOptions: TranscodeOptions | UnsetType = UNSET

    @property
    def snapshot_ms(self) -> int:
        """Time between two pictures of one user; 0 without snapshots."""
        config = self.snapshotConfig
        return 0 if isinstance(config, UnsetType) else config.captureInterval * 1000

    @property
    def records(self) -> bool:
        """Whether streams are recorded; with snapshots only if files are asked for (DS)."""
        return not (self.snapshot_ms and isinstance(self.recordingFileConfig, UnsetType))

    @property
    def postponed(self) -> TranscodeOptions | None:
        """What is to be made of the files after the end, or None."""
        options = self.transcodeOptions
        return None if isinstance(options, UnsetType) else options


def start_problem(params: IndividualStart) -> Problem:
    """Judge the parameters beyond types and ranges, in the order of blocks."""
    if params.extensionServiceConfig is not UNSET:
        hint = "extensionServiceConfig does not belong to individual mode"
        return invalid("start", "extensionServiceConfig", hint)
    return (
        storage_problem("start", params.storageConfig)
        or channel_config_problem(params.recordingConfig)
        or _picture_problem(params.recordingConfig)
        or _files_problem(params.recordingFileConfig)
        or _snapshot_problem(params)
        or _postponed_problem(params)
        or FINE
    )


def _picture_problem(config: IndividualConfig) -> Problem | None:
    if config.transcodingConfig is not UNSET:
        return invalid("start", "transcodingConfig", "transcodingConfig is for mix mode")
    return None


def _files_problem(config: FileConfig | UnsetType) -> Problem | None:
    if isinstance(config, UnsetType):
        return None
    if "mp4" in config.avFileType:
        return invalid("start", "avFileType", "individual mode makes HLS only")
    return file_problem(config)


def _snapshot_problem(params: IndividualStart) -> Problem | None:
    if not params.snapshot_ms:
        return None
    config = params.recordingConfig
    if config.streamTypes == 0:
        return invalid("start", "streamTypes", "snapshots need streamTypes 1 or 2")
    audio = (config.subscribeAudioUids, config.unSubscribeAudioUids, config.unsubscribeAudioUids)
    video = (
        config.subscribeVideoUids,
        config.unSubscribeVideoUids,
        config.unsubscribeVideoUids,
        config.unsunscribeVideoUids,
    )
    if any(each is not UNSET for each in audio) and all(each is UNSET for each in video):
        hint = "snapshots with a list for audio need one for video"
        return invalid("start", "subscribeVideoUids", hint)
    return None


def _postponed_problem(params: IndividualStart) -> Problem | None:
    options, policy = params.postponed, params.appsCollection.combinationPolicy
    if options is None:
        if policy == "default":
            return None
        hint = "combinationPolicy 'postpone_transcoding' needs transcodeOptions"
        return invalid("start", "transcodeOptions", hint)
    if policy == "default":
        hint = "transcodeOptions need combinationPolicy 'postpone_transcoding'"
        return invalid("start", "combinationPolicy", hint)
    kind, config = options.transConfig.transMode, params.recordingConfig
    if options.suffix not in FORMATS[kind]:
        return invalid("start", "format", f"{kind} makes {' or '.join(FORMATS[kind])}")
    if kind == "postponeTranscoding" and config.streamMode != "default":
        return invalid("start", "streamMode", "postponed transcoding needs streamMode 'default'")
    if kind == "audioMix" and (config.streamMode, config.streamTypes) != ("original", 0):
        hint = "postponed audio mixing needs streamMode 'original' and streamTypes 0"
        return invalid("start", "streamMode", hint)
    return None
