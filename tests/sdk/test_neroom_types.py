"""The types of NERoom's double are those of the double, and those an app needs."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.sdk.conftest import exported, members

from recording_emulator.testing import Emulator
from recording_emulator.vendors.neroom import ADAPTER

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


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the server gives out, in a folder."""
    server = Emulator(adapters=(ADAPTER,))
    folder = tmp_path_factory.mktemp("double")
    for name in ("neroom.js", "neroom.d.ts", "wire.js", "wire.d.ts"):
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
    sdk, wire = (files / "neroom.d.ts").read_text(), (files / "wire.d.ts").read_text()
    assert set(told.pop("wire")) == exported(wire)
    assert set(told.pop("sdk")) == exported(sdk)
    typed = {name: members(wire if name in ("Line", "Listeners") else sdk, name) for name in told}
    assert {name: set(found) for name, found in told.items()} == typed


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
