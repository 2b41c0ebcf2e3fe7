"""Recorded files: which there are, what they are called, and how a copy tells of them.

Source:
    Sheet §1.2 (the table of files), §1.3 (names, pieces), §1.7 (fields). How large pictures
    are is assumed, and how large files: 5,000 bytes a second for sound and as many for pictures,
    which is little to hash, and enough for what is rendered.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote

from recording_emulator.core import links
from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.machine import View
from recording_emulator.core.media import OneFile
from recording_emulator.core.scenes import Shot
from recording_emulator.core.segments import Segments, slices
from recording_emulator.families.vod import Store
from recording_emulator.vendors.netcall.inputs import CALL, MEETING, Party
from recording_emulator.vendors.netcall.settings import Settings
from recording_emulator.vendors.netcall.told import (
    File,
    Finish,
)

BUCKET: Final = "vod"
DISK: Final = "disk"
"""What local recorders leave on their users' machines, under ``account/path``."""
DOWNLOAD: Final = "emulatorDownload"
"""What a double hears of a file that its browser has to save; the real SDK has its bytes (ours)."""
BYTES_PER_S: Final = 5_000
SIZE: Final = (640, 480)
BOTH: Final = 0
ONLY_MIX: Final = 1
ONLY_SINGLE: Final = 2
"""``recordType`` (nim_vchat_def.h)."""


def clip(kind: str, length_ms: int, *, is_sound: bool, size: tuple[int, int] = SIZE) -> Clip:
    """Say what is in a file."""
    width, height = (0, 0) if is_sound else size
    wanted = BYTES_PER_S * (1 if is_sound else 2) * length_ms // 1000
    return Clip(kind, length_ms, True, width, height, wanted_bytes=wanted)


def saved(
    clip: Clip, shot: Shot | None, start_ms: int, end_ms: int, now_ms: int | None = None
) -> OneFile:
    """Keep what a local recorder has filmed; it is there from its end on, or from ``now_ms``."""
    filmed = None if shot is None else shot._replace(spans=((start_ms, end_ms),))
    return OneFile(clip, end_ms if now_ms is None else now_ms, filmed=filmed)


def clip_of(file: File) -> Clip:
    return clip(file.kind, file.length_ms, is_sound=file.kind == "aac")


def download(account: str, name: str) -> dict[str, str]:
    """Say what a browser is to save."""
    return {"name": name, "key": f"{account}/{name}"}


def download_told(data: dict[str, str], files_url: str) -> dict[str, str]:
    return {"name": data["name"], "url": f"{files_url}/{DISK}/{quote(data['key'])}"}


# --- which files there are ------------------------------------------------------------------------


def singles(channel: str, given: Finish, knobs: Settings) -> tuple[File, ...]:
    """List everybody's own files: sound, then picture with sound, from where there is a picture.

    In a meeting they need ``singleRecord`` (assumed).
    """
    found: list[File] = []
    cast = _cast_name(channel, given)
    if given.is_meeting and not knobs.meeting_server_recording:
        return ()
    for each in given.parties:
        flags = each.flags
        if flags.kind == ONLY_MIX or (given.is_meeting and not flags.is_single):
            continue
        stem = f"{each.uid}-{channel}"
        until_ms = each.left_ms or 0
        if flags.audio and each.joined_ms is not None:
            found += _pieces(cast, stem, "aac", channel, each.joined_ms, until_ms, knobs, each)
        from_ms = _seen_from(each, given.video)
        if flags.video and from_ms is not None:
            found += _pieces(cast, stem, "mp4", channel, from_ms, until_ms, knobs, each)
    return tuple(found)


def mixes(channel: str, given: Finish, knobs: Settings) -> tuple[File, ...]:
    """List the mixed files, and what was recorded of a live push.

    They need the service. They last while there are two (assumed); that one side's flags are enough
    for both is assumed, as is the ``aac`` of an audio call.
    """
    cast = _cast_name(channel, given)
    if given.live.is_on and given.live.is_recorded:
        start_ms, end_ms = _stretch(given.parties, 0)
        return tuple(_pieces(cast, f"0-{channel}", "flv", channel, start_ms, end_ms, knobs))
    if not knobs.mixed_recording or (given.is_meeting and not knobs.meeting_server_recording):
        return ()
    start_ms, end_ms = _stretch(given.parties, 1)
    asked = [each.flags for each in given.parties if each.flags.kind != ONLY_SINGLE]
    is_video = any(start < end_ms and end > start_ms for start, end in _closed(given.video))
    if is_video and any(each.video for each in asked):
        return tuple(_pieces(cast, f"0-{channel}", "mp4", channel, start_ms, end_ms, knobs))
    wants_sound = knobs.mix_aac_for_audio_calls and any(each.audio for each in asked)
    if wants_sound and not given.video:
        return tuple(_pieces(cast, f"0-{channel}", "aac", channel, start_ms, end_ms, knobs))
    return ()


