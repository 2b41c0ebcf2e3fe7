"""What a client's promise is rejected with, and what the video store answers.

A row says which and why; in which shape it comes depends on the build of the SDK (``styles.py``).

Source:
    Sheet §2.3 and §7 (builds 8.5 of the SDK), §3 to §5 (recorders), §6 (VOD).
"""

from typing import Final

from recording_emulator.core.surface import Basis, Row

_SDK: Final = "NIM Web SDK 8.5, both builds"
_AGENT: Final = "NIM Web SDK 8.5, build with PC Agent"
_WEBRTC: Final = "NIM Web SDK 8.5, build for WebRTC"
_OLD: Final = "NIM Web SDK 4.4 to 6.1, WebRTC: rejected with a text; its words are ours, assumed"


def _row(
    row_id: str,
    when: str,
    source: str = _SDK,
    basis: Basis = Basis.OBSERVED,
    *,
    text: str = "",
    needs_fault: bool = False,
    operations: tuple[str, ...] = (),
) -> Row:
    """Make a row whose id is its code and text; one that is no number stands without a code."""
    last = row_id.rsplit("  ", 1)[-1]
    first, _, rest = last.partition(" ")
    code = int(first) if first.isdigit() else None
    said = text or (last if code is None else rest)
    return Row(row_id, 200, code, said, when, source, basis, operations, needs_fault)


def _old(row_id: str, when: str, *, needs_fault: bool = False) -> Row:
    return _row(row_id, when, _OLD, Basis.ASSUMED, needs_fault=needs_fault)


CALLEE_OFFLINE: Final = "11001 callee offline"
CHANNEL_GONE: Final = "9102 channel is no longer valid"
ANSWERED: Final = "9103 answered on another device"
CHANNEL_BUSY: Final = "9104 channel is busy"
TIMED_OUT: Final = "408 timeout"
PARAMETER: Final = "414 bad parameter"
TOO_OFTEN: Final = "416 too many calls"
MEETING_EXISTS: Final = "417 channel exists"
NO_MEETING: Final = "404 no such channel"
LOGIN: Final = "302 account or token is wrong"

NO_CONNECTION: Final = "noConnection"
NO_AGENT: Final = "noPC"
AGENT_TAKEN: Final = "417 device_busy"
AGENT_OLD: Final = "agent_update"
NO_CALLEE: Final = "noCalleeAccount"
STATUS: Final = "statusNotMatch"
IN_SESSION: Final = "20114 ChannelAlreadyInSession"
NO_SESSION: Final = "20113 ChannelNoSession"
TYPE_ERROR: Final = "TypeError"
NO_PATH: Final = "no path"

AGENT_EXISTS: Final = "400 file exists or is being recorded"
AGENT_DENIED: Final = "403 file cannot be created"
AGENT_NO_CALL: Final = "404 no call or nothing recorded"
AGENT_DEAD: Final = "1 agent is dead"

REC_BAD_ACCOUNT: Final = "REC_BAD_ACCOUNT"
REC_NO_STREAM: Final = "REC_NO_STREAM"
REC_STREAM_MISSING: Final = "REC_STREAM_MISSING"
REC_NO_RECORDER: Final = "REC_NO_MEDIARECORDER"
REC_NO_FORMAT: Final = "REC_NO_FORMAT"
REC_BUSY: Final = "REC_BUSY"
REC_NOT_STARTED: Final = "REC_NOT_STARTED"
REC_ENDED: Final = "REC_ENDED"

NO_RECORD_ID: Final = "11405 ParamError"
NO_RECORD: Final = "67001 RecordNotExist"
NO_STREAM: Final = "67003 RecordNoStream"
NO_RECORDER: Final = "67004 RecordBrowserNotSupport"
NO_FORMAT: Final = "67005 RecordBrowserNotSupportFormat"
BAD_FORMAT: Final = "67007 RecordFormatError"
EMPTY_STREAM: Final = "67008 RecordStreamInvalid"

