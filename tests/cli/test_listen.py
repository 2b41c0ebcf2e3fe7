"""``recording-emulator listen``: an app that the server cannot reach gets its callbacks."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from tests.cli.conftest import CLEAN

from recording_emulator.vendors.agora import client

if TYPE_CHECKING:
    from tests.cli.conftest import Serve, Serving


class App(ThreadingHTTPServer):
    """The app: it keeps what it got, and answers with the next of ``statuses``, else 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Hook(BaseHTTPRequestHandler):
    server: App

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append((headers, body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_args: object) -> None:
        """Print nothing."""


@pytest.fixture
def app() -> Iterator[App]:
    made = App()
    Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def serving(serve: Serve) -> Serving:
    return serve("--json", "--port", "0", "--no-tls", "--mode", "manual")


Listen = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def listen(serving: Serving, app: App) -> Iterator[Listen]:
    running = []

    def start(*flags: str, to: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "recording_emulator", "listen", "--forward-to"]
        command += [to or app.url, "--url", serving.ready["url"], *flags]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=CLEAN, stdout=pipe, stderr=pipe, text=True)
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return process.stderr.readline()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    out, _err = process.communicate(timeout=20)
    return process.returncode, out


class Control:
    """The server, from outside."""

    def __init__(self, serving: Serving) -> None:
        self._base = serving.ready["url"]
        self.pair = serving.ready["credentials"]["agora"]

    def record(self) -> None:
        asked = client.acquire(self.pair, "demo", "900001")
        resource = self._send(asked)["resourceId"]
        self._send(client.start(self.pair, "demo", "900001", resource))

    def _send(self, call: Any) -> Any:
        url = f"{self._base}/agora{call.path}"
        done = httpx.request(
            call.method, url, headers=call.headers, content=call.body, trust_env=False
        )
        return done.json()

    def admin(self, method: str, path: str, **body: Any) -> Any:
        url = f"{self._base}/_emulator/tenants/default{path}"
        return httpx.request(method, url, trust_env=False, timeout=30, json=body or None).json()

    def advance(self, seconds: int) -> Any:
        return self.admin("POST", "/clock/advance", delta_ms=seconds * 1000)


@pytest.fixture
def control(serving: Serving) -> Control:
    return Control(serving)


def test_what_the_app_gets_and_answers_counts_as_if_it_had_been_reached(
    listen: Listen, control: Control, app: App
) -> None:
    listening = listen("--vendor", "agora", "--events", "40,41")
    first = ready(listening)
    app.statuses = [500]
    control.record()

    control.advance(30)

    code, out = ended(listening)
    told = control.admin("GET", "/callbacks")["callbacks"]
    events = [json.loads(body)["eventType"] for _headers, body in app.got]
    assert "callbacks of agora go to" in first
    assert events[:2] == [40, 40]
    assert [tried["status"] for tried in told[0]["attempts"]] == [500, 200]
    assert told[0]["fate"] == "delivered"
    assert app.got[0][0]["content-type"].startswith("application/json")
    assert "agora-signature" in app.got[0][0]
    assert code == 0
    assert out.splitlines()[0].startswith("#1 agora → 500 in ")
    assert out.splitlines()[1].startswith("#1 agora → 200 in ")


def test_an_app_that_is_not_there_is_a_failed_attempt(
    listen: Listen, control: Control, app: App
) -> None:
    listening = listen("--vendor", "agora", "--events", "40", to="http://127.0.0.1:1/hook")
    ready(listening)
    control.record()

    control.advance(3)

    [told] = control.admin("GET", "/callbacks")["callbacks"]
    assert app.got == []
    assert "ClientConnectorError" in told["attempts"][0]["why"]


def test_a_callback_is_brought_once_more(listen: Listen, control: Control, app: App) -> None:
    listening = listen("--vendor", "agora", "--events", "40")
    ready(listening)
    control.record()
    control.advance(3)
    ended(listening)

    again = listen("--replay", "1", "--json")
    out, err = again.communicate(timeout=30)

    [line] = [json.loads(each) for each in out.splitlines()]
    first, second = (json.loads(body) for _headers, body in app.got)
    assert (again.returncode, err, line["status"], line["vendor"]) == (0, "", 200, "agora")
    assert (first["noticeId"], first["payload"]) == (second["noticeId"], second["payload"])


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (("--tenant", "nobody"), "no tenant 'nobody'"),
        (("--vendor", "acme"), "no vendor 'acme'"),
        (("--vendor", "agora", "--events", "nope"), "nope"),
        (("--replay", "9"), "no callback 9"),
    ],
)
def test_a_wrong_flag_is_said_and_nothing_is_listened_to(
    listen: Listen, flags: tuple[str, ...], why: str
) -> None:
    process = listen(*flags)

    out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (1, "")
    assert why in err


def test_a_target_that_is_no_address_and_a_server_that_is_not_there_are_named(
    listen: Listen,
) -> None:
    wrong = listen(to="localhost:3000").communicate(timeout=30)[1]
    nobody = listen("--url", "http://127.0.0.1:1").communicate(timeout=30)[1]

    assert "--forward-to 'localhost:3000': expected http(s)://" in wrong
    assert "no emulator answers at http://127.0.0.1:1" in nobody
