"""The types of netcall's double are those of the double, and those an app needs."""

import re
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
const rtc = (sdkProfile) => own(WebRTC.getInstance({ nim, emulator: { sdkProfile } }));
console.log(JSON.stringify({
  sdk: Object.keys(sdk),
  NIM: own(nim),
  Netcall: own(Netcall.getInstance({ nim })),
  WebRTC: [...rtc("webrtc-8.5"), ...rtc("webrtc-6.1")],
  constants: { ...Object.getPrototypeOf(Netcall) },
}));
"""


@pytest.fixture
def modules(double: "Callable[..., Modules]") -> "Modules":
    return double(ADAPTER, "netcall.js", "netcall.build.js", "netcall.nim.js")


def test_what_the_module_exports_has_a_type_and_what_has_a_type_is_exported(
    modules: "Modules",
) -> None:
    told = modules.told(NAMES)

    shared = modules.members("Build")
    assert set(told["sdk"]) == modules.exported()
    assert set(told["NIM"]) == modules.members("NIM")
    assert set(told["Netcall"]) == shared | modules.members("Netcall")
    assert set(told["WebRTC"]) == shared | modules.members("WebRTC")
    numbers = re.findall(r"^  static readonly (\w+): (\d+);", modules.types, re.M)
    assert told["constants"] == {name: int(number) for name, number in numbers}


def test_an_app_in_typescript_passes_the_type_check_and_its_mistakes_do_not(
    modules: "Modules",
) -> None:
    assert modules.mistakes(APP) == ""
