"""Snapshots: a world as bytes, and back.

The decoder is built from the types of the loaded adapters; a snapshot names the adapters it needs
and is refused where one is missing. It holds secrets: whoever writes it to disk uses mode 0600.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from recording_emulator.core import (
    faults,
    inputs,
    journal,
    machine,
    outbox,
    rooms,
    timeline,
    timers,
)
from recording_emulator.core.adapter import Adapter, Malformed
from recording_emulator.core.casts import Cast, Change
from recording_emulator.core.members import KEPT, Moment, Nothing
from recording_emulator.core.sdk import Member
from recording_emulator.core.spoils import Spoil
from recording_emulator.core.uploads import Later, UploadEnded, Uploading
from recording_emulator.core.world import LAST_MS, Produced, Spec, World
from recording_emulator.errors import BadRequest

VERSION: Final = 1


class Kept(msgspec.Struct, frozen=True):
    """The parts of a world, in the order they are written; tagged values stay plain here."""

    spec: Spec
    now_ms: Annotated[int, Meta(ge=0, le=LAST_MS)]
    things: list[tuple[machine.Target, Any]]
    ended: list[tuple[machine.Target, str, str]]
    ended_evicted: int
    rooms: list[tuple[str, rooms.Room]]
    empty_rooms: list[tuple[str, str]]
    claims: list[tuple[str, str, str]]
    live: dict[str, int]
    ordinals: dict[str, int]
    draws: list[tuple[str, str, int]]
    draws_base: int
    timer_sequence: int
    parked: list[tuple[machine.Target, list[int]]]
    spoils: dict[int, faults.Fault]
    held: dict[int, inputs.Answer]
    quotas: dict[str, list[int]]
    produced: list[tuple[Produced, int]]
    timers: list[timers.Timer]
    faults: list[faults.Fault]
    entries: list[journal.Entry]
    last_seq: int
    counts: dict[str, int]
    targets: list[outbox.CallbackTarget]
    deliveries: list[outbox.Delivery]
    finished: list[outbox.Delivery]
    ready: dict[str, list[int]]
    open: dict[int, int]
    busy: dict[str, int]
    swapped: dict[str, int]
    blocked: list[tuple[str, str, int]]
    made: int
    objects: list[tuple[str, str, Any]]
    objects_evicted: int
    object_spoils: list[tuple[str, str, Spoil | None]]
    uploads: list[Uploading]
    inputs: list[Any] | None
    settings: dict[str, Any]
    script: timeline.Standing = msgspec.field(default_factory=timeline.Standing)
    signalled: int = 0
    members: list[Member] = []
    members_made: dict[str, int] = {}
    members_kept: dict[str, list[outbox.Delivery]] = {}
    uploaded: list[tuple[machine.Target, str, str, int]] = []
    casts: list[tuple[str, list[Change]]] = []
    upload_addresses: list[str] = []


class Snapshot(msgspec.Struct, frozen=True, tag="recording_emulator.Snapshot"):
    """A world at an instant, and the adapters it cannot be read without."""

    version: int
    adapters: list[str]
    holds_secrets: bool
    world: msgspec.Raw


class Codec:
    """Turns tagged plain data of the core and of the loaded adapters into structs."""

    def __init__(self, adapters: Sequence[Adapter]) -> None:
        types: list[Any] = [*inputs.EXTERNAL, Malformed, inputs.Answer]
        types += [
            inputs.SettingsChanged,
            inputs.FaultArmed,
            inputs.Planned,
            inputs.Jump,
            inputs.Cut,
        ]
        types += [rooms.Join, rooms.Leave, rooms.Publish, rooms.Watch, rooms.Unwatch]
        types += [rooms.Populate, rooms.RoomChanged, outbox.Due, outbox.Overdue]
        types += [Moment, Nothing, UploadEnded, Later]
        for adapter in adapters:
            types += adapter.types
        self._by_tag: dict[str, Any] = {str(kind.__struct_config__.tag): kind for kind in types}

    def revive(self, plain: Any) -> Any:
        """Turn one tagged mapping into its struct."""
        tag = plain.get("type") if isinstance(plain, dict) else None
        kind = self._by_tag.get(str(tag))
        if kind is None:
            raise BadRequest(f"snapshot holds a {tag!r}, which no loaded adapter knows")
        return msgspec.convert(plain, kind, dec_hook=self.hook)

    def hook(self, kind: type, plain: Any) -> Any:
        """Revive a field that is declared as a marker (an input, a vendor's facts)."""
        return plain if kind is object else self.revive(plain)


def take(world: World) -> bytes:
    """Write a world down; the same world gives the same bytes."""
    box = world.outbox
    kept = Kept(
        spec=world.spec,
        now_ms=world.now_ms,
        things=list(world.things.items()),
        ended=list(world.ended),
        ended_evicted=world.ended_evicted,
        rooms=[(vendor, room) for (vendor, _), room in world.rooms.items()],
        empty_rooms=list(world.empty_rooms),
        claims=[(vendor, name, key) for (vendor, name), key in world.claims.items()],
        live=dict(world.live),
        ordinals=world.ordinals,
        draws=[(kind, key, nth) for (kind, key), nth in world.draws.items()],
        draws_base=world.draws_base,
        timer_sequence=world.timer_sequence,
        parked=list(world.parked.items()),
        spoils=world.spoils,
        held=world.held,
        quotas={bucket: list(recent) for bucket, recent in world.quotas.items()},
        produced=list(world.produced.items()),
        timers=list(world.timers),
        faults=list(world.faults),
        entries=list(world.journal),
        last_seq=world.journal.last_seq,
        counts=dict(world.journal.counts),
        targets=list(box.targets.values()),
        deliveries=list(box.live.values()),
        finished=list(box.finished),
        ready={target: list(queue) for target, queue in box.ready.items()},
        open=box.open,
        busy=box.busy,
        swapped=box.swapped,
        blocked=[(*where, number) for where, number in box.blocked.items()],
        made=box.made,
        objects=[(bucket, key, each) for (bucket, key), each in world.objects.entries.items()],
        objects_evicted=world.objects.evicted,
        object_spoils=[(*entry, each) for entry, each in world.objects.spoils.items()],
        uploads=list(world.uploads.live.values()),
        inputs=world.inputs,
        settings={name: view.settings for name, view in world.views.items()},
        script=world.timeline.standing,
        signalled=box.signalled,
        members=list(world.members.all.values()),
        members_made=dict(world.members.made),
        members_kept={name: list(kept) for name, kept in world.members.kept.items()},
        uploaded=[
            (target, *entry, count)
            for target, there in world.uploads.there.items()
            for entry, count in there.items()
        ],
        upload_addresses=list(world.uploads.addresses),
        casts=[(name, cast.changes) for name, cast in world.casts.by_name.items()],
    )
    return msgspec.json.encode(
        Snapshot(VERSION, list(world.adapters), True, msgspec.Raw(msgspec.json.encode(kept)))
    )


def restore(raw: bytes, adapters: Sequence[Adapter], spec: Spec | None = None) -> World:
    """Read a world back; ``spec`` gives it another name and credentials (a fork).

    Raises:
        BadRequest: If the bytes are no snapshot, or need an adapter that is not loaded.
    """
    codec = Codec(adapters)
    try:
        snapshot = msgspec.json.decode(raw, type=Snapshot)
        _check(snapshot, adapters)
        kept = msgspec.json.decode(snapshot.world, type=Kept, dec_hook=codec.hook)
        return _rebuilt(kept, codec, adapters, spec)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadRequest(f"not a snapshot: {error}") from None


def _rebuilt(kept: Kept, codec: Codec, adapters: Sequence[Adapter], spec: Spec | None) -> World:
    world = World(spec or kept.spec, adapters)
    world.now_ms = kept.now_ms
    world.things = {target: codec.revive(each) for target, each in kept.things}
    world.ended = deque(kept.ended)
    world.ended_evicted = kept.ended_evicted
    world.rooms = {(vendor, each.name): each for vendor, each in kept.rooms}
    world.empty_rooms = OrderedDict.fromkeys(kept.empty_rooms)
    world.claims = {(vendor, name): key for vendor, name, key in kept.claims}
    world.live = Counter(kept.live)
    world.ordinals = kept.ordinals
    world.draws = OrderedDict(((kind, key), nth) for kind, key, nth in kept.draws)
    world.draws_base = kept.draws_base
    world.timer_sequence = kept.timer_sequence
    world.parked = dict(kept.parked)
    world.spoils = kept.spoils
    world.held = kept.held
    world.quotas = {bucket: deque(recent) for bucket, recent in kept.quotas.items()}
    world.produced = Counter(dict(kept.produced))
    for timer in kept.timers:
        world.timers.arm(timer)
    for fault in kept.faults:
        world.faults.arm(fault)
    world.journal.entries.extend(kept.entries)
    world.journal.last_seq = kept.last_seq
    world.journal.counts = Counter(kept.counts)
    world.timeline.standing = kept.script
    _restore_outbox(world, kept)
    world.members.all = {each.id: each for each in kept.members}
    world.members.made = Counter(kept.members_made)
    world.members.kept = {name: deque(each, KEPT) for name, each in kept.members_kept.items()}
    for bucket, key, recipe in kept.objects:
        world.objects.put(bucket, key, codec.revive(recipe))
    world.objects.evicted = kept.objects_evicted
    world.uploads.addresses = dict.fromkeys(kept.upload_addresses)
    for name, changes in kept.casts:
        world.casts.by_name[name] = Cast(changes)
    world.objects.spoils = {(bucket, key): spoil for bucket, key, spoil in kept.object_spoils}
    for upload in kept.uploads:
        puts = tuple((*where, codec.revive(recipe)) for *where, recipe in upload.puts)
        world.uploads.again(msgspec.structs.replace(upload, puts=puts))
    for target, bucket, key, count in kept.uploaded:
        world.uploads.there.setdefault(target, {})[bucket, key] = count
    if kept.inputs is not None:
        world.inputs = [codec.revive(each) for each in kept.inputs]
    for name, plain in kept.settings.items():
        world.views[name].settings = msgspec.convert(plain, world.adapters[name].settings)
    return world


def _check(snapshot: Snapshot, adapters: Sequence[Adapter]) -> None:
    if snapshot.version != VERSION:
        raise BadRequest(f"snapshot version {snapshot.version}; this build reads {VERSION}")
    missing = sorted(set(snapshot.adapters) - {each.name for each in adapters})
    if missing:
        raise BadRequest(f"the snapshot needs adapters that are not loaded: {missing}")


def _restore_outbox(world: World, kept: Kept) -> None:
    box = world.outbox
    box.targets = {each.id: each for each in kept.targets}
    box.live = {each.number: each for each in kept.deliveries}
    box.finished.extend(kept.finished)
    box.ready = {target: deque(queue) for target, queue in kept.ready.items()}
    box.open = kept.open
    box.busy = kept.busy
    box.swapped = kept.swapped
    box.blocked = {(target, stream): number for target, stream, number in kept.blocked}
    box.made = kept.made
    box.signalled = kept.signalled
    for target in box.ready:
        box.line_up(target)


def resend_open(world: World) -> None:
    """Put attempts that were open when the snapshot was taken back into their queues.

    Their connections are gone: each is made again at once, without counting as a retry.
    """
    for attempt in list(world.outbox.busy.values()):
        delivery = world.outbox.close(attempt)
        if delivery is not None:
            world.timers.cancel(machine.Target("outbox", str(delivery.number)), "limit")
            tried = delivery.tried[:-1]
            world.outbox.update(delivery, fate=outbox.Fate.READY, tried=tried)


def replay(spec: Spec, given: Sequence[Any], adapters: Sequence[Adapter]) -> World:
    """Run a list of inputs from the start; equal lists give equal worlds."""
    world = World(spec, adapters)
    for each in given:
        world.apply(each)
    world.take_answers()
    world.take_overdue()
    world.uploads.waiting.clear()
    return world
