"""Every admin route: what it takes, what it answers, and how it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Route

from recording_emulator.admin.routes import Admin
from recording_emulator.testing import Inbox

if TYPE_CHECKING:
    from tests.admin.conftest import Control

TENANT = "/_emulator/tenants/{tenant}"
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
JOIN = {"vendor": "agora", "room": "demo", "uid": "43"}

HAPPY: dict[tuple[str, str], tuple[int, Any]] = {
    ("GET", "/_emulator/health"): (200, None),
    ("GET", "/_emulator/ready"): (200, None),
    ("GET", "/_emulator/openapi.json"): (200, None),
    ("GET", "/_emulator/vendors/{vendor}/openapi.json"): (200, None),
    ("GET", "/_emulator/ca.pem"): (404, None),
    ("GET", "/_emulator/unclaimed"): (200, None),
    ("GET", "/_emulator/leaks"): (200, None),
    ("GET", "/_emulator/vendors/{vendor}/faults"): (200, None),
    ("GET", "/_emulator/scenario.schema.json"): (200, None),
    ("GET", "/_emulator/sdk/{file}"): (200, None),
    ("GET", "/_emulator/tenants"): (200, None),
    ("POST", "/_emulator/tenants"): (201, {"name": "made-in-passing"}),
    ("POST", "/_emulator/snapshots"): (400, {}),
    ("GET", TENANT): (200, None),
    ("PATCH", TENANT): (200, {"settings": {"agora": {"upload_ms": 5}}}),
    ("GET", f"{TENANT}/clock"): (200, None),
    ("POST", f"{TENANT}/clock/advance"): (200, {"delta_ms": 1_000}),
    ("POST", f"{TENANT}/clock/wait"): (408, {"call": "start", "timeout_s": 0}),
    ("GET", f"{TENANT}/rooms"): (200, None),
    ("POST", f"{TENANT}/participants"): (201, JOIN),
    ("PATCH", f"{TENANT}/participants"): (200, {**JOIN, "audio": False}),
    ("DELETE", f"{TENANT}/participants"): (200, JOIN),
    ("GET", f"{TENANT}/members"): (200, None),
    ("POST", f"{TENANT}/members/{{member}}/drop"): (404, None),
    ("GET", f"{TENANT}/tasks"): (200, None),
    ("GET", f"{TENANT}/tasks/{{task}}"): (200, None),
    ("GET", f"{TENANT}/targets"): (200, None),
    ("POST", f"{TENANT}/targets"): (201, {"vendor": "agora", "url": "http://127.0.0.1:1/"}),
    ("POST", f"{TENANT}/targets/{{target}}/check"): (200, None),
    ("GET", f"{TENANT}/callbacks"): (200, None),
    ("GET", f"{TENANT}/callbacks/{{number}}"): (200, None),
    ("POST", f"{TENANT}/callbacks/{{number}}/replay"): (201, None),
    ("GET", f"{TENANT}/faults"): (200, None),
    ("POST", f"{TENANT}/faults"): (
        201,
        {"vendor": "agora", "on": "callback", "event": "42", "effect": "drop"},
    ),
    ("GET", f"{TENANT}/faults/{{fault}}"): (200, None),
    ("GET", f"{TENANT}/faults/{{fault}}/why"): (200, None),
    ("GET", f"{TENANT}/unfired"): (200, None),
    ("DELETE", f"{TENANT}/faults/{{fault}}"): (204, None),
    ("POST", f"{TENANT}/scenario"): (201, {"text": "scenario: a story\nvendor: agora\n"}),
    ("GET", f"{TENANT}/verdict"): (200, None),
    ("GET", f"{TENANT}/journal"): (200, None),
    ("GET", f"{TENANT}/timeline"): (200, None),
    ("GET", f"{TENANT}/objects"): (200, None),
    ("GET", f"{TENANT}/inputs"): (200, None),
    ("GET", f"{TENANT}/snapshot"): (200, None),
    ("DELETE", f"{TENANT}/targets/{{target}}"): (204, None),
    ("DELETE", TENANT): (204, None),
}
"""One right call of every route, in an order in which each finds what it needs."""


def routes() -> dict[str, set[str]]:
    """Every HTTP path of the admin API with its methods."""
    app = Admin(None, lambda: 0, bytes).app()  # type: ignore[arg-type]
    found = [each for each in app.routes if isinstance(each, Route)]
    return {each.path.replace(":int", ""): set(each.methods or ()) - {"HEAD"} for each in found}


def filled(path: str, tenant: str = "t", task: str = "x", fault: str = "x") -> str:
    names = {"tenant": tenant, "vendor": "agora", "task": task, "fault": fault}
    fixed = {"target": "inbox-agora", "number": 1, "member": "agora:1", "file": "wire.js"}
    return path.format(**names, **fixed)


def test_the_table_of_right_calls_lists_every_route() -> None:
    assert set(HAPPY) == {(verb, path) for path, verbs in routes().items() for verb in verbs}


@pytest.mark.recording_emulator(keep_inputs=True)
def test_every_route_answers_a_right_call(control: Control, inbox: Inbox) -> None:
    task = control.start()
    control.tenant.agora.advance(minutes=1)
    fault = control.tenant.agora.faults.drop(31)
    names = {"tenant": control.tenant.info.id, "task": task.sid, "fault": fault["id"]}

    answered = {
        (verb, path): control.ask(verb, filled(path, **names), body).status_code
        for (verb, path), (_, body) in HAPPY.items()
    }
    control.ask("DELETE", "/_emulator/tenants/made-in-passing")

    assert answered == {call: status for call, (status, _) in HAPPY.items()}


@pytest.mark.parametrize(
    ("verb", "path"),
    [(verb, path) for path, allowed in routes().items() for verb in VERBS if verb not in allowed],
)
def test_a_wrong_method_is_405_and_lists_what_is_allowed(
    control: Control, verb: str, path: str
) -> None:
    url = filled(path, control.tenant.info.id)
    allowed = routes()[path] | ({"HEAD"} if "GET" in routes()[path] else set())

    answer = control.ask(verb, url)

    assert (answer.status_code, answer.json()["error"]) == (405, "BadRequest")
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.json()["message"] == (
        f"{verb} {url}: Method Not Allowed; allowed: {answer.headers['Allow']}"
    )


@pytest.mark.parametrize("path", [path for path, verbs in routes().items() if "GET" in verbs])
def test_head_answers_as_get_does_without_a_body(control: Control, path: str) -> None:
    url = filled(path, control.tenant.info.id)

    get, head = control.ask("GET", url), control.ask("HEAD", url)

    assert (head.status_code, head.content) == (get.status_code, b"")


PERSON = "vendor, room, uid, role, audio, video, stream, board, is_inside"
BODIES = {
    ("POST", "/_emulator/tenants"): "name, mode, seed, start_ms, speed, audience, guard_ms, ",
    ("PATCH", TENANT): "settings",
    ("POST", f"{TENANT}/clock/advance"): "delta_ms, to_ms, until, limit_ms, max_timers, is_inside",
    ("POST", f"{TENANT}/clock/wait"): "call, timeout_s",
    ("POST", f"{TENANT}/participants"): PERSON,
    ("PATCH", f"{TENANT}/participants"): PERSON,
    ("DELETE", f"{TENANT}/participants"): PERSON,
    ("POST", f"{TENANT}/scenario"): "text, file",
    ("POST", f"{TENANT}/targets"): "vendor, url, secret, events, id",
    (
        "POST",
        f"{TENANT}/faults",
    ): (
        "on, effect, id, operation, event, file, room, nth, times, chance, from_ms, until_ms, "
        "may_not_fire, code, status, by_ms, after_ms, for_ms, commit, vendor"
    ),
}


@pytest.mark.parametrize(("call", "fields"), list(BODIES.items()))
def test_an_unknown_field_is_400_and_names_the_fields_there_are(
    control: Control, call: tuple[str, str], fields: str
) -> None:
    verb, path = call

    status, error, message = control.refused(
        verb, filled(path, control.tenant.info.id), {"vendour": "agora"}
    )

    assert (status, error) == (400, "BadRequest")
    assert "Object contains unknown field `vendour`" in message
    assert f"the body's fields are {fields}" in message


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b'"text"', b"[" * 100_000])
@pytest.mark.parametrize("call", BODIES)
def test_a_body_that_is_no_object_is_400(
    control: Control, call: tuple[str, str], raw: bytes
) -> None:
    verb, path = call
    before = control.get("/journal")

    answer = control.http.request(verb, filled(path, control.tenant.info.id), content=raw)

    assert (answer.status_code, answer.json()["error"]) == (400, "BadRequest")
    assert control.get("/journal") == before


@pytest.mark.parametrize(
    ("verb", "path"), [call for call in HAPPY if call[1].startswith(f"{TENANT}")]
)
def test_a_tenant_that_is_not_there_is_404_and_near_ones_are_named(
    control: Control, verb: str, path: str
) -> None:
    near = control.tenant.info.id
    missing = f"{near[:-1]}_"

    status, error, message = control.refused(verb, filled(path, missing))

    assert (status, error) == (404, "NotFound")
    assert message.startswith(f"no tenant {missing!r}; there are [")
    assert repr(near) in message


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/tenants/x/y/z", "/openapi"])
def test_an_unknown_path_is_404_and_says_so(control: Control, path: str) -> None:
    answer = control.http.get(f"/_emulator{path}", follow_redirects=True)

    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "NotFound", "message": f"GET /_emulator{path}: Not Found"},
    )


def test_a_body_beyond_the_limit_is_refused_before_it_is_read_whole(control: Control) -> None:
    with control.http.stream("POST", f"{control.url}/faults", content=bytes((64 << 20) + 1)) as got:
        got.read()

    assert (got.status_code, got.json()["message"]) == (
        400,
        "the body has more than 67108864 bytes",
    )
