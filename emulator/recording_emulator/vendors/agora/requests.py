"""Checks of Agora's request bodies, in the vendor's order.

Order of checks: JSON, envelope (``cname``, ``uid``, ``clientRequest``), resource, state of the
task, parameters. The first two are decided here; the parameters are judged here too, but only
*reported* in the input (``problem``), because resource and state come first.

Source:
    Vendor sheet §2 (DS and REC reference pages, CN23 where they are silent); where a range breach
    is not described the answer is code 2, assumed.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType

from recording_emulator.core.adapter import Malformed
from recording_emulator.core.decoding import Undecodable, decode, unknown_fields
from recording_emulator.core.ids import urlsafe
from recording_emulator.vendors.agora import errors
from recording_emulator.vendors.agora.bodies import (
    REGIONS,
    AcquireParams,
    Envelope,
    FileConfig,
    Layout,
    RecordingConfig,
    StartParams,
    StopParams,
    Storage,
    Subscription,
    UidLists,
    UpdateParams,
)

MAX_PIXELS: Final = 1920 * 1080

T = TypeVar("T")

_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_ANY: Final = msgspec.json.Decoder()
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


def envelope(
    operation: str, body: bytes, account: str, lax_uid: bool
) -> tuple[Envelope, Raw] | Malformed:
    """Read what every body carries: the checks "JSON" and "envelope"."""
    read = decode(_ENVELOPE, body)
    if isinstance(read, Undecodable):
        problem = invalid(operation, read.field, read.why)
        return Malformed(errors.INVALID, problem.says, problem.hint, "", account)
    problem = _envelope_problem(operation, read, lax_uid)
    if problem is not FINE:
        return Malformed(errors.INVALID, problem.says, problem.hint, read.cname, account)
    params = read.clientRequest
    return read, Raw(b"{}") if isinstance(params, UnsetType) else params


def _envelope_problem(operation: str, read: Envelope, lax_uid: bool) -> Problem:
    if not read.cname:
        return invalid(operation, "cname", "cname is empty")
    if not isinstance(read.uid, str) and not lax_uid:
        return invalid(operation, "uid", f'expected a string such as "{read.uid}", got a number')
    text = str(read.uid)
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) < 2**32):
        return invalid(operation, "uid", f"expected a string holding 1..4294967295, got {text!r}")
    params = read.clientRequest
    if isinstance(params, UnsetType):
        if operation != "acquire":
            return invalid(operation, "clientRequest", "clientRequest is missing")
    elif bytes(params)[:1] != b"{":
        return invalid(operation, "clientRequest", "clientRequest must be an object")
    return FINE


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


def read_params(
    operation: str, kind: type[T], raw: Raw, check: Callable[[T], Problem] | None = None
) -> tuple[T | None, Problem, tuple[str, ...]]:
    """Read ``clientRequest``: the value (None if there is none), its problem, unknown fields."""
    read: T | Undecodable = decode(_DECODERS[kind], raw)
    if isinstance(read, Undecodable):
        return None, invalid(operation, read.field, read.why), ()
    problem = FINE if check is None else check(read)
    notes = tuple(
        f"unknown field {each}" for each in unknown_fields(_ANY.decode(raw), kind, "clientRequest")
    )
    return (read if problem is FINE else None), problem, notes


def resource_id(raw: bytes) -> str:
    """Write a resource id: about 250 URL-safe characters, used in URLs as they are.

    Source:
        Alphabet and length: sheet §3 (samples); the encoding is assumed.
    """
    return urlsafe(raw)


def normal_form(raw: Raw | UnsetType) -> str:
    """Write a JSON object so that equal objects are equal texts, whatever the order of keys."""
    if isinstance(raw, UnsetType):
        return ""
    read = decode(_ANY, raw)
    if isinstance(read, Undecodable):
        return bytes(raw).decode("utf-8", "replace")
    return msgspec.json.encode(read, order="sorted").decode()


def start_problem(params: StartParams) -> Problem:
    """Judge the parameters of a mix-mode start beyond types and ranges, in the order of blocks."""
    for block in ("snapshotConfig", "extensionServiceConfig", "appsCollection", "transcodeOptions"):
        if getattr(params, block) is not UNSET:
            return invalid("start", block, f"{block} does not belong to mix mode")
    return (
        storage_problem("start", params.storageConfig)
        or _recording_problem(params.recordingConfig)
        or _file_problem(params.recordingFileConfig)
        or FINE
    )


def storage_problem(operation: str, storage: Storage) -> Problem | None:
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
    return None


def _recording_problem(config: RecordingConfig) -> Problem | None:
    listed = subscription(config)
    if isinstance(listed, Problem):
        return listed
    found = _medium_problem("start", listed, config.streamTypes)
    if found is not None:
        return found
    if config.decryptionMode and not config.secret:
        return invalid("start", "secret", "decryptionMode needs a secret")
    if config.decryptionMode in (7, 8) and not _is_salt(config.salt):
        return invalid("start", "salt", "decryptionMode 7 and 8 need a base64 salt of 32 bytes")
    picture = config.transcodingConfig
    if picture.width * picture.height > MAX_PIXELS:
        return invalid("start", "transcodingConfig", "width × height is at most 1920 × 1080")
    return layout_problem("start", picture)


def layout_problem(operation: str, layout: Layout) -> Problem | None:
    """Judge a layout: a custom one (3) needs its panes."""
    if layout.mixedVideoLayout == 3 and not layout.layoutConfig:
        return invalid(operation, "layoutConfig", "mixedVideoLayout 3 needs layoutConfig")
    for uid in (layout.maxResolutionUid, *(pane.uid for pane in layout.layoutConfig)):
        if uid and int(uid) >= 2**32:
            return invalid(operation, "uid", f"a uid is at most 4294967295, not {uid}")
    return None


def whole_layout_problem(layout: Layout) -> Problem:
    """Judge the parameters of ``updateLayout``."""
    return layout_problem("updateLayout", layout) or FINE


def _file_problem(config: FileConfig) -> Problem | None:
    if "hls" not in config.avFileType:
        return invalid("start", "avFileType", 'avFileType is ["hls"] or ["hls","mp4"]')
    return None


def _is_salt(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _given(*spellings: Any) -> tuple[str, ...] | None:
    return next((tuple(each) for each in spellings if each is not UNSET), None)


def subscription(lists: UidLists, operation: str = "start") -> Subscription | Problem:
    """Gather the lists from all their spellings; both lists of one medium are an error."""
    found = Subscription(
        audio=_given(lists.subscribeAudioUids),
        not_audio=_given(lists.unSubscribeAudioUids, lists.unsubscribeAudioUids),
        video=_given(lists.subscribeVideoUids),
        not_video=_given(
            lists.unSubscribeVideoUids, lists.unsubscribeVideoUids, lists.unsunscribeVideoUids
        ),
    )
    if found.audio is not None and found.not_audio is not None:
        return invalid(operation, "subscribeAudioUids", "subscribe or unsubscribe, not both")
    if found.video is not None and found.not_video is not None:
        return invalid(operation, "subscribeVideoUids", "subscribe or unsubscribe, not both")
    return found


def _medium_problem(operation: str, found: Subscription, stream_types: int) -> Problem | None:
    if stream_types == 1 and (found.audio is not None or found.not_audio is not None):
        return invalid(operation, "subscribeAudioUids", "streamTypes 1 records no audio")
    if stream_types == 0 and (found.video is not None or found.not_video is not None):
        return invalid(operation, "subscribeVideoUids", "streamTypes 0 records no video")
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
    if isinstance(params.streamSubscribe, UnsetType):
        return None
    audio = subscription(params.streamSubscribe.audioUidList, "update")
    video = subscription(params.streamSubscribe.videoUidList, "update")
    if isinstance(audio, Problem):
        return audio
    if isinstance(video, Problem):
        return video
    given = (audio.audio, audio.not_audio, video.video, video.not_video)
    if all(each is None for each in given) or () in given:
        return invalid("update", "streamSubscribe", "a list of uids is missing or empty")
    return Subscription(*given)


def medium_problem_of_update(found: Subscription, stream_types: int) -> Problem | None:
    """Judge an update against what the task records (``streamTypes`` of its start)."""
    return _medium_problem("update", found, stream_types)


_DECODERS: Final[dict[Any, Any]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (AcquireParams, StartParams, UpdateParams, Layout, StopParams)
}
