"""What a server causes in a room: the same as a client, without a member and without an operator.

The server API is another room of this house; here its inputs go straight into the world.
"""

from typing import Any

import pytest

from recording_emulator.core.inputs import Answer, Call, Configure, Elapse, Fire
from recording_emulator.core.machine import Input
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.neroom import ADAPTER, errors
from recording_emulator.vendors.neroom.config import Config
from recording_emulator.vendors.neroom.inputs import (
    Assign,
    Copied,
    Create,
    End,
    Enter,
    EnterRtc,
    Exit,
    Kick,
    ListRecords,
    Lock,
    Look,
    Mute,
    MuteOther,
    Rename,
    Renew,
    Said,
    Snap,
    StartRecord,
    StopRecord,
)

DAY_MS = 86_400_000
WHAT: dict[str, Any] = {"room": "demo"}


class Backend:
    """One tenant, called as the routes of a server API would."""

    def __init__(self, **settings: Any) -> None:
        spec = Spec(
            "w",
            credentials={"neroom": ADAPTER.credentials("w")},
            settings={"neroom": settings},
        )
        self.world = World(spec, (ADAPTER,))

    def call(self, given: Input) -> Answer:
        answer = self.world.apply(Call("neroom", "rest", given))
        assert isinstance(answer, Answer)
        return answer

    def done(self, given: Input) -> Any:
        """Make a call that is to succeed, and return what it says."""
        answer = self.call(given)
        assert answer.row == "", answer
        return answer.facts.data if isinstance(answer.facts, Said) else answer.facts

    def make(self, **more: Any) -> str:
        made = self.done(Create(**{**WHAT, "name": "Demo", "has_record": True, **more}))
        return str(made["roomArchiveId"])

    def people(self, *uuids: str) -> None:
        """Let people who call HTTP into the room, the RTC channel and the talk."""
        for uuid in uuids:
            self.done(Enter(**WHAT, user=uuid, name=uuid.title()))
            self.done(EnterRtc(**WHAT, user=uuid))
            self.done(Mute(**WHAT, user=uuid, audio=True))

    def advance(self, ms: int) -> None:
        until = self.world.now_ms + ms
        while (due := self.world.timers.peek()) is not None and due.due_ms <= until:
            self.world.apply(Elapse(due.due_ms))
            self.world.apply(Fire())
        self.world.apply(Elapse(until))

    @property
    def told(self) -> list[tuple[str, Any]]:
        """What was announced, with its arguments or its body."""
        return [
            (each.name, each.detail.body if isinstance(each.detail, Copied) else each.detail.data)
            for each in self.world.journal
            if each.kind == "event"
        ]

    def last(self, event: str) -> Any:
        return [about for name, about in self.told if name == event][-1]


@pytest.fixture
def backend() -> Backend:
    return Backend()


# --- rooms ----------------------------------------------------------------------------------------


def test_a_server_makes_a_room_and_names_no_operator(backend: Backend) -> None:
    archive = backend.make()

    assert backend.told == [("CREATE_ROOM", {"roomArchiveId": archive, "roomUuid": "demo"})]


def test_the_host_a_server_names_has_that_role_without_asking(backend: Backend) -> None:
    backend.make(host="alice")
    backend.people("alice", "bob")

    seen = backend.done(Snap(**WHAT))

    assert [(each["userUuid"], each["role"]) for each in seen["members"]] == [
        ("alice", "host"),
        ("bob", "member"),
    ]


def test_a_permanent_room_outlives_everything_but_its_end(backend: Backend) -> None:
    archive = backend.make(is_permanent=True)
    backend.advance(3 * DAY_MS)
    backend.people("alice")
    context = backend.done(Look(**WHAT, user="alice"))
    backend.done(Exit(**WHAT, user="alice"))
    backend.advance(3 * DAY_MS)
    backend.done(Renew(**WHAT, left_ms=1))
    backend.advance(1)
    before = backend.last("USER_LEAVE_ROOM")

    backend.done(End(archive=archive))

    assert context["remainingSeconds"] == -1
    assert before["users"] == [{"userUuid": "alice", "role": "member"}]
    assert backend.told[-1] == ("CLOSE_ROOM", {"roomArchiveId": archive, "roomUuid": "demo"})


def test_a_room_that_a_server_ends_says_so_to_all_and_ends_its_recording(
    backend: Backend,
) -> None:
    archive = backend.make()
    backend.people("alice")
    backend.done(StartRecord(**WHAT))

    backend.done(End(**WHAT))

    assert [name for name, _ in backend.told][-4:] == [
        "onRoomPropertiesDeleted",
        "onRoomCloudRecordStateChanged",
        "onRoomEnded",
        "CLOSE_ROOM",
    ]
    assert backend.last("onRoomEnded") == ["CLOSE_BY_BACKEND"]
    assert backend.last("onRoomCloudRecordStateChanged") == [1, None]
    assert backend.done(End(archive=archive)) is None
    assert backend.call(End(archive=archive, user="alice")).row == errors.NO_ROOM
    assert backend.call(End(**WHAT)).row == errors.NO_ROOM


def test_an_archive_id_finds_a_life_that_a_name_finds_no_more(backend: Backend) -> None:
    first = backend.make()
    backend.done(End(archive=first))
    second = backend.make()

    backend.done(Lock(archive=second, is_on=True))

    assert backend.call(Lock(archive=first, is_on=True)).row == errors.NO_ROOM
    assert backend.call(Lock(archive="1", is_on=True)).row == errors.NO_ROOM
    assert backend.done(Snap(archive=second))["room"]["states"]["lock"] == {"value": 1}


