"""The types of NERoom's double are those of the double, and those an app needs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recording_emulator.vendors.neroom import ADAPTER

if TYPE_CHECKING:
    from tests.sdk.conftest import Modules

APP = Path(__file__).parent / "neroom_app.ts"
NAMES = """
import * as wire from "./wire.js";
import * as sdk from "./neroom.js";
const kit = new sdk.NERoomKit();
const own = (thing) => [
  ...Object.keys(thing), ...Object.getOwnPropertyNames(Object.getPrototypeOf(thing)),
].filter((name) => !(name in {}) && !name.startsWith("_"));
console.log(JSON.stringify({
  wire: Object.keys(wire),
  sdk: Object.keys(sdk),
  NERoomKit: own(kit),
  NERoomService: own(kit.roomService),
  NEAuthService: own(kit.authService),
  NERoomRtcController: own(kit.roomService.previewRoom().previewController),
  Line: own(new wire.Line("", {}, {})),
  Listeners: own(new wire.Listeners()),
  NERoomCloudRecordState: sdk.NERoomCloudRecordState,
  NEAuthEvent: sdk.NEAuthEvent,
  NERoomEndReason: sdk.NERoomEndReason,
}));
"""


@pytest.fixture
def modules(double: "Callable[..., Modules]") -> "Modules":
    return double(ADAPTER, "neroom.js")


def test_what_the_modules_export_has_a_type_and_what_has_a_type_is_exported(
    modules: "Modules",
) -> None:
    told = modules.told(NAMES)

    assert set(told.pop("wire")) == modules.exported("wire.d.ts")
    assert set(told.pop("sdk")) == modules.exported()
    where = dict.fromkeys(("Line", "Listeners"), "wire.d.ts")
    typed = {name: modules.members(name, where.get(name, "")) for name in told}
    assert {name: set(found) for name, found in told.items()} == typed


def test_an_app_in_typescript_passes_the_type_check_and_its_mistakes_do_not(
    modules: "Modules",
) -> None:
    assert modules.mistakes(APP) == ""
