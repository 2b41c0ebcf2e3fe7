"""NetEase's video store (点播, VOD), which keeps the recorded files of NERoom and of netcall.

Rules:

1. A file comes in when a vendor's recorder tells of it (``came_in``); what else is made of it is
   ready some time later, or fails, or is blocked.
2. The store is one: every vendor of the house lists this machine, and finds a file by its vid
   whoever recorded it. So nothing here asks for a vendor's settings or faults: what is a vendor's
   comes in with the file.
3. A file that was deleted is unknown from then on, and its bytes are gone.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from msgspec import Meta

from recording_emulator.core import objects
from recording_emulator.core.adapter import Malformed
from recording_emulator.core.decoding import Undecodable, decode
from recording_emulator.core.faults import Effect, Point
from recording_emulator.core.inputs import Answer
from recording_emulator.core.machine import (
    Arm,
    Cancel,
    Cell,
    Facts,
    Ignore,
    Input,
    Machine,
    Put,
    Refuse,
    Reply,
    Retire,
    Step,
    Table,
    Target,
    Tell,
    View,
    do,
)
from recording_emulator.core.objects import Recipe
from recording_emulator.core.surface import Basis, Body, Operation, Refused, Row, StateRow
from recording_emulator.core.timers import Tempo
from recording_emulator.families import formats, netease

NAME: Final = "netease.vod"
TRANSCODE: Final = "transcode"
_DOC: Final = "NetEase VOD server API"
_CODE: Final = f"{_DOC}; its codes are not public, assumed"


class State(StrEnum):
    """Where a file of the store stands."""

    ABSENT = "absent"
    PROCESSING = "processing"
    TRANSCODED = "transcoded"
    FAILED = "failed"
    BLOCKED = "blocked"
    DELETED = "deleted"


STATUS: Final[Mapping[State, int]] = {
    State.PROCESSING: 30,
    State.TRANSCODED: 40,
    State.FAILED: 20,
    State.BLOCKED: 50,
}
"""A file's ``status`` (sheet neroom §2.6). The initial one, 10, is over before anybody can ask."""
ENDS: Final[Mapping[str, State]] = {
    "": State.TRANSCODED,
    "fail": State.FAILED,
    "block": State.BLOCKED,
}
"""How the making of formats ends, by the effect of a fault."""


# --- what can happen ------------------------------------------------------------------------------


class Store(msgspec.Struct, Input, frozen=True, tag="netease.Store"):
    """A file comes in; without a ``width`` it is sound alone.

    ``bucket`` and ``key`` are where its bytes are, ``end`` how the making of its formats will end.
    """

    name: str = ""
    bucket: str = ""
    key: str = ""
    size_bytes: int = 0
    duration_ms: int = 0
    width: int = 0
    height: int = 0
    transcode_ms: int = 0
    end: str = ""


class Transcoded(msgspec.Struct, Input, frozen=True, tag="netease.Transcoded"):
    """The formats of a file are made, or will never be."""


class GetVideo(msgspec.Struct, Input, frozen=True, tag="netease.GetVideo"):
    """Somebody asks for a file's detail."""

    vid: str


class DeleteVideo(msgspec.Struct, Input, frozen=True, tag="netease.DeleteVideo"):
    """Somebody deletes a file."""

    vid: str


class Video(msgspec.Struct, frozen=True, tag="netease.Video"):
    """A file of the store; ``done_ms`` is when the making of its formats ended, 0 before."""

    vid: str
    state: State = State.ABSENT
    file: Store = Store()
    stored_ms: int = 0
    done_ms: int = 0


class Detailed(msgspec.Struct, Facts, frozen=True, tag="netease.Detailed"):
    """A file as it is at ``now_ms``; None once it is deleted."""

    video: Video | None
    now_ms: int


class Gone(msgspec.Struct, Recipe, frozen=True, gc=False, tag="netease.Gone"):
    """In place of a file whose bytes are no more."""

    def files(self, _bucket: str, _key: str, _now_ms: int, /) -> Iterator[objects.File]:
        return iter(())

    def content(self, _key: str, _now_ms: int, /) -> None:
        return None


TYPES: Final = (Store, Transcoded, GetVideo, DeleteVideo, Video, Detailed, Gone)
"""What may stand in a snapshot; an adapter that lists the machine lists these among its own."""


# --- the machine ----------------------------------------------------------------------------------


