"""Members over TLS: the same door behind the TLS listener."""

import json
import ssl

import pytest
from websockets.sync.client import connect

from recording_emulator.testing import Emulator


def test_a_member_connects_over_tls_under_the_vendors_name(tls_server: Emulator) -> None:
    own = tls_server.tenant("secret").info.credentials["toy"]
    trusting = ssl.create_default_context(cafile=str(tls_server.ca_path))
    url = f"{tls_server.tls_url.replace('https', 'wss')}/toy/sdk?key={own['key']}"

    with connect(
        f"{url}&token={own['token']}&user=alice", ssl=trusting, server_hostname="toy.test"
    ) as line:
        welcome = json.loads(line.recv(timeout=5))
        line.send('{"jsonrpc": "2.0", "id": 1, "method": "join", "params": {}}')
        answer = json.loads(line.recv(timeout=5))

    assert welcome["params"]["member"] == "toy:1"
    assert answer["result"] == {"code": 0, "data": "alice"}


def test_who_does_not_trust_the_authority_does_not_connect(tls_server: Emulator) -> None:
    url = f"{tls_server.tls_url.replace('https', 'wss')}/toy/sdk"

    with pytest.raises(ssl.SSLCertVerificationError), connect(url):
        pass


def test_members_acknowledge_drop_and_resume_over_tls(
    tls_server: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_server.ca_path))
    attached = Emulator(tls_server.tls_url, adapters=tls_server.adapters)
    tenant = attached.tenant("secret")
    toy, own = tenant.vendor("toy"), tenant.info.credentials["toy"]
    alice, bob = (tenant.member("toy", {"user": user, **own}) for user in ("alice", "bob"))

    for each in (alice, bob):
        each.call("join")
    bob.drop()
    toy.advance(seconds=1)
    bob.resume()
    toy.settle()

    assert alice.names == ["onJoined", "onJoined", "onDropped", "onResumed"]
    assert bob.names == ["onJoined", "onDropped", "onResumed"]
    attached.close()
