"""Pixels and tones: what is to be seen and heard in a rendered file."""

from __future__ import annotations

import array
import io
import math
from collections.abc import Iterator
from typing import Any

import av

RATE_HZ = 48_000


def frames(body: bytes, kind: str) -> Iterator[Any]:
    with av.open(io.BytesIO(body), "r") as file:
        yield from file.decode(**{kind: 0})


def colour_at(frame: Any, left: int, top: int) -> tuple[int, ...]:
    return tuple(frame.to_image().getpixel((left, top)))


def loudness(samples: array.array[int], hz: int) -> float:
    """Say how much of a tone is in samples (Goertzel), 0 where there is none."""
    turn = 2 * math.pi * hz / RATE_HZ
    real = sum(value * math.cos(turn * n) for n, value in enumerate(samples))
    imaginary = sum(value * math.sin(turn * n) for n, value in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / len(samples)


def heard(body: bytes) -> array.array[int]:
    """Decode all sound of a file, as samples at 48 kHz."""
    found = array.array("h")
    even = av.AudioResampler("s16", "mono", RATE_HZ)
    for frame in frames(body, "audio"):
        for each in even.resample(frame):
            found.frombytes(bytes(each.planes[0])[: 2 * each.samples])
    return found
