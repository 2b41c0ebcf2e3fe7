"""The directory of tenants: found by id, and by the credentials their clients sign with."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from recording_emulator.core import snapshot
from recording_emulator.core.adapter import Adapter
from recording_emulator.core.clock import MANUAL_EPOCH_MS
from recording_emulator.core.filming import BUILT_IN, Media, Render
from recording_emulator.core.ids import tenant_id
from recording_emulator.core.inputs import Drop
from recording_emulator.core.members import lines_of
from recording_emulator.core.world import LAST_MS, Limit, Spec, World
from recording_emulator.delivery.http import Courier
from recording_emulator.delivery.socket import Switch
from recording_emulator.errors import BadRequest, Conflict, NotFound
from recording_emulator.runtime.hand import Hand, Mode
from recording_emulator.store.shipping import Carrier

MAX_TENANTS: Final = 10_000
UNCLAIMED_LIMIT: Final = 1_000

Key = tuple[str, str, str]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new tenant is to be.

    Attributes:
        name: What it is called; its credentials derive from it.
        mode: What moves its clock.
        seed: Fixes every id and draw.
        start_ms: Where its clock starts; None: 2030-01-01 (manual, auto) or the wall clock (real).
        speed: Tenant seconds per real second in mode ``real``.
        audience: ``auto`` puts a synthetic participant into an untouched room, ``none`` does not.
        guard_ms: Real time after which an unanswered callback is given up; None: never.
        grace_ms: Real time that deliveries get before a waiting call or an advance passes them.
        is_open: Accept any well-formed credential, and every request that names no other tenant.
        magic_rooms: Let room names such as ``fault-agora-start-65`` arm faults.
        keep_inputs: Keep the list of inputs (with secrets) for a replay.
        settings: Per vendor, its settings.
        credentials: Per vendor, what its clients sign in with, in place of what is derived.
        allow_hosts: Hosts besides this machine that a request may name for its callbacks.
        media: What files show: ``built-in`` a slate, ``rendered`` who was there (extra ``media``).
    """

    name: str
    mode: Mode = Mode.MANUAL
    seed: int = 0
    start_ms: Annotated[int, Meta(ge=0, le=LAST_MS)] | None = None
    speed: float = 1.0
    audience: str = "auto"
    guard_ms: Annotated[int, Meta(ge=0, le=86_400_000)] | None = 2_000
    grace_ms: Annotated[int, Meta(ge=0, le=60_000)] = 250
    is_open: bool = False
    magic_rooms: bool = False
    keep_inputs: bool = False
    journal_limit: Limit = 10_000
    callbacks_limit: Limit = 1_000
    ended_limit: Limit = 10_000
    objects_limit: Limit = 10_000
    live_limit: Limit = 100_000
    settings: dict[str, dict[str, Any]] = {}
    credentials: dict[str, dict[str, str]] = {}
    allow_hosts: tuple[str, ...] = ()
    media: Media = BUILT_IN


class Unclaimed(msgspec.Struct, frozen=True):
    """A request that belonged to no tenant: what it asked, and which keys it carried."""

    seq: int
    vendor: str
    method: str
    path: str
    keys: tuple[Key, ...]
    hint: str


class Leak(msgspec.Struct, frozen=True):
    """A call that was about to reach a vendor: the name asked for, the way in, and by whom."""

    seq: int
    host: str
    way: str
    by: str
    hint: str


