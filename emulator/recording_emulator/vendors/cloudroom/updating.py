"""What an update of a mixer changes: its content and its layout, never its files or its size.

Source:
    Sheet §1.2: the JavaScript SDKs copy these members and no other; that the server does no more
    for native clients is assumed.
"""

from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET
from msgspec.structs import replace

from recording_emulator.vendors.cloudroom import layout
from recording_emulator.vendors.cloudroom.bodies import MIXED, Audio, Cfg
from recording_emulator.vendors.cloudroom.checks import EVERYBODY

AUDIO: Final = {MIXED: ("aChannelContent",), 1: ("subscribeAudios",)}
VIDEO: Final = {MIXED: ("layoutConfig", "aChannelContent"), 1: ("subscribeVideos", "pushCfg")}


def problem(before: Cfg, given: Cfg) -> str:
    """Say why an update is refused with 5, or return an empty text."""
    if given.audioFileCfg and not before.audioFileCfg:
        return "the mixer was created without audioFileCfg"
    if given.videoFileCfg and not before.videoFileCfg:
        return "the mixer was created without videoFileCfg"
    if before.mode == MIXED:
        pairs = ((before.audio, given.audio), (before.video, given.video))
        for was, now in pairs:
            if was.aChannelType == 1 and now.aChannelContent and len(now.aChannelContent) != 2:
                return "aChannelType 1 needs two users in aChannelContent: left and right"
        return layout.problem(given.video.layoutConfig or ())
    return ""


def changed(before: Cfg, given: Cfg) -> Cfg:
    """Apply an update; what it names is replaced as a whole."""
    after = before
    if given.audioFileCfg and before.audioFileCfg:
        audio = _copied(before.audioFileCfg, given.audioFileCfg, AUDIO[before.mode])
        after = replace(after, audioFileCfg=audio)
    if given.videoFileCfg and before.videoFileCfg:
        video = _copied(before.videoFileCfg, given.videoFileCfg, VIDEO[before.mode])
        after = replace(after, videoFileCfg=video)
    return after


def _copied(before: Any, given: Any, names: tuple[str, ...]) -> Any:
    found = {name: getattr(given, name) for name in names if getattr(given, name) is not UNSET}
    return replace(before, **found)


def without_tokens(given: Cfg) -> Cfg:
    """Lose what stands for everybody, as the web SDK does."""
    video = given.video
    if not video.subscribeVideos:
        return given
    left = tuple(each for each in video.subscribeVideos if each not in EVERYBODY)
    return replace(given, videoFileCfg=replace(video, subscribeVideos=left))


def without_users(given: Cfg, gone: list[str], profile: str) -> Cfg:
    """Lose those who are not there."""
    video = given.video
    if not video.subscribeVideos:
        return given
    left = tuple(
        each for each in video.subscribeVideos if layout.camera(each, profile)[0] not in gone
    )
    return replace(given, videoFileCfg=replace(video, subscribeVideos=left))


def ignored(mode: int, given: Cfg) -> Iterator[str]:
    """Name what an update holds without effect."""
    for name, part, kept in (
        ("audioFileCfg", given.audioFileCfg, AUDIO[mode]),
        ("videoFileCfg", given.videoFileCfg, VIDEO[mode]),
    ):
        assert not part or isinstance(part, Audio)
        for field in part.__struct_fields__ if part else ():
            if field not in kept and getattr(part, field) is not UNSET:
                yield f"{name}.{field}"
    if given.storageConfig:
        yield "storageConfig"


def remarks(before: Cfg, raw: Any, given: Cfg) -> Iterator[str]:
    """Tell what of an update has no effect, or not the one that one expects."""
    for each in ignored(before.mode, given):
        yield f"update_ignored_field: {each}"
    is_noop = changed(before, given) == before
    if is_noop:
        hint = "; a layout stands in videoFileCfg" if "layoutConfig" in (raw or ()) else ""
        yield f"update_noop: nothing changes{hint}"
    width, height = before.video.vWidth or 0, before.video.vHeight or 0
    if before.mode == MIXED and given.videoFileCfg:
        yield from layout.remarks(given.videoFileCfg.layoutConfig or (), width, height)
