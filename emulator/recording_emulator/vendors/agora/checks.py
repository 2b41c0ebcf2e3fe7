"""Judgement of Agora's parameters beyond types and ranges, and how a breach is worded.

Source:
    Vendor sheet §2 (DS and REC reference pages, CN23 where they are silent); where a breach is not
    described the answer is code 2, assumed.
"""

import base64
import binascii
import re
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from recording_emulator.vendors.agora.bodies import (
    REGIONS,
    AcquireParams,
    AudioLists,
    ChannelConfig,
    FileConfig,
    Layout,
    RecordingConfig,
    StartParams,
    Storage,
    Subscription,
    UidLists,
    UpdateParams,
    VideoLists,
)

MAX_PIXELS: Final = 1920 * 1080

_CNAME: Final = re.compile(r"[A-Za-z0-9 !#$%&()+\-:;<=.>?@\[\]^_{}|~,]+\Z")


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with the parameters: the vendor's text and our hint; empty means nothing."""

    says: str = ""
    hint: str = ""


FINE: Final = Problem()


def invalid(operation: str, field: str, hint: str = "") -> Problem:
    """Word a bad parameter as the vendor does.

    Source:
        The literal "Acquire: invalid resourceExpiredHour value!" is documented; that the others
        follow its pattern is assumed.

    >>> invalid("updateLayout", "backgroundColor").says
    'UpdateLayout: invalid backgroundColor value!'
    """
    name = operation[:1].upper() + operation[1:]
    return Problem(f"{name}: invalid {field or 'request'} value!", hint)


def channel_problem(cname: str) -> str:
    """Say why a channel name is none, or return an empty text.

    Source:
        At most 64 bytes of 89 characters: CN23, code 1013 (sheet §2.1).
    """
    if len(cname.encode("utf-8", "surrogatepass")) > 64:
        return f"a channel name has at most 64 bytes; this has {len(cname.encode())}"
    if not _CNAME.match(cname):
        bad = sorted({each for each in cname if not _CNAME.match(each)})
        return f"a channel name cannot contain {''.join(bad)!r}"
    return ""


def label_problem(cname: str, limit: int) -> str:
    """Say why a page's label is none, or return an empty text.

    Source:
        Any text of up to 1024 bytes in web mode: DS (CN23 and REC: 128; sheet §2.1).
    """
    size = len(cname.encode("utf-8", "surrogatepass"))
    return f"a label has at most {limit} bytes; this has {size}" if size > limit else ""


def acquire_problem(params: AcquireParams) -> Problem:
    """Judge the parameters of an acquire: those of the start to come are an object."""
    start = params.startParameter
    if isinstance(start, UnsetType) or bytes(start)[:1] == b"{":
        return FINE
    return invalid("acquire", "startParameter", "startParameter must be an object")


def start_problem(params: StartParams) -> Problem:
    """Judge the parameters of a mix-mode start beyond types and ranges, in the order of blocks."""
    for block in ("snapshotConfig", "extensionServiceConfig", "appsCollection", "transcodeOptions"):
        if getattr(params, block) is not UNSET:
            return invalid("start", block, f"{block} does not belong to mix mode")
    return (
        storage_problem("start", params.storageConfig)
        or _recording_problem(params.recordingConfig)
        or file_problem(params.recordingFileConfig)
        or FINE
    )


def storage_problem(operation: str, storage: Storage) -> Problem | None:
    """Judge a storage: a known vendor and region, and what some vendors need or cannot have."""
    regions = REGIONS.get(storage.vendor)
    if regions is None:
        known = ", ".join(map(str, REGIONS))
        return invalid(operation, "vendor", f"storage vendor is one of {known}")
    if storage.region not in regions:
        hint = f"vendor {storage.vendor} has regions {min(regions)}..{max(regions)}"
        return invalid(operation, "region", hint)
    if len(storage.prefix) > 128:
        hint = f"fileNamePrefix with its slashes has {len(storage.prefix)} of 128 characters"
        return invalid(operation, "fileNamePrefix", hint)
    if storage.vendor == 11 and not storage.extensionParams.endpoint:
        return invalid(operation, "endpoint", "vendor 11 needs extensionParams.endpoint")
    if storage.extensionParams.sse and storage.vendor != 1:
        return invalid(operation, "sse", "sse is for Amazon S3 (vendor 1)")
    if storage.extensionParams.tag and storage.vendor not in (1, 2):
        return invalid(operation, "tag", "tag is for Amazon S3 and Alibaba (vendors 1 and 2)")
    return None


def _recording_problem(config: RecordingConfig) -> Problem | None:
    found = channel_config_problem(config)
    if found is not None:
        return found
    return layout_problem("start", config.transcodingConfig)


def is_oversized(params: StartParams) -> bool:
    """Whether the mixed picture is larger than the vendor mixes (DS)."""
    picture = params.recordingConfig.transcodingConfig
    return picture.width * picture.height > MAX_PIXELS


