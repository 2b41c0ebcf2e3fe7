"""The types of netcall's double are those of the double, and those an app needs."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recording_emulator.vendors.netcall import ADAPTER

if TYPE_CHECKING:
    from tests.sdk.conftest import Modules

APP = Path(__file__).parent / "netcall_app.ts"
NAMES = """
globalThis.WebSocket = class {};
const sdk = await import("./netcall.js");
const { NIM, Netcall, WebRTC } = sdk;
const nim = new NIM({ appKey: "a", account: "b", token: "c", emulator: { url: "ws://nobody" } });
const up = (thing) => thing === Object.prototype ? [] : [
  ...Object.getOwnPropertyNames(thing), ...up(Object.getPrototypeOf(thing)),
];
const own = (thing) => up(thing).filter((name) => name !== "constructor" && !name.startsWith("_"));
const statics = (thing) => Object.keys(thing);
const rtc = (sdkProfile) => own(WebRTC.getInstance({ nim, emulator: { sdkProfile } }));
console.log(JSON.stringify({
  sdk: Object.keys(sdk),
  NIM: own(nim),
  Netcall: own(Netcall.getInstance({ nim })),
  WebRTC: [...rtc("webrtc-8.5"), ...rtc("webrtc-6.1")],
  statics: statics(Object.getPrototypeOf(Netcall)),
}));
"""


@pytest.fixture
def modules(double: "Callable[..., Modules]") -> "Modules":
    return double(ADAPTER, "netcall.js", "netcall_build.js", "netcall_nim.js")


def test_what_the_module_exports_has_a_type_and_what_has_a_type_is_exported(
    modules: "Modules",
) -> None:
    told = modules.told(NAMES)

    shared = modules.members("Build")
    assert set(told["sdk"]) == modules.exported()
    assert set(told["NIM"]) == modules.members("NIM")
    assert set(told["Netcall"]) == shared | modules.members("Netcall")
    assert set(told["WebRTC"]) == shared | modules.members("WebRTC")
    assert set(told["statics"]) == modules.members("Build", static=True) - {"support"}


def test_an_app_in_typescript_passes_the_type_check_and_its_mistakes_do_not(
    modules: "Modules",
) -> None:
    assert modules.mistakes(APP) == ""
