"""Recorded files: which there are, what they are called, and how they are described.

Source:
    Sheet §1.4 (modes), §1.5 (the list), §5 (names and types). Sizes are assumed: media are filler
    of 1,000 bytes a second for sound and as many for pictures, so that a hash costs little.
"""

import functools
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

import msgspec

from recording_emulator.core import objects
from recording_emulator.core.objects import Filler, Recipe
from recording_emulator.families import netease
from recording_emulator.families.netease import Video
from recording_emulator.vendors.neroom.inputs import Config, File, Track

BUCKET: Final = "vod"
BYTES_PER_S: Final = 1_000
PATTERN: Final = b"recording-emulator neroom media\n"
SINGLE: Final = 0
MIXES: Final = (1, 2, 3, 4, 5, 6)
AUDIO_ONLY: Final = 6
ALL: Final = 0
ONLY_MIX: Final = 1
ONLY_SINGLE: Final = 2
BY_MODE: Final = 100
BIDDING: Final = 100
NO_VIDEO_UID: Final = 1_000_006
"""Mode 100 (招采): a file for each who sends video, with everybody's sound; or one of this uid."""
FLV: Final = 1
MP3: Final = 2
"""NERTC's ``fileFormat``; 0 is MP4, which sound alone is never put into."""
CONTENT_TYPES: Final = {
    "mp4": "video/mp4",
    "flv": "video/x-flv",
    "aac": "audio/aac",
    "mp3": "audio/mpeg",
}


class Media(msgspec.Struct, Recipe, frozen=True, gc=False, tag="neroom.Media"):
    """A file of the video store."""

    kind: str
    size_bytes: int
    stored_ms: int

    def files(self, bucket: str, key: str, _now_ms: int, /) -> Iterator[objects.File]:
        kind = CONTENT_TYPES[self.kind]
        yield objects.File(bucket, key, self.size_bytes, kind, self.stored_ms)

    def content(self, _key: str, _now_ms: int, /) -> Filler:
        return Filler(self.size_bytes, PATTERN)


def modes(config: Config) -> tuple[int, ...]:
    """Return the modes a configuration means.

    Source:
        Sheet §1.4. Which mode a plain mix has is not documented: gallery is assumed.

    >>> modes(Config()), modes(Config(1)), modes(Config(2)), modes(Config(100, (2, 6)))
    ((1, 0), (1,), (0,), (2, 6))
    """
    known = {ALL: (1, SINGLE), ONLY_MIX: (1,), ONLY_SINGLE: (SINGLE,)}
    return known.get(config.kind, config.modes)


def cut(
    config: Config, tracks: Iterable[Track], cid: int, piece: int, start_ms: int, end_ms: int
) -> tuple[File, ...]:
    """List the files of one piece, without their ids: the mixes first, then each member's own.

    Source:
        Names and types: sheet §5. A second mix in one piece would have the name of the first; that
        its mode is added is assumed. A piece in which nobody sent anything leaves no file. That MP3
        leaves the pictures out is assumed.
    """
    if config.container == MP3:
        tracks = [msgspec.structs.replace(each, video=False) for each in tracks]
    sent = [each for each in tracks if each.audio or each.video]
    if not sent:
        return ()
    found: list[File] = []
    wanted = modes(config)
    for nth, mode in enumerate(each for each in wanted if each in MIXES):
        has_video = any(each.video for each in sent) and mode != AUDIO_ONLY
        suffix = f"-{mode}" if nth else ""
        stem = f"0-{cid}-{start_ms}-{piece}-mix{suffix}"
        found.append(_file(stem, piece, end_ms - start_ms, has_audio=True, has_video=has_video))
    if BIDDING in wanted:
        found += _bidding(sent, cid, piece, start_ms, end_ms, has_singles=SINGLE in wanted)
    if SINGLE in wanted:
        for each in sent:
            stem = f"{each.rtc_uid}-{cid}-{each.since_ms}-{piece}"
            length_ms = end_ms - each.since_ms
            made = _file(stem, piece, length_ms, has_audio=each.audio, has_video=each.video)
            found.append(
                msgspec.structs.replace(made, is_mix=False, user=each.user, nickname=each.name)
            )
    return tuple(_contained(each, config.container) for each in found)


