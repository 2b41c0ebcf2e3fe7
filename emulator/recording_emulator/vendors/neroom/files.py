"""Recorded files: which there are, what they are called, and how they are described.

Source:
    Sheet §1.4 (modes), §1.5 (the list), §5 (names and types). How large pictures are is assumed,
    and how large files: 5,000 bytes a second for sound and as many for pictures, which is little
    to hash, and enough for what is rendered.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

import msgspec

from recording_emulator.core.casts import Seen
from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.machine import View
from recording_emulator.core.media import NEVER_MS, OneFile
from recording_emulator.core.scenes import Shot
from recording_emulator.core.tiles import Tile
from recording_emulator.families.vod import Store
from recording_emulator.vendors.neroom.config import Config
from recording_emulator.vendors.neroom.inputs import File, Track
from recording_emulator.vendors.neroom.panes import layers, panes, screen_of

BUCKET: Final = "vod"
BYTES_PER_S: Final = 5_000
SIZE: Final = (1_280, 720)
SINGLE: Final = 0
MIXES: Final = (1, 2, 3, 4, 5, 6)
WITHOUT_SCREEN: Final = (3, 4)
SCREEN_ONLY: Final = 5
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
    config: Config,
    tracks: Iterable[Track],
    cast: str,
    cid: int,
    piece: int,
    start_ms: int,
    end_ms: int,
) -> tuple[File, ...]:
    """List the files of one piece, without their ids: the mixes first, then each member's own.

    ``cast`` is the machine that has recorded them.

    Source:
        Names and types: sheet §5. A second mix in one piece would have the name of the first; that
        its mode is added is assumed. A file into which nobody sent anything is none. That a shared
        screen has a file of its own beside its member's, and no sound, is assumed; that MP3 leaves
        pictures out is, too.
    """
    if config.container == MP3:
        tracks = [msgspec.structs.replace(each, video=False, screen=False) for each in tracks]
    sent = [each for each in tracks if each.audio or each.video or each.screen]
    wanted = modes(config)
    found: list[File] = []
    for mode in wanted:
        has_audio, has_video = _heard_and_seen(mode, sent)
        if mode in MIXES and (has_audio or has_video):
            suffix = f"-{mode}" if found else ""
            stem = f"0-{cid}-{start_ms}-{piece}-mix{suffix}"
            shot = Shot(cast, ((start_ms, end_ms),), placed=f"{cast}/{mode}")
            found.append(_file(stem, piece, shot, has_audio, has_video))
    if BIDDING in wanted:
        piece_ms = start_ms, end_ms
        found += _bidding(sent, cast, cid, piece, piece_ms, has_singles=SINGLE in wanted)
    if SINGLE in wanted:
        for each in sent:
            name = f"{each.rtc_uid}-{cid}"
            own = f"{name}-{each.since_ms}-{piece}"
            screen = f"{name}-{each.screen_ms}-{piece}-substream"
            shown = Shot(cast, ((each.since_ms, end_ms),), each.user)
            shared = Shot(cast, ((each.screen_ms, end_ms),), screen_of(each.user))
            made = (
                _file(own, piece, shown, each.audio, each.video),
                _file(screen, piece, shared, False, each.screen),
            )
            found += [
                msgspec.structs.replace(file, is_mix=False, user=each.user, nickname=each.name)
                for file in made
                if file.length_ms and (file.has_audio or file.has_video)
            ]
    return tuple(_contained(each, config.container) for each in found)


def _bidding(
    sent: list[Track],
    cast: str,
    cid: int,
    piece: int,
    piece_ms: tuple[int, int],
    *,
    has_singles: bool,
) -> list[File]:
    """List the files of mode 100.

    Source:
        NERTC 招采场景集成最佳实践 (sheet §3.2). Their names, and the mode in them where single
        streams would have the same, are assumed.
    """
    start_ms, end_ms = piece_ms
    seen = [each for each in sent if each.video]
    if not seen:
        stem = f"{NO_VIDEO_UID}-{cid}-{start_ms}-{piece}-mix"
        has_audio = any(each.audio for each in sent)
        return [_file(stem, piece, Shot(cast, (piece_ms,)), True, False)] if has_audio else []
    found = []
    for each in seen:
        stem = f"{each.rtc_uid}-{cid}-{each.since_ms}-{piece}{'-100' if has_singles else ''}"
        shot = Shot(cast, ((each.since_ms, end_ms),), placed=f"{cast}/{bid_of(each.user)}")
        made = _file(stem, piece, shot, True, True)
        found.append(
            msgspec.structs.replace(made, is_mix=False, user=each.user, nickname=each.name)
        )
    return found


def bid_of(user: str) -> str:
    """Name the picture of mode 100 that somebody fills while all are heard."""
    return f"{BIDDING} {user}"


def mixes(config: Config, sending: tuple[Track, ...]) -> dict[str, list[Seen]]:
    """Say where each mixed picture has those who send something now."""
    width, height = SIZE
    found: dict[str, list[Seen]] = {}
    for mode in modes(config):
        if mode in MIXES and mode != AUDIO_ONLY:
            layout = config.layout_of(mode)
            near = layers(layout, sending)
            placed = panes(mode, layout, sending, width, height)
            found[str(mode)] = [
                Seen(uid, tile=tile, layer=near.get(uid, 0)) for uid, tile in placed.items()
            ]
        elif mode == BIDDING:
            whole = Tile(0, 0, width, height)
            for each in sending:
                found[bid_of(each.user)] = [Seen(each.user, tile=whole)]
    return found


def cast(sending: tuple[Track, ...]) -> list[Seen]:
    """Say who sends what; a shared screen is somebody of its own."""
    found: list[Seen] = []
    for each in sending:
        if each.audio or each.video:
            found.append(Seen(each.user, each.audio, each.video))
        if each.screen:
            found.append(Seen(screen_of(each.user), video=True))
    return found


def _contained(file: File, container: int) -> File:
    """Put a file into the container that was asked for."""
    kind = file.kind
    if container == MP3:
        kind = "mp3"
    elif container == FLV and kind == "mp4":
        kind = "flv"
    stem = file.name.removesuffix(f".{file.kind}")
    return sized(msgspec.structs.replace(file, name=f"{stem}.{kind}", kind=kind))


def _heard_and_seen(mode: int, sent: list[Track]) -> tuple[bool, bool]:
    """Say what a mix of this mode has to record: sound, pictures."""
    audio = any(each.audio for each in sent)
    video, screen = any(each.video for each in sent), any(each.screen for each in sent)
    if mode == SCREEN_ONLY:
        return False, screen
    if mode == AUDIO_ONLY:
        return audio, False
    return audio, video or (screen and mode not in WITHOUT_SCREEN)


def _file(stem: str, piece: int, shot: Shot, has_audio: bool, has_video: bool) -> File:
    kind = "mp4" if has_video else "aac"
    ((start_ms, end_ms),) = shot.spans
    length_ms = end_ms - start_ms
    return File(f"{stem}.{kind}", kind, True, piece, has_audio, has_video, length_ms, shot=shot)


def sound_of(file: File) -> File:
    """Return the separate sound file of a mix; that of one without pictures is itself."""
    stem = file.name.rpartition(".")[0]
    if not file.has_video:
        return file
    assert file.shot is not None, file
    return sized(_file(stem, file.piece, file.shot, True, False))


def clip(file: File) -> Clip:
    """Say what is in a file."""
    width, height = SIZE if file.has_video else (0, 0)
    wanted = BYTES_PER_S * (file.has_audio + file.has_video) * file.length_ms // 1000
    return Clip(file.kind, file.length_ms, file.has_audio, width, height, wanted_bytes=wanted)


def sized(file: File) -> File:
    return msgspec.structs.replace(file, size_bytes=clip(file).size_bytes)


def media(file: File) -> OneFile:
    until_ms = file.expires_ms or NEVER_MS
    is_empty = not file.size_bytes
    return OneFile(clip(file), file.stored_ms, until_ms, is_empty=is_empty, filmed=file.shot)


def md5(file: File, view: View) -> str:
    """Hash a file's bytes, as whoever downloads it will get them; one that came empty has none."""
    if not file.size_bytes:
        return hashlib.md5(b"").hexdigest()
    assert file.shot is not None, file
    return view.md5(clip(file), file.shot)


def url(file: File, files_url: str) -> str:
    return f"{files_url}/{BUCKET}/{quote(file.name)}"


def told(file: File, view: View) -> dict[str, Any]:
    """Describe a file as ``NERecordFileInfo`` does; only a single stream names its user."""
    own = {"userUuid": file.user, "nickname": file.nickname} if file.user else {}
    return {
        "type": file.kind,
        "mix": file.is_mix,
        "filename": file.name,
        "md5": md5(file, view),
        "size": file.size_bytes,
        "url": url(file, view.files_url),
        "vid": file.vid,
        "pieceIndex": file.piece,
        **own,
    }


def store(file: File, transcode_ms: int) -> Store:
    """Tell of a file to the video store."""
    width, height = SIZE if file.has_video else (0, 0)
    return Store(
        name=file.name,
        bucket=BUCKET,
        key=file.name,
        size_bytes=file.size_bytes,
        duration_ms=file.length_ms,
        width=width,
        height=height,
        transcode_ms=transcode_ms,
    )
