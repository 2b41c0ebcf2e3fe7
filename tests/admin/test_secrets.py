"""No answer to a GET shows a secret, but for a tenant's own credentials where it is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.routing import Route

from recording_emulator.admin.routes import Admin
from recording_emulator.testing import Inbox
from recording_emulator.vendors.agora import client

if TYPE_CHECKING:
    from tests.admin.conftest import Control, Task

STORAGE = {
    **client.STORAGE,
    "vendor": 2,
    "accessKey": "access-key-that-must-not-show",
    "secretKey": "secret-key-that-must-not-show",
    "stsToken": "sts-token-that-must-not-show",
    "stsExpiration": 1_893_556_000,
}
RECORDING = {
    "decryptionMode": 7,
    "secret": "channel-secret-that-must-not-show",
    "salt": "c2FsdC10aGF0LW11c3Qtbm90LXNob3ctMTIzNDU2Nzg=",
}
TOKEN, OWN = "token-that-must-not-show", "own-callback-secret-that-must-not-show"
GIVEN = {
    TOKEN,
    OWN,
    *(value for value in (*STORAGE.values(), *RECORDING.values()) if "show" in str(value)),
    RECORDING["salt"],
}
"""Every secret that a caller has given us."""
TELLS_CREDENTIALS = {"/_emulator/tenants", "/_emulator/tenants/{tenant}"}
HOLDS_SECRETS = {"/_emulator/tenants/{tenant}/inputs", "/_emulator/tenants/{tenant}/snapshot"}
"""These two say so in their answer: a replay needs them."""


def readable() -> list[str]:
    app = Admin(None, lambda: 0, bytes).app()  # type: ignore[arg-type]
    found = [each for each in app.routes if isinstance(each, Route)]
    return [each.path.replace(":int", "") for each in found if "GET" in (each.methods or ())]


@pytest.fixture
def task(control: Control, inbox: Inbox) -> Task:
    """A recording made with every kind of secret there is."""
    task = control.start(token=TOKEN, storageConfig=STORAGE, recordingConfig=RECORDING)
    pair = control.tenant.agora.credentials
    args = ("demo", "900001", task.resource, task.sid)
    updated = control.call(client.task_call(pair, "update", *args, storageConfig=STORAGE))
    target = {"vendor": "agora", "url": "http://127.0.0.1:1", "secret": OWN}
    control.ask("POST", "/targets", target)
    control.ask("POST", "/clock/advance", {"delta_ms": 60_000})
    assert "code" not in updated
    return task


@pytest.mark.recording_emulator(keep_inputs=True)
def test_no_answer_to_a_get_shows_a_secret(control: Control, task: Task) -> None:
    fault = control.tenant.agora.faults.drop(31, may_not_fire=True)["id"]
    pair = control.tenant.agora.credentials
    tenant = control.tenant.info.id
    names = {"tenant": tenant, "vendor": "agora", "task": task.sid, "fault": fault, "number": 1}
    names["file"] = "wire.js"
    own = {pair["customer_secret"], pair["callback_secret"]}
    shown = {}

    for path in readable():
        secrets = GIVEN if path in TELLS_CREDENTIALS else GIVEN | own
        for query in ("", "?canonical=1"):
            text = control.ask("GET", path.format(**names) + query).text
            found = {each for each in secrets if each in text}
            if found:
                shown[path] = found

    assert set(shown) == HOLDS_SECRETS
    assert shown["/_emulator/tenants/{tenant}/snapshot"] == GIVEN | own


def test_a_refused_start_does_not_repeat_the_secrets_it_came_with(control: Control) -> None:
    pair = control.tenant.agora.credentials
    resource = control.call(client.acquire(pair, "demo", "1"))["resourceId"]
    wrong = {**STORAGE, "region": 999, "bucket": "", "stsToken": [TOKEN]}

    answer = control.call(client.start(pair, "demo", "1", resource, storageConfig=wrong))

    assert answer["code"] == 2
    for path in ("/journal", "/timeline", "/tasks", f"/tasks/{resource}"):
        text = control.ask("GET", path).text
        assert {each for each in GIVEN if each in text} == set()
