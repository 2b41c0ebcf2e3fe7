"""Agora's paths: which operation a request is for, and the ids its path carries.

Source:
    Sheet §1.2: paths are case sensitive (DS); the service region in front is the Python client's.
"""

from typing import Final

SERVICE_REGIONS: Final = frozenset({"na", "eu", "ap", "cn"})
SID_OPERATIONS: Final = frozenset({"query", "update", "updateLayout", "stop"})


_NCS: Final = (["", "v1", "ncs", "ip"], ["", "v2", "ncs", "ip"])
LIST_ADDRESSES: Final = "ncsIp"


class Route:
    """An operation and the ids its path carries."""

    __slots__ = ("app", "mode", "operation", "resource", "sid")

    def __init__(
        self, operation: str, app: str, resource: str = "", sid: str = "", mode: str = ""
    ) -> None:
        self.operation, self.app = operation, app
        self.resource, self.sid, self.mode = resource, sid, mode


def find(method: str, path: str) -> Route | str:
    """Find the operation of a path, or return the App ID it names (or an empty text).

    >>> find("POST", "/v1/apps/a/cloud_recording/acquire").operation
    'acquire'
    >>> find("GET", "/v1/apps/a/cloud_recording/acquire")
    'a'
    """
    parts = path.split("/")
    if len(parts) > 2 and parts[1] in SERVICE_REGIONS:
        del parts[1]
    if len(parts) < 5 or parts[0] or parts[1:3] != ["v1", "apps"]:
        if parts in _NCS:
            return Route(LIST_ADDRESSES, "") if method == "GET" else "ncs"
        return ""
    app, rest = parts[3], parts[5:]
    if parts[4] == "cloud_recording" and all(rest) and app:
        found = _match(rest, app)
        if found is not None and method == ("GET" if found.operation == "query" else "POST"):
            return found
    return app


def _match(rest: list[str], app: str) -> Route | None:
    match rest:
        case ["acquire"]:
            return Route("acquire", app)
        case ["resourceid", resource, "mode", mode, "start"]:
            return Route("start", app, resource, "", mode)
        case ["resourceid", resource, "sid", sid, "mode", mode, operation] if (
            operation in SID_OPERATIONS
        ):
            return Route(operation, app, resource, sid, mode)
        case _:
            return None