def came_in(vid: int, file: Store, room: str, view: View) -> Tell:
    """Bring a file into the store: an effect of the vendor's recorder, whose faults count here."""
    fault = view.fault(TRANSCODE, room)
    if fault is not None and fault.effect == "slow":
        file = msgspec.structs.replace(file, transcode_ms=file.transcode_ms + fault.by_ms)
    elif fault is not None:
        file = msgspec.structs.replace(file, end=fault.effect)
    return Tell(where(str(vid)), file)


def where(vid: str) -> Target:
    return Target(NAME, vid)


def on_store(video: Video, given: Store, view: View) -> Step:
    kept = msgspec.structs.replace(video, state=State.PROCESSING, file=given, stored_ms=view.now_ms)
    return Step(kept, (Arm(TRANSCODE, given.transcode_ms, Transcoded(), Tempo.SHORT),))


def on_transcoded(video: Video, _given: Transcoded, view: View) -> Step:
    done = msgspec.structs.replace(video, state=ENDS[video.file.end], done_ms=view.now_ms)
    return Step(done, (Retire(),))


def on_get(video: Video, _given: GetVideo, view: View) -> Step:
    return Step(video, (Reply(Detailed(video, view.now_ms)),))


def on_delete(video: Video, _given: DeleteVideo, view: View) -> Step:
    gone = msgspec.structs.replace(video, state=State.DELETED)
    ended = (Cancel(TRANSCODE), Retire()) if video.state is State.PROCESSING else ()
    erased = Put(video.file.bucket, video.file.key, Gone())
    return Step(gone, (Reply(Detailed(None, view.now_ms)), erased, *ended))


UNSIGNED: Final = "video 401 Unauthorized"
STRANGER: Final = "video 403 Forbidden"
NO_VIDEO: Final = "video 404 vid not found"
WRONG_METHOD: Final = "video 405 Method Not Allowed"
BAD_BODY: Final = "video 414 Bad Parameter"
UNKNOWN: Final = Refuse(NO_VIDEO, "the vid of a file that is in the store is in the list or a copy")
TWICE: Final = Ignore("two files have drawn one vid; the first stays")
THERE: Final[Mapping[type, Cell]] = {
    GetVideo: do(on_get, State.PROCESSING, State.TRANSCODED, State.FAILED, State.BLOCKED),
    DeleteVideo: do(on_delete, State.DELETED),
    Store: TWICE,
}
TABLE: Final[Table] = {
    State.ABSENT: {
        GetVideo: UNKNOWN,
        DeleteVideo: UNKNOWN,
        Store: do(on_store, State.PROCESSING),
    },
    State.PROCESSING: {**THERE, Transcoded: do(on_transcoded, *ENDS.values())},
    State.TRANSCODED: THERE,
    State.FAILED: THERE,
    State.BLOCKED: THERE,
    State.DELETED: {GetVideo: UNKNOWN, DeleteVideo: UNKNOWN, Store: TWICE},
}
MACHINE: Final = Machine(NAME, TABLE, Video, (GetVideo, DeleteVideo))


# --- how a file is described ----------------------------------------------------------------------


def url(video: Video, files_url: str) -> str:
    file = video.file
    return f"{files_url}/{quote(file.bucket, safe='')}/{quote(file.key)}"


def detail(video: Video, files_url: str, now_ms: int) -> dict[str, Any]:
    """Describe a file as the store does; a format that was not made is null.

    Source:
        The keys: NetEase's VOD server SDKs and the client's ``app_vod_video_get`` (sheet neroom
        §2.6). The category, the order of the keys, that of nine formats one is made, which is the
        original, and that its URL is the file's own with ``format`` in its query, are assumed.
    """
    file, play = video.file, url(video, files_url)
    is_made = video.state is State.TRANSCODED
    made = {"sdMp4": file.size_bytes} if is_made and file.width else {}
    download = formats.signed(play, now_ms)
    told: dict[str, Any] = {
        "vid": int(video.vid),
        "videoName": file.name,
        "description": None,
        "status": STATUS[video.state],
        "duration": file.duration_ms // 1000,
        "durationMsec": file.duration_ms,
        "width": file.width,
        "height": file.height,
        "typeId": 101,
        "typeName": "default",
        "snapshotUrl": f"{play}.jpg",
        "origUrl": play,
        "downloadOrigUrl": download,
        "initialSize": file.size_bytes,
    }
    told |= formats.told(made, play, download)
    told |= {"createTime": video.stored_ms, "updateTime": video.done_ms or video.stored_ms}
    told["completeTime"] = video.done_ms if is_made else None
    return told


# --- the store's own API --------------------------------------------------------------------------


