import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.browsing import Site
from websockets.sync.client import connect

from recording_emulator.testing import Emulator, Inbox, Tenant
from recording_emulator.vendors.base import VendorAdapter

collect_ignore = ["agora_recordings.py"]
HERE = Path(__file__).parent
TIMEOUT_S = 60


@pytest.fixture(scope="session")
def tls_emulator() -> Iterator[Emulator]:
    """A server that also answers under the vendors' own names."""
    emulator = Emulator(tls=True)
    yield emulator
    emulator.close()


@pytest.fixture
def tls_tenant(request: pytest.FixtureRequest, tls_emulator: Emulator) -> Iterator[Tenant]:
    tenant = tls_emulator.tenant(request.node.nodeid)
    yield tenant
    tenant.close()


@pytest.fixture
def tls_inbox(tls_tenant: Tenant) -> Inbox:
    return tls_tenant.inbox()


@pytest.fixture
def until_dropped(tenant: Tenant) -> Callable[[], None]:
    """Wait in real time until the server has seen a connection of ``tenant`` end."""
    base = tenant.emulator.url.replace("http", "ws", 1)
    url = f"{base}/_emulator/tenants/{tenant.info.id}/journal/stream?since=0"

    def wait() -> None:
        with connect(url) as stream:
            told: dict[str, Any] = {}
            while (told.get("kind"), told.get("name")) != ("member", "dropped"):
                told = json.loads(stream.recv(timeout=TIMEOUT_S))

    return wait


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The pages that lie beside these tests."""
    made = Site(HERE)
    yield made
    made.close()


# --- the files of a double -----------------------------------------------------------------------


class Modules:
    """What the server gives out of a vendor's double, in a folder."""

    def __init__(self, folder: Path, adapter: VendorAdapter, names: tuple[str, ...]) -> None:
        self._folder = folder
        self._types = f"{adapter.name}.d.ts"
        server = Emulator(adapters=(adapter,))
        for name in (*names, self._types, "wire.js", "wire.d.ts"):
            answer = httpx.get(f"{server.url}/_emulator/sdk/{name}")
            (folder / name).write_bytes(answer.raise_for_status().content)
        server.close()
        (folder / "package.json").write_text('{"type": "module"}')

    def told(self, script: str) -> dict[str, Any]:
        """What a script beside the modules says of them, as JSON."""
        node = program("node", "Node.js 18 or newer (Debian: nodejs)")
        (self._folder / "names.js").write_text(script)
        done = self._run(node, "names.js")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def mistakes(self, app: Path) -> str:
        """What the type check of an app in TypeScript says."""
        tsc = program("tsc", "TypeScript 4.8 or newer (Debian: node-typescript)")
        shutil.copy(app, self._folder)
        options = "--strict --noEmit --target es2020 --module es2020 --moduleResolution node"
        done = self._run(tsc, *options.split(), app.name)
        assert bool(done.returncode) == bool(done.stdout)
        return done.stdout

    def _run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        folder = self._folder
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    def exported(self, file: str = "") -> set[str]:
        """The values that a file of types, the double's unless named, exports."""
        types = self._read(file)
        found = re.findall(r"^export (?:declare )?(?:class|const|function) (\w+)", types, re.M)
        return {*found, *(["default"] if "export default" in types else [])}

    def members(self, name: str, file: str = "") -> set[str]:
        """The methods and fields of a class or interface, or the keys of a constant."""
        kind = r"(?:class|interface|const)"
        body = re.search(rf"{kind} {name}\b[^{{]*{{\n(.*?)^}}", self._read(file), re.S | re.M)
        assert body is not None, name
        own = r"^  (?:get |readonly )?(\w+)\??[(:<]"
        return set(re.findall(own, body[1], re.M)) - {"constructor", "static"}

    @property
    def types(self) -> str:
        """The double's own file of types."""
        return self._read("")

    def _read(self, file: str) -> str:
        return (self._folder / (file or self._types)).read_text()


@pytest.fixture
def double(tmp_path: Path) -> Callable[..., Modules]:
    """Fetch a double: its adapter, and the names of its modules."""
    return lambda adapter, *names: Modules(tmp_path, adapter, names)


def program(name: str, what: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not on PATH: install {what}")
    return path