def channel_config_problem(config: ChannelConfig) -> Problem | None:
    """Judge what both channel modes share: the lists of uids and the encryption."""
    listed = subscription(config)
    if isinstance(listed, Problem):
        return listed
    found = medium_problem("start", listed, config.streamTypes)
    if found is not None:
        return found
    if config.decryptionMode and not config.secret:
        return invalid("start", "secret", "decryptionMode needs a secret")
    if config.decryptionMode in (7, 8) and not _is_salt(config.salt):
        return invalid("start", "salt", "decryptionMode 7 and 8 need a base64 salt of 32 bytes")
    return None


def layout_problem(operation: str, layout: Layout) -> Problem | None:
    """Judge a layout: a custom one (3) needs its panes."""
    if layout.mixedVideoLayout == 3 and not layout.layoutConfig:
        return invalid(operation, "layoutConfig", "mixedVideoLayout 3 needs layoutConfig")
    named = [("maxResolutionUid", layout.maxResolutionUid)]
    named += [("uid", each.uid) for each in layout.layoutConfig]
    named += [("uid", each.uid) for each in layout.backgroundConfig]
    for field, uid in named:
        if uid and int(uid) >= 2**32:
            return invalid(operation, field, f"a uid is at most 4294967295, not {uid}")
    return None


def whole_layout_problem(layout: Layout) -> Problem:
    """Judge the parameters of ``updateLayout``."""
    return layout_problem("updateLayout", layout) or FINE


def file_problem(config: FileConfig) -> Problem | None:
    """Judge the files asked for: HLS always, MP4 only beside it."""
    if "hls" not in config.avFileType:
        return invalid("start", "avFileType", 'avFileType is ["hls"] or ["hls","mp4"]')
    return None


def _is_salt(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


_Uids = tuple[str, ...] | None
_Lists = tuple[_Uids, _Uids]


def _lists(operation: str, medium: str, only: Any, *spellings: Any) -> _Lists | Problem:
    """Gather the lists of one medium from all their spellings; both together are an error."""
    but = next((each for each in spellings if each is not UNSET), UNSET)
    if only is not UNSET and but is not UNSET:
        field = f"subscribe{medium}Uids"
        return invalid(operation, field, "subscribe or unsubscribe, not both")
    return None if only is UNSET else tuple(only), None if but is UNSET else tuple(but)


def _audio(operation: str, given: AudioLists) -> _Lists | Problem:
    only, but = given.subscribeAudioUids, given.unSubscribeAudioUids
    return _lists(operation, "Audio", only, but, given.unsubscribeAudioUids)


def _video(operation: str, given: VideoLists | UidLists) -> _Lists | Problem:
    only, but = given.subscribeVideoUids, given.unSubscribeVideoUids
    misspelt = (given.unsubscribeVideoUids, given.unsunscribeVideoUids)
    return _lists(operation, "Video", only, but, *misspelt)


def _subscription(
    operation: str, audio: AudioLists, video: VideoLists | UidLists
) -> Subscription | Problem:
    heard, seen = _audio(operation, audio), _video(operation, video)
    if isinstance(heard, Problem):
        return heard
    return seen if isinstance(seen, Problem) else Subscription(*heard, *seen)


def subscription(config: ChannelConfig) -> Subscription | Problem:
    """Return whom a start subscribes to, or what is wrong with its lists."""
    return _subscription("start", config, config)


def medium_problem(operation: str, found: Subscription, stream_types: int) -> Problem | None:
    """Judge lists against what the task records (``streamTypes`` of its start)."""
    if stream_types == 1 and found.audio is not None:
        return invalid(operation, "subscribeAudioUids", "streamTypes 1 records no audio")
    if stream_types == 1 and found.not_audio is not None:
        return invalid(operation, "unSubscribeAudioUids", "streamTypes 1 records no audio")
    if stream_types == 0 and found.video is not None:
        return invalid(operation, "subscribeVideoUids", "streamTypes 0 records no video")
    if stream_types == 0 and found.not_video is not None:
        return invalid(operation, "unSubscribeVideoUids", "streamTypes 0 records no video")
    return None


def update_problem(params: UpdateParams) -> Problem:
    """Judge an update: at least one block of this mode, lists not empty and not contradictory."""
    for block in ("webRecordingConfig", "rtmpPublishConfig"):
        if getattr(params, block) is not UNSET:
            return invalid("update", block, f"{block} belongs to web mode")
    if params.storageConfig is not UNSET:
        assert isinstance(params.storageConfig, Storage)
        found = storage_problem("update", params.storageConfig)
        if found is not None:
            return found
    elif params.streamSubscribe is UNSET:
        return invalid("update", "streamSubscribe", "streamSubscribe is missing")
    listed = updated_subscription(params)
    return listed if isinstance(listed, Problem) else FINE


def updated_subscription(params: UpdateParams) -> Subscription | Problem | None:
    """Return the new subscription of an update, None if it has none, or what is wrong with it."""
    lists = params.streamSubscribe
    if isinstance(lists, UnsetType):
        return None
    found = _subscription("update", lists.audioUidList, lists.videoUidList)
    if isinstance(found, Problem):
        return found
    given = (found.audio, found.not_audio, found.video, found.not_video)
    if all(each is None for each in given) or () in given:
        return invalid("update", "streamSubscribe", "a list of uids is missing or empty")
    return found
