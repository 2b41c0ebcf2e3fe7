"""What a ZEGO task turns into files: which there are, when they begin and end, how they are called.

A *file* is one recording of one stream, of the mix, or of the whiteboards. Its segments are the
stretches that are in it; everything else about it follows.

Source:
    Sheet §5.5 (what becomes a file; DOC), §5.6 (names; DOC). Where these are silent it says so.
"""

from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.clock import utc_stamp
from recording_emulator.core.scenes import Shot
from recording_emulator.core.segments import Segments, recorded_ms, slices
from recording_emulator.core.uploads import Place
from recording_emulator.vendors.zego.panes import Canvas

AUDIO: Final = 1
VIDEO: Final = 2
BOTH: Final = 3
"""``media_track_type`` (DOC)."""
TYPES: Final = {AUDIO: "A", VIDEO: "V", BOTH: "VA"}
WHITEBOARD: Final = "whiteboard"
"""The file name's part is documented; that it is user and stream too is assumed (sheet §5.6)."""
MIX: Final = ""
"""The stream of the mix, whose name on the wire is ``MixOutputStreamId``."""
SOUNDS: Final = ("aac", "mp3", "ogg")
"""Formats without a picture: of audio and video they keep the audio (assumed)."""
MAX_NAME_BYTES: Final = 255
"""A longer name ends the task with quit_reason 1002 (DOC); the limit is assumed."""
RECORDING, UPLOADING, STORED, BACKED_UP, LOST = 1, 2, 3, 4, 5
"""``Status`` of a file (DOC)."""
BACKUP: Final = "zego-backup"
"""Our name for the vendor's backup storage."""
BACKUP_MS: Final = 3 * 86_400_000
"""The backup storage keeps a file for three days (DOC)."""
STREAM_KBPS: Final = {AUDIO: 48, VIDEO: 700, BOTH: 748}
STREAM_SIZE: Final = (640, 360)
STREAM_FPS: Final = 15
"""What a publisher sends; nothing is transcoded, so this is the sender's (assumed).

A whiteboard has as many pictures a second: ``PPTAnimationFps`` is for a paid feature (DOC).
"""
PICTURE_BYTES: Final = 65_536
"""The size of a snapshot; nothing is documented, assumed."""
BOARD_KBPS: Final = 300
"""What a whiteboard's file takes (assumed)."""
KINDS: Final = {1: (AUDIO,), 2: (VIDEO,), 3: (BOTH,), 4: (VIDEO, AUDIO)}
"""The files of one stream by ``StreamType`` (DOC)."""


class Plan(msgspec.Struct, frozen=True, gc=False, tag="zego.Plan"):
    """What recorder and uploader know of their task; ``cast`` is whose cast its files show.

    ``takes`` is the ``StreamType`` of single streams, "" that of all others.
    """

    app: str
    task: str
    room: str
    begin_ms: int
    is_mixed: bool
    stream_type: int
    container: str
    max_idle_ms: int
    url: str = ""
    files_at: str = ""
    bucket: str = ""
    folder: str = ""
    vendor: int = 1
    wanted: tuple[str, ...] = ()
    fills: bool = False
    resumes: bool = False
    skips_silence: bool = False
    split_ms: int | None = None
    has_board: bool = False
    board: str = ""
    board_size: tuple[int, int] = (1280, 720)
    every_ms: int = 10_000
    fragment_ms: int = 15_000
    is_realtime: bool = False
    has_short_paths: bool = False
    mix_id: str = ""
    canvas: Canvas = Canvas()
    hides_dark: bool = False
    takes: dict[str, int] = {}
    mix_fps: int = STREAM_FPS
    video_kbps: int = 0
    audio_kbps: int = 48
    is_always_mixed: bool = False
    has_waves: bool = False
    waves_by_user: bool = False
    place: Place | None = None
    cast: str = ""

    @property
    def takes_pictures(self) -> bool:
        return self.container == "jpg"

    @property
    def kinds(self) -> tuple[int, ...]:
        """The files of one stream, or of the mix."""
        if self.container in SOUNDS:
            return () if self.stream_type == 2 else (AUDIO,)
        return (VIDEO,) if self.takes_pictures else KINDS[self.stream_type]


