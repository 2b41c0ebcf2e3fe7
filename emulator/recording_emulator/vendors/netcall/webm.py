"""A WebM as a browser would save it: one colour and silence, of the length of the recording.

Its size follows from its length by arithmetic; what is wanted beyond that is filled up with what
players skip.

Source:
    RFC 8794 (EBML), RFC 9559 (Matroska), webmproject.org's container guidelines; VP8 and Opus as
    browsers record them. The picture is one of 320 × 240 in one colour (libvpx), the sound the
    shortest silent packet of Opus; that a browser's file has a duration is assumed: real ones lack
    it.
"""

import struct
from collections.abc import Iterator
from typing import Final

SECOND_MS: Final = 1_000
PACKET_MS: Final = 20
PICTURE: Final = bytes.fromhex(
    "5012009d012a4001f0000847088585888584882c020274f23a3b424681649f6bdb9b"
    + "27387b" * 40
    + "2280fec4e84dd877eaaa7afbf400"
)
SILENCE: Final = b"\xf8\xff\xfe"
_VIDEO, _AUDIO = 1, 2
_UNFILLED: Final = 9
"""The least that a filler takes: its name and its length."""


def _element(name: str, *parts: bytes) -> bytes:
    """Write an element; its length takes eight bytes, so that all are as long as they look."""
    body = b"".join(parts)
    return bytes.fromhex(name) + struct.pack(">Q", 1 << 56 | len(body)) + body


def _number(name: str, value: int) -> bytes:
    return _element(name, struct.pack(">Q", value))


def _text(name: str, value: str) -> bytes:
    return _element(name, value.encode())


def _head(length_ms: int, has_video: bool) -> bytes:
    """Write what stands before the clusters: about the file, and its tracks."""
    app = "recording-emulator"
    about = _element(
        "1549a966",
        _number("2ad7b1", 1_000_000),
        _element("4489", struct.pack(">d", length_ms)),
        _text("4d80", app),
        _text("5741", app),
    )
    size = _number("b0", 320), _number("ba", 240)
    video = _track(_VIDEO, 1, "V_VP8", _element("e0", *size)) if has_video else b""
    rate = _element("b5", struct.pack(">d", 48_000)), _number("9f", 1)
    opus = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 0, 48_000, 0, 0)
    audio = _track(_AUDIO, 2, "A_OPUS", _element("63a2", opus), _element("e1", *rate))
    return about + _element("1654ae6b", video, audio)


def _track(number: int, kind: int, codec: str, *parts: bytes) -> bytes:
    named = _number("d7", number), _number("73c5", number), _number("83", kind)
    return _element("ae", *named, _text("86", codec), *parts)


def _start(body_bytes: int) -> bytes:
    about = _element(
        "1a45dfa3",
        _number("4286", 1),
        _number("42f7", 1),
        _number("42f2", 4),
        _number("42f3", 8),
        _text("4282", "webm"),
        _number("4287", 4),
        _number("4285", 2),
    )
    return about + bytes.fromhex("18538067") + struct.pack(">Q", 1 << 56 | body_bytes)


def _block(track: int, at_ms: int, data: bytes) -> bytes:
    return _element("a3", struct.pack(">BhB", 0x80 | track, at_ms, 0x80), data)


def _cluster(nth: int, packets: int, has_video: bool) -> bytes:
    """Write one second, or what is left of the last."""
    blocks = [_block(_VIDEO, 0, PICTURE)] if has_video else []
    blocks += [_block(_AUDIO, PACKET_MS * each, SILENCE) for each in range(packets)]
    return _element("1f43b675", _number("e7", nth * SECOND_MS), *blocks)


def _clusters(length_ms: int) -> Iterator[tuple[int, int]]:
    """Number the seconds, each with its packets of sound; there is at least one."""
    count = max(1, -(-length_ms // PACKET_MS))
    each = SECOND_MS // PACKET_MS
    for nth in range(-(-count // each)):
        yield nth, min(each, count - nth * each)


def _own_bytes(length_ms: int, has_video: bool) -> int:
    count = max(1, -(-length_ms // PACKET_MS))
    seconds, rest = divmod(count, SECOND_MS // PACKET_MS)
    own = len(_start(0)) + len(_head(length_ms, has_video))
    own += seconds * len(_cluster(0, SECOND_MS // PACKET_MS, has_video))
    return own + (len(_cluster(0, rest, has_video)) if rest else 0)


def size_of(length_ms: int, wanted_bytes: int, *, has_video: bool) -> int:
    """Return the size of a file: the one that is wanted, if it can be that small."""
    own = _own_bytes(length_ms, has_video)
    return wanted_bytes if wanted_bytes >= own + _UNFILLED else own


def written(length_ms: int, wanted_bytes: int, *, has_video: bool) -> bytes:
    """Write a file.

    >>> len(written(30_000, 60_000, has_video=True)), size_of(30_000, 60_000, has_video=True)
    (60000, 60000)
    >>> len(written(0, 0, has_video=False)) == size_of(0, 0, has_video=False)
    True
    """
    total = size_of(length_ms, wanted_bytes, has_video=has_video)
    spare = total - _own_bytes(length_ms, has_video)
    fill = _element("ec", bytes(spare - _UNFILLED)) if spare else b""
    clusters = [_cluster(*each, has_video) for each in _clusters(length_ms)]
    start = _start(total - len(_start(0)))
    return b"".join((start, _head(length_ms, has_video), *clusters, fill))
