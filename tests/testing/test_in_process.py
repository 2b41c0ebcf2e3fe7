"""The vendors' own names in process: requests and httpx, without a socket and without TLS."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from urllib3.util import Retry

from recording_emulator.testing import Emulator, Inbox, InProcess
from recording_emulator.vendors.agora.handle import Agora

pytest_plugins = ["pytester"]

LIBRARIES = [requests, httpx]
RECORDINGS = Path(__file__).parents[1] / "sdk" / "agora_recordings.py"
EFFECTS: dict[str, dict[str, Any]] = {
    "reset": {},
    "empty": {},
    "truncate": {},
    "malform": {},
    "hang": {},
    "slow": {"by_ms": 100},
    "status": {"status": 502},
}


def asked(agora: Agora) -> dict[str, Any]:
    body = {"cname": "demo", "uid": "9", "clientRequest": {}}
    return {"json": body, "auth": (agora.customer_id, agora.customer_secret)}


def url(agora: Agora, base: str = "https://api.agora.io") -> str:
    return f"{base}/v1/apps/{agora.app_id}/cloud_recording/acquire"


@pytest.fixture
def no_sockets(vendor_names: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing connects, nothing is wrapped in TLS."""

    def connect(_self: socket.socket, where: object) -> None:
        raise AssertionError(f"a socket to {where}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr("ssl.SSLContext.wrap_socket", connect)


# --- the fixture ---------------------------------------------------------------------------------


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", ["api.agora.io", "API-us-west-1.sd-rtn.com:443"])
def test_a_vendors_name_leads_here_without_a_socket(
    agora: Agora, no_sockets: None, library: Any, scheme: str, host: str
) -> None:
    answer = library.post(url(agora, f"{scheme}://{host}"), **asked(agora))

    assert (answer.status_code, answer.json()["cname"]) == (200, "demo")


def test_an_async_client_is_served_too_and_so_are_many_calls_at_once(
    agora: Agora, no_sockets: None
) -> None:
    async def call_all() -> list[httpx.Response]:
        async with httpx.AsyncClient() as client:
            return await asyncio.gather(
                *(client.post(url(agora), **asked(agora)) for _ in range(60))
            )

    answers = asyncio.run(call_all())

    assert {each.status_code for each in answers} == {200}
    assert len({each.json()["resourceId"] for each in answers}) == 60


def test_clients_that_were_made_before_are_served_and_nothing_stays_afterwards(
    agora: Agora, recording_emulator_server: Emulator
) -> None:
    before = (httpx.HTTPTransport.handle_request, socket.getaddrinfo, socket.gethostbyname)
    with (
        requests.Session() as session,
        httpx.Client() as client,
        recording_emulator_server.vendor_names(),
    ):
        answers = [each.post(url(agora), **asked(agora)) for each in (session, client)]

    assert [each.status_code for each in answers] == [200, 200]
    assert before == (
        httpx.HTTPTransport.handle_request,
        socket.getaddrinfo,
        socket.gethostbyname,
    )


@pytest.mark.parametrize("library", LIBRARIES)
def test_proxies_of_the_environment_are_not_asked(
    agora: Agora, no_sockets: None, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    agora.faults.add("call", effect="reset", operation="acquire")

    with pytest.raises((requests.ConnectionError, httpx.ReadError)) as broken:
        library.post(url(agora), **asked(agora))
    answer = library.post(url(agora), **asked(agora))

    assert "Connection reset by peer" in str(broken.value)
    assert answer.status_code == 200


@pytest.mark.parametrize("library", LIBRARIES)
def test_other_names_go_on(vendor_names: InProcess, agora: Agora, library: Any) -> None:
    answer = library.post(url(agora, agora.base_url), **asked(agora))

    assert answer.status_code == 200
    with pytest.raises((requests.ConnectionError, httpx.ConnectError)):
        library.get("http://127.0.0.1:1/")
    assert vendor_names.leaks == []


def test_a_stop_from_inside_a_callback_handler_moves_time_as_over_a_socket(
    agora: Agora, inbox: Inbox, vendor_names: InProcess
) -> None:
    root = f"https://api.agora.io/v1/apps/{agora.app_id}/cloud_recording"
    storage = {"vendor": 1, "region": 0, "bucket": "b", "accessKey": "k", "secretKey": "s"}
    answers: list[Any] = []

    def call(path: str, params: dict[str, Any]) -> Any:
        body = {"cname": "demo", "uid": "9", "clientRequest": params}
        pair = (agora.customer_id, agora.customer_secret)
        return requests.post(f"{root}{path}", json=body, auth=pair, timeout=20).json()

    resource = call("/acquire", {})["resourceId"]
    sid = call(f"/resourceid/{resource}/mode/mix/start", {"storageConfig": storage})["sid"]
    inbox.subscribe("agora", [40, 31, 11])

    def stop(received: Any) -> None:
        if received.event_type == 40:
            answers.append(call(f"/resourceid/{resource}/sid/{sid}/mode/mix/stop", {}))

    inbox.call_back(stop)
    agora.advance_until(event=11)

    assert answers[0]["serverResponse"]["uploadingStatus"] == "uploaded"
    assert inbox.event_types == [40, 31, 11]


# --- broken answers ------------------------------------------------------------------------------


def outcome(call: Callable[[], Any]) -> tuple[str, ...]:
    """Name what came of a call: its status and body, or the errors that led to one another."""
    try:
        answer = call()
        return (str(answer.status_code), str(len(answer.content)))
    except (requests.RequestException, httpx.HTTPError) as error:
        causes, each = [], error.args[0] if error.args else ""
        while isinstance(each, BaseException):
            causes.append(type(each).__name__)
            each = each.args[-1] if each.args else ""
        return (type(error).__name__, *causes)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("library", LIBRARIES)
def test_a_broken_answer_is_what_the_library_makes_of_one_over_a_socket(
    agora: Agora, vendor_names: InProcess, library: Any, effect: str
) -> None:
    agora.faults.add("call", effect=effect, operation="acquire", times=2, **EFFECTS[effect])
    timeout_s = 0.3 if effect == "hang" else 10

    def call(base: str) -> tuple[str, ...]:
        where = url(agora, base)
        return outcome(lambda: library.post(where, timeout=timeout_s, **asked(agora)))

    here, there = call("https://api.agora.io"), call(agora.base_url)

    assert here == there


@pytest.mark.parametrize("effect", ["reset", "truncate", "hang"])
def test_an_async_client_sees_broken_answers_too(
    agora: Agora, vendor_names: InProcess, effect: str
) -> None:
    agora.faults.add("call", effect=effect, operation="acquire")
    expected = {
        "reset": httpx.ReadError,
        "truncate": httpx.RemoteProtocolError,
        "hang": httpx.ReadTimeout,
    }

    async def call() -> None:
        async with httpx.AsyncClient(timeout=0.3 if effect == "hang" else 10) as client:
            await client.post(url(agora), **asked(agora))

    with pytest.raises(expected[effect]):
        asyncio.run(call())


def test_retries_of_a_session_are_its_own(agora: Agora, vendor_names: InProcess) -> None:
    agora.faults.add("call", effect="status", operation="acquire", times=2, status=502)
    agora.faults.add("call", effect="reset", operation="acquire")
    retry = Retry(total=5, status_forcelist=[502], allowed_methods=None, backoff_factor=0)

    with requests.Session() as session:
        session.mount("https://", requests.adapters.HTTPAdapter(max_retries=retry))
        answer = session.post(url(agora), **asked(agora))

    assert answer.status_code == 200
    assert [each["name"] for each in agora.journal(kind="call")] == ["agora.acquire"] * 4


def test_a_call_under_way_ends_when_its_server_does() -> None:
    emulator = Emulator()
    agora = emulator.tenant("mine").agora
    agora.faults.add("call", effect="hang", operation="acquire")
    with emulator.vendor_names():
        told: list[tuple[str, ...]] = []
        thread = threading.Thread(
            target=lambda: told.append(outcome(lambda: requests.post(url(agora), **asked(agora))))
        )
        thread.start()
        agora.wait_for(call="acquire")

        emulator.close()
        thread.join(10)

    assert told == [("ConnectionError", "ProtocolError", "ConnectionResetError")]


# --- leaks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_vendors_name_that_is_not_emulated_is_refused_and_noted(
    vendor_names: InProcess, recording_emulator_server: Emulator, library: Any
) -> None:
    with pytest.raises((requests.ConnectionError, httpx.ConnectError)) as refused:
        library.get("https://rtm.agora.io/")

    noted = requests.get(f"{recording_emulator_server.url}/_emulator/leaks", timeout=10).json()
    assert "rtm.agora.io is a vendor's and not emulated" in str(refused.value)
    assert vendor_names.leaks == ["rtm.agora.io"]
    last = noted["leaks"][-1]
    assert (last["host"], last["way"], last["by"]) == (
        "rtm.agora.io",
        "in process",
        library.__name__,
    )
    vendor_names.leaks.clear()


def test_a_library_that_is_not_known_cannot_reach_a_vendor(vendor_names: InProcess) -> None:
    with pytest.raises(urllib.error.URLError, match="for requests and httpx only"):
        urllib.request.urlopen("https://api.agora.io/")
    with pytest.raises(socket.gaierror, match="is a vendor's and not emulated"):
        socket.gethostbyname("rtm.agora.io")

    assert vendor_names.leaks == ["api.agora.io", "rtm.agora.io"]
    vendor_names.leaks.clear()


def test_names_that_are_only_looked_up_mean_this_machine(vendor_names: InProcess) -> None:
    assert socket.gethostbyname("api-us-west-1.agora.io") == "127.0.0.1"
    assert socket.gethostbyname_ex("api.agora.io")[2] == ["127.0.0.1"]
    assert socket.gethostbyname("127.0.0.1") == "127.0.0.1"
    assert vendor_names.leaks == []


def test_a_test_that_leaks_fails_at_its_end_and_names_what_it_called(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeini("[pytest]\naddopts = -p no:hypothesispytest")
    pytester.makepyfile(
        """
        import httpx, pytest, requests

        def app():
            try:
                requests.get("https://rtm.agora.io/")
            except requests.ConnectionError:
                pass

        def test_leaks(vendor_names):
            app()

        def test_fails_beside(vendor_names):
            app()
            assert False

        def test_leaks_on_purpose(vendor_names):
            app()
            assert vendor_names.leaks == ["rtm.agora.io"]
            vendor_names.leaks.clear()
        """
    )

    done = pytester.runpytest()

    done.assert_outcomes(failed=2, passed=1)
    done.stdout.fnmatch_lines(["called names of vendors that are not emulated: rtm.agora.io"] * 2)


# --- without patching ----------------------------------------------------------------------------


def test_one_client_of_httpx_is_given_a_transport(
    agora: Agora, recording_emulator_server: Emulator, no_sockets: None
) -> None:
    with httpx.Client(transport=recording_emulator_server.httpx_transport()) as client:
        answer = client.post(url(agora), **asked(agora))
        with pytest.raises(httpx.ConnectError, match="not emulated"):
            client.get("https://rtm.agora.io/")

    assert answer.status_code == 200


def test_one_async_client_of_httpx_is_given_a_transport(
    agora: Agora, recording_emulator_server: Emulator
) -> None:
    async def call() -> tuple[int, int]:
        transport = recording_emulator_server.httpx_async_transport()
        async with httpx.AsyncClient(transport=transport) as client:
            here = await client.post(url(agora), **asked(agora))
            there = await client.post(url(agora, agora.base_url), **asked(agora))
        return here.status_code, there.status_code

    assert asyncio.run(call()) == (200, 200)


def test_one_session_of_requests_is_given_our_connections_and_keeps_its_retries(
    agora: Agora, recording_emulator_server: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    agora.faults.add("call", effect="status", operation="acquire", status=502)
    retry = Retry(total=1, status_forcelist=[502], allowed_methods=None, backoff_factor=0)
    with requests.Session() as session:
        session.mount("https://", requests.adapters.HTTPAdapter(max_retries=retry))
        recording_emulator_server.mount(session)

        answer = session.post(url(agora), **asked(agora))
        other = session.post(url(agora, agora.base_url), **asked(agora))
        with pytest.raises(requests.ConnectionError, match="not emulated"):
            session.get("https://rtm.agora.io/")

    assert (answer.status_code, other.status_code) == (200, 200)


# --- a server elsewhere --------------------------------------------------------------------------


@pytest.fixture
def attached() -> Iterator[Emulator]:
    running = Emulator()
    made = Emulator(running.url)
    yield made
    made.close()
    running.close()


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_server_elsewhere_is_called_over_its_address(attached: Emulator, library: Any) -> None:
    agora = attached.tenant("mine").agora
    agora.faults.add("call", effect="truncate", operation="acquire")

    with attached.vendor_names() as names:
        first = outcome(lambda: library.post(url(agora), **asked(agora)))
        second = library.post(url(agora), **asked(agora))
        with pytest.raises((requests.ConnectionError, httpx.ConnectError)):
            library.get("https://rtm.agora.io/")

    assert first[0] in ("ChunkedEncodingError", "RemoteProtocolError")
    assert second.status_code == 200
    assert names.leaks == ["rtm.agora.io"]


# --- Agora's own client --------------------------------------------------------------------------

AROUND = """
import os, runpy, socket, sys
from recording_emulator.testing import Emulator

emulator = Emulator()
agora = emulator.tenant("mine", mode="auto").agora
os.environ.update(
    AGORA_APP_ID=agora.app_id,
    AGORA_BASIC_AUTH_USER_NAME=agora.customer_id,
    AGORA_BASIC_AUTH_PASSWORD=agora.customer_secret,
)

def connect(_self, where):
    raise AssertionError(f"a socket to {where}")

socket.socket.connect = connect
sys.argv = sys.argv[1:]
with emulator.vendor_names():
    runpy.run_path(sys.argv[0])
"""


def test_agoras_own_client_records_in_its_default_configuration() -> None:
    """In a process of its own, for it starts a thread that never ends."""
    env = {name: value for name, value in os.environ.items() if name != "TLS_PORT"}

    done = subprocess.run(
        [sys.executable, "-c", AROUND, str(RECORDINGS), "sync"],
        input="go on\n", env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    calls = [line.split('"')[3] for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert calls[:2] == ["acquire", "start"]
    assert calls[-1] == "stop"


def test_agoras_own_client_runs_inside_a_test_if_its_domain_starts_no_thread(
    agora: Agora, no_sockets: None
) -> None:
    from agora_rest_client.core.domain import Domain, EndpointRegion
    from agora_rest_client.services.cloud_recording.v1.mix_recording import mix_recording_client

    class Still(Domain):  # type: ignore[misc]  # the client has no types
        def run(self, logger: Any) -> None:
            self.set_logger(logger)
            self.select_best_domain()

    client = (
        mix_recording_client.MixRecordingClient.new_builder()
        .with_app_id(agora.app_id)
        .with_credential_basic_auth(agora.customer_id, agora.customer_secret)
        .with_domain(Still(EndpointRegion.US.value))
        .build()
    )
    before = threading.active_count()

    acquired = client.acquire("demo", "9")

    assert acquired.resourceId
    assert threading.active_count() == before
