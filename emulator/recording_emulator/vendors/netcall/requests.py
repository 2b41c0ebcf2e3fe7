"""From the bodies of the video store's calls to inputs.

Source:
    Sheet §6: netcall has no REST calls of its own to start, stop, query or list recordings.
"""

from recording_emulator.core.machine import Input
from recording_emulator.families import vod


def read(operation: str, body: bytes) -> tuple[Input, tuple[str, ...]]:
    """Turn a request into its input, and what there is to remark about it."""
    return vod.read(operation, body), ()