ROWS: Final = (
    _row(
        CALLEE_OFFLINE,
        "call(): the callee has no client here",
        "实时音视频 manual",
        Basis.DOCUMENTED,
    ),
    _row(
        CHANNEL_GONE,
        "response() or control(): the call is over, or was never this account's",
        "实时音视频 manual",
        Basis.DOCUMENTED,
    ),
    _row(
        ANSWERED,
        "response(): another device of the account was quicker",
        "实时音视频 manual",
        Basis.DOCUMENTED,
    ),
    _row(
        CHANNEL_BUSY,
        "a channel that cannot be joined now",
        "nrtc_chat_def.h",
        Basis.DOCUMENTED,
        needs_fault=True,
    ),
    _row(TIMED_OUT, "the server does not answer", needs_fault=True),
    _row(PARAMETER, "a parameter is missing or wrong; whom one calls is oneself"),
    _row(
        TOO_OFTEN,
        "over 1,000 records in one page, or a tenant that is full; too fast, by a fault only",
    ),
    _row(
        MEETING_EXISTS,
        "createChannel(): the name is in use",
        "the code is the SDK's; that this gets it is assumed",
        Basis.ASSUMED,
    ),
    _row(
        NO_MEETING,
        "joinChannel(): nobody has made it, or everybody has left",
        "the code is the SDK's; that this gets it is assumed",
        Basis.ASSUMED,
    ),
    _row(
        LOGIN,
        "the connection's token is not this account's",
        "onerror of NIM's login; its place here is assumed",
        Basis.ASSUMED,
    ),
    _row(NO_CONNECTION, "the PC Agent's connection is not up (initSignal)", _AGENT),
    _row(NO_AGENT, "initSignal(): no PC Agent runs (setting agent)", _AGENT),
    _row(AGENT_TAKEN, "initSignal(): another page has it (setting agent)", _AGENT),
    _row(AGENT_OLD, "initSignal(): it is of an older version (setting agent)", _AGENT),
    _row(NO_CALLEE, "call() without an account", _AGENT),
    _row(STATUS, "call() before initSignal, or while calling, which ends that call", _AGENT),
    _row(IN_SESSION, "call() or response() while in another call", _WEBRTC),
    _row(
        NO_SESSION,
        "startRtc() outside a call",
        "the code is the SDK's; its name and use are assumed",
        Basis.ASSUMED,
    ),
    _row(
        TYPE_ERROR,
        "thrown at once: the build has no such method, or call() lacks pushConfig or sessionConfig",
    ),
    _row(NO_PATH, "thrown at once: a PC Agent's recording without a path", _AGENT),
    _row(
        AGENT_EXISTS,
        "there is a file at this path, or this is being recorded already",
        "nim_vchat_def.h",
        Basis.DOCUMENTED,
    ),
    _row(
        AGENT_DENIED,
        "the path may not be written (setting denied_paths)",
        "nim_vchat_def.h",
        Basis.DOCUMENTED,
    ),
    _row(
        AGENT_NO_CALL,
        "a start without a call; a stop of nothing (assumed)",
        "nim_vchat_def.h",
        Basis.DOCUMENTED,
    ),
    _row(AGENT_DEAD, "after the PC Agent's heartbeat was lost", _AGENT, needs_fault=True),
    _old(REC_BAD_ACCOUNT, "an account that is not in the call"),
    _old(REC_NO_STREAM, "oneself, without camera, microphone or screen"),
    _old(REC_STREAM_MISSING, "somebody in the call whose media are not there"),
    _old(REC_NO_RECORDER, "the browser has no MediaRecorder", needs_fault=True),
    _old(REC_NO_FORMAT, "the browser supports none of the formats", needs_fault=True),
    _old(REC_BUSY, "something is being recorded"),
    _old(REC_NOT_STARTED, "a stop before any start"),
    _old(REC_ENDED, "a stop of what has ended"),
    _row(NO_RECORD_ID, "stop, download or clean without a recordId", _WEBRTC),
    _row(NO_RECORD, "a record that is not known; a stop of one that has stopped", _WEBRTC),
    _row(NO_STREAM, "nothing to record: no track, or nobody of this account", _WEBRTC),
    _row(NO_RECORDER, "the browser has no MediaRecorder", _WEBRTC, needs_fault=True),
    _row(NO_FORMAT, "the browser supports none of the formats", _WEBRTC, needs_fault=True),
    _row(BAD_FORMAT, "the recorder cannot be set up", _WEBRTC, needs_fault=True),
    _row(EMPTY_STREAM, "the recorder gives no data", _WEBRTC, needs_fault=True),
)