class Feed(msgspec.Struct, frozen=True, gc=False):
    """A stream that is recorded, and what is in it."""

    stream: str
    user: str
    audio: bool
    video: bool

    def has(self, kind: int) -> bool:
        return {AUDIO: self.audio, VIDEO: self.video}.get(kind, True)


class Feeds(msgspec.Struct, frozen=True, gc=False):
    """All there is to record at an instant."""

    streams: tuple[Feed, ...] = ()
    board: bool = False
    is_paused: bool = False


class File(msgspec.Struct, frozen=True, gc=False):
    """One file: whose, what, when; where it went after the end. ``is_open`` ones may grow."""

    stream: str
    user: str
    kind: int
    segments: Segments
    is_open: bool = True
    done_ms: int = 0
    status: int = RECORDING

    @property
    def begin_ms(self) -> int:
        return self.segments[0][0]

    @property
    def is_running(self) -> bool:
        return bool(self.segments) and self.segments[-1][1] is None

    @property
    def what(self) -> tuple[str, int]:
        return self.stream, self.kind

    def run(self, is_running: bool, now_ms: int) -> "File":
        """Go on with the file, or let it rest."""
        if is_running == self.is_running:
            return self
        if is_running:
            return replace(self, segments=(*self.segments, (now_ms, None)))
        *earlier, (start_ms, _) = self.segments
        last = () if start_ms == now_ms else ((start_ms, now_ms),)
        return replace(self, segments=(*earlier, *last))

    def end(self, now_ms: int) -> "File":
        return replace(self.run(False, now_ms), is_open=False)


def followed(
    plan: Plan, files: tuple[File, ...], feeds: Feeds, now_ms: int, *, is_broken: bool = False
) -> tuple[File, ...]:
    """Return the files as they are from now on; what holds nothing at its end is dropped."""
    wanted = {} if is_broken else _wanted(plan, files, feeds)
    after: list[File] = []
    for each in files:
        if not each.is_open:
            after.append(each)
            continue
        is_running = wanted.pop(each.what, None)
        if is_running is not None:
            after.append(each.run(is_running[1], now_ms))
        elif not is_broken and _outlives(plan, each):
            after.append(each if plan.fills else each.run(False, now_ms))
        else:
            after.append(each.end(now_ms))
    for (stream, kind), (user, is_running_now) in wanted.items():
        if is_running_now:
            after.append(File(stream, user, kind, ((now_ms, None),)))
    return tuple(each for each in after if each.segments)


def _outlives(plan: Plan, file: File) -> bool:
    """Whether a file goes on when its stream has gone.

    Source:
        Sheet §5.5: filled with silence, so not where there is only a picture; or resumed (DOC).
    """
    return plan.resumes or (plan.fills and file.kind != VIDEO)


def _wanted(
    plan: Plan, files: tuple[File, ...], feeds: Feeds
) -> dict[tuple[str, int], tuple[str, bool]]:
    """Say which files there should be, whose they are, and whether they go on."""
    begun = {each.what for each in files if each.is_open}
    found: dict[tuple[str, int], tuple[str, bool]] = {}
    if plan.is_mixed:
        for kind in plan.kinds:
            if (MIX, kind) in begun or _is_mixed_now(plan, feeds, kind):
                found[MIX, kind] = plan.mix_id, not feeds.is_paused
        return found
    for feed in feeds.streams:
        for kind in plan.kinds:
            what = feed.stream, kind
            is_silent = plan.skips_silence and not feed.audio
            is_dark = plan.takes_pictures and not feed.video
            if what in begun or feed.has(kind):
                found[what] = feed.user, not (is_silent or is_dark)
    if feeds.board and not plan.takes_pictures:
        found[WHITEBOARD, VIDEO] = WHITEBOARD, True
    elif (WHITEBOARD, VIDEO) in begun:
        found[WHITEBOARD, VIDEO] = WHITEBOARD, False
    return found


def _is_mixed_now(plan: Plan, feeds: Feeds, kind: int) -> bool:
    """Whether the mix begins: with the first stream, or as soon as the task does (DOC)."""
    if feeds.is_paused:
        return False
    has_board = feeds.board and kind != AUDIO
    return plan.is_always_mixed or has_board or any(each.has(kind) for each in feeds.streams)


