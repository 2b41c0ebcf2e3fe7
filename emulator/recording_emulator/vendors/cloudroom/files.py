"""Recorded files: what they are called, how fast they grow, and what the store keeps of them.

Source:
    Sheet §8. Sizes, and how a start time is written in a name, are assumed.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from recording_emulator.core.clips.clip import FORMATS, Clip
from recording_emulator.core.clock import utc_stamp
from recording_emulator.core.objects import File, Recipe, Text
from recording_emulator.vendors.cloudroom import cells
from recording_emulator.vendors.cloudroom.bodies import Audio, Cfg
from recording_emulator.vendors.cloudroom.checks import is_live, targets
from recording_emulator.vendors.cloudroom.inputs import Plan

NETDISK: Final = "netdisk"
SOUND_BPS: Final = 64_000
MP3_BPS: Final = 128_000
WAV_BPS: Final = 1_411_200
CAMERA_BPS: Final = 350_000
"""A single camera's bit rate: that of 640x360."""
FPS: Final = 12
"""How often there is a picture where nobody says: sheet §2.2."""


MP4: Final = FORMATS["mp4"].content_type
KEPT_BYTES: Final = 16 << 20
"""So much of what is uploaded over HTTP is kept as it came (ours); the rest is stood in for."""


def clip(plan: Plan, length_ms: int) -> Clip:
    """Say what is in a file; its size is its bit rate for so long, or what its container needs."""
    container = suffix(plan.path).removeprefix(".")
    width, height = (0, 0) if container in ("mp3", "wav") else plan.size
    wanted = plan.bits_per_s * length_ms // 8000
    return Clip(container, length_ms, True, width, height, plan.fps, wanted)


def uploaded(size_bytes: int) -> Clip:
    """Stand in for an MP4 that somebody uploaded, whose bytes are not kept."""
    return Clip("mp4", 1_000, wanted_bytes=size_bytes)


class Uploaded(msgspec.Struct, Recipe, frozen=True, gc=False, tag="cloudroom.Uploaded"):
    """A file that somebody uploaded, as it came."""

    body: bytes
    stored_ms: int

    def files(self, bucket: str, key: str, now_ms: int) -> Iterator[File]:
        if self.stored_ms <= now_ms:
            yield File(bucket, key, len(self.body), MP4, self.stored_ms)

    def content(self, _key: str, now_ms: int, /) -> Text | None:
        return Text(self.body) if self.stored_ms <= now_ms else None


class Deleted(msgspec.Struct, Recipe, frozen=True, gc=False, tag="cloudroom.Deleted"):
    """What is left of a file that was deleted: nothing."""

    def files(self, _bucket: str, _key: str, _now_ms: int, /) -> Iterator[File]:
        return iter(())

    def content(self, _key: str, _now_ms: int, /) -> None:
        return None


def suffix(path: str) -> str:
    """Return how a path ends, in lower case.

    >>> suffix("/a.b/C.MP4"), suffix("/a.b/c")
    ('.mp4', '')
    """
    name = path.rpartition("/")[2]
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def rooted(path: str) -> str:
    """Write a server path with the slash in front that some demos leave out.

    >>> rooted("a/b.mp4"), rooted("//2018/x.mp4")
    ('/a/b.mp4', '/2018/x.mp4')
    """
    return "/" + path.lstrip("/")


def key(path: str) -> str:
    """Return under which key the store keeps a path."""
    return path.lstrip("/")


def split(path: str) -> tuple[str, str]:
    """Split a path into its directory, which ends with a slash, and its name.

    >>> split("/2031-05-06/a.mp4"), split("/a.mp4")
    (('/2031-05-06/', 'a.mp4'), ('/', 'a.mp4'))
    """
    folder, _, name = path.rpartition("/")
    return f"{folder}/", name


def beside(path: str, taken: Iterable[str]) -> str:
    """Return a path that is not taken: itself, or with a number.

    >>> beside("/a.mp4", {"/a.mp4", "/a(1).mp4"})
    '/a(2).mp4'
    """
    known = set(taken)
    if path not in known:
        return path
    end = suffix(path)
    stem = path[: len(path) - len(end)]
    nth = 1
    while f"{stem}({nth}){path[len(stem) :]}" in known:
        nth += 1
    return f"{stem}({nth}){path[len(stem) :]}"


def local_time(now_ms: int, tz_minutes: int) -> str:
    """Write an instant as the net disk does.

    >>> local_time(1_893_456_000_000, 480)
    '2030-01-01 08:00:00'
    """
    stamp = utc_stamp(now_ms + tz_minutes * 60_000)
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]} {stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}"


def named_time(now_ms: int, tz_minutes: int) -> str:
    """Write an instant as it stands in a name.

    >>> named_time(1_893_456_000_000, 480)
    '2030-01-01_08-00-00'
    """
    return local_time(now_ms, tz_minutes).replace(" ", "_").replace(":", "-")


def bucket_of(cfg: Cfg) -> str:
    """Return where a mixer's files are stored: the net disk, or the app's own bucket."""
    return cfg.storageConfig.bucket or NETDISK if cfg.storageConfig else NETDISK


def sound_bps(path: str) -> int:
    return WAV_BPS if suffix(path) == ".wav" else MP3_BPS


def mixed(cfg: Cfg, mixer: str, room: str, profile: str) -> list[Plan]:
    """List the outputs of a mixed configuration: the sound, then each target of the picture."""
    bucket, found = bucket_of(cfg), []
    if cfg.audioFileCfg:
        path = rooted(cfg.audioFileCfg.svrPathName or "")
        shown = cells.sound(cfg.audioFileCfg)
        found.append(Plan(mixer, room, path, False, sound_bps(path), bucket, shown=shown))
    if cfg.videoFileCfg:
        bps = (cfg.videoFileCfg.vBps or 0) + SOUND_BPS
        size = cfg.videoFileCfg.vWidth or 0, cfg.videoFileCfg.vHeight or 0
        fps = cfg.videoFileCfg.vFps or FPS
        shown = cells.picture(cfg.videoFileCfg, profile)
        for each in targets(cfg.videoFileCfg.svrPathName or ""):
            path = each if is_live(each) else rooted(each)
            live = is_live(each)
            found.append(
                Plan(mixer, room, path, live, bps, bucket, size=size, fps=fps, shown=shown)
            )
    return found


def single_path(each: Audio, user: str, nickname: str, camera: str, room: str, at: str) -> str:
    """Name the file of one stream; ``camera`` is empty for a microphone.

    >>> from recording_emulator.vendors.cloudroom.bodies import Audio
    >>> single_path(Audio("/case", ".wav"), "alice", "Alice", "", "73542046", "T")
    '/case/Alice_73542046_T.wav'
    >>> single_path(Audio(svrPathName="/$UID$_$CAMID$_$TIME$.mp4"), "alice", "", "1", "7", "T")
    '/alice_1_T.mp4'
    """
    if each.svrPathName:
        path = each.svrPathName.replace("$UID$", user).replace("$CAMID$", camera)
        return rooted(path.replace("$TIME$", at))
    cam = f"_cam{camera}" if camera else ""
    name = f"{nickname}{cam}_{room}_{at}".replace("/", "_")
    return rooted(f"{each.svrPath or ''}/{name}{each.svrFileNameSuffix or ''}")
