"""The URLs of a video in NetEase's store: nine formats, and downloads that are signed.

Source:
    Sheet neroom §2.6: the keys are those of NetEase's VOD server SDKs. That a format's URL is the
    file's own with ``format`` in its query is assumed.
"""

from collections.abc import Mapping
from typing import Any, Final

from recording_emulator.core import links

URL_LIFE_S: Final = 3_600
"""How long a signed URL holds, on the tenant's clock (assumed); then it is answered with 403."""
FORMATS: Final = tuple(
    f"{quality}{kind}" for quality in ("sd", "hd", "shd") for kind in ("Mp4", "Flv", "Hls")
)
"""Nine combinations of quality and container, each with a URL, a download URL and a size."""


def signed(url: str, now_ms: int) -> str:
    """Add to a URL until when it holds, and a signature; how long is assumed."""
    return links.signed(url, now_ms + URL_LIFE_S * 1000)


def told(made: Mapping[str, int], play: str, download: str) -> dict[str, Any]:
    """Tell every format; one that was not made is null.

    Args:
        made: The sizes of those that were.
        play: The URL the file plays from.
        download: The URL it is downloaded from, which has a query already.
    """
    found: dict[str, Any] = {}
    for each in FORMATS:
        size = made.get(each)
        key = each[0].upper() + each[1:]
        found[f"{each}Url"] = None if size is None else f"{play}?format={each}"
        found[f"download{key}Url"] = None if size is None else f"{download}&format={each}"
        found[f"{each}Size"] = size
    return found
