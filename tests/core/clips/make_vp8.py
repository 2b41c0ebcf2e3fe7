"""Makes the two frames of ``core/clips/vp8.py`` again: ``python tests/core/clips/make_vp8.py``."""

import base64
import zlib
from fractions import Fraction

import av

from recording_emulator.core.clips.h264 import COLOUR
from recording_emulator.core.clips.vp8 import SIZE

STEADY = 11
"""By then the encoder only repeats what there is."""
OPTIONS = {
    "deadline": "best", "g": "1000", "auto-alt-ref": "0", "lag-in-frames": "0",
    "error-resilient": "1", "qmin": "50", "qmax": "60", "b": "20k",
}  # fmt: skip


def frames() -> list[bytes]:
    """Encode pictures of one colour, until they are steady."""
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height = SIZE
    codec.pix_fmt, codec.options = "yuv420p", OPTIONS
    codec.framerate = Fraction(15)
    picture = av.VideoFrame(*SIZE, "yuv420p")
    for plane, value in zip(picture.planes, COLOUR, strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    found = []
    for nth in range(STEADY + 1):
        picture.pts = nth
        found += [bytes(each) for each in codec.encode(picture)]
    return found


if __name__ == "__main__":
    made = frames()
    for frame in (made[0], made[STEADY]):
        print(base64.b85encode(zlib.compress(frame, 9)))  # noqa: T201