class Directory:
    """All tenants of one server. Nothing else in a process is shared between them."""

    def __init__(
        self,
        adapters: Sequence[Adapter],
        courier: Courier,
        allow_hosts: tuple[str, ...] = (),
        carrier: Carrier | None = None,
        render: Render | None = None,
    ) -> None:
        self.adapters = {each.name: each for each in adapters}
        self.allow_hosts = allow_hosts
        self._carrier = carrier
        self._render = render
        self._url = ""
        self.switch = Switch(courier)
        self._by_id: dict[str, Hand] = {}
        self._by_key: dict[Key, Hand] = {}
        self.open: Hand | None = None
        self.unclaimed: deque[Unclaimed] = deque(maxlen=UNCLAIMED_LIMIT)
        self.leaks: deque[Leak] = deque(maxlen=UNCLAIMED_LIMIT)
        self.counts: Counter[str] = Counter()

    def __iter__(self) -> Any:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, hand: Hand) -> bool:
        return self._by_id.get(tenant_id(hand.name)) is hand

    def create(self, wanted: Wanted, wall_ms: int) -> Hand:
        """Make a tenant.

        Raises:
            BadRequest: If a setting is unknown or out of range; the message names it.
            Conflict: If the name, or a credential, is taken.
        """
        spec = self._spec(wanted, wall_ms)
        return self._enrol(World(spec, list(self.adapters.values())), wanted)

    def restore(self, raw: bytes, name: str, *, resend: bool) -> Hand:
        """Make a tenant from a snapshot, under its own name or, as a fork, under another.

        Raises:
            BadRequest: If it cannot be read.
            Conflict: If the name is taken, or something is under way and ``resend`` is not set.
        """
        world = snapshot.restore(raw, list(self.adapters.values()))
        if name and name != world.spec.name:
            spec = msgspec.structs.replace(
                world.spec, name=name, credentials=self._credentials(name)
            )
            world = snapshot.restore(raw, list(self.adapters.values()), spec)
        if world.outbox.busy or world.uploads.live:
            if not resend:
                what = "deliveries" if world.outbox.busy else "uploads"
                raise Conflict(f"the snapshot holds open {what}; say in_flight=resend")
            snapshot.resend_open(world)
        told = {"name": world.spec.name, **world.spec.runtime}
        try:
            hand = self._enrol(world, msgspec.convert(told, Wanted))
        except msgspec.ValidationError as error:
            raise BadRequest(f"not a snapshot: {error}") from None
        for member in world.members.up:
            hand.apply(Drop(member.id, member.epoch, "restored without a connection"))
        return hand

    def get(self, name: str) -> Hand:
        """Find a tenant by its id.

        Raises:
            NotFound: If there is none; the message names near ones.
        """
        hand = self._by_id.get(name)
        if hand is None:
            near = get_close_matches(name, self._by_id, n=3) or list(self._by_id)[:8]
            raise NotFound(f"no tenant {name!r}; there are {near}")
        return hand

    def listens_at(self, url: str) -> None:
        """Say where the server is reached: files that tenants name are below it."""
        self._url = url
        for name, hand in self._by_id.items():
            hand.world.files_url = f"{url}/_files/{name}"

    def find(self, keys: Sequence[Key]) -> Hand | None:
        """Find the tenant of a request by the keys it carries, or the open one."""
        for key in keys:
            hand = self._by_key.get(key)
            if hand is not None:
                return hand
        return self.open

    def note_unclaimed(self, vendor: str, method: str, path: str, keys: Sequence[Key]) -> Unclaimed:
        """Remember a request without a tenant; its hint names the nearest key there is."""
        self.counts["unclaimed"] += 1
        hint = "no tenant has these credentials"
        values = {value: (kind, hand.name) for (_, kind, value), hand in self._by_key.items()}
        for _, kind, value in keys:
            near = get_close_matches(value, values, n=1, cutoff=0.8)
            if near:
                its_kind, name = values[near[0]]
                hint = f"{kind} {value!r}: tenant {name!r} has {its_kind} {near[0]!r}"
                break
        else:
            if not self._by_id:
                hint += "; no tenant exists: create one under /_emulator/tenants"
        found = Unclaimed(self.counts["unclaimed"], vendor, method, path[:500], tuple(keys), hint)
        self.unclaimed.append(found)
        return found

    def note_leak(self, host: str, way: str, by: str) -> Leak:
        """Remember that somebody asked for a vendor's name that is not served here."""
        self.counts["leaks"] += 1
        hint = f"{host} is a vendor's and not emulated, so nothing was sent there; asked by {by}"
        found = Leak(self.counts["leaks"], host[:255], way, by, hint)
        self.leaks.append(found)
        return found

    async def delete(self, name: str) -> None:
        hand = self.get(name)
        del self._by_id[name]
        self._by_key = {key: each for key, each in self._by_key.items() if each is not hand}
        if self.open is hand:
            self.open = None
        await self.switch.cut_all(lines_of(hand.name))
        await hand.close()

    async def close(self) -> None:
        for name in list(self._by_id):
            await self.delete(name)
        await self.switch.close()

    # --- making one ----------------------------------------------------------------------------

    def _credentials(self, name: str) -> dict[str, dict[str, str]]:
        return {vendor: each.credentials(name) for vendor, each in self.adapters.items()}

    def _chosen(self, wanted: Wanted) -> dict[str, dict[str, str]]:
        """Put the credentials that were asked for in place of those that follow from the name."""
        found = self._credentials(wanted.name)
        for vendor, own in wanted.credentials.items():
            if vendor not in found:
                raise BadRequest(f"no vendor {vendor!r}; there are {sorted(self.adapters)}")
            strange = sorted(own.keys() - found[vendor].keys())
            if strange:
                known = ", ".join(found[vendor])
                raise BadRequest(f"credentials.{vendor} has no {strange[0]!r}; it has {known}")
            found[vendor] |= own
        return found

    def _spec(self, wanted: Wanted, wall_ms: int) -> Spec:
        if not wanted.name or len(wanted.name) > 1_000:
            raise BadRequest("a tenant's name has 1 to 1,000 characters")
        if wanted.audience not in ("auto", "none"):
            raise BadRequest(f"audience is 'auto' or 'none', not {wanted.audience!r}")
        if not 0 < wanted.speed <= 1_000_000:
            raise BadRequest(f"speed is above 0 and at most 1,000,000, not {wanted.speed}")
        if wanted.media != BUILT_IN:
            _check_media(wanted.media)
        for vendor, settings in wanted.settings.items():
            check_settings(self.adapters, vendor, settings)
        is_real = wanted.mode is Mode.REAL
        start_ms = wanted.start_ms
        if start_ms is None:
            start_ms = wall_ms if is_real else MANUAL_EPOCH_MS
        return Spec(
            name=wanted.name,
            seed=wanted.seed,
            start_ms=start_ms,
            audience="none" if wanted.audience == "none" else "auto",
            rate_limits=is_real,
            magic_rooms=wanted.magic_rooms,
            keep_inputs=wanted.keep_inputs,
            journal_limit=wanted.journal_limit,
            callbacks_limit=wanted.callbacks_limit,
            ended_limit=wanted.ended_limit,
            objects_limit=wanted.objects_limit,
            live_limit=wanted.live_limit,
            media=wanted.media,
            settings=dict(wanted.settings),
            credentials=self._chosen(wanted),
            allow_hosts=tuple(each.lower() for each in (*self.allow_hosts, *wanted.allow_hosts)),
            runtime={
                "mode": wanted.mode.value,
                "speed": wanted.speed,
                "guard_ms": wanted.guard_ms,
                "grace_ms": wanted.grace_ms,
            },
        )

    def _enrol(self, world: World, wanted: Wanted) -> Hand:
        spec = world.spec
        name = tenant_id(spec.name)
        keys = [
            key
            for vendor, adapter in self.adapters.items()
            for key in adapter.keys(spec.credentials[vendor])
        ]
        taken = [key for key in keys if key in self._by_key]
        if name in self._by_id or taken:
            raise Conflict(f"tenant {spec.name!r} exists already")
        if wanted.is_open and self.open is not None:
            raise Conflict(f"tenant {self.open.name!r} is open already; a server has one")
        if len(self._by_id) >= MAX_TENANTS:
            raise Conflict(f"there are {MAX_TENANTS} tenants; delete some")
        hand = Hand(
            world,
            self.switch,
            mode=wanted.mode,
            speed=wanted.speed,
            guard_ms=wanted.guard_ms,
            grace_ms=wanted.grace_ms,
            is_open=wanted.is_open,
            carrier=self._carrier,
        )
        world.files_url = f"{self._url}/_files/{name}"
        world.render = self._render
        self._by_id[name] = hand
        for key in keys:
            self._by_key[key] = hand
        if wanted.is_open:
            self.open = hand
        return hand


def check_settings(
    adapters: Mapping[str, Adapter], vendor: str, settings: Mapping[str, Any]
) -> None:
    """Judge settings before anything is changed.

    Raises:
        BadRequest: Naming the field, what was expected, and what there is.
    """
    adapter = adapters.get(vendor)
    if adapter is None:
        raise BadRequest(f"no vendor {vendor!r}; there are {sorted(adapters)}")
    try:
        msgspec.convert(dict(settings), adapter.settings)
    except msgspec.ValidationError as error:
        known = ", ".join(field.name for field in msgspec.structs.fields(adapter.settings))
        raise BadRequest(f"settings.{vendor}: {error}; its settings are {known}") from None


def _check_media(media: str) -> None:
    from recording_emulator.store.rendering import missing

    if lacks := missing():
        what = " and ".join(lacks)
        raise BadRequest(f"media {media!r} needs {what}: pip install 'recording-emulator[media]'")
