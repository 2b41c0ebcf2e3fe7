"""The types of CloudRoom's doubles are those of the doubles, and those an app needs."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recording_emulator.vendors.cloudroom import ADAPTER

if TYPE_CHECKING:
    from tests.sdk.conftest import Modules

APP = Path(__file__).parent / "cloudroom_app.ts"
NATIVE = "cloudroom.native.d.ts"
FILES = ("cloudroom.js", "cloudroom.room.js", "cloudroom.native.js", NATIVE)
NAMES = """
import * as sdk from "./cloudroom.js";
import * as native from "./cloudroom.native.js";
const own = (thing) => {
  const found = Object.keys(thing);
  for (let at = Object.getPrototypeOf(thing); at !== Object.prototype; ) {
    found.push(...Object.getOwnPropertyNames(at));
    at = Object.getPrototypeOf(at);
  }
  return found.filter((name) => !(name in {}) && !name.startsWith("_"));
};
console.log(JSON.stringify({
  exports: [Object.keys(sdk), Object.keys(native)],
  WebSdk: own(sdk.default),
  MiniSdk: own(new sdk.MiniSdk()),
  NativeSdk: own(native.default),
  globals: Object.keys(globalThis).filter((name) => name.startsWith("CRVideo_")),
}));
"""


@pytest.fixture
def modules(double: "Callable[..., Modules]") -> "Modules":
    return double(ADAPTER, *FILES)


def test_what_the_modules_export_has_a_type_and_what_has_a_type_is_exported(
    modules: "Modules",
) -> None:
    told = modules.told(NAMES)

    exports = [set(each) for each in told["exports"]]
    assert exports == [modules.exported(), modules.exported(NATIVE)]
    shared = modules.members("CRShared")
    assert set(told["WebSdk"]) == shared | modules.members("WebSdk")
    assert set(told["MiniSdk"]) == shared | modules.members("MiniSdk")
    assert set(told["NativeSdk"]) == modules.members("NativeSdk", NATIVE)
    named = re.findall(r'^  var CRVideo_(\w+): WebSdk\["(\w+)"\];$', modules.types, re.M)
    assert {f"CRVideo_{name}" for name, each in named if name == each} == set(told["globals"])
    assert {each for _, each in named} == set(told["WebSdk"]) - {"emulatorLine"}


def test_an_app_in_typescript_passes_the_type_check_and_its_mistakes_do_not(
    modules: "Modules",
) -> None:
    assert modules.mistakes(APP) == ""