class VideoBody(msgspec.Struct, frozen=True):
    """The body of both calls; a copy may have given the vid as a text, which is taken, too."""

    vid: Annotated[int, Meta(ge=1, le=2**53)]


PATHS: Final[Mapping[str, str]] = {
    "/app/vod/video/get": "getVideo",
    "/app/vod/video/videoDelete": "deleteVideo",
}
"""Two of the store's calls, both POST; list, disable and recover are not modelled.

Source:
    Sheets neroom §2.6, netcall §6.
"""
HOST: Final = "vcloud.163.com"
OPERATIONS: Final = tuple(
    Operation(name, "POST", path, _DOC, Basis.DOCUMENTED) for path, name in PATHS.items()
)
BODIES: Final = tuple(Body(name, VideoBody, _DOC) for name in PATHS.values())
POINT: Final = Point(
    TRANSCODE,
    "a file is in the video store, and other formats of it are to be made",
    (
        Effect("fail", "none is made: its status is 20"),
        Effect("block", "it is blocked: its status is 50"),
        Effect("slow", "it takes so much longer", ("by_ms",)),
    ),
)
STATES: Final = tuple(
    StateRow(
        NAME,
        state,
        str(STATUS.get(state, "")),
        f"{_DOC}, status of a video" if state in STATUS else "ours, assumed",
        Basis.DOCUMENTED if state in STATUS else Basis.ASSUMED,
    )
    for state in State
    if state is not State.ABSENT
)


def _row(name: str, when: str, http: int = 200) -> Row:
    _, code, text = name.split(" ", 2)
    calls = tuple(PATHS.values())
    return Row(name, http, int(code), text, when, _CODE, Basis.ASSUMED, calls)


ROWS: Final = (
    _row(UNSIGNED, "a header of the signature is missing, wrong or stale"),
    _row(STRANGER, "the AppKey is nobody's"),
    _row(NO_VIDEO, "no file has this vid, or it was deleted"),
    _row(WRONG_METHOD, "the method is not POST", 405),
    _row(BAD_BODY, "the body is no JSON object with a vid"),
)
BY_ID: Final = {row.id: row for row in ROWS}
_DECODER: Final = msgspec.json.Decoder(VideoBody, strict=False)


def denial(
    method: str, headers: Mapping[bytes, bytes], secret: str | None, wall_ms: int
) -> tuple[str, str] | None:
    """Judge a call before its body: the row and the hint of the first check that fails.

    Without a secret (an open tenant) any CheckSum will do; it must be there.
    """
    if method != "POST":
        return WRONG_METHOD, "POST, with the vid in a JSON body"
    signed = netease.read_signature(headers)
    why = netease.wrong_with_call(
        signed, secret or "", wall_ms, takes_ms=False, checks_sum=secret is not None
    )
    return (UNSIGNED, why) if why else None


def read(operation: str, body: bytes) -> Input:
    """Turn the body of a call into its input."""
    found = decode(_DECODER, body)
    if isinstance(found, Undecodable):
        return Malformed(BAD_BODY, hint=found.why)
    vid = str(found.vid)
    return GetVideo(vid) if operation == "getVideo" else DeleteVideo(vid)


def write(answer: Answer, files_url: str) -> tuple[int, bytes]:
    """Write the answer to a call: its status, which is 200 for errors, too (assumed), and body."""
    if answer.row:
        row = BY_ID[answer.row]
        return row.http, msgspec.json.encode({"code": row.code, "msg": row.text})
    facts = answer.facts
    assert isinstance(facts, Detailed)
    if facts.video is None:
        return 200, msgspec.json.encode({"code": 200, "msg": "", "ret": {}})
    ret = detail(facts.video, files_url, facts.now_ms)
    return 200, msgspec.json.encode({"code": 200, "ret": ret})


class _Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body with these keys and no other."""


class Got(_Whole, frozen=True):
    """The answer to ``getVideo``; ``ret`` has the keys of ``detail``."""

    code: Annotated[int, Meta(ge=200, le=200)]
    ret: dict[str, Any]


class Deleted(_Whole, frozen=True):
    """The answer to ``deleteVideo``."""

    code: Annotated[int, Meta(ge=200, le=200)]
    msg: str
    ret: dict[str, Any]


class Failed(_Whole, frozen=True):
    """An error of the store."""

    code: int
    msg: str


ANSWERS: Final[Mapping[str, tuple[Any, ...]]] = {"getVideo": (Got,), "deleteVideo": (Deleted,)}
REFUSALS: Final[Mapping[str, Refused]] = {
    name: Refused(Failed, "code", "msg") for name in PATHS.values()
}
