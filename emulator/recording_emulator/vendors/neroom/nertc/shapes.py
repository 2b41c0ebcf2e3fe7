"""What NERTC's answers look like, for the OpenAPI document.

Source:
    Sheet §3.2 and §6.2: ``code`` 200 and what was asked for beside it, or a code and ``errmsg``.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from recording_emulator.core.surface import Refused
from recording_emulator.vendors.neroom.nertc.paths import OPERATIONS


class Succeeded(msgspec.Struct, frozen=True):
    """A success; what was asked for stands beside the code."""

    code: Literal[200]
    requestId: str  # noqa: N815


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An error."""

    code: int
    errmsg: str
    requestId: str  # noqa: N815


ANSWERS: Final[Mapping[str, tuple[Any, ...]]] = {each.name: (Succeeded,) for each in OPERATIONS}
REFUSALS: Final[Mapping[str, Refused]] = {
    each.name: Refused(Refusal, "code", "errmsg") for each in OPERATIONS
}
