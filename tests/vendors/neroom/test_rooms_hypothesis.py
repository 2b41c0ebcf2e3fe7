"""Rooms in arbitrary hands: no call breaks one, and what its people, its channel and its recording
are stays in agreement. A twin restored from a snapshot answers alike.
"""

from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from recording_emulator.core import rooms, snapshot
from recording_emulator.core.faults import Fault
from recording_emulator.core.inputs import (
    Answer,
    ArmFault,
    Bye,
    Call,
    ChangeRoom,
    Configure,
    Connect,
    Drop,
    Elapse,
    Fire,
    Resume,
)
from recording_emulator.core.machine import Input
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.neroom import ADAPTER, errors, inputs, recorder, room
from recording_emulator.vendors.neroom.faults import POINTS
from recording_emulator.vendors.neroom.sdk import NeRoomSdk

SDK = NeRoomSdk()
WHO = st.integers(0, 3)
USERS = ("alice", "alice", "bob", "carol")
ROOMS = st.sampled_from(("one", "two"))
METHODS = st.sampled_from(sorted(SDK.operations))
PARAMS = st.fixed_dictionaries(
    {},
    optional={
        "userUuid": st.sampled_from((*USERS, "dan", "nobody")),
        "role": st.sampled_from(("host", "member", "", 7)),
        "name": st.text(max_size=3),
        "enableRecord": st.booleans(),
        "maxMembers": st.integers(-2, 3),
        "kickOtherDevice": st.booleans(),
        "password": st.sampled_from(("", "open")),
        "initialProperties": st.sampled_from(
            ({}, {"recordConfig": {"recordStrategy": 1}}, {"recordConfig": "{"})
        ),
        "rtcRecordType": st.sampled_from((0, 100, 1)),
        "modeList": st.lists(st.fixed_dictionaries({"mode": st.integers(-1, 7)}), max_size=2),
        "record_audio_enabled": st.booleans(),
        "record_type": st.integers(0, 3),
    },
)
STORY = ("createRoom", "joinRoom", "joinRtcChannel", "unmuteMyAudio", "startCloudRecord")
OF_SERVER = st.sampled_from(
    (
        inputs.End,
        inputs.StartRecord,
        inputs.StopRecord,
        inputs.Snap,
        inputs.Look,
        inputs.Exit,
        inputs.EnterRtc,
        inputs.ExitRtc,
    )
)
EFFECTS = st.sampled_from([(point.name, effect) for point in POINTS for effect in point.effects])


