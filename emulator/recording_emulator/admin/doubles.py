"""Verbs about the doubles: JavaScript modules with the names of vendors' SDKs, for web apps.

A double is ``sdk.js`` beside its adapter, ``sdk.d.ts`` its types; it imports ``./wire.js``, the
client's end of the line. It may have parts: ``sdk_calls.js`` is served as ``vendor_calls.js``, and
``sdk.native.js`` as ``vendor.native.js``.
A page of any origin may import them: they hold nothing of a tenant.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from recording_emulator import wire
from recording_emulator.admin import bodies
from recording_emulator.admin.verbs import ROOT, Context, json, verb
from recording_emulator.core.adapter import Adapter

LINE: Final = Path(inspect.getfile(wire)).parent / "line"
SCRIPT: Final = "text/javascript"
TYPES: Final = "text/plain"
MEDIA: Final = {".js": SCRIPT, ".d.ts": TYPES}
SHARED: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache"}


@verb("GET", f"{ROOT}/sdk/{{file}}", media=SCRIPT, also=TYPES)
async def double(ctx: Context, request: Request) -> Response:
    """The double of a vendor's SDK (`neroom.js`), or its types (`neroom.d.ts`)."""
    name = request.path_params["file"]
    there = dict(_files(ctx))
    if name not in there:
        message = _why_not(ctx, name, sorted(there))
        answer = json(bodies.ErrorBody("NotFound", message), 404)
    else:
        kind = next(kind for ending, kind in MEDIA.items() if name.endswith(ending))
        answer = Response(there[name].read_bytes(), media_type=kind)
    answer.headers.update(SHARED)
    return answer


def _files(ctx: Context) -> Iterator[tuple[str, Path]]:
    """List what is served: a name, and where its content lies."""
    for ending in MEDIA:
        yield f"wire{ending}", LINE.with_suffix(ending)
        for adapter in ctx.directory.adapters.values():
            for path in _beside(adapter).glob(f"sdk*{ending}"):
                yield adapter.name + path.name.removeprefix("sdk"), path


def _beside(adapter: Adapter) -> Path:
    return Path(inspect.getfile(type(adapter))).parent


def _why_not(ctx: Context, name: str, there: list[str]) -> str:
    vendor = name.partition(".")[0]
    adapter = ctx.directory.adapters.get(vendor)
    known = f"there are {', '.join(there)}"
    if adapter is None or any(each.startswith(f"{vendor}.") for each in there):
        return f"no file {name[:80]!r}; {known}"
    clients = "call HTTP themselves" if adapter.sdk is None else "are served without one"
    return f"{vendor} has no double of an SDK: its clients {clients}; {known}"