def _cast_name(channel: str, given: Finish) -> str:
    """Name the machine that knows who took part."""
    return f"{MEETING if given.is_meeting else CALL}/{channel}"


def _stretch(parties: Iterable[Party], nth: int) -> tuple[int, int]:
    """Say from when on more than ``nth`` were there, and until when; of no length if never."""
    there = [(each.joined_ms, each.left_ms or 0) for each in parties if each.joined_ms is not None]
    if len(there) <= nth:
        return 0, 0
    ends = sorted(end for _, end in there)
    return sorted(start for start, _ in there)[nth], ends[-1 - nth]


def _closed(video: Segments) -> Iterator[tuple[int, int]]:
    for start_ms, end_ms in video:
        yield start_ms, start_ms if end_ms is None else end_ms


def _seen_from(party: Party, video: Segments) -> int | None:
    """Say when somebody's picture was first there: when both they and the video call were."""
    if party.joined_ms is None or party.left_ms is None:
        return None
    for start_ms, end_ms in _closed(video):
        if start_ms < party.left_ms and end_ms > party.joined_ms:
            return max(start_ms, party.joined_ms)
    return None


def _pieces(
    cast: str,
    stem: str,
    kind: str,
    channel: str,
    start_ms: int,
    end_ms: int,
    knobs: Settings,
    party: Party | None = None,
) -> Iterator[File]:
    """Cut a recording; all pieces have the name of the first, only the place differs (assumed)."""
    longest = knobs.piece_ms or max(1, end_ms - start_ms)
    mark = "" if party is not None else "-mix"
    for piece, (at_ms, length_ms, _) in enumerate(slices(((start_ms, end_ms),), longest, end_ms)):
        yield File(
            name=f"{stem}{mark}.{kind}",
            key=f"{stem}-{piece}{mark}.{kind}",
            kind=kind,
            is_mix=party is None,
            piece=piece,
            size_bytes=clip(kind, length_ms, is_sound=kind == "aac").size_bytes,
            length_ms=length_ms,
            vid=0,
            channel=channel,
            user="0" if party is None else party.account,
            is_caller=party is not None and party.is_caller,
            shot=Shot(cast, ((at_ms, at_ms + length_ms),), party.account if party else None),
        )


# --- how they are told ----------------------------------------------------------------------------


def md5(file: File, view: View) -> str:
    """Hash a file's bytes, as whoever downloads it will get them, or what came of them."""
    assert file.shot is not None, file
    found = view.md5(clip_of(file), file.shot)
    return hashlib.md5(found.encode()).hexdigest() if file.is_corrupt else found


def url(file: File, files_url: str, ttl_s: int) -> str:
    """Return where a file is read, and until when, if its URL ends (``url_ttl_s``)."""
    plain = f"{files_url}/{BUCKET}/{quote(file.key)}"
    return links.signed(plain, file.stored_ms + ttl_s * 1000) if ttl_s else plain


def told(file: File, view: View) -> dict[str, Any]:
    """Describe a file as an eventType 6 does.

    Single files come in the order of the alphabet, mixed ones in that of real payloads: receivers
    must not rely on either.
    """
    fields: dict[str, Any] = {
        "caller": True,
        "channelid": file.channel,
        "filename": file.name,
        "md5": md5(file, view),
        "mix": file.is_mix,
        "pieceindex": str(file.piece),
        "size": str(file.size_bytes),
        "timestamp": str(file.stored_ms // 1000),
        "type": file.kind,
        "url": url(file, view.files_url, view.settings.url_ttl_s),
        "user": file.user,
        "vid": str(file.vid),
    }
    if not file.is_caller:
        del fields["caller"]
    if not view.settings.has_piece_index:
        del fields["pieceindex"]
    return {name: fields[name] for name in MIXED if name in fields} if file.is_mix else fields


MIXED: Final = (
    "vid", "filename", "pieceindex", "size", "type", "user", "mix", "url", "channelid",
    "timestamp", "md5",
)  # fmt: skip


def store(file: File, transcode_ms: int) -> Store:
    """Tell of a file to the video store."""
    width, height = (0, 0) if file.kind == "aac" else SIZE
    return Store(
        name=file.name,
        bucket=BUCKET,
        key=file.key,
        size_bytes=file.size_bytes,
        duration_ms=file.length_ms,
        width=width,
        height=height,
        transcode_ms=transcode_ms,
    )
