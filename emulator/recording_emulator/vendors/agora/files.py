"""Names and times of what an Agora recording leaves, all from its tracks.

A *track* is one thing that is recorded: the mixed stream ("0"), or one user's audio, video or
pictures. Its *segments* are the stretches in which something was recorded, from start to end (None:
still going on). Slices, playlists, MP4 files and pictures follow from the segments by arithmetic;
nothing is kept per slice.

Source:
    Vendor sheet §5.4 (names) and §5.5 (slicing, playlist lines): DS and CN23 manage-files. The
    MP4's two hours: DS start page (its manage-files page says three).
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec.structs import replace

from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.scenes import Shot
from recording_emulator.core.segments import Segments

SLICE_MS: Final = 15_000
MOVIE_MS: Final = 2 * 3_600_000
MIXED: Final = "0"
"""The uid of the mixed stream (DS)."""
AUDIO: Final = 0
VIDEO: Final = 1
BOTH: Final = 2
PICTURES: Final = 3
TRACKS: Final = {AUDIO: "audio", VIDEO: "video", BOTH: "audio_and_video"}
"""``trackType`` on the wire; the numbers are those of ``streamTypes``, and ours for pictures."""
ENDINGS: Final = {AUDIO: "audio", VIDEO: "video", BOTH: "av", PICTURES: "video"}
"""``__uid_e_<type>`` of a user's files; that of the merged index is assumed (sheet §5.4)."""
SOUNDS: Final = ("mp3", "m4a", "aac")
"""Containers of sound alone."""
USER_KBPS: Final = {AUDIO: 48, VIDEO: 500, BOTH: 548, PICTURES: 500}
"""What one user's stream takes; nothing is transcoded, so this is the sender's (assumed)."""

USER_SIZE: Final = (640, 360)
USER_FPS: Final = 15
"""How large a user's picture is, and how often there is one: the sender's, too (assumed)."""


class Layout(msgspec.Struct, frozen=True, gc=False):
    """What the names and sizes of one recording, or of one user's track, are made of."""

    sid: str
    cname: str
    prefix: str
    stream_types: int
    kbps: int
    movies: bool
    comma: bool = False
    uid: str = MIXED
    per_user: bool = False
    merged: bool = False
    movie_ms: int = MOVIE_MS
    era: int = 0
    width: int = USER_SIZE[0]
    height: int = USER_SIZE[1]
    fps: int = USER_FPS
    cast: str = ""

    @property
    def name(self) -> str:
        """What all names begin with, without the folders.

        Source:
            That files of the nth successor of a dead recorder begin with ``bak<n-1>_``: sheet §5.4.
        """
        bak = f"bak{self.era - 1}_" if self.era else ""
        name = f"{bak}{self.sid}_{self.cname}"
        if self.uid == MIXED:
            return name
        return f"{name}__uid_s_{self.uid}__uid_e_{ENDINGS[self.stream_types]}"

    @property
    def stem(self) -> str:
        return f"{self.prefix}{self.name}"

    @property
    def playlist(self) -> str:
        return f"{self.stem}.m3u8"

    def of(self, uid: str, kind: int, era: int = 0) -> "Layout":
        """Return the layout of one track."""
        if not self.per_user:
            return replace(self, era=era) if era else self
        return replace(self, uid=uid, stream_types=kind, kbps=USER_KBPS[kind], era=era)

    def latest(self, tracks: "Tracks") -> "Layout":
        """Return the layout of what the recorder of these days records, if all is mixed."""
        return replace(self, era=tracks[-1].era) if tracks and tracks[-1].era else self

    def clip(self, container: str, length_ms: int, start_ms: int = 0) -> Clip:
        """Say what a file of this length holds; its size is Kbps × seconds / 8.

        Source:
            The size: sheet §5.5. Where a container's own bytes are more, they count.
        """
        has_video = self.stream_types != AUDIO and container not in SOUNDS
        return Clip(
            container,
            length_ms,
            has_audio=self.stream_types != VIDEO or container in SOUNDS,
            width=self.width if has_video else 0,
            height=self.height if has_video else 0,
            fps=self.fps,
            wanted_bytes=self.kbps * length_ms // 8,
            start_ms=start_ms,
        )

    def shot(self, *spans: tuple[int, int]) -> Shot:
        """Say what was filmed in these times."""
        return Shot(self.cast, spans, self.uid if self.per_user else None)


class Track(msgspec.Struct, frozen=True, gc=False):
    """One thing that is recorded, and when it was; ``era`` counts the recorders that died."""

    uid: str
    kind: int
    segments: Segments = ()
    has_file: bool = False
    era: int = 0

    @property
    def is_media(self) -> bool:
        return self.kind != PICTURES

    @property
    def start_ms(self) -> int:
        return self.segments[0][0]