class Rooms(RuleBasedStateMachine):
    """One tenant with four clients of three users, two names of rooms, and a server."""

    def __init__(self) -> None:
        super().__init__()
        spec = Spec("props", credentials={"neroom": ADAPTER.credentials("props")})
        self.worlds = [World(spec, (ADAPTER,))]
        for user in USERS:
            self.apply(Connect("neroom", user, False))
        self.faults = 0

    @property
    def world(self) -> World:
        return self.worlds[0]

    def apply(self, given: Input) -> Any:
        first, *others = [world.apply(given) for world in self.worlds]
        for world in self.worlds:
            world.take_answers()
            world.take_overdue()
        assert all(each == first for each in others)
        return first

    def answered(self, operation: str, given: Input) -> None:
        answer = self.apply(Call("neroom", operation, given))
        if isinstance(answer, Answer):
            assert answer.row == "" or answer.row in errors.BY_ID
            member = next(iter(self.world.members.all.values()), None)
            if not answer.row and member is not None and operation in SDK.operations:
                told = SDK.result(answer, operation, self.world.views["neroom"])
                assert msgspec.json.encode(told)

    @rule(who=WHO, method=METHODS, where=ROOMS, params=PARAMS)
    def a_client_calls(self, who: int, method: str, where: str, params: dict[str, Any]) -> None:
        member = self.world.members.all.get(f"neroom:{who + 1}")
        if member is None:
            return
        params = {"roomUuid": where, "userName": "N", **params}
        view = self.world.views["neroom"]
        given, _ = SDK.decode(member, method, params, view, wall_ms=self.world.now_ms)
        self.answered(method, given)

    @rule(who=WHO, where=ROOMS)
    def a_client_records(self, who: int, where: str) -> None:
        for method in STORY:
            self.a_client_calls(who, method, where, {"enableRecord": True})

    @rule(kind=OF_SERVER, where=ROOMS, user=st.sampled_from(("", "bob", "dan")))
    def a_server_calls(self, kind: type[inputs.Caller], where: str, user: str) -> None:
        self.answered("rest", kind(room=where, user=user))

    @rule(where=ROOMS, user=st.sampled_from(("bob", "dan")))
    def somebody_enters_over_http(self, where: str, user: str) -> None:
        self.answered("rest", inputs.Enter(room=where, user=user, name=user))

    @rule(
        where=ROOMS,
        uid=st.sampled_from(("bob", "erin", "alice/neroom:2")),
        given=st.sampled_from((rooms.Join, rooms.Leave, rooms.Publish)),
    )
    def the_channel_changes(self, where: str, uid: str, given: Any) -> None:
        self.apply(ChangeRoom("neroom", where, given(uid)))

    @rule(who=WHO)
    def a_connection_is_lost_or_back(self, who: int) -> None:
        member = self.world.members.all.get(f"neroom:{who + 1}")
        if member is not None:
            back = Resume(member.id, member.seq, False)
            self.apply(Drop(member.id, member.epoch, "lost") if member.is_up else back)

    @rule(who=WHO)
    def a_client_says_bye(self, who: int) -> None:
        self.apply(Bye(f"neroom:{who + 1}"))

    @rule(ms=st.sampled_from((0, 1, 29_000, 60_000, 7_200_000, 86_400_000)))
    def time_passes(self, ms: int) -> None:
        until = self.world.now_ms + ms
        while (due := self.world.timers.peek()) is not None and due.due_ms <= until:
            self.apply(Elapse(due.due_ms))
            self.apply(Fire())
        self.apply(Elapse(until))

    @rule(point=EFFECTS)
    def a_fault_is_armed(self, point: Any) -> None:
        on, effect = point
        self.faults += 1
        more: dict[str, Any] = dict.fromkeys((*effect.needs, *effect.takes), 1_000)
        fault = Fault(id=f"f{self.faults}", vendor="neroom", on=on, effect=effect.name, **more)
        self.apply(ArmFault(fault))

    @rule(
        chosen=st.fixed_dictionaries(
            {},
            optional={
                "server_record_rule": st.sampled_from(("all", "client_keys")),
                "set_parameters_after_join": st.sampled_from(("ignore", "fail", "apply")),
                "count_screen_share": st.booleans(),
                "callback_first": st.booleans(),
                "slice_files_early": st.booleans(),
                "idle_grace_ms": st.sampled_from((0, 30_000)),
                "room_max_ms": st.sampled_from((3_600_000, 86_400_000)),
                "online_max": st.integers(1, 4),
            },
        )
    )
    def settings_change(self, chosen: dict[str, Any]) -> None:
        self.apply(Configure("neroom", chosen))

    @rule()
    def a_twin_is_restored(self) -> None:
        made = snapshot.restore(snapshot.take(self.world), (ADAPTER,))
        self.worlds = [self.world, made]

    @invariant()
    def the_people_online_are_those_in_rooms(self) -> None:
        there = sum(len(each.people) for each in self.live())
        assert self.world.live[room.ONLINE] == there

    @invariant()
    def the_channel_and_the_room_agree(self) -> None:
        for each in self.live():
            channel = self.world.room("neroom", each.uuid).participants
            inside = {
                device.key: (device.audio, device.video)
                for person in each.people
                for device in person.devices
                if device.in_rtc
            }
            assert inside == {uid: (one.audio, one.video) for uid, one in channel.items()}

    @invariant()
    def one_screen_at_most_is_shared(self) -> None:
        for each in self.live():
            assert sum(person.is_sharing for person in each.people) <= 1

    @invariant()
    def a_room_knows_its_running_recording(self) -> None:
        running = {
            task.id
            for task in self.world.things.values()
            if isinstance(task, recorder.Recording) and task.state is recorder.State.RECORDING
        }
        assert running == {each.recording for each in self.live() if each.recording}

    def live(self) -> list[room.Room]:
        tasks = self.world.things.values()
        return [
            each for each in tasks if isinstance(each, room.Room) and each.state is room.State.OPEN
        ]


TestRooms = Rooms.TestCase
TestRooms.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
