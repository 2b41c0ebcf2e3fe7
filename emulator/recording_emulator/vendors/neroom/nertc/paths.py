"""Where NERTC's calls are: each path with its methods, for the routes and for the catalogue.

Source:
    Sheet §3; the paths of rooms and members: golang server SDK.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from recording_emulator.core.surface import Basis, Operation

FILES: Final = "/nimserver/history/queryMediaFileByChannelId.action"
TASKS: Final = ("submit", "update", "updateSubs", "tasks", "stop")
_DOC: Final = "NERTC API 列表"
_CALLS: Final = (
    ("createRoom", "POST", "/v2/api/room"),
    ("getRoom", "GET", "/v2/api/rooms/{cid}"),
    ("getRoom", "GET", "/v3/api/rooms"),
    ("deleteRoom", "DELETE", "/v2/api/rooms/{cid}"),
    ("deleteRoom", "DELETE", "/v3/api/rooms"),
    ("members", "GET", "/v2/api/rooms/{cid}/members"),
    ("members", "GET", "/v3/api/rooms/members"),
    *(
        (name, "POST", f"/{version}/api/cloudrecord/{name}")
        for version in ("v2", "v3")
        for name in TASKS
    ),
    ("record", "POST", "/v2/api/record/{cid}"),
    ("record", "POST", "/v3/api/record"),
    ("mediaFiles", "POST", FILES),
)


def operation(name: str, path: str) -> str:
    """Name a call so that the two forms of it can be told apart.

    >>> operation("submit", "/v3/api/cloudrecord/submit"), operation("mediaFiles", FILES)
    ('nertc.v3.submit', 'nertc.mediaFiles')
    """
    return "nertc.mediaFiles" if path == FILES else f"nertc.{path[1:3]}.{name}"


OPERATIONS: Final = tuple(
    Operation(operation(name, path), method, path, _DOC, Basis.DOCUMENTED)
    for name, method, path in _CALLS
)


def _paths() -> Iterator[tuple[str, dict[str, str]]]:
    found: dict[str, dict[str, str]] = {}
    for name, method, path in _CALLS:
        found.setdefault(path.replace(".", r"\.").replace("{cid}", "(?P<cid>[^/]*)"), {})[
            method
        ] = name
    yield from found.items()


PATHS: Final[Mapping[str, Mapping[str, str]]] = dict(_paths())
"""By the pattern of a path, which call each method means."""
