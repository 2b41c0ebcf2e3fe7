"""``recording-emulator serve`` as a process: ready, serving, gone."""

from __future__ import annotations

import signal
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from recording_emulator.vendors.agora import client
from recording_emulator.vendors.base import Outward

if TYPE_CHECKING:
    from tests.cli.conftest import Serve

PORTS = ("--port", "0", "--tls-port", "0")
PLAIN = ("--json", "--port", "0", "--no-tls")
STRANGER = {"app_id": "a" * 32, "customer_id": "someone", "customer_secret": "else"}


def sent(url: str, call: Outward) -> httpx.Response:
    base = f"{url}/agora"
    return httpx.request(
        call.method, f"{base}{call.path}", headers=call.headers, content=call.body, trust_env=False
    )


def got(url: str, **more: Any) -> Any:
    return httpx.get(url, trust_env=False, **more).json()


def test_one_line_of_json_says_all_and_both_listeners_answer(serve: Serve, tmp_path: Path) -> None:
    ca_dir = tmp_path / "ca"

    running = serve("--json", *PORTS, "--ca-dir", str(ca_dir))

    ready = running.ready
    trusting = ssl.create_default_context(cafile=ready["ca"])
    plain = got(f"{ready['url']}/_emulator/health")
    secure = got(f"{ready['tls_url']}/_emulator/health", verify=trusting)
    assert set(ready) == {"url", "tls_url", "ca", "proxy", "dns", "tenant", "credentials"}
    assert (ready["tenant"], ready["ca"]) == ("default", str(ca_dir / "ca.pem"))
    assert plain == secure
    assert (plain["status"], plain["tenants"]) == ("ok", 1)
    described = got(f"{ready['url']}/_emulator/tenants/default")
    assert described["credentials"] == ready["credentials"]
    assert (described["mode"], described["is_open"]) == ("real", True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_zero_and_leaves_nothing_behind(
    serve: Serve, tmp_path: Path, how: signal.Signals
) -> None:
    running = serve("--json", *PORTS, "--ca-dir", str(tmp_path / "ca"))
    ready = running.ready
    got(f"{ready['url']}/_emulator/health")

    ended = running.stop(how)

    assert ended == (0, "", "")
    left = sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*"))
    assert left == ["ca", "ca/ca.key", "ca/ca.pem", "work"]
    for url in (ready["url"], ready["tls_url"]):
        with pytest.raises(httpx.ConnectError, match="refused"):
            httpx.get(url, trust_env=False)


def test_it_ends_in_the_middle_of_a_recording_without_a_traceback(serve: Serve) -> None:
    running = serve(*PLAIN, "--callback", "agora=http://127.0.0.1:1/hook", "--speed", "1000")
    url = running.ready["url"]
    resource = sent(url, client.acquire(STRANGER, "demo", "1")).json()["resourceId"]
    sent(url, client.start(STRANGER, "demo", "1", resource))

    assert running.stop() == (0, "", "")


def test_without_json_it_tells_a_person_where_and_with_what(serve: Serve) -> None:
    running = serve(*PORTS)

    code, out, err = running.stop()

    text = running.first_line + out
    assert (code, err) == (0, "")
    assert running.first_line.startswith("recording-emulator listens on http://127.0.0.1:")
    for told in ("HTTPS    https://127.0.0.1:", "state/recording-emulator/ca.pem", "app_id  "):
        assert told in text
    assert "tenant   'default', clock real; these credentials, or any well-formed ones" in text
    assert text.endswith("Stop with Ctrl-C.\n")


def test_the_open_tenant_takes_any_well_formed_credentials_and_a_strict_one_only_its_own(
    serve: Serve,
) -> None:
    lax, strict = serve(*PLAIN), serve(*PLAIN, "--strict")
    own = strict.ready["credentials"]["agora"]

    statuses = [
        sent(lax.ready["url"], client.acquire(STRANGER, "demo", "1")).status_code,
        sent(strict.ready["url"], client.acquire(STRANGER, "demo", "1")).status_code,
        sent(strict.ready["url"], client.acquire(own, "demo", "1")).status_code,
    ]

    assert statuses == [200, 401, 200]
    assert lax.ready["credentials"] == strict.ready["credentials"]


def test_every_flag_that_shapes_the_tenant_does(serve: Serve) -> None:
    running = serve(
        *PLAIN,
        *("--mode", "manual", "--seed", "7"),
        *("--callback", "agora=http://127.0.0.1:1/a", "--callback", "agora=https://127.0.0.1:1/b"),
    )
    tenant = f"{running.ready['url']}/_emulator/tenants/default"

    described = got(tenant)
    targets = got(f"{tenant}/targets")["targets"]

    assert (described["mode"], described["seed"]) == ("manual", 7)
    assert described["now_ms"] == 1_893_456_000_000
    assert [(each["id"], each["url"]) for each in targets] == [
        ("agora-1", "http://127.0.0.1:1/a"),
        ("agora-2", "https://127.0.0.1:1/b"),
    ]


def test_flags_can_be_given_in_the_environment(serve: Serve) -> None:
    running = serve(
        RECORDING_EMULATOR_PORT="0",
        RECORDING_EMULATOR_NO_TLS="1",
        RECORDING_EMULATOR_JSON="1",
        RECORDING_EMULATOR_SEED="9",
        RECORDING_EMULATOR_CALLBACK="agora=http://127.0.0.1:1/a agora=http://127.0.0.1:1/b",
    )

    tenant = f"{running.ready['url']}/_emulator/tenants/default"
    assert (running.ready["tls_url"], running.ready["ca"]) == ("", "")
    assert got(tenant)["seed"] == 9
    assert len(got(f"{tenant}/targets")["targets"]) == 2


def test_a_flag_wins_over_the_environment(serve: Serve) -> None:
    running = serve(*PLAIN, "--seed", "1", RECORDING_EMULATOR_SEED="2")

    assert got(f"{running.ready['url']}/_emulator/tenants/default")["seed"] == 1


def test_recorded_files_are_kept_in_the_folder_that_was_named(serve: Serve, tmp_path: Path) -> None:
    running = serve(*PLAIN, "--mode", "manual", "--store", str(tmp_path / "kept"))
    url = running.ready["url"]
    resource = sent(url, client.acquire(STRANGER, "demo", "1")).json()["resourceId"]
    sid = sent(url, client.start(STRANGER, "demo", "1", resource)).json()["sid"]
    tenant = f"{url}/_emulator/tenants/default"
    httpx.post(f"{tenant}/clock/advance", json={"delta_ms": 60_000}, trust_env=False)
    stored = got(f"{tenant}/objects")["objects"]
    playlist = next(each for each in stored if each["key"].endswith(".m3u8"))

    text = httpx.get(playlist["url"], trust_env=False).text

    running.stop()
    kept = tmp_path / "kept" / "default" / "recordings" / f"{sid}_demo.m3u8"
    assert kept.read_text() == text


def test_the_certificate_authority_survives_a_restart(serve: Serve) -> None:
    first = serve("--json", *PORTS)
    before = Path(first.ready["ca"]).read_bytes()
    first.stop()

    second = serve("--json", *PORTS)

    assert second.ready["ca"] == first.ready["ca"]
    assert Path(second.ready["ca"]).read_bytes() == before
    assert httpx.get(f"{second.ready['url']}/_emulator/ca.pem", trust_env=False).content == before


def test_a_credential_that_an_app_has_built_in_can_be_served(serve: Serve) -> None:
    running = serve(*PLAIN, "--credential", "agora.customer_secret=built-in")

    credentials = running.ready["credentials"]["agora"]

    assert credentials["customer_secret"] == "built-in"
    assert credentials["customer_id"] != "built-in"
