"""What every vendor's adapter owes, written once: doors, tasks, callbacks, time, catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from recording_emulator.core.openapi import document
from recording_emulator.testing import Inbox, Rejected, Tenant
from recording_emulator.vendors.base import VendorAdapter, load

if TYPE_CHECKING:
    from tests.contract.conftest import Caller

EACH = pytest.mark.parametrize("adapter", load(), ids=lambda each: each.name)


# --- the door ---------------------------------------------------------------------------------


def test_a_call_with_anothers_credentials_is_refused_with_a_hint_and_changes_nothing(
    caller: Caller,
) -> None:
    caller.credentials = {name: f"{value[:-1]}0" for name, value in caller.credentials.items()}

    answer = caller.send(caller.adapter.client.flow[0])

    assert answer.hint
    assert caller.adapter.client.learn(caller.start, {}, answer.body) == {}
    assert caller.handle.tasks() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null", b"[" * 5_000])
def test_a_body_that_is_no_object_is_the_vendors_own_error(
    http_caller: Caller, body: bytes
) -> None:
    http_caller.record()
    before = http_caller.handle.tasks()

    answer = http_caller.send(http_caller.stop, body=body)

    rows = {row.http for row in http_caller.adapter.surface.errors}
    assert answer.status in rows
    assert answer.body
    assert http_caller.replies()[-1] in {row.id for row in http_caller.adapter.surface.errors}
    assert http_caller.handle.tasks() == before


@pytest.mark.parametrize("params", [{}, {"x": None}, {"": {"": [1]}}, {"roomUuid": [[]]}])
def test_params_that_a_method_does_not_take_are_the_vendors_own_error(
    spoken_caller: Caller, params: dict[str, Any]
) -> None:
    spoken_caller.record()
    before = spoken_caller.handle.tasks()
    member = spoken_caller.members[spoken_caller.adapter.client.user]  # type: ignore[attr-defined]

    with pytest.raises(Rejected) as refused:
        member.call(spoken_caller.demanding, **params)

    assert refused.value.data
    assert spoken_caller.is_refused
    assert spoken_caller.handle.tasks() == before


def test_a_call_about_a_task_that_nobody_started_is_refused_if_it_can_be(caller: Caller) -> None:
    caller.record()
    known = dict(caller.saved)
    caller.saved = {
        name: re.sub("[A-Za-z0-9]", "0", value) if isinstance(value, str) else value
        for name, value in known.items()
        if name not in ("cname", "uid", "mode", "room")
    }

    asked = caller.query or caller.stop
    caller.send(asked)

    assert caller.is_refused is caller.can_fail(asked)


# --- a task -----------------------------------------------------------------------------------


def test_a_recording_starts_is_seen_stops_and_leaves_files(caller: Caller) -> None:
    caller.record()
    caller.handle.advance(minutes=5)
    if caller.query:
        caller.call(caller.query)

    caller.call(caller.stop)
    caller.handle.advance(hours=1)

    assert set(caller.replies()) == {"ok"}
    (task,) = caller.handle.tasks()
    assert task["room"] in caller.places
    assert list(caller.handle.objects())
    assert all(each.size_bytes > 0 for each in caller.handle.objects())


def test_a_second_stop_is_refused_if_it_can_be_and_the_task_stays_ended(caller: Caller) -> None:
    caller.record()
    caller.handle.advance(minutes=5)
    caller.call(caller.stop)
    caller.handle.advance(hours=1)
    ended = caller.handle.tasks()

    caller.send(caller.stop)

    assert caller.is_refused is caller.can_fail(caller.stop)
    assert caller.handle.tasks() == ended


def test_a_room_that_nobody_is_in_ends_by_itself_and_leaves_nothing(
    silent_caller: Caller,
) -> None:
    caller = silent_caller
    caller.handle.room("demo").join(41)
    caller.handle.room("demo").leave(41)
    caller.record(silent=True)

    caller.handle.advance(minutes=10)

    assert list(caller.handle.objects()) == []
    caller.send(caller.stop)
    assert caller.is_refused is caller.can_fail(caller.stop)


# --- callbacks --------------------------------------------------------------------------------


def test_every_callback_is_signed_and_a_changed_one_is_seen(caller: Caller, inbox: Inbox) -> None:
    inbox.subscribe(caller.adapter.name)
    caller.record()
    caller.handle.advance(minutes=5)
    caller.call(caller.stop)
    caller.handle.advance(hours=1)

    client = caller.adapter.client
    assert inbox.callbacks
    for each in inbox.callbacks:
        assert each.is_genuine
        assert client.complaint(caller.credentials, each.headers, each.body) == ""
    other = {**caller.credentials, "callback_secret": "another"}
    sample = inbox.callbacks[0]
    assert client.complaint(other, sample.headers, sample.body) != ""


def test_a_callback_that_is_refused_is_sent_again_as_often_as_the_vendor_does(
    caller: Caller, inbox: Inbox
) -> None:
    inbox.subscribe(caller.adapter.name)
    inbox.answer(500)
    caller.record()
    caller.handle.advance(minutes=5)
    caller.call(caller.stop)
    caller.handle.advance(hours=1)
    caller.handle.advance(seconds=sum(caller.adapter.retry.gaps_ms) // 1000)

    attempts = {len(each.attempts) for each in caller.handle.callbacks()}
    assert attempts == {1 + len(caller.adapter.retry.gaps_ms)}
    assert {each.fate for each in caller.handle.callbacks()} == {"lost"}


# --- tenants and time -------------------------------------------------------------------------


def test_a_new_tenant_of_the_same_name_knows_nothing_of_the_old(
    caller: Caller, recording_emulator: Tenant
) -> None:
    caller.record()
    server, name = recording_emulator.emulator, recording_emulator.name

    again = server.tenant(name, replace=True).vendor(caller.adapter.name)

    assert (again.tasks(), list(again.objects())) == ([], [])
    assert again.credentials == caller.handle.credentials


def test_equal_seeds_tell_equal_stories_byte_for_byte(
    caller: Caller, recording_emulator: Tenant
) -> None:
    server, told = recording_emulator.emulator, []
    for _ in range(2):
        tenant = server.tenant("contract-twin", replace=True, seed=7)
        twin = type(caller)(caller.adapter, tenant)
        twin.record()
        twin.handle.advance(minutes=5)
        twin.call(twin.stop)
        twin.handle.advance(hours=1)
        told.append(twin.handle.canonical_journal())
        twin.close()
        tenant.close()

    assert told[0] == told[1]
    assert told[0].count(b"\n") > 10


def test_a_tenant_can_be_written_down_in_the_middle_and_go_on(
    caller: Caller, recording_emulator: Tenant
) -> None:
    caller.wait_for_the_lost()
    caller.record()
    caller.handle.advance(minutes=5)
    written = caller.handle.snapshot()

    other = recording_emulator.emulator.restore(written, name="contract-fork")
    fork = caller.fork(other)
    for each in (caller, fork):
        each.call(each.stop)
        each.handle.advance(hours=1)

    assert [(e.key, e.size_bytes) for e in caller.handle.objects()] == [
        (e.key, e.size_bytes) for e in fork.handle.objects()
    ]
    fork.close()
    other.close()


def test_a_call_can_be_answered_with_any_row_that_it_may_have(caller: Caller) -> None:
    operation = caller.adapter.client.flow[0]
    rows = [r for r in caller.adapter.surface.errors if operation in (r.operations or (operation,))]

    for row in rows:
        caller.handle.faults.answer(operation, row.id)
        answer = caller.send(operation)
        assert answer.status in (0, row.http), row
        assert "fault" in answer.hint

    assert caller.replies() == [row.id for row in rows]


# --- the catalogue ----------------------------------------------------------------------------


@EACH
def test_every_row_of_the_catalogue_says_where_it_is_from(adapter: VendorAdapter) -> None:
    surface = adapter.surface
    groups = (
        surface.operations, surface.errors, surface.events, surface.fields, surface.states,
        surface.limits,
    )  # fmt: skip

    assert [row for rows in groups for row in rows if not row.source] == []
    ids = [row.id for row in surface.errors]
    assert len(ids) == len(set(ids))


@EACH
def test_the_clients_calls_are_the_catalogues_operations(adapter: VendorAdapter) -> None:
    known = {each.name for each in adapter.surface.operations}
    client = adapter.client

    assert {*client.calls, *filter(None, client.flow), client.ending} <= known


@EACH
def test_the_openapi_document_has_every_operation(adapter: VendorAdapter) -> None:
    text = str(document(adapter.name, adapter.surface))

    assert all(each.name in text for each in adapter.surface.operations)