def test_a_server_may_give_a_room_longer_to_live(backend: Backend) -> None:
    backend.make()
    backend.people("alice")
    backend.advance(DAY_MS - 1_000)

    backend.done(Renew(**WHAT, left_ms=60_000))
    backend.advance(59_999)
    before = [name for name, _ in backend.told]
    backend.advance(1)

    assert backend.last("onRoomRemainingSecondsRenewed") == [60]
    assert "onRoomEnded" not in before
    assert backend.last("onRoomEnded") == ["END_OF_LIFE"]


def test_what_a_server_has_renewed_no_other_setting_takes_back(backend: Backend) -> None:
    backend.make()
    backend.people("alice")
    backend.done(Renew(**WHAT, left_ms=2 * DAY_MS))

    backend.world.apply(Configure("neroom", {"upload_ms": 1}))
    backend.advance(DAY_MS)
    before = backend.last("onRoomRemainingSecondsRenewed")
    backend.world.apply(Configure("neroom", {"room_max_ms": 3_600_000}))
    backend.advance(0)

    assert before == [2 * 86_400]
    assert backend.last("onRoomRemainingSecondsRenewed") == [0]
    assert backend.last("onRoomEnded") == ["END_OF_LIFE"]


def test_a_tenant_holds_so_many_rooms() -> None:
    spec = Spec(
        "w", live_limit=4, credentials={"neroom": ADAPTER.credentials("w")}
    )  # a room has its RTC channel
    backend = Backend()
    backend.world = World(spec, (ADAPTER,))
    for name in ("one", "two"):
        backend.done(Create(room=name))

    assert backend.call(Create(room="three")).row == errors.UNAVAILABLE


# --- people ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "event", "operator"),
    [
        (MuteOther(**WHAT, target="bob", audio=False), "onMemberAudioMuteChanged", None),
        (Rename(**WHAT, target="bob", name="Robert"), "onMemberNameChanged", None),
    ],
)
def test_what_a_server_does_to_somebody_names_nobody(
    backend: Backend, given: Input, event: str, operator: Any
) -> None:
    backend.make()
    backend.people("alice", "bob")

    backend.done(given)

    assert backend.last(event)[-1] is operator


def test_a_kick_and_a_role_by_a_server_are_copied_without_an_operator(backend: Backend) -> None:
    backend.make()
    backend.people("alice", "bob")

    backend.done(Assign(**WHAT, target="bob", role="cohost"))
    backend.done(Kick(**WHAT, target="bob"))

    assert list(backend.last("USER_ROLE_CHANGE")) == [
        "roomArchiveId",
        "roomUuid",
        "userUuid",
        "oldRole",
        "newRole",
    ]
    assert list(backend.last("USER_LEAVE_ROOM")) == ["roomArchiveId", "roomUuid", "users"]


@pytest.mark.parametrize(
    "given",
    [
        Kick(**WHAT, target="bob"),
        Assign(**WHAT, target="bob", role="host"),
        MuteOther(**WHAT, target="bob", audio=False),
        Rename(**WHAT, target="bob", name="R"),
        Rename(**WHAT, name="R"),
    ],
)
def test_somebody_who_is_not_there_is_1015_for_a_server_too(backend: Backend, given: Input) -> None:
    backend.make()

    assert backend.call(given).row == errors.NO_TARGET


@pytest.mark.parametrize(
    "given",
    [
        Exit(**WHAT, user="bob"),
        EnterRtc(**WHAT, user="bob"),
        StartRecord(**WHAT, user="bob"),
        StopRecord(**WHAT, user="bob"),
        Kick(**WHAT, user="bob", target="alice"),
        End(**WHAT, user="bob"),
    ],
)
def test_a_user_over_http_who_is_not_in_the_room_is_1014(backend: Backend, given: Input) -> None:
    backend.make()
    backend.people("alice")

    assert backend.call(given).row == errors.NO_MEMBER


def test_a_user_over_http_joins_once(backend: Backend) -> None:
    backend.make()
    backend.people("alice")

    assert backend.call(Enter(**WHAT, user="alice", name="A")).row == errors.IN_ROOM


# --- recording ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("user", "operator"), [("alice", "alice"), ("", None)])
def test_a_start_over_http_names_its_user_and_a_servers_nobody(
    backend: Backend, user: str, operator: str | None
) -> None:
    backend.make()
    backend.people("alice")

    backend.done(StartRecord(**WHAT, user=user))
    state, by = backend.last("onRoomCloudRecordStateChanged")
    backend.done(StopRecord(**WHAT, user=user))
    then, ender = backend.last("onRoomCloudRecordStateChanged")

    assert (state, by and by["uuid"]) == (0, operator)
    assert (then, ender and ender["uuid"]) == (1, operator)


def test_a_server_may_record_whatever_the_roles_say() -> None:
    backend = Backend(record_roles=["host"], manage_roles=["host"])
    backend.make()
    backend.people("alice")

    backend.done(StartRecord(**WHAT))
    backend.done(MuteOther(**WHAT, target="alice", audio=False))
    backend.advance(0)

    assert backend.call(StopRecord(**WHAT)).row == errors.NO_RECORD


def test_a_rooms_own_configuration_counts_where_the_start_has_none(backend: Backend) -> None:
    archive = backend.make(config=Config(100, (0,)))
    backend.people("alice")
    backend.done(StartRecord(**WHAT))
    backend.advance(60_000)
    backend.done(StopRecord(**WHAT))
    backend.advance(60_000)

    listed = backend.done(ListRecords(archive))

    assert [file.is_mix for record in listed.records for file in record.files] == [False]