Tracks = tuple[Track, ...]


def union(many: Iterable[Segments]) -> Segments:
    """Join ended segments of several tracks: the times in which any of them was recorded.

    >>> union([((0, 10), (30, 40)), ((5, 20),)])
    ((0, 20), (30, 40))
    """
    joined: list[tuple[int, int]] = []
    for start_ms, end_ms in sorted((start, end or start) for each in many for start, end in each):
        if joined and start_ms <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end_ms)
        else:
            joined.append((start_ms, end_ms))
    return tuple(joined)


def uploaded_ms(segments: Segments, now_ms: int) -> int:
    """Sum up what stands in closed slices so far, without listing them."""
    total = 0
    for start_ms, end_ms in segments:
        length = (now_ms if end_ms is None else end_ms) - start_ms
        total += length if end_ms is not None else length - length % SLICE_MS
    return total


def movies(
    segments: Segments, now_ms: int, has_ended: bool, movie_ms: int = MOVIE_MS
) -> Iterator[tuple[int, int, int]]:
    """List the MP4 files as (index, start_ms, length_ms); the last is open until the end.

    Each holds ``movie_ms`` of recorded time, whatever gaps lie in between.
    """
    index, started_ms, length_ms = 0, -1, 0
    for start_ms, end_ms in segments:
        at_ms, until_ms = start_ms, now_ms if end_ms is None else end_ms
        while at_ms < until_ms:
            started_ms = at_ms if length_ms == 0 else started_ms
            taken = min(until_ms - at_ms, movie_ms - length_ms)
            at_ms, length_ms = at_ms + taken, length_ms + taken
            if length_ms == movie_ms:
                yield index, started_ms, length_ms
                index, length_ms = index + 1, 0
    if length_ms and (has_ended or length_ms >= SLICE_MS):
        yield index, started_ms, length_ms


def listed(layout: Layout, tracks: Tracks, now_ms: int, has_ended: bool) -> list[dict[str, object]]:
    """List the files as replies and event 31 do: indexes, and with MP4 each movie.

    Source:
        Keys and order: sheet §3.1 variants 1 and 4. That the mixed index is listed from the start,
        with time 0 until there is media, a user's once the user publishes, and a movie once its
        first slice has closed, is assumed; so is that a merged index is playable.
    """
    if layout.per_user:
        return list(_per_user(layout, tracks))
    names = _mixed(layout, tracks, now_ms, has_ended)
    return [_entry(layout, name, start_ms, is_playable=True) for name, start_ms in names]


def paged(layout: Layout, tracks: Tracks, now_ms: int, has_ended: bool) -> list[dict[str, object]]:
    """List the files of a page as replies and event 71 do.

    Source:
        The key ``filename``: sheet §3.1 variant 5 (all samples and clients; tables differ). That
        nothing is listed until something is recorded is assumed.
    """
    if not tracks:
        return []
    return [
        {"filename": name, "sliceStartTime": start_ms}
        for name, start_ms in _mixed(layout, tracks, now_ms, has_ended)
    ]


def _mixed(layout: Layout, tracks: Tracks, now_ms: int, has_ended: bool) -> list[tuple[str, int]]:
    names: list[tuple[str, int]] = []
    for track in tracks or (Track(MIXED, BOTH),):
        own, segments = layout.of(track.uid, track.kind, track.era), track.segments
        names.append((own.playlist, segments[0][0] if segments else 0))
        if layout.movies:
            names += [
                (f"{own.stem}_{index}.mp4", start_ms)
                for index, start_ms, _ in movies(segments, now_ms, has_ended, layout.movie_ms)
            ]
    return names


def _per_user(layout: Layout, tracks: Tracks) -> Iterator[dict[str, object]]:
    before: dict[tuple[str, int], int] = {}
    for track in tracks:
        if not track.is_media:
            continue
        own, key = layout.of(track.uid, track.kind, track.era), (track.uid, track.era)
        yield _entry(own, own.playlist, track.start_ms, is_playable=track.kind == AUDIO)
        if layout.merged and key in before:
            own = layout.of(track.uid, BOTH, track.era)
            start_ms = min(before[key], track.start_ms)
            yield _entry(own, own.playlist, start_ms, is_playable=True)
        before[key] = track.start_ms


def _entry(own: Layout, name: str, start_ms: int, *, is_playable: bool) -> dict[str, object]:
    return {
        "fileName": name,
        "trackType": TRACKS[own.stream_types],
        "uid": own.uid,
        "mixedAllUser": own.uid == MIXED,
        "isPlayable": is_playable,
        "sliceStartTime": start_ms,
    }