def container_of(plan: Plan, file: File) -> str:
    """Return a file's format: audio apart from its picture is aac (DOC)."""
    if file.stream == WHITEBOARD:
        return "mp4" if plan.container in SOUNDS else plan.container
    if file.kind == AUDIO and plan.stream_type == 4 and plan.container in ("mp4", "flv"):
        return "aac"
    return plan.container


def stem(plan: Plan, file: File, at_ms: int | None = None) -> str:
    """Write what a file's name begins with (``OutputFileRule`` 1, DOC)."""
    who = plan.mix_id if plan.is_mixed else f"{file.user}_{file.stream}"
    who = WHITEBOARD if file.stream == WHITEBOARD else who
    stamp = utc_stamp(file.begin_ms if at_ms is None else at_ms)
    return f"{plan.task}_{plan.room}_{who}_{TYPES[file.kind]}_{stamp}"


def name(plan: Plan, file: File) -> str:
    """Write a file's name; that a playlist ends in m3u8 is assumed."""
    ending = container_of(plan, file)
    return f"{stem(plan, file)}.{'m3u8' if ending == 'hls' else ending}"


def kbps(plan: Plan, file: File) -> int:
    """Say how much a file takes a second."""
    if file.stream == WHITEBOARD:
        return BOARD_KBPS
    if not plan.is_mixed:
        return STREAM_KBPS[file.kind]
    audio = plan.audio_kbps if file.kind != VIDEO else 0
    return audio + (plan.video_kbps if file.kind != AUDIO else 0)


def pixels(plan: Plan, file: File) -> tuple[int, int]:
    """Say how large a file's picture is; that of a sound is nothing (assumed)."""
    if file.kind == AUDIO:
        return 0, 0
    if file.stream == WHITEBOARD:
        return plan.board_size
    return plan.canvas.size if plan.is_mixed else STREAM_SIZE


class Stream(msgspec.Struct, frozen=True, gc=False):
    """What is in a file, whatever its length: from this its clips follow.

    ``user`` None: all that ``cast`` places.
    """

    kbps: int
    has_audio: bool
    size: tuple[int, int]
    fps: int
    cast: str = ""
    user: str | None = None

    def clip(self, container: str, length_ms: int, start_ms: int = 0) -> Clip:
        """Say what a file of this length holds; its size is Kbps × seconds / 8 (assumed)."""
        width, height = self.size
        wanted = self.kbps * length_ms // 8
        return Clip(container, length_ms, self.has_audio, width, height, self.fps, wanted, start_ms)

    def shot(self, *spans: tuple[int, int]) -> Shot:
        """Say what was filmed in these times."""
        return Shot(self.cast, spans, self.user)


def stream(plan: Plan, file: File) -> Stream:
    is_board = file.stream == WHITEBOARD
    fps = plan.mix_fps if plan.is_mixed else STREAM_FPS
    user = None if is_board or plan.is_mixed else file.stream
    has_audio = file.kind != VIDEO
    return Stream(kbps(plan, file), has_audio, pixels(plan, file), fps, plan.cast, user)


def size_bytes(plan: Plan, file: File, now_ms: int) -> int:
    """Say how large a file is so far; a playlist's is that of its fragments (assumed)."""
    own, container = stream(plan, file), container_of(plan, file)
    if container == "hls":
        cut = slices(file.segments, plan.fragment_ms, now_ms)
        begin_ms = file.begin_ms
        return sum(own.clip("ts", length, at - begin_ms).size_bytes for at, length, _ in cut)
    length_ms = recorded_ms(file.segments, now_ms)
    return clip(plan, file, length_ms).size_bytes if length_ms else 0


def clip(plan: Plan, file: File, length_ms: int) -> Clip:
    """Say what is in a file that is no playlist."""
    return stream(plan, file).clip(container_of(plan, file), length_ms)


def snapshot(plan: Plan, file: File) -> Clip:
    """Say what is in a picture of a stream, or of the mix."""
    width, height = pixels(plan, file)
    return Clip("jpg", 0, False, width, height, wanted_bytes=PICTURE_BYTES)
