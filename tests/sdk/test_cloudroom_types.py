"""The types of CloudRoom's doubles are those of the doubles, and those an app needs."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.sdk.conftest import exported, members

from recording_emulator.testing import Emulator
from recording_emulator.vendors.cloudroom import ADAPTER

APP = Path(__file__).parent / "cloudroom_app.ts"
FILES = (
    "cloudroom.js", "cloudroom.d.ts", "cloudroom.room.js", "cloudroom.native.js",
    "cloudroom.native.d.ts", "wire.js", "wire.d.ts",
)  # fmt: skip
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


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the server gives out, in a folder."""
    server = Emulator(adapters=(ADAPTER,))
    folder = tmp_path_factory.mktemp("double")
    for name in FILES:
        answer = httpx.get(f"{server.url}/_emulator/sdk/{name}")
        (folder / name).write_bytes(answer.raise_for_status().content)
    (folder / "package.json").write_text('{"type": "module"}')
    yield folder
    server.close()


def test_what_the_modules_export_has_a_type_and_what_has_a_type_is_exported(
    node: str, files: Path
) -> None:
    (files / "names.js").write_text(NAMES)

    done = subprocess.run(
        [node, "names.js"], cwd=files, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    sdk, native = ((files / name).read_text() for name in FILES[1::3])
    assert [set(each) for each in told["exports"]] == [exported(sdk), exported(native)]
    shared = members(sdk, "CRShared")
    assert set(told["WebSdk"]) == shared | members(sdk, "WebSdk")
    assert set(told["MiniSdk"]) == shared | members(sdk, "MiniSdk")
    assert set(told["NativeSdk"]) == members(native, "NativeSdk")
    named = re.findall(r'^  var CRVideo_(\w+): WebSdk\["(\w+)"\];$', sdk, re.M)
    assert {f"CRVideo_{name}" for name, each in named if name == each} == set(told["globals"])
    assert {each for _, each in named} == set(told["WebSdk"]) - {"emulatorLine"}


def test_an_app_in_typescript_passes_the_type_check_and_its_mistakes_do_not(
    tsc: str, files: Path
) -> None:
    shutil.copy(APP, files)
    command = [tsc, "--strict", "--noEmit", "--target", "es2020", "--module", "es2020"]

    done = subprocess.run(
        [*command, "--moduleResolution", "node", APP.name],
        cwd=files, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout == ""
    assert done.returncode == 0
