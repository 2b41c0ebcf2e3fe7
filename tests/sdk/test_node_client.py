"""A client that behaves like Agora's for Node, against the emulator over TLS and a DNS of our own.

Agora's own is not on npm, so ``agora_node.mjs`` stands for it: it resolves names itself, ignores
proxies and the hosts file, and gives a call five seconds in all.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from dnslib import RCODE, RR, A, DNSError  # type: ignore[import-untyped]
from dnslib.server import DNSLogger, DNSServer  # type: ignore[import-untyped]

from recording_emulator.server.app import App
from recording_emulator.testing import Inbox, Tenant

SCRIPT = Path(__file__).parent / "agora_node.mjs"
ROOM = "weekly-review"
WHO = {"cname": ROOM, "uid": "900001"}
EAST, NORTH = "api-cn-east-2", "api-cn-north-1"
SUFFIXES = ("sd-rtn.com", "agora.io")
OPERATIONS = ["acquire", "start", "query", "update", "updateLayout", "stop"]

SILENT = "silent"
UNREACHABLE = "255.255.255.255"
"""An address that a TCP connection is refused to on this machine, at once."""


class Names:
    """The vendor's names mean this machine, and no other name means anything.

    ``spoilt`` maps a part of a name to what it gets instead: an address, a response code of DNS,
    or ``SILENT``.
    """

    def __init__(self) -> None:
        self.spoilt: dict[str, str] = {}

    def resolve(self, request: Any, _handler: Any) -> Any:
        name = str(request.q.qname).rstrip(".")
        answer = "127.0.0.1" if name.endswith(SUFFIXES) else "NXDOMAIN"
        answer = next((each for part, each in self.spoilt.items() if part in name), answer)
        if answer == SILENT:
            raise DNSError("the server sends nothing after this")
        reply = request.reply()
        if answer[0].isdigit():
            reply.add_answer(RR(request.q.qname, rdata=A(answer), ttl=60))
        else:
            reply.header.rcode = getattr(RCODE, answer)
        return reply


@pytest.fixture(scope="module")
def dns() -> Iterator[DNSServer]:
    quiet = DNSLogger(logf=lambda _line: None)
    server = DNSServer(Names(), address="127.0.0.1", port=0, logger=quiet)
    server.start_thread()
    yield server
    server.stop()
    server.server.server_close()


@pytest.fixture
def names(dns: DNSServer) -> Names:
    dns.server.resolver = Names()
    return dns.server.resolver  # type: ignore[no-any-return]


@pytest.fixture
def node() -> str:
    path = shutil.which("node")
    if path is None:
        pytest.skip("node is not on PATH: install Node.js 18 or newer (Debian: nodejs)")
    return path


class NodeApp:
    """The program, in one tenant."""

    def __init__(self, node: str, tenant: Tenant, dns: DNSServer) -> None:
        self._command = [node, str(SCRIPT)]
        self._agora = tenant.agora
        self.env = {
            "DNS_SERVER": "{}:{}".format(*dns.server.server_address),
            "TLS_PORT": str(urlsplit(tenant.emulator.tls_url).port),
            "NODE_EXTRA_CA_CERTS": str(tenant.emulator.ca_path),
            "AGORA_APP_ID": tenant.agora.app_id,
            "AGORA_CUSTOMER_ID": tenant.agora.customer_id,
            "AGORA_CUSTOMER_SECRET": tenant.agora.customer_secret,
            "RETRY_MS": "1",
            "BUDGET_MS": "20000",  # the real client's is 5,000, which a busy machine uses up
            # Nobody listens there; newer Nodes heed it for their global agent if told to.
            "HTTPS_PROXY": "http://127.0.0.1:1",
            "NODE_USE_ENV_PROXY": "1",
        }

    def run(self, story: str = "sync", *, guests: tuple[int, ...] = ()) -> list[dict[str, Any]]:
        """Return what it said of each call; guests talk for an hour while it records."""
        pipe = subprocess.PIPE
        with subprocess.Popen(
            [*self._command, story], env=self.env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        ) as process:
            try:
                assert process.stdout is not None
                first = []
                if guests:
                    first = [process.stdout.readline(), process.stdout.readline()]
                    for uid in guests:
                        self._agora.room(ROOM).join(uid)
                    self._agora.advance(hours=1)
                out, err = process.communicate("go on\n", timeout=30)
            finally:
                process.kill()
        assert (process.returncode, err) == (0, "")
        return [json.loads(line) for line in [*first, *out.splitlines()]]


@pytest.fixture
def app(node: str, tls_tenant: Tenant, dns: DNSServer, names: Names) -> NodeApp:
    return NodeApp(node, tls_tenant, dns)


@pytest.fixture
def hosts(tls_tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The Host of each of the tenant's calls as the server reads it; the journal holds none."""
    seen: list[str] = []
    answer = App.__call__

    async def note(self: App, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].startswith(f"/v1/apps/{tls_tenant.agora.app_id}/"):
            seen.append(dict(scope["headers"])[b"host"].decode())
        await answer(self, scope, receive, send)

    monkeypatch.setattr(App, "__call__", note)
    return seen