def _bidding(
    sent: list[Track], cid: int, piece: int, start_ms: int, end_ms: int, *, has_singles: bool
) -> list[File]:
    """List the files of mode 100.

    Source:
        NERTC 招采场景集成最佳实践 (sheet §3.2). Their names, and the mode in them where single
        streams would have the same, are assumed.
    """
    seen = [each for each in sent if each.video]
    if not seen:
        stem = f"{NO_VIDEO_UID}-{cid}-{start_ms}-{piece}-mix"
        return [_file(stem, piece, end_ms - start_ms, has_audio=True, has_video=False)]
    found = []
    for each in seen:
        stem = f"{each.rtc_uid}-{cid}-{each.since_ms}-{piece}{'-100' if has_singles else ''}"
        made = _file(stem, piece, end_ms - each.since_ms, has_audio=True, has_video=True)
        found.append(
            msgspec.structs.replace(made, is_mix=False, user=each.user, nickname=each.name)
        )
    return found


def _contained(file: File, container: int) -> File:
    """Put a file into the container that was asked for."""
    kind = file.kind
    if container == MP3:
        kind = "mp3"
    elif container == FLV and kind == "mp4":
        kind = "flv"
    stem = file.name.removesuffix(f".{file.kind}")
    return msgspec.structs.replace(file, name=f"{stem}.{kind}", kind=kind)


def _file(stem: str, piece: int, length_ms: int, *, has_audio: bool, has_video: bool) -> File:
    kind = "mp4" if has_video else "aac"
    size = BYTES_PER_S * (has_audio + has_video) * length_ms // 1000
    return File(f"{stem}.{kind}", kind, True, piece, size, length_ms, 0)


@functools.lru_cache(maxsize=4_096)
def md5(size_bytes: int) -> str:
    """Hash a file of this size; all of them have the same bytes."""
    found = hashlib.md5(usedforsecurity=False)
    chunk = PATTERN * 2_048
    for _ in range(size_bytes // len(chunk)):
        found.update(chunk)
    found.update(chunk[: size_bytes % len(chunk)])
    return found.hexdigest()


def url(file: File, files_url: str) -> str:
    return f"{files_url}/{BUCKET}/{quote(file.name)}"


def told(file: File, files_url: str) -> dict[str, Any]:
    """Describe a file as ``NERecordFileInfo`` does; only a single stream names its user."""
    own = {"userUuid": file.user, "nickname": file.nickname} if file.user else {}
    return {
        "type": file.kind,
        "mix": file.is_mix,
        "filename": file.name,
        "md5": md5(file.size_bytes),
        "size": file.size_bytes,
        "url": url(file, files_url),
        "vid": file.vid,
        "pieceIndex": file.piece,
        **own,
    }


def vod(file: File, files_url: str, now_ms: int, transcode_ms: int) -> dict[str, Any]:
    """Describe a file as the video store does, at this time."""
    done_ms = file.stored_ms + transcode_ms
    is_done = now_ms >= done_ms
    has_video = file.kind in ("mp4", "flv")
    video = Video(
        vid=file.vid,
        name=file.name,
        size_bytes=file.size_bytes,
        duration_ms=file.length_ms,
        stored_ms=file.stored_ms,
        width=1280 if has_video else 0,
        height=720 if has_video else 0,
        status=netease.TRANSCODED if is_done else netease.PROCESSING,
        transcoded_ms=done_ms if is_done else 0,
        made={"sdMp4": file.size_bytes // 2} if has_video else {},
    )
    where = url(file, files_url)
    return netease.video_detail(video, where, where, f"{where}.jpg")
