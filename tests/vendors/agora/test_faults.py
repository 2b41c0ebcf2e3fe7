"""Every error of the catalogue can be had on demand, and leaves the task as it was."""

import httpx
import pytest

from recording_emulator.core.surface import Row
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.errors import ROWS
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.agora.surface import SURFACE
from recording_emulator.vendors.base import Outward

OPERATIONS = [each.name for each in SURFACE.operations if "cloud_recording" in each.path]
CASES = [(row, operation) for row in ROWS for operation in (row.operations or OPERATIONS)]


def send(agora: Agora, asked: Outward) -> httpx.Response:
    url = f"{agora.base_url}{asked.path}"
    return httpx.request(asked.method, url, content=asked.body, headers=asked.headers)


def call(agora: Agora, operation: str) -> httpx.Response:
    pair, resource, sid = agora.credentials, "r" * 250, "0" * 32
    if operation == "acquire":
        return send(agora, client.acquire(pair, "demo", "9"))
    if operation == "start":
        return send(agora, client.start(pair, "demo", "9", resource))
    return send(agora, client.task_call(pair, operation, "demo", "9", resource, sid))


@pytest.mark.parametrize(("row", "operation"), CASES, ids=lambda each: getattr(each, "id", each))
def test_a_fault_answers_with_the_row_once(agora: Agora, row: Row, operation: str) -> None:
    agora.faults.answer(operation, row.id)

    faulty, plain = call(agora, operation), call(agora, operation)

    body = faulty.json()
    said = body.get("message") if row.code is None else (body["code"], body["reason"])
    assert faulty.status_code == row.http
    assert said == (row.text if row.code is None else (row.code, row.text))
    assert "fault fault-" in faulty.headers["x-recording-emulator-hint"]
    assert "fault" not in plain.headers.get("x-recording-emulator-hint", "")
    assert [fault["fired"] for fault in agora.faults.all()] == [1]


def test_a_start_that_a_fault_refuses_can_be_tried_again_with_the_same_resource(
    agora: Agora,
) -> None:
    resource = send(agora, client.acquire(agora.credentials, "demo", "9")).json()["resourceId"]
    agora.faults.answer("start", "start 62 request timeout", times=2)
    start = client.start(agora.credentials, "demo", "9", resource)

    statuses = [send(agora, start).status_code for _ in range(3)]

    assert statuses == [500, 500, 200]
