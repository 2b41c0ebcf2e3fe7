"""TLS: the vendors' own names under an authority that is made once."""

import asyncio
import http.client
import ssl
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from recording_emulator.delivery.http import HttpCourier
from recording_emulator.errors import BadRequest
from recording_emulator.runtime.directory import Directory
from recording_emulator.server import tls
from recording_emulator.server.app import App
from recording_emulator.store.objects import Store
from recording_emulator.testing import Emulator


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    made = Emulator(tls=True)
    yield made
    made.close()


def health_as(emulator: Emulator, name: str) -> int:
    """Ask for health over TLS, verifying the certificate for ``name``."""
    trusting = ssl.create_default_context(cafile=str(emulator.ca_path))
    with httpx.Client(verify=trusting, trust_env=False) as http:
        answer = http.get(
            f"{emulator.tls_url}/_emulator/health",
            headers={"Host": name},
            extensions={"sni_hostname": name},
        )
    return answer.status_code


@pytest.mark.parametrize(
    "name",
    [
        "api.agora.io",
        "api-us-west-1.agora.io",
        "api.sd-rtn.com",
        "api-cn-north-1.sd-rtn.com",
        "agora.io",
        "localhost",
    ],
)
def test_the_listener_has_a_certificate_for_every_vendor_name(
    emulator: Emulator, name: str
) -> None:
    assert health_as(emulator, name) == 200


def test_the_listener_has_a_certificate_for_its_address(emulator: Emulator) -> None:
    trusting = ssl.create_default_context(cafile=str(emulator.ca_path))

    answer = httpx.get(f"{emulator.tls_url}/_emulator/health", verify=trusting, trust_env=False)

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["api.netease.example", "agora.io.example.com", "a.b.agora.io"])
def test_any_other_name_fails_verification(emulator: Emulator, name: str) -> None:
    with pytest.raises(httpx.ConnectError, match="certificate is not valid for"):
        health_as(emulator, name)


def test_the_authority_can_be_had_over_plain_http(emulator: Emulator) -> None:
    assert emulator.ca_path is not None

    answer = httpx.get(f"{emulator.url}/_emulator/ca.pem")

    assert answer.content == emulator.ca_path.read_bytes()
    assert answer.headers["content-type"] == "application/x-pem-file"


def test_plain_http_on_the_tls_port_is_refused_and_harms_nothing(emulator: Emulator) -> None:
    where = urlsplit(emulator.tls_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)

    def ask() -> None:
        connection.request("GET", "/_emulator/health")
        connection.getresponse()

    with pytest.raises((http.client.HTTPException, ConnectionError)):
        ask()
    connection.close()

    assert health_as(emulator, "api.agora.io") == 200


def test_the_authority_is_made_once_and_its_key_is_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "recording-emulator"

    first, second = tls.authority(folder), tls.authority(folder)

    assert first == second
    assert sorted(each.name for each in folder.iterdir()) == ["ca.key", "ca.pem"]
    assert stat.S_IMODE(first.key_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"PRIVATE KEY" not in first.cert_path.read_bytes()


def test_processes_that_make_it_at_the_same_time_agree(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def make(_nth: int) -> tls.Authority:
        together.wait()
        return tls.authority(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(8)))

    assert made == [made[0]] * 8
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ca.key", "ca.pem"]
    assert tls.context(made[0], ["agora.io"]).get_ca_certs() == []


def test_a_lost_certificate_is_written_again_from_the_key_file(tmp_path: Path) -> None:
    first = tls.authority(tmp_path)
    first.cert_path.unlink()

    second = tls.authority(tmp_path)

    assert second.cert_path.read_bytes() == first.cert_pem


def test_a_key_file_that_holds_something_else_is_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / "ca.key").write_text("my own key")

    with pytest.raises(BadRequest, match=r"ca\.key holds no CA of ours; remove it, or choose"):
        tls.authority(tmp_path)

    assert (tmp_path / "ca.key").read_text() == "my own key"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BadRequest, match=r"cannot keep a CA in .*file/ca \(Not a directory\)"):
        tls.authority(tmp_path / "file" / "ca")


def test_the_default_folder_is_the_users_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    chosen = tls.default_folder()
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/someone")

    assert chosen == Path("/state/recording-emulator")
    assert tls.default_folder() == Path("/home/someone/.local/state/recording-emulator")


def test_the_authority_is_served_even_to_who_asked_for_something_else_first() -> None:
    app = App((), Directory((), HttpCourier()), Store())

    async def ask(path: str) -> int:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://e") as client:
            return (await client.get(path)).status_code

    async def story() -> list[int]:
        before = await ask("/_emulator/health"), await ask("/_emulator/ca.pem")
        app.ca_pem = b"-----BEGIN CERTIFICATE-----"  # the TLS listener has come up
        return [*before, await ask("/_emulator/ca.pem")]

    assert asyncio.run(story()) == [200, 404, 200]
