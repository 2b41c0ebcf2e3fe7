"""A real browser for tests: Chromium, and pages of the app's own origin."""

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest

T = TypeVar("T")
TIMEOUT_S = 60
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--autoplay-policy=no-user-gesture-required",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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

    def screenshot(self, path: Path) -> None:
        self._browser.do(lambda: self._page.screenshot(path=path))

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