def calls_and_replies(tenant: Tenant) -> list[str]:
    entries = tenant.agora.journal()
    return [each["name"] for each in entries if each["kind"] in ("call", "reply")]


def attempts(said: dict[str, Any]) -> list[int | str]:
    """Return the status of each attempt, or why there was none."""
    return [outcome for _host, outcome in said["tried"]]


@pytest.mark.parametrize(("story", "uploading"), [("sync", "uploaded"), ("async", "unknown")])
def test_a_recording_from_acquire_to_stop(
    app: NodeApp, tls_tenant: Tenant, hosts: list[str], story: str, uploading: str
) -> None:
    said = app.run(story, guests=(41, 42))

    resource, sid = said[0]["body"]["resourceId"], said[1]["body"]["sid"]
    task = {**WHO, "resourceId": resource, "sid": sid}
    files = {"fileListMode": "string", "fileList": f"meetings/2030/{sid}_{ROOM}.m3u8"}
    first_ms = tls_tenant.info.start_ms + 3_000
    recorded = {"status": 5, **files, "sliceStartTime": first_ms}
    assert [(each["call"], each["status"], each["body"]) for each in said] == [
        ("acquire", 200, {**WHO, "resourceId": resource}),
        ("start", 200, task),
        ("query", 200, {**task, "serverResponse": recorded}),
        ("update", 200, task),
        ("updateLayout", 200, task),
        ("stop", 200, {**task, "serverResponse": {**files, "uploadingStatus": uploading}}),
    ]
    assert len({each["requestId"] for each in said}) == len(OPERATIONS)
    assert calls_and_replies(tls_tenant) == [
        each for operation in OPERATIONS for each in (f"agora.{operation}", "ok")
    ]
    assert hosts == [host for each in said for host, _ in each["tried"]]
    assert set(hosts) in ({f"{EAST}.{SUFFIXES[0]}"}, {f"{EAST}.{SUFFIXES[1]}"})


def test_its_callbacks_arrive_while_it_runs(
    app: NodeApp, tls_tenant: Tenant, tls_inbox: Inbox
) -> None:
    tls_inbox.subscribe("agora", [40, 41, 31, 11])

    said = app.run(guests=(41,))
    tls_tenant.agora.advance(seconds=1)

    assert tls_inbox.event_types == [40, 41, 31, 11]
    assert {each.json["payload"]["sid"] for each in tls_inbox.callbacks} == {said[1]["body"]["sid"]}


@pytest.mark.parametrize("failure", ["SERVFAIL", "NXDOMAIN", SILENT])
@pytest.mark.parametrize(("spoilt", "other"), [SUFFIXES, SUFFIXES[::-1]])
def test_it_takes_the_suffix_that_answers(
    app: NodeApp, names: Names, hosts: list[str], spoilt: str, other: str, failure: str
) -> None:
    names.spoilt = {spoilt: failure}

    app.run()

    assert hosts == [f"{EAST}.{other}"] * len(OPERATIONS)


