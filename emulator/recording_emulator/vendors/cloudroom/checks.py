"""A mixer's configuration as a whole: read, judged, completed, and changed by an update.

Source:
    Sheet §2 (fields), §5.1 (what is refused, and how), §1.2 (what an update may change). Which
    error a wrong value gets is assumed but where a JavaScript SDK's own code decides.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from recording_emulator.core.decoding import unknown_fields
from recording_emulator.vendors.cloudroom import errors, layout
from recording_emulator.vendors.cloudroom.bodies import MIXED, SINGLE, Audio, Cfg, Storage, Video
from recording_emulator.vendors.cloudroom.settings import Settings

ALL: Final = "_cr_all_"
DEFAULT_CAMERAS: Final = "_cr_allDefCam_"
EVERYBODY: Final = (ALL, DEFAULT_CAMERAS)
AUDIO_FILES: Final = (".mp3", ".wav")
VIDEO_FILES: Final = (".mp4", ".flv", ".ts", ".avi")
LIVE: Final = ("rtmp://", "rtsp://")
FPS: Final = 12
QP: Final = 19
FPS_MAX: Final = 30
QP_MAX: Final = 51
ALIBABA: Final = 1
PARAM: Final = "param"
LAYOUT: Final = "layout"
UNDEFINED: Final = "undefined"
UNREADABLE: Final = "unreadable"
BANDS: Final = (
    (80 * 48, 48_000, 96_000), (112 * 64, 53_000, 106_000), (160 * 96, 75_000, 150_000),
    (224 * 128, 100_000, 200_000), (288 * 160, 123_000, 246_000), (352 * 192, 160_000, 320_000),
    (448 * 256, 230_000, 440_000), (512 * 288, 260_000, 520_000), (576 * 320, 300_000, 600_000),
    (640 * 360, 350_000, 700_000), (704 * 400, 420_000, 840_000), (848 * 480, 500_000, 1_000_000),
    (1024 * 576, 650_000, 1_300_000), (1280 * 720, 1_000_000, 2_000_000),
    (1920 * 1080, 2_000_000, 4_000_000), (2560 * 1440, 3_000_000, 4_500_000),
    (3840 * 2160, 5_000_000, 8_000_000),
)  # fmt: skip
"""Area, default and largest bit rate (C++ constants)."""


class Wrong(msgspec.Struct, frozen=True):
    """What is wrong with a configuration before anybody looks at the room: a kind, and why."""

    kind: str
    why: str


def bit_rates(width: int, height: int) -> tuple[int, int]:
    """Return the default and the largest bit rate of a canvas; the nearest area counts (assumed).

    >>> bit_rates(640, 360), bit_rates(856, 480)
    ((350000, 700000), (500000, 1000000))
    """
    area = width * height
    _, usual, largest = min(BANDS, key=lambda each: abs(each[0] - area))
    return usual, largest


def read(raw: Any, profile: str) -> Cfg | Wrong:
    """Read what a client passed as ``cfg``: a JSON text on native, an object in JavaScript."""
    if raw is None:
        return Wrong(UNDEFINED, "cfg is not there")
    if isinstance(raw, str):
        if profile != "native":
            return Wrong(UNREADABLE, "cfg is a text; this SDK takes an object")
        try:
            raw = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Wrong(UNREADABLE, f"cfg is not JSON: {error}")
    if not isinstance(raw, dict):
        return Wrong(UNREADABLE, "cfg is no object")
    try:
        return msgspec.convert(raw, Cfg)
    except msgspec.ValidationError as error:
        return Wrong(PARAM, f"cfg: {error}")


def completed(cfg: Cfg, profile: str) -> Cfg:
    """Fill in what a client left out, as its SDK or the server does."""
    js = profile != "native"
    audio, video = cfg.audioFileCfg, cfg.videoFileCfg
    if profile == "mini" and cfg.mode == SINGLE and video and video.subscribeVideos is UNSET:
        video = replace(video, subscribeVideos=video.subscribeAudios, subscribeAudios=UNSET)
    if cfg.mode == SINGLE:
        return replace(
            cfg,
            audioFileCfg=audio and _single(audio, ".mp3" if js else UNSET),
            videoFileCfg=video
            and replace(
                _single(video, ".mp4" if js else UNSET), aStreamType=video.aStreamType or 0
            ),
        )
    if audio:
        audio = replace(audio, aChannelType=audio.aChannelType or 0)
    if video and video.vWidth and video.vHeight:
        usual, _ = bit_rates(video.vWidth, video.vHeight)
        video = replace(
            video,
            aChannelType=video.aChannelType or 0,
            vFps=FPS if video.vFps is UNSET else video.vFps,
            vBps=usual if video.vBps is UNSET else video.vBps,
            vQP=QP if video.vQP is UNSET else video.vQP,
            mixedLayout=1 if js and video.mixedLayout is UNSET else video.mixedLayout,
        )
    return replace(cfg, audioFileCfg=audio, videoFileCfg=video)


def _single(each: Any, suffix: str | UnsetType) -> Any:
    given = each.svrFileNameSuffix
    return replace(
        each, svrPath=each.svrPath or "", svrFileNameSuffix=suffix if given is UNSET else given
    )


def wrong(cfg: Cfg) -> Wrong | None:
    """Judge a complete configuration by itself."""
    if cfg.mode not in (MIXED, SINGLE):
        return Wrong(PARAM, f"mode is 0 or 1, not {cfg.mode}")
    items = cfg.video.layoutConfig
    if cfg.mode == MIXED and cfg.videoFileCfg:
        if items is UNSET:
            return Wrong(LAYOUT, "videoFileCfg.layoutConfig is not there")
        if layout.lacks_camid(items):
            return Wrong(LAYOUT, "a camera of the layout has no param.camid")
    why = "" if cfg.audioFileCfg or cfg.videoFileCfg else "neither audioFileCfg nor videoFileCfg"
    if not why and cfg.audioFileCfg:
        why = _audio_problem(cfg.mode, cfg.audioFileCfg)
    if not why and cfg.videoFileCfg:
        why = _video_problem(cfg.mode, cfg.videoFileCfg)
    if not why and cfg.storageConfig:
        why = _storage_problem(cfg.storageConfig)
    return Wrong(PARAM, why) if why else None


def _audio_problem(mode: int, audio: Audio) -> str:
    if mode == SINGLE:
        if audio.subscribeAudios is UNSET:
            return "audioFileCfg.subscribeAudios is not there"
        return _single_problem("audioFileCfg", audio, AUDIO_FILES)
    if not audio.svrPathName:
        return "audioFileCfg.svrPathName is not there"
    return _path_problem(audio.svrPathName, AUDIO_FILES) or _channel_problem(audio)


def _single_problem(where: str, each: Audio, suffixes: tuple[str, ...]) -> str:
    suffix = each.svrFileNameSuffix or ""
    if each.svrPathName:
        return _path_problem(each.svrPathName, suffixes)
    if suffix.lower() not in suffixes:
        return f"{where}.svrFileNameSuffix is one of {', '.join(suffixes)}"
    return "svrPath has a .." if ".." in (each.svrPath or "").split("/") else ""


def _video_problem(mode: int, video: Video) -> str:
    if mode == SINGLE:
        if video.subscribeVideos is UNSET:
            return "videoFileCfg.subscribeVideos is not there"
        if video.aStreamType not in (0, 1):
            return "videoFileCfg.aStreamType is 0 or 1"
        return _single_problem("videoFileCfg", video, VIDEO_FILES[:1])
    paths = targets(video.svrPathName or "")
    if not paths:
        return "videoFileCfg.svrPathName is not there"
    for each in paths:
        if found := _path_problem(each, VIDEO_FILES) if not is_live(each) else "":
            return found
    if (video.vWidth or 0) <= 0 or (video.vHeight or 0) <= 0:
        return "videoFileCfg.vWidth and vHeight are not there"
    return layout.problem(video.layoutConfig or ()) or _channel_problem(video)


def _channel_problem(each: Audio) -> str:
    if each.aChannelType not in (UNSET, 0, 1):
        return "aChannelType is 0 or 1"
    if each.aChannelType == 1 and len(each.aChannelContent or ()) != 2:
        return "aChannelType 1 needs two users in aChannelContent: left and right"
    return ""


def targets(paths: str) -> list[str]:
    """Split what a mixed picture goes to; a semicolon at the end is no target.

    >>> targets("/a.mp4;rtmp://x/y;")
    ['/a.mp4', 'rtmp://x/y']
    """
    return [each.strip() for each in paths.split(";") if each.strip()]


def is_live(target: str) -> bool:
    return target.lower().startswith(LIVE)


def _path_problem(path: str, suffixes: tuple[str, ...]) -> str:
    parts = path.split("/")
    if ".." in parts or not parts[-1] or any(ord(each) < 32 for each in path):
        return f"{path[:80]!r} is no path of a file"
    dot = path.rfind(".")
    if path[dot:].lower() not in suffixes or parts[-1].startswith("."):
        return f"{path[:80]!r} ends with one of {', '.join(suffixes)}"
    return ""


def _storage_problem(storage: Storage) -> str:
    missing = [name for name in storage.__struct_fields__ if getattr(storage, name) in (UNSET, "")]
    if missing:
        return f"storageConfig.{missing[0]} is not there"
    return "" if storage.vendor == ALIBABA else "storageConfig.vendor is 1: Alibaba Cloud"


def restricted(cfg: Cfg, settings: Settings) -> tuple[int, str] | None:
    """Judge what the service judges after the start: a code, and why."""
    video = cfg.videoFileCfg
    if cfg.mode != MIXED or not video:
        return None
    width, height = video.vWidth or 0, video.vHeight or 0
    if width * height > settings.max_pixels:
        return errors.TOO_BIG, f"{width}x{height} is over {settings.max_pixels} pixels"
    _, most = bit_rates(width, height)
    if not 0 <= (video.vFps or 0) <= FPS_MAX or not 0 <= (video.vQP or 0) <= QP_MAX:
        return errors.RESTRICTED, f"vFps is 0 to {FPS_MAX}, vQP 0 to {QP_MAX}"
    if not 0 < (video.vBps or 0) <= most:
        return errors.RESTRICTED, f"vBps of {width}x{height} is at most {most}"
    return layout_limits(cfg, settings)


def layout_limits(cfg: Cfg, settings: Settings) -> tuple[int, str] | None:
    """Judge a layout by what a tenant asks of it."""
    video = cfg.video
    items = video.layoutConfig or ()
    cells = sum(each.type == layout.CAMERA for each in items)
    if settings.max_cells and cells > settings.max_cells:
        return errors.RESTRICTED, f"{cells} cameras, over max_cells"
    width, height = video.vWidth or 0, video.vHeight or 0
    if settings.layout_strict and any(
        each.type != layout.TEXT and layout.is_outside(each, width, height) for each in items
    ):
        return errors.RESTRICTED, "an item is outside of the canvas: setting layout_strict"
    return None


def users(cfg: Cfg, profile: str) -> list[str]:
    """Name everybody that a configuration names."""
    audio, video = cfg.audio, cfg.video
    found = [*(audio.aChannelContent or ()), *(video.aChannelContent or ())]
    if cfg.mode == MIXED:
        return [*found, *layout.users(video.layoutConfig or (), profile)]
    cameras = [each for each in video.subscribeVideos or () if each not in EVERYBODY]
    return [
        *(each for each in audio.subscribeAudios or () if each not in EVERYBODY),
        *(layout.camera(each, profile)[0] for each in cameras),
    ]


def remarks(raw: Any, cfg: Cfg, profile: str) -> Iterator[str]:
    """Tell what of a configuration has no effect, or not the one that one expects."""
    for each in unknown_fields(raw, Cfg) if isinstance(raw, dict) else ():
        yield f"unknown_param: {each}"
    video = cfg.videoFileCfg
    if not video:
        return
    if cfg.mode == SINGLE and video.subscribeAudios is not UNSET and profile != "mini":
        yield "wrong_key: videoFileCfg.subscribeAudios; cameras are in subscribeVideos"
    if cfg.mode == MIXED:
        width, height = video.vWidth or 0, video.vHeight or 0
        if width % 8 or height % 8:
            yield f"canvas_not_multiple_of_8: {width}x{height}"
        yield from layout.remarks(video.layoutConfig or (), width, height)
    yield from (f"path_without_slash: {path}" for path in paths(cfg) if not path.startswith("/"))


def paths(cfg: Cfg) -> list[str]:
    """Name the server files of a mixed configuration, as they were given."""
    if cfg.mode != MIXED:
        return []
    found = [cfg.audio.svrPathName or "", *targets(cfg.video.svrPathName or "")]
    return [each for each in found if each and not is_live(each)]
