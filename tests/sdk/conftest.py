import functools
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
import pytest
from websockets.sync.client import connect

from recording_emulator.testing import Emulator, Inbox, Tenant
from recording_emulator.vendors.base import VendorAdapter

T = TypeVar("T")
collect_ignore = ["agora_recordings.py"]
HERE = Path(__file__).parent
TIMEOUT_S = 60
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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


# --- a browser -----------------------------------------------------------------------------------


class Page:
    """A page in a browser context of its own: another user's machine."""

    def __init__(self, browser: "Browser", url: str) -> None:
        self._browser = browser
        self.errors: list[str] = []
        self._downloads: list[Any] = []
        self._page = browser.do(lambda: self._open(url))

    def _open(self, url: str) -> Any:
        page = self._browser.chromium.new_context().new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("download", lambda found: self._downloads.append(found))
        page.goto(url)
        return page

    def begin(self, script: str, *args: Any) -> "Future[Any]":
        """Run a function of JavaScript there, called with ``args``, beside the test."""
        spread = f"(args) => ({script})(...args)"
        return self._browser.begin(lambda: self._page.evaluate(spread, list(args)))

    def run(self, script: str, *args: Any) -> Any:
        """Run it, and wait for what it returns or its promise resolves with."""
        return self.begin(script, *args).result(TIMEOUT_S)

    def until(self, expression: str) -> None:
        """Wait in real time until an expression is true there."""
        self._browser.do(lambda: self._page.wait_for_function(expression))

    def saved(self, nth: int) -> tuple[str, bytes]:
        """Wait for a file that the page has the browser save: its name and its bytes."""

        def wait() -> tuple[str, bytes]:
            while len(self._downloads) <= nth:
                self._page.wait_for_event("download")
            found = self._downloads[nth]
            return found.suggested_filename, Path(found.path()).read_bytes()

        return self._browser.do(wait)

    def leave(self) -> None:
        """Go to another page."""
        self._browser.do(lambda: self._page.goto("about:blank"))

    def close(self) -> None:
        """Close it, as a user closes a tab."""
        self._browser.do(lambda: self._page.context.close())


class Browser:
    """Chromium, driven from a thread of its own.

    Playwright's blocking form runs an event loop in the thread it is started in, where the handles
    of a tenant would refuse to block.
    """

    def __init__(self, path: str) -> None:
        self._work = ThreadPoolExecutor(1, "browser")
        self._playwright = self.do(_playwright)
        self.chromium: Any = self.do(
            lambda: self._playwright.chromium.launch(executable_path=path, args=list(QUIET))
        )
        self.pages: list[Page] = []

    def begin(self, work: Callable[[], T]) -> "Future[T]":
        return self._work.submit(work)

    def do(self, work: Callable[[], T]) -> T:
        """Do something in the browser's thread, and wait for it."""
        return self.begin(work).result(TIMEOUT_S)

    def open(self, url: str) -> Page:
        self.pages.append(Page(self, url))
        return self.pages[-1]

    def clear(self) -> list[str]:
        """Close every page; returns the errors that nobody in them caught."""
        pages, self.pages = self.pages, []
        for each in pages:
            each.close()
        return [error for each in pages for error in each.errors]

    def close(self) -> None:
        self.do(self.chromium.close)
        self.do(self._playwright.stop)
        self._work.shutdown()


def _playwright() -> Any:
    from playwright.sync_api import sync_playwright

    return sync_playwright().start()


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
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("no browser is on PATH: install Chromium (Debian: chromium)")
    browser = Browser(path)
    yield browser
    browser.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser; its pages are closed after the test, and none may have failed."""
    yield chromium
    assert chromium.clear() == []


class Files(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        return


class Site:
    """A web server of the app's own: another origin than the emulator's."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(Files, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def url(self, file: str, **query: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{file}?{urlencode(query)}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


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

    def members(self, name: str, file: str = "", *, static: bool = False) -> set[str]:
        """The methods and fields of a class or interface, or the keys of a constant."""
        kind = r"(?:class|interface|const)"
        body = re.search(rf"{kind} {name}\b[^{{]*{{\n(.*?)^}}", self._read(file), re.S | re.M)
        assert body is not None, name
        mark = "static " if static else ""
        own = rf"^  {mark}(?:get |readonly )?(\w+)\??[(:<]"
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