def test_it_moves_on_to_the_next_region_when_one_cannot_be_reached(
    app: NodeApp, names: Names, hosts: list[str]
) -> None:
    names.spoilt = {EAST: UNREACHABLE, "agora.io": "NXDOMAIN"}

    acquired, *rest = app.run()

    assert acquired.get("status") == 200, acquired
    assert [host for host, _ in acquired["tried"]] == [f"{EAST}.sd-rtn.com", f"{NORTH}.sd-rtn.com"]
    started = rest[0]
    assert started["tried"] == [[f"{NORTH}.sd-rtn.com", 200]]
    assert hosts == [f"{NORTH}.sd-rtn.com"] * len(OPERATIONS)


def test_a_start_that_times_out_is_sent_again(app: NodeApp, tls_tenant: Tenant) -> None:
    tls_tenant.agora.faults.answer("start", "start 62 request timeout")

    _, started, *rest = app.run()

    assert (attempts(started), started["status"]) == ([500, 200], 200)
    assert calls_and_replies(tls_tenant)[2:6] == [
        "agora.start",
        "start 62 request timeout",
        "agora.start",
        "ok",
    ]
    assert len(rest) == 4


def test_a_start_is_given_up_after_three_attempts(app: NodeApp, tls_tenant: Tenant) -> None:
    tls_tenant.agora.faults.answer("start", "start 62 request timeout", times=None)

    _, started = app.run()

    assert attempts(started) == [500, 500, 500]
    assert (started["error"], started["body"]["code"]) == ("Http Error 500", 62)


@pytest.mark.parametrize(
    ("operation", "row", "status", "code"),
    [
        ("start", "53 task conflict", 400, 53),
        ("query", "65 request not completed", 206, 65),
        ("update", "404 failed to find worker", 404, 404),
        ("updateLayout", "62 request timeout", 504, 62),
    ],
)
def test_it_throws_at_once_what_it_does_not_call_a_success(
    app: NodeApp, tls_tenant: Tenant, operation: str, row: str, status: int, code: int
) -> None:
    tls_tenant.agora.faults.answer(operation, row)

    said = {each["call"]: each for each in app.run()}[operation]

    assert attempts(said) == [status]
    assert (said["error"], said["body"]["code"]) == (f"Http Error {status}", code)


def test_a_stop_with_nothing_recorded_counts_as_success(app: NodeApp, tls_tenant: Tenant) -> None:
    *_, stopped = app.run()

    assert calls_and_replies(tls_tenant)[-2:] == ["agora.stop", "435 no recorded data"]
    assert "error" not in stopped
    assert (stopped["status"], stopped["body"]["code"]) == (206, 435)


def test_a_refused_acquire_looks_like_a_success_without_a_resource(app: NodeApp) -> None:
    app.env["AGORA_CUSTOMER_SECRET"] = "wrong"

    (acquired,) = app.run()

    assert "error" not in acquired
    assert acquired["status"] == 401
    assert acquired["body"] == {"message": "Invalid authentication credentials"}


def test_a_client_that_does_not_trust_the_authority_gives_up_when_its_time_is_over(
    app: NodeApp, tls_tenant: Tenant, names: Names
) -> None:
    names.spoilt = {"agora.io": "NXDOMAIN"}
    app.env["BUDGET_MS"] = "450"
    del app.env["NODE_EXTRA_CA_CERTS"]

    (acquired,) = app.run()

    # On a busy machine the time may be over before both regions, or even one, have been tried.
    reasons = [
        [f"{EAST}.sd-rtn.com", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
        [f"{NORTH}.sd-rtn.com", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ]
    assert acquired["error"] == "Timeout"
    assert acquired["tried"] == reasons[: len(acquired["tried"])]
    assert calls_and_replies(tls_tenant) == []
