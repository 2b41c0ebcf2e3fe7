"""Arbitrary calls, faults, rooms, answers and clock jumps: what always holds.

Every input goes to the world and to its twins, restored from snapshots taken on the way; all must
answer alike. At the end the list of inputs is replayed from the start.
"""

from typing import Any, Literal

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from recording_emulator.core import snapshot
from recording_emulator.core.faults import ATTEMPT, DELIVERY, Fault
from recording_emulator.core.inputs import (
    Abandoned,
    AddTarget,
    Answer,
    Answered,
    ArmFault,
    Call,
    ChangeRoom,
    Check,
    Dispatch,
    Elapse,
    Fire,
    Parked,
)
from recording_emulator.core.machine import Input
from recording_emulator.core.outbox import CallbackTarget, Outgoing
from recording_emulator.core.rooms import Join, Leave, Publish
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.agora import errors, inputs
from recording_emulator.vendors.agora.bodies import (
    AcquireParams,
    FileConfig,
    StartParams,
    Storage,
    Subscription,
)
from recording_emulator.vendors.agora.individual import (
    IndividualConfig,
    IndividualStart,
    SnapshotConfig,
    TranscodeOptions,
    TransConfig,
)
from recording_emulator.vendors.agora.surface import SURFACE
from recording_emulator.vendors.agora.web import (
    CDN_PUSH,
    WEB_RECORDER,
    ExtensionService,
    ExtensionServiceConfig,
    Output,
    ServiceParam,
    WebStart,
)
from recording_emulator.vendors.base import load

CNAMES = st.sampled_from(["demo", "other"])
UIDS = st.sampled_from(["9", "10"])
PEOPLE = st.sampled_from(["41", "42", "9"])
JUMPS = st.sampled_from([0, 1, 200, 3_000, 18_000, 30_000, 300_000, 3_600_000, 80 * 3_600_000])
ENDS = ("agora.task exited", "agora.task expired", "agora.task aborted")
STORAGE = Storage(1, 0, "bucket", "key", "secret")
USERS = IndividualConfig(subscribeUidGroup=0, streamMode="standard")
PICTURES = SnapshotConfig(("jpg",), 600)
LATER = TranscodeOptions(TransConfig("postponeTranscoding"))
PAGE = ServiceParam("https://e.test/", 0, 640, 480, 1, onhold=False)
CDN = ServiceParam(outputs=(Output("rtmp://cdn.test/41"),))
STARTS: list[inputs.AnyStart] = [
    StartParams(STORAGE),
    StartParams(STORAGE, recordingFileConfig=FileConfig(("hls", "mp4"))),
    IndividualStart(STORAGE, USERS),
    IndividualStart(STORAGE, USERS, snapshotConfig=PICTURES),
    IndividualStart(STORAGE, USERS, recordingFileConfig=FileConfig(), snapshotConfig=PICTURES),
    IndividualStart(STORAGE, USERS, transcodeOptions=LATER),
    WebStart(STORAGE, ExtensionServiceConfig((ExtensionService(WEB_RECORDER, PAGE),))),
    WebStart(
        STORAGE,
        ExtensionServiceConfig(
            (ExtensionService(WEB_RECORDER, PAGE), ExtensionService(CDN_PUSH, CDN))
        ),
    ),
]


