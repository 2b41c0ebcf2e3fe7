"""Whatever clients send, over the wire or over HTTP: an answer, the same each time, no crash."""

from copy import deepcopy
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bodies import json_of, with_one_replaced
from tests.vendors.cloudroom.conftest import TALK, camera, picture

from recording_emulator.core import snapshot
from recording_emulator.core.inputs import Answer, Call, Connect, Dispatch, Drop, Elapse, Fire
from recording_emulator.core.journal import canonical
from recording_emulator.core.world import Spec, World
from recording_emulator.vendors.base import Request
from recording_emulator.vendors.cloudroom import ADAPTER, errors, routes
from recording_emulator.vendors.cloudroom.requests import BODIES, read
from recording_emulator.vendors.cloudroom.sdk import PARAMS

BOUNDED = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=12) | st.sampled_from(["alice", "alice.-1", "_cr_all_", "/a.mp4", ""])
JSON = json_of(st.none() | st.booleans() | NUMBERS | TEXTS, max_leaves=6)
MIXERS = ("m0", "m1")
ROWS = {"", *(row.id for row in errors.ROWS)}
GOOD: tuple[Any, ...] = (
    TALK,
    picture(camera("alice.-1"), camera("bob.-1"), path="/a.mp4;rtmp://x/y;"),
    {"mode": 1, "audioFileCfg": {"svrFileNameSuffix": ".mp3", "subscribeAudios": ["_cr_all_"]},
     "videoFileCfg": {"svrFileNameSuffix": ".mp4", "subscribeVideos": ["bob.-1"],
                      "pushCfg": [{"streamID": "alice.-1", "urls": "rtmp://x/y"}]}},
)  # fmt: skip


