"""Ways in besides a base URL: a proxy, a name server, and a certificate to trust."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest
from dnslib import DNSRecord  # type: ignore[import-untyped]

from recording_emulator.vendors.agora import client

if TYPE_CHECKING:
    from tests.cli.conftest import Serve, Serving

PAIR = {"app_id": "a" * 32, "customer_id": "b" * 32, "customer_secret": "c" * 32}
PORTS = ("--json", "--port", "0", "--tls-port", "0")


class Origin(BaseHTTPRequestHandler):
    """A server that is nobody's we know: it says what it was asked, and how."""

    def do_GET(self) -> None:
        body = f"{self.path} {sorted(self.headers)}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Print nothing."""


@pytest.fixture
def origin() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def serving(serve: Serve) -> Serving:
    return serve(*PORTS, "--proxy-port", "0", "--dns-port", "0")


@pytest.fixture
def http(serving: Serving) -> Iterator[httpx.Client]:
    """A client that knows the proxy and the certificate, and nothing else."""
    trusting = ssl.create_default_context(cafile=serving.ready["ca"])
    proxy = serving.ready["proxy"]
    with httpx.Client(proxy=proxy, verify=trusting, trust_env=False) as made:
        yield made


def leaks(serving: Serving) -> list[dict[str, Any]]:
    found = httpx.get(f"{serving.ready['url']}/_emulator/leaks", trust_env=False).json()["leaks"]
    return [each for each in found if isinstance(each, dict)]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_call_to_a_vendors_name_ends_here(http: httpx.Client, scheme: str) -> None:
    call = client.acquire(PAIR, "weekly-review", "900001")

    answer = http.request(
        call.method,
        f"{scheme}://api.agora.io{call.path}",
        headers=call.headers,
        content=call.body,
    )

    assert (answer.status_code, answer.json()["cname"]) == (200, "weekly-review")


def test_a_vendors_name_that_is_not_served_is_refused_and_who_asked_is_named(
    http: httpx.Client, serving: Serving
) -> None:
    with pytest.raises(httpx.ProxyError, match="403 Forbidden"):
        http.get("https://rtm.agora.io/")
    plain = http.get("http://console.agora.io/")

    found = leaks(serving)
    assert plain.status_code == 403
    assert "console.agora.io is a vendor's and not emulated" in plain.text
    assert [(each["host"], each["way"]) for each in found] == [
        ("rtm.agora.io", "proxy"),
        ("console.agora.io", "proxy"),
    ]
    own = " ".join(psutil.Process().cmdline())[:200]
    assert [each["by"] for each in found] == [own, own]


def test_any_other_call_goes_on_without_a_trace_of_the_proxy(
    http: httpx.Client, origin: str
) -> None:
    answer = http.get(f"{origin}/some/where?a=1", headers={"Proxy-Connection": "keep-alive"})

    assert answer.text.startswith("/some/where?a=1 [")
    assert "Proxy-Connection" not in answer.text


def test_a_tunnel_to_another_name_is_a_tunnel(serving: Serving, origin: str) -> None:
    where = origin.removeprefix("http://")
    command = ["curl", "-sS", "--proxytunnel", "-x", serving.ready["proxy"], f"http://{where}/deep"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.stdout.startswith("/deep ["), done.stderr


@pytest.mark.parametrize(
    ("head", "status", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400, "this is a proxy"),
        (b"CONNECT nowhere:x HTTP/1.1\r\n\r\n", 400, "no address"),
        (b"hello\r\n\r\n", 400, "not an HTTP/1.1 request"),
        (b"GET http://127.0.0.1:1/ HTTP/1.1\r\n\r\n", 502, "cannot reach 127.0.0.1:1"),
        (b"X: " + b"x" * 70_000 + b"\r\n\r\n", 431, "the head is too large"),
    ],
)
def test_what_no_proxy_can_carry_is_refused_with_the_reason(
    serving: Serving, head: bytes, status: int, why: str
) -> None:
    import socket
    from urllib.parse import urlsplit

    where = urlsplit(serving.ready["proxy"])
    with socket.create_connection((where.hostname or "", where.port or 0), 10) as one:
        one.sendall(head)
        answer = b""
        while chunk := one.recv(4096):
            answer += chunk

    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert why.encode() in answer


def test_a_name_server_beside_it_knows_vendors_names(serving: Serving) -> None:
    host, _, port = serving.ready["dns"].partition(":")

    answer = DNSRecord.parse(DNSRecord.question("api.agora.io").send(host, int(port), timeout=10))

    assert str(answer.short()) == "127.0.0.1"


def test_a_host_header_of_an_unserved_name_is_a_leak_too(serving: Serving) -> None:
    url = f"{serving.ready['url']}/v1/other"

    answer = httpx.get(url, headers={"Host": "rtm.agora.io"}, trust_env=False)

    assert answer.status_code == 404
    assert [(each["host"], each["way"]) for each in leaks(serving)] == [("rtm.agora.io", "host")]


def test_a_proxy_without_https_is_refused_and_nothing_is_started(serve: Serve) -> None:
    running = serve("--json", "--port", "0", "--no-tls", "--proxy-port", "0")

    out, err = running.process.communicate(timeout=20)

    assert (running.process.returncode, running.first_line + out) == (1, "")
    assert "--proxy-port needs the HTTPS listener" in err


# --- the certificate -----------------------------------------------------------------------------


def ca(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "recording_emulator", "ca", *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_certificate_is_printed_and_is_the_one_that_is_served(
    serve: Serve, tmp_path: Path
) -> None:
    folder = ("--ca-dir", str(tmp_path / "ca"))
    printed, again = ca(*folder), ca(*folder, "--path")
    running = serve(*PORTS, *folder)

    served = httpx.get(f"{running.ready['url']}/_emulator/ca.pem", trust_env=False).text

    assert printed.stdout == served == Path(again.stdout.strip()).read_text()


def test_it_is_added_to_a_bundle_once(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("# mine")
    flags = ("--ca-dir", str(tmp_path / "ca"), "--add-to", str(bundle))

    first, second = ca(*flags), ca(*flags)

    assert (first.stdout, second.stdout) == (
        f"{bundle}: added\n",
        f"{bundle}: it is there already\n",
    )
    text = bundle.read_text()
    assert text.startswith("# mine\n-----BEGIN CERTIFICATE-----")
    assert text.count("BEGIN CERTIFICATE") == 1


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = ca("--ca-dir", str(tmp_path / "file" / "ca"))

    assert done.returncode == 1
    assert "cannot keep a CA in" in done.stderr