class Recordings(RuleBasedStateMachine):
    """One tenant in arbitrary hands."""

    resources = Bundle("resources")

    def __init__(self) -> None:
        super().__init__()
        spec = Spec("props", keep_inputs=True, journal_limit=100_000, credentials={"agora": {}})
        self.worlds = [World(spec, load())]
        self.started: dict[str, str] = {}
        self.modes: dict[str, str] = {}
        self.waiting: set[int] = set()
        self.sequences: dict[tuple[str, str], int] = {}
        for number, events in enumerate((None, ("40", "31", "11"))):
            target = CallbackTarget(f"t{number}", "agora", "http://127.0.0.1:1/", "s", events)
            self.apply(AddTarget(target))

    @property
    def world(self) -> World:
        return self.worlds[0]

    def apply(self, given: Input) -> Any:
        results = [world.apply(given) for world in self.worlds]
        answers = [world.take_answers() for world in self.worlds]
        overdue = [world.take_overdue() for world in self.worlds]
        for found in (results, answers, overdue):
            assert all(each == found[0] for each in found)
        self.waiting -= {answer.call for answer in answers[0]}
        return results[0]

    def call(self, operation: str, given: Input) -> Answer | None:
        outcome = self.apply(Call("agora", operation, given))
        if isinstance(outcome, Parked):
            self.waiting.add(outcome.call)
            return None
        assert isinstance(outcome, Answer)
        assert not outcome.row or outcome.row in errors.BY_ID
        return outcome

    # --- calls ---------------------------------------------------------------------------------

    @rule(target=resources, cname=CNAMES, uid=UIDS, scene=st.sampled_from([0, 0, 1, 2]))
    def acquire(self, cname: str, uid: str, scene: Literal[0, 1, 2]) -> tuple[str, str, str]:
        answer = self.call("acquire", inputs.Acquire("", cname, uid, AcquireParams(scene)))
        facts = answer.facts if answer is not None else None
        resource = facts.resourceId if isinstance(facts, inputs.Replied) else "garbage"
        return resource, cname, uid

    @rule(known=resources, params=st.sampled_from(STARTS))
    def start(self, known: tuple[str, str, str], params: inputs.AnyStart) -> None:
        resource, cname, uid = known
        mode = str(type(params).__struct_config__.tag)
        given = inputs.Start("", resource, mode, cname, uid, params)

        answer = self.call("start", given)

        if answer is not None and isinstance(answer.facts, inputs.Replied) and not answer.row:
            assert resource not in self.started, "a resource is used once"
            self.started[resource] = answer.facts.sid
            self.modes[resource] = mode

    @rule(known=resources, is_right=st.sampled_from([True, True, False]))
    def query(self, known: tuple[str, str, str], is_right: bool) -> None:
        sid = self.started.get(known[0], "0" * 32)
        mode = self.mode(known[0]) if is_right else "other"
        self.call("query", inputs.Query("", known[0], sid, mode))

    def mode(self, resource: str) -> str:
        return self.modes.get(resource, "mix")

    @rule(known=resources, other=CNAMES, at_once=st.booleans())
    def stop(self, known: tuple[str, str, str], other: str, at_once: bool) -> None:
        resource, _, uid = known
        sid = self.started.get(resource, "0" * 32)
        mode = self.mode(resource)
        self.call("stop", inputs.Stop("", resource, sid, mode, other, uid, at_once))

    @rule(known=resources, uids=st.lists(PEOPLE, max_size=2))
    def update(self, known: tuple[str, str, str], uids: list[str]) -> None:
        resource, cname, uid = known
        sid = self.started.get(resource, "")
        named = ("", resource, sid, self.mode(resource), cname, uid)
        given = inputs.Update(*named, subscription=Subscription(audio=tuple(uids)))
        if self.mode(resource) == "web":
            urls = tuple(f"rtmp://cdn.test/{each}" for each in uids[:1])
            given = inputs.Update(*named, is_held=len(uids) > 1, urls=urls)
        self.call("update", given)

    # --- the world around ----------------------------------------------------------------------

    @rule(room=CNAMES, uid=PEOPLE, audio=st.booleans(), video=st.booleans())
    def join(self, room: str, uid: str, audio: bool, video: bool) -> None:
        self.apply(ChangeRoom("agora", room, Join(uid, audio=audio, video=video)))

    @rule(room=CNAMES, uid=PEOPLE)
    def leave(self, room: str, uid: str) -> None:
        self.apply(ChangeRoom("agora", room, Leave(uid)))

    @rule(room=CNAMES, uid=PEOPLE, audio=st.none() | st.booleans(), video=st.none() | st.booleans())
    def publish(self, room: str, uid: str, audio: bool | None, video: bool | None) -> None:
        self.apply(ChangeRoom("agora", room, Publish(uid, audio, video)))

    @rule(
        name=st.sampled_from(["", "40", "43", "11", "31"]),
        effect=st.sampled_from((*DELIVERY, *ATTEMPT)),
        nth=st.integers(1, 3),
        chance=st.sampled_from([1.0, 0.5]),
    )
    def disturb_callbacks(self, name: str, effect: str, nth: int, chance: float) -> None:
        by_ms = 7_000 if effect in ("delay", "stale") else 0
        self.arm(on="callback", name=name, effect=effect, by_ms=by_ms, nth=nth, chance=chance)

    def arm(self, **fault: Any) -> None:
        number = len(self.world.faults)
        self.apply(ArmFault(Fault(id=f"f{number}", vendor="agora", **fault)))

    @rule(
        operation=st.sampled_from(["start", "stop"]),
        effect=st.sampled_from(["answer", "reset", "slow", "before_reply"]),
        commit=st.booleans(),
    )
    def disturb_calls(self, operation: str, effect: str, commit: bool) -> None:
        code = "65 request not completed" if effect == "answer" else ""
        self.arm(on="call", name=operation, effect=effect, code=code, commit=commit)

    @rule(
        struck=st.sampled_from([(p.name, e.name) for p in SURFACE.faults for e in p.effects]),
        after_ms=st.sampled_from([0, 30_000]),
    )
    def strike(self, struck: tuple[str, str], after_ms: int) -> None:
        point, effect = struck
        self.arm(on=point, effect=effect, after_ms=after_ms)

    @rule(number=st.sampled_from([0, 1]))
    def check(self, number: int) -> None:
        self.apply(Check(f"t{number}"))

    # --- time ----------------------------------------------------------------------------------

    @rule(delta_ms=JUMPS, statuses=st.lists(st.sampled_from([200, 200, 200, 500, 0]), min_size=1))
    def advance(self, delta_ms: int, statuses: list[int]) -> None:
        until_ms = self.world.now_ms + delta_ms
        turn = 0
        while True:
            turn = self.deliver(statuses, turn)
            due = self.world.timers.peek()
            if due is None or due.due_ms > until_ms:
                break
            self.apply(Elapse(max(due.due_ms, self.world.now_ms)))
            self.apply(Fire())
        self.apply(Elapse(until_ms))
        assert not self.world.outbox.has_ready
        assert not self.world.outbox.busy

    def deliver(self, statuses: list[int], turn: int) -> int:
        while self.world.outbox.has_ready:
            out = self.apply(Dispatch())
            assert isinstance(out, Outgoing)
            self.check_sequence(out)
            status = statuses[turn % len(statuses)]
            turn += 1
            given = Answered(out.attempt, status, b"{}") if status else Abandoned(out.attempt)
            self.apply(given)
        return turn

    def check_sequence(self, out: Outgoing) -> None:
        """Count what each target is told, first attempts only, in the order of emission."""
        number = self.world.outbox.open[out.attempt]
        delivery = self.world.outbox.live[number]
        body = msgspec.json.decode(out.body)
        assert body["payload"]["sequence"] == delivery.ordinal
        assert body["notifyMs"] == self.world.now_ms >= body["payload"]["sendts"]

    @precondition(lambda self: len(self.worlds) < 4)
    @rule()
    def twin(self) -> None:
        raw = snapshot.take(self.world)
        twin = snapshot.restore(raw, load())
        assert snapshot.take(twin) == raw
        self.worlds.append(twin)

    # --- what always holds ---------------------------------------------------------------------

    @invariant()
    def nothing_changes_after_an_end(self) -> None:
        ended: set[str] = set()
        for entry in self.world.journal:
            if entry.kind == "state" and entry.name.startswith("agora.task"):
                assert entry.subject not in ended, entry
                if entry.name in ENDS:
                    ended.add(entry.subject)

    @invariant()
    def sequences_rise_by_one_per_task(self) -> None:
        counted: dict[str, int] = {}
        for entry in self.world.journal:
            if entry.kind == "event":
                assert isinstance(entry.detail, inputs.Event)
                counted[entry.detail.sid] = counted.get(entry.detail.sid, 0) + 1
        made = {sid: nth for sid, nth in self.world.ordinals.items() if sid != "check/agora"}
        assert counted == made

    @invariant()
    def causes_come_before_effects(self) -> None:
        assert all(0 <= entry.cause < entry.seq for entry in self.world.journal)

    @invariant()
    def live_tasks_are_counted(self) -> None:
        running = [
            task
            for target, task in self.world.things.items()
            if target.machine == "agora.task"
            and task.state not in ("absent", "acquired", "expired", "exited", "aborted")
        ]
        assert self.world.live[""] == len(running)

    def teardown(self) -> None:
        """Let everything end, then replay it all."""
        self.advance(0, [200])
        assert self.world.inputs is not None
        again = snapshot.replay(self.world.spec, list(self.world.inputs), load())
        assert snapshot.take(again) == snapshot.take(self.world)


TestRecordings = Recordings.TestCase
TestRecordings.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
