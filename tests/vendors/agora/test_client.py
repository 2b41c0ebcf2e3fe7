"""The client that scenarios play: every call by its name, and what it keeps of answers."""

import msgspec
import pytest

from recording_emulator.vendors.agora import ADAPTER, paths
from recording_emulator.vendors.base import Unmade

CLIENT = ADAPTER.client
PAIR = ADAPTER.credentials("a test")
SAVED = {"resource": "r", "sid": "s", "cname": "demo", "uid": "7"}


@pytest.mark.parametrize("call", CLIENT.calls)
def test_every_call_makes_a_request_of_its_operation(call: str) -> None:
    asked = CLIENT.request(call, PAIR, SAVED, {})

    route = paths.find(asked.method, asked.path)
    assert isinstance(route, paths.Route)
    assert (route.operation, route.app) == (call, PAIR["app_id"])
    assert asked.headers["Authorization"].startswith("Basic ")


def test_every_operation_about_recordings_can_be_called() -> None:
    operations = [each.name for each in ADAPTER.surface.operations if "cloud_rec" in each.path]

    assert list(CLIENT.calls) == operations
    assert {*CLIENT.flow, CLIENT.ending} <= set(CLIENT.calls)


def test_names_stand_beside_the_request_and_the_rest_inside() -> None:
    given = {"cname": "other", "mode": "web", "recordingConfig": {"maxIdleTime": 60}}

    asked = CLIENT.request("start", PAIR, SAVED, given)

    body = msgspec.json.decode(asked.body)
    assert asked.path.endswith("/resourceid/r/mode/web/start")
    assert (body["cname"], body["uid"]) == ("other", "7")
    assert set(body["clientRequest"]) == {"storageConfig", "recordingConfig"}


@pytest.mark.parametrize(("call", "missing"), [("start", "resource"), ("stop", "sid")])
def test_a_call_that_needs_more_says_what(call: str, missing: str) -> None:
    known = {key: value for key, value in SAVED.items() if key != missing}

    with pytest.raises(Unmade, match=f"{call} needs a {missing}, and no answer has given one"):
        CLIENT.request(call, PAIR, known, {})


def test_it_keeps_of_answers_what_the_next_call_needs() -> None:
    acquired = CLIENT.learn("acquire", {"cname": "demo", "scene": 0}, {"resourceId": "r"})
    started = CLIENT.learn("start", {"mode": "web"}, {"resourceId": "r", "sid": "s"})

    assert acquired == {"cname": "demo", "resource": "r"}
    assert started == {"mode": "web", "sid": "s"}
    assert CLIENT.learn("start", {}, {"code": 65, "reason": "request not completed"}) == {}
    assert CLIENT.learn("acquire", {}, None) == {}
