"""The doubles of SDKs are served to pages of any origin; what has none says so."""

from collections.abc import Iterator

import httpx
import pytest

from recording_emulator.testing import Emulator
from recording_emulator.vendors import base, cloudroom, neroom


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    every: tuple[base.VendorAdapter, ...] = (neroom.ADAPTER, cloudroom.ADAPTER, *base.load())
    known = {each.name: each for each in every}
    server = Emulator(adapters=tuple(known.values()))
    with httpx.Client(base_url=f"{server.url}/_emulator/sdk") as client:
        yield client
    server.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("neroom.js", "text/javascript; charset=utf-8"),
        ("neroom.d.ts", "text/plain; charset=utf-8"),
        ("cloudroom.js", "text/javascript; charset=utf-8"),
        ("cloudroom.native.js", "text/javascript; charset=utf-8"),
        ("cloudroom.native.d.ts", "text/plain; charset=utf-8"),
        ("wire.js", "text/javascript; charset=utf-8"),
        ("wire.d.ts", "text/plain; charset=utf-8"),
    ],
)
def test_a_page_of_another_origin_may_import_a_double(
    http: httpx.Client, name: str, kind: str
) -> None:
    answer = http.get(f"/{name}", headers={"origin": "http://app.test"})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.text.startswith("/**")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("agora.js", "agora has no double of an SDK: its clients call HTTP themselves; there are"),
        ("nobody.js", "no file 'nobody.js'; there are"),
        ("neroom.mjs", "no file 'neroom.mjs'; there are"),
    ],
)
def test_what_has_no_double_says_so_and_what_there_is(
    http: httpx.Client, name: str, message: str
) -> None:
    answer = http.get(f"/{name}")

    assert answer.status_code == 404
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()["message"]
    assert told.startswith(message)
    assert "neroom.d.ts, neroom.js" in told


def test_a_file_beside_the_doubles_is_not_served(http: httpx.Client) -> None:
    for name in ("..%2Fadapter.py", "sdk.js", "line.js", "%00.js", "."):
        assert http.get(f"/{name}").status_code == 404
