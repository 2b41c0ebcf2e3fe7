"""Filming: what a tenant's files show, where its spec asks for more than a slate."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from recording_emulator.core.clips import clip as clips
from recording_emulator.core.clips.clip import Clip
from recording_emulator.core.objects import Broken, Content, Filmed, Recipe
from recording_emulator.core.scenes import Shot, scene

if TYPE_CHECKING:
    from recording_emulator.core.world import World

BUILT_IN: Final = "built-in"
RENDERED: Final = "rendered"
Media = Literal["built-in", "rendered"]
Render = Callable[[Filmed], bytes | None]
"""Makes the bytes of what was filmed; None: they stay as they are built in."""


def filmed(world: World, recipe: Recipe, key: str, content: Content, now_ms: int) -> Content:
    """Add to a clip what was in front of it, as far as that is known."""
    if world.spec.media != RENDERED:
        return content
    if isinstance(content, Broken):
        whole = filmed(world, recipe, key, content.content, now_ms)
        return Broken(whole, content.size_bytes, content.is_flipped)
    if not isinstance(content, Clip):
        return content
    shot = recipe.shot(key, now_ms)
    return content if shot is None else _filmed(world, content, shot)


def md5(world: World, clip: Clip, shot: Shot) -> str:
    """Hash a file as whoever reads it will find it, which means rendering it now if it is to be."""
    if world.spec.media == RENDERED and world.render is not None:
        body = world.render(_filmed(world, clip, shot))
        if body is not None:
            return hashlib.md5(body, usedforsecurity=False).hexdigest()
    return clips.md5(clip)


def _filmed(world: World, clip: Clip, shot: Shot) -> Filmed:
    return Filmed(clip, scene(world.casts.by_name, shot, clip.size))