@st.composite
def cfgs(draw: st.DrawFn) -> Any:
    """Draw a good configuration, one with a place in it replaced, or none at all."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(JSON)
    made = deepcopy(draw(st.sampled_from(GOOD)))
    if kind < 6:
        made = with_one_replaced(draw, made, JSON)
    return msgspec.json.encode(made).decode() if kind in (5, 9) else made


@st.composite
def steps(draw: st.DrawFn) -> tuple[Any, ...]:
    """Draw what somebody does, or that time passes."""
    kind = draw(st.integers(0, 9))
    who = draw(st.integers(0, 2))
    if kind < 2:
        return "wait", draw(st.sampled_from([0, 1_000, 2_000, 60_000, 400_000, 30_000_000]))
    if kind == 2:
        return "drop", who
    if kind < 6:
        method = draw(st.sampled_from(["createCloudMixer", "updateCloudMixerContent"]))
        params = {"cfg": draw(cfgs()), "mixerID": draw(st.sampled_from(MIXERS))}
        return "call", who, method, params
    method = draw(st.sampled_from(sorted(PARAMS)))
    params = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "meetID": st.sampled_from(["first", 0, "x"]),
                "userID": st.sampled_from(["alice", "bob", 7]),
                "mixerID": st.sampled_from([*MIXERS, ""]),
                "nickname": st.text(max_size=5),
            },
        )
    )
    return "call", who, method, draw(JSON) if draw(st.integers(0, 19)) == 0 else params


class Play:
    """A world with three clients of three SDKs; the first two are in one room."""

    def __init__(self) -> None:
        spec = Spec("props", credentials={"cloudroom": ADAPTER.credentials("props")})
        self.world = World(spec, (ADAPTER,))
        self.members = []
        for user, profile in (("alice", "web"), ("bob", "native"), ("carol", "mini")):
            welcomed = self.world.apply(Connect("cloudroom", user, False, profile))
            self.members.append(welcomed.member.id)
        self.call(0, "createMeeting", {})
        self.room = next(
            target.key for target in self.world.things if target.machine == "cloudroom.room"
        )
        for nth in (0, 1):
            self.call(nth, "enterMeeting", {"meetID": int(self.room)})
            self.call(nth, "openMic", {})

    def call(self, who: int, method: str, params: Any) -> Answer:
        sdk = ADAPTER.sdk
        assert sdk is not None
        member = self.world.members.all.get(self.members[who])
        if member is None:
            return Answer(0)
        view = self.world.views["cloudroom"]
        given, notes = sdk.decode(member, method, params, view, wall_ms=0)
        answer = self.world.apply(Call("cloudroom", method, given, notes))
        assert isinstance(answer, Answer)
        assert answer.row in ROWS
        if not answer.row:
            msgspec.json.encode(sdk.result(answer, method, view))
        else:
            sdk.failure(answer, method, view)
        return answer

    def wait(self, span_ms: int) -> None:
        world = self.world
        until_ms = world.now_ms + span_ms
        while (timer := world.timers.peek()) is not None and timer.due_ms <= until_ms:
            world.apply(Elapse(max(timer.due_ms, world.now_ms)))
            world.apply(Fire())
            self.send()
        world.apply(Elapse(until_ms))

    def send(self) -> None:
        """Let what is ready go; nobody answers."""
        while any(self.world.outbox.ready.values()):
            before = self.world.journal.last_seq
            self.world.apply(Dispatch())
            if self.world.journal.last_seq == before:
                return

    def play(self, story: list[tuple[Any, ...]]) -> bytes:
        for step in story:
            match step:
                case "wait", span_ms:
                    self.wait(span_ms)
                case "drop", who:
                    self.world.apply(Drop(self.members[who], 1, "gone"))
                case "call", who, method, params:
                    given = params
                    if isinstance(params, dict) and params.get("meetID") == "first":
                        given = {**params, "meetID": int(self.room)}
                    self.call(who, method, given)
                case _:
                    raise AssertionError(step)
            self.send()
        return canonical(self.world.journal, ADAPTER.secrets, {})


@BOUNDED
@given(st.lists(steps(), max_size=14))
def test_whatever_clients_do_is_answered_and_twice_the_same(story: list[tuple[Any, ...]]) -> None:
    play = Play()

    told = play.play(story)

    assert Play().play(story) == told
    raw = snapshot.take(play.world)
    assert snapshot.take(snapshot.restore(raw, [ADAPTER])) == raw
    running = sum(
        each.state in ("starting", "running", "stopping")
        for target, each in play.world.things.items()
        if target.machine == "cloudroom.mixer"
    )
    assert play.world.live["cloudroom.mixers"] == running


@BOUNDED
@given(st.data())
def test_whatever_a_server_sends_is_an_input_or_a_row(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(sorted(BODIES)))
    names = sorted({name for kind in BODIES.values() for name in kind.__struct_fields__})
    fields = data.draw(st.dictionaries(st.sampled_from(names) | st.text(max_size=8), JSON))

    given_as, _ = read(operation, fields)

    answer = Play().world.apply(Call("cloudroom", operation, given_as))
    assert answer.row in ROWS


@BOUNDED
@given(
    path=st.sampled_from([f"/CLOUDROOM-API/{each}" for each in BODIES]) | st.text(max_size=30),
    method=st.sampled_from(["GET", "POST", "PUT"]),
    query=st.text(alphabet="abc=&%;callback", max_size=40),
    kind=st.binary(max_size=40) | st.just(b"multipart/form-data; boundary=x"),
    body=st.binary(max_size=80)
    | st.just(b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ny\r\n--x--\r\n'),
)
def test_whatever_bytes_come_they_are_answered_in_the_vendors_envelope(
    path: str, method: str, query: str, kind: bytes, body: bytes
) -> None:
    request = Request(method, path, query, {b"content-type": kind}, body, 0)

    ADAPTER.identify(request)
    response = routes.unclaimed(request, "nobody")

    assert response.status in (200, 404)
    assert response.hint
    if not response.body.startswith(b"{"):
        assert response.headers == (routes.SCRIPT,)
