"""The admin routes: one short handler each; what they change goes through the tenant's hand."""

import itertools
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from recording_emulator import __version__
from recording_emulator.admin import bodies
from recording_emulator.admin.streams import Streams
from recording_emulator.core import ids, inputs, outbox, rooms, snapshot, story
from recording_emulator.core.clock import iso
from recording_emulator.core.faults import AnswerRow, Fault
from recording_emulator.core.journal import canonical, redact
from recording_emulator.errors import BadRequest, Conflict, EmulatorError, NotFound
from recording_emulator.runtime.directory import Directory, Wanted, check_settings, tenant_id
from recording_emulator.runtime.hand import Hand
from recording_emulator.runtime.wants import Until
from recording_emulator.store.objects import Store

MAX_BODY_BYTES: Final = 64 << 20
LISTED: Final = 1_000
TARGET_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
T = TypeVar("T")


class Admin:
    """The control API of one server."""

    def __init__(
        self, directory: Directory, store: Store, wall_ms: Callable[[], int], ca_pem: bytes
    ) -> None:
        self._directory = directory
        self._store = store
        self._streams = Streams(directory)
        self._wall_ms = wall_ms
        self._ca_pem = ca_pem

    def app(self) -> Starlette:
        """Assemble the routes."""
        tenant = "/_emulator/tenants/{tenant}"
        routes = [
            _route("/_emulator/health", GET=self.health),
            _route("/_emulator/ready", GET=self.health),
            _route("/_emulator/ca.pem", GET=self.ca),
            _route("/_emulator/unclaimed", GET=self.unclaimed),
            _route("/_emulator/tenants", GET=self.tenants, POST=self.create),
            _route("/_emulator/snapshots", POST=self.restore),
            _route(tenant, GET=self.tenant, PATCH=self.configure, DELETE=self.delete),
            _route(f"{tenant}/clock", GET=self.clock),
            _route(f"{tenant}/clock/advance", POST=self.advance),
            _route(f"{tenant}/clock/wait", POST=self.wait),
            _route(f"{tenant}/rooms", GET=self.rooms),
            _route(f"{tenant}/participants", POST=self.join, PATCH=self.publish, DELETE=self.leave),
            _route(f"{tenant}/tasks", GET=self.tasks),
            _route(f"{tenant}/tasks/{{task}}", GET=self.task),
            _route(f"{tenant}/targets", GET=self.targets, POST=self.add_target),
            _route(f"{tenant}/targets/{{target}}", DELETE=self.remove_target),
            _route(f"{tenant}/callbacks", GET=self.callbacks),
            _route(f"{tenant}/callbacks/{{number:int}}", GET=self.callback),
            _route(f"{tenant}/callbacks/{{number:int}}/replay", POST=self.replay),
            _route(f"{tenant}/faults", GET=self.faults, POST=self.arm),
            _route(f"{tenant}/faults/{{fault}}", GET=self.fault, DELETE=self.disarm),
            _route(f"{tenant}/journal", GET=self.journal),
            _route(f"{tenant}/timeline", GET=self.timeline),
            _route(f"{tenant}/objects", GET=self.objects),
            _route(f"{tenant}/inputs", GET=self.inputs),
            _route(f"{tenant}/snapshot", GET=self.snapshot),
            WebSocketRoute(f"{tenant}/journal/stream", self._streams.journal),
            WebSocketRoute(f"{tenant}/callbacks/stream", self._streams.callbacks),
        ]
        handlers = {EmulatorError: _on_error, HTTPException: _on_http}
        return Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]

    def _hand(self, request: Request) -> Hand:
        return self._directory.get(request.path_params["tenant"])

    # --- the server ----------------------------------------------------------------------------

    async def health(self, _request: Request) -> Response:
        return _json({"status": "ok", "version": __version__, "tenants": len(self._directory)})

    async def ca(self, _request: Request) -> Response:
        if not self._ca_pem:
            raise NotFound("this server has no TLS listener; start it with --tls-port")
        return Response(self._ca_pem, media_type="application/x-pem-file")

    async def unclaimed(self, _request: Request) -> Response:
        found = list(self._directory.unclaimed)
        return _json({"unclaimed": found, "count": self._directory.counts["unclaimed"]})

    # --- tenants -------------------------------------------------------------------------------

    async def tenants(self, _request: Request) -> Response:
        return _json({"tenants": [describe(hand) for hand in self._directory]})

    async def create(self, request: Request) -> Response:
        wanted = await _read(request, Wanted)
        return _json(describe(self._directory.create(wanted, self._wall_ms())), 201)

    async def tenant(self, request: Request) -> Response:
        return _json(describe(self._hand(request)))

    async def configure(self, request: Request) -> Response:
        hand = self._hand(request)
        body = await _read(request, bodies.SettingsBody)
        merged = {}
        for vendor, changes in body.settings.items():
            before = (
                msgspec.to_builtins(hand.settings(vendor)) if vendor in hand.world.views else {}
            )
            merged[vendor] = {**before, **changes}
            check_settings(self._directory.adapters, vendor, merged[vendor])
        for vendor, settings in merged.items():
            hand.apply(inputs.Configure(vendor, settings))
        return _json(describe(hand))

    async def delete(self, request: Request) -> Response:
        name = request.path_params["tenant"]
        await self._directory.delete(name)
        await self._store.forget(name)
        return Response(status_code=204)

    # --- the clock -----------------------------------------------------------------------------

    async def clock(self, request: Request) -> Response:
        hand = self._hand(request)
        timers = [
            {
                "due_ms": timer.due_ms,
                "name": f"{timer.target.machine} {timer.name}",
                "subject": timer.target.key,
                "tempo": timer.tempo,
            }
            for timer in list(hand.world.timers)[:20]
        ]
        now_ms = hand.world.now_ms
        count = len(hand.world.timers)
        body = bodies.ClockBody(hand.mode, now_ms, iso(now_ms), count, timers, hand.in_flight)
        return _json(body)

    async def advance(self, request: Request) -> Response:
        hand = self._hand(request)
        body = await _read(request, bodies.AdvanceBody)
        if sum(each is not None for each in (body.delta_ms, body.to_ms, body.until)) != 1:
            raise BadRequest("an advance takes exactly one of delta_ms, to_ms and until")
        if (body.delta_ms or 0) < 0 or body.limit_ms < 0 or body.max_timers < 1:
            raise BadRequest("delta_ms and limit_ms are at least 0, max_timers at least 1")
        until = self._until(body.until) if body.until is not None else None
        report = await hand.advance(
            body.delta_ms or 0,
            to_ms=body.to_ms,
            until=until,
            limit_ms=body.limit_ms,
            max_timers=body.max_timers,
            is_inside=body.is_inside,
        )
        return _json(report)

    def _until(self, body: bodies.UntilBody) -> Until:
        return Until(body.vendor, self._event(body.vendor, body.event), body.room)

    def _event(self, vendor: str, event: str) -> str:
        try:
            return str(self._adapter(vendor).event_name(event))
        except KeyError as error:
            raise BadRequest(str(error.args[0])) from None

    def _adapter(self, vendor: str) -> Any:
        adapter = self._directory.adapters.get(vendor)
        if adapter is None:
            raise BadRequest(f"no vendor {vendor!r}; there are {sorted(self._directory.adapters)}")
        return adapter

    async def wait(self, request: Request) -> Response:
        hand = self._hand(request)
        body = await _read(request, bodies.WaitBody)
        if not 0 <= body.timeout_s <= 600:
            raise BadRequest("timeout_s lies between 0 and 600")
        return _json({"seq": await hand.wait_for(body.call, body.timeout_s)})

    # --- rooms ---------------------------------------------------------------------------------

    async def rooms(self, request: Request) -> Response:
        found = self._hand(request).world.rooms.items()
        listed = [
            {
                "vendor": vendor,
                "room": name,
                "participants": list(room.participants.values()),
                "recorders": len(room.watchers),
            }
            for (vendor, name), room in list(found)[:LISTED]
        ]
        return _json({"rooms": listed})

    async def join(self, request: Request) -> Response:
        hand = self._hand(request)
        body = await _read(request, bodies.ParticipantBody)
        try:
            role = rooms.Role(body.role)
        except ValueError:
            raise BadRequest(f"role is 'host' or 'audience', not {body.role!r}") from None
        given = rooms.Join(body.uid, role, body.audio is not False, body.video is not False)
        return await self._change_room(hand, body, given, 201)

    async def publish(self, request: Request) -> Response:
        hand = self._hand(request)
        body = await _read(request, bodies.ParticipantBody)
        given = rooms.Publish(body.uid, body.audio, body.video)
        return await self._change_room(hand, body, given, 200)

    async def leave(self, request: Request) -> Response:
        hand = self._hand(request)
        body = await _read(request, bodies.ParticipantBody)
        return await self._change_room(hand, body, rooms.Leave(body.uid), 200)

    async def _change_room(
        self, hand: Hand, body: bodies.ParticipantBody, given: Any, status: int
    ) -> Response:
        self._adapter(body.vendor)
        if not body.uid or not body.room:
            raise BadRequest("room and uid must not be empty")
        why = hand.apply(inputs.ChangeRoom(body.vendor, body.room, given))
        if why is not None:
            raise Conflict(why)
        await hand.quiet(is_inside=body.is_inside)
        room = hand.world.room(body.vendor, body.room)
        return _json({"participants": list(room.participants.values())}, status)

    # --- tasks and callbacks -------------------------------------------------------------------

    async def tasks(self, request: Request) -> Response:
        hand = self._hand(request)
        listed = [each for _, each in self._summaries(hand)]
        return _json({"tasks": listed[-LISTED:], "count": len(listed)})

    def _summaries(self, hand: Hand) -> list[tuple[Any, dict[str, Any]]]:
        found = []
        for task in hand.world.things.values():
            for vendor, adapter in self._directory.adapters.items():
                told = adapter.summary(task)
                if told is not None:
                    found.append((task, {"vendor": vendor, **told}))
        return found

    async def task(self, request: Request) -> Response:
        hand, wanted = self._hand(request), request.path_params["task"]
        for task, told in self._summaries(hand):
            if wanted in (told["id"], told.get("sid")):
                return _json({**told, "detail": redact(task, self._secrets)})
        raise NotFound(f"no task {wanted!r}")

    @property
    def _secrets(self) -> frozenset[str]:
        return frozenset().union(*(each.secrets for each in self._directory.adapters.values()))

    async def targets(self, request: Request) -> Response:
        found = list(self._hand(request).world.outbox.targets.values())
        return _json({"targets": redact(found, self._secrets)})

    async def add_target(self, request: Request) -> Response:
        hand = self._hand(request)
        body = await _read(request, bodies.TargetBody)
        self._adapter(body.vendor)
        if not body.url.startswith(("http://", "https://")):
            raise BadRequest(f"url must be http:// or https://, not {body.url!r}")
        own = hand.credentials[body.vendor].get("callback_secret", "")
        events = None
        if body.events is not None:
            events = tuple(self._event(body.vendor, each) for each in body.events)
        name = body.id or self._free_target(hand, body.vendor)
        if not TARGET_ID.fullmatch(name):
            raise BadRequest(f"a target's id is 1 to 64 of letters, digits, '._-', not {name!r}")
        target = outbox.CallbackTarget(name, body.vendor, body.url, body.secret or own, events)
        hand.apply(inputs.AddTarget(target))
        return _json(redact(target, self._secrets), 201)

    @staticmethod
    def _free_target(hand: Hand, vendor: str) -> str:
        numbered = (f"{vendor}-{number}" for number in itertools.count(1))
        return next(each for each in numbered if each not in hand.world.outbox.targets)

    async def remove_target(self, request: Request) -> Response:
        hand, wanted = self._hand(request), request.path_params["target"]
        if wanted not in hand.world.outbox.targets:
            raise NotFound(f"no target {wanted!r}; there are {list(hand.world.outbox.targets)}")
        hand.apply(inputs.RemoveTarget(wanted))
        return Response(status_code=204)

    async def callbacks(self, request: Request) -> Response:
        hand = self._hand(request)
        found = hand.world.outbox.every()[-LISTED:]
        told = [self._told(hand, each) for each in found]
        return _json({"callbacks": told, "evicted": hand.world.outbox.evicted})

    def _told(self, hand: Hand, delivery: outbox.Delivery) -> dict[str, Any]:
        target = hand.world.outbox.targets.get(delivery.target)
        view = hand.world.views[delivery.vendor]
        last_ms = delivery.tried[-1].at_ms if delivery.tried else delivery.emitted_ms
        body: bytes = b"null"
        if target is not None:
            adapter = self._directory.adapters[delivery.vendor]
            _, body = adapter.outgoing(delivery, target, last_ms, view)
        return {
            "number": delivery.number,
            "vendor": delivery.vendor,
            "event": delivery.event,
            "target": delivery.target,
            "fate": delivery.fate,
            "emitted_ms": delivery.emitted_ms,
            "cause": delivery.cause,
            "attempts": delivery.tried,
            "body": msgspec.Raw(body),
        }

    async def callback(self, request: Request) -> Response:
        hand = self._hand(request)
        return _json(self._told(hand, self._delivery(hand, request)))

    def _delivery(self, hand: Hand, request: Request) -> outbox.Delivery:
        number = request.path_params["number"]
        found = hand.world.outbox.find(number)
        if found is None:
            made, evicted = hand.world.outbox.made, hand.world.outbox.evicted
            raise NotFound(f"no callback {number}; {made} were made, {evicted} are evicted")
        return found

    async def replay(self, request: Request) -> Response:
        hand = self._hand(request)
        delivery = self._delivery(hand, request)
        if delivery.target not in hand.world.outbox.targets:
            raise Conflict(f"target {delivery.target!r} is gone")
        number = hand.apply(inputs.Resend(delivery.number))
        await hand.quiet()
        found = hand.world.outbox.find(number)
        assert found is not None
        return _json(self._told(hand, found), 201)

    # --- faults --------------------------------------------------------------------------------

    async def faults(self, request: Request) -> Response:
        return _json({"faults": list(self._hand(request).world.faults)})

    async def arm(self, request: Request) -> Response:
        hand = self._hand(request)
        fault = self._fault(hand, await _read(request, bodies.FaultBody))
        hand.apply(inputs.ArmFault(fault))
        return _json(fault, 201)

    def _fault(self, hand: Hand, body: bodies.FaultBody) -> Fault:
        adapter, name, effect = self._adapter(body.vendor), body.name, body.effect
        if len(hand.world.faults) >= hand.world.faults.limit:
            raise Conflict(f"a tenant has at most {hand.world.faults.limit} faults")
        if body.on == "callback":
            name = self._event(body.vendor, name) if name else ""
            if isinstance(effect, AnswerRow):
                raise BadRequest(
                    "'answer' is for calls; a callback is dropped, delayed, duplicated"
                )
        elif body.on == "call":
            known = [each.name for each in adapter.surface.operations]
            if name not in known:
                raise BadRequest(f"{body.vendor} has no operation {name!r}; it has {known}")
            if not isinstance(effect, AnswerRow):
                kind = effect.__struct_config__.tag
                raise BadRequest(f"a call is answered with a row; {kind!r} is for callbacks")
            try:
                effect = AnswerRow(adapter.surface.error_for(name, effect.row).id)
            except KeyError as error:
                raise BadRequest(str(error.args[0])) from None
        else:
            raise BadRequest(f"on is 'call' or 'callback', not {body.on!r}")
        if (body.times is not None and body.times < 1) or body.skip < 0:
            raise BadRequest("times is at least 1 (or null: always), skip at least 0")
        nth = hand.world.journal.last_seq + 1
        raw = ids.derive(hand.world.spec.seed, "fault", f"{body.on} {name}", nth, 4)
        return Fault(
            id=f"fault-{raw.hex()}",
            vendor=body.vendor,
            on=body.on,
            name=name,
            effect=effect,
            room=body.room,
            skip=body.skip,
            times=body.times,
        )

    async def fault(self, request: Request) -> Response:
        return _json(self._find_fault(self._hand(request), request))

    def _find_fault(self, hand: Hand, request: Request) -> Fault:
        wanted = request.path_params["fault"]
        found = hand.world.faults.get(wanted)
        if found is None:
            there = [each.id for each in hand.world.faults]
            raise NotFound(f"no fault {wanted!r}; there are {there}")
        return found

    async def disarm(self, request: Request) -> Response:
        hand = self._hand(request)
        hand.apply(inputs.DisarmFault(self._find_fault(hand, request).id))
        return Response(status_code=204)

    # --- what happened -------------------------------------------------------------------------

    async def journal(self, request: Request) -> Response:
        hand = self._hand(request)
        since = _whole_number(request, "since", 0)
        entries = hand.world.journal.since(since)
        kinds = request.query_params.getlist("kind")
        if kinds:
            entries = [each for each in entries if each.kind in kinds]
        if "canonical" in request.query_params:
            base = str(request.base_url).rstrip("/")
            addresses = {base: "{base}"}
            addresses |= {each.url: "{callback}" for each in hand.world.outbox.targets.values()}
            lines = canonical(entries, self._secrets, addresses)
            return Response(lines, media_type="application/x-ndjson")
        journal = hand.world.journal
        told = [redact(each, self._secrets) for each in entries]
        return _json({"entries": told, "evicted": journal.evicted, "counts": journal.counts})

    async def timeline(self, request: Request) -> Response:
        hand = self._hand(request)
        world = hand.world
        lines = story.timeline(world.journal, world.spec.start_ms, self._secrets)
        head = story.heading(
            hand.name,
            hand.mode,
            world.spec.seed,
            world.spec.start_ms,
            world.now_ms,
            world.journal.evicted,
        )
        return Response("\n".join([head, *lines, ""]), media_type="text/plain")

    async def objects(self, request: Request) -> Response:
        hand = self._hand(request)
        base = str(request.base_url).rstrip("/")
        name = tenant_id(hand.name)
        limit = _whole_number(request, "limit", LISTED)
        start = _whole_number(request, "start", 0)
        files = hand.world.objects.files(hand.world.now_ms)
        found = list(itertools.islice(files, start, start + limit + 1))
        listed = [
            {
                **msgspec.structs.asdict(file),
                "url": f"{base}/_files/{name}/{quote(file.bucket, safe='')}/{quote(file.key)}",
            }
            for file in found[:limit]
        ]
        evicted = hand.world.objects.evicted
        has_more = len(found) > limit
        return _json({"objects": listed, "has_more": has_more, "evicted": evicted})

    async def inputs(self, request: Request) -> Response:
        kept = self._hand(request).world.inputs
        if kept is None:
            raise Conflict("this tenant keeps no inputs; create it with keep_inputs")
        return _json({"inputs": kept, "holds_secrets": True})

    async def snapshot(self, request: Request) -> Response:
        hand = self._hand(request)
        resend = request.query_params.get("in_flight") == "resend"
        if not hand.in_flight:
            await hand.quiet()
        if hand.in_flight and not resend:
            held = ", ".join(hand.in_flight)
            raise Conflict(f"deliveries are open: {held}; say in_flight=resend to take it anyway")
        return Response(snapshot.take(hand.world), media_type="application/json")

    async def restore(self, request: Request) -> Response:
        raw = await _body(request)
        name = request.query_params.get("name", "")
        resend = request.query_params.get("in_flight") == "resend"
        return _json(describe(self._directory.restore(raw, name, resend=resend)), 201)


def describe(hand: Hand) -> bodies.TenantBody:
    """Describe a tenant, credentials included: they are what a client signs in with."""
    spec = hand.world.spec
    return bodies.TenantBody(
        name=spec.name,
        id=tenant_id(spec.name),
        mode=hand.mode,
        seed=spec.seed,
        start_ms=spec.start_ms,
        now_ms=hand.world.now_ms,
        is_open=hand.is_open,
        credentials=spec.credentials,
        settings={vendor: view.settings for vendor, view in hand.world.views.items()},
    )


Handler = Callable[[Request], Awaitable[Response]]


def _route(path: str, **methods: Handler) -> Route:
    async def handle(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await methods[method](request)

    return Route(path, handle, methods=list(methods))


def _json(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


async def _body(request: Request) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            raise BadRequest(f"the body has more than {MAX_BODY_BYTES} bytes")
    return bytes(raw)


async def _read(request: Request, kind: type[T]) -> T:
    raw = await _body(request)
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fields = ", ".join(each.encode_name for each in msgspec.structs.fields(kind))  # type: ignore[arg-type]
        raise BadRequest(f"{error}; the body's fields are {fields}") from None


def _whole_number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadRequest(f"{name} must be a whole number, not {text!r}")
    return int(text)


async def _on_error(_request: Request, error: EmulatorError) -> Response:
    return _json(bodies.ErrorBody(type(error).__name__, str(error)), error.status)


async def _on_http(request: Request, error: HTTPException) -> Response:
    allowed = (error.headers or {}).get("Allow", "")
    told = f"{request.method} {request.url.path}: {error.detail}"
    message = f"{told}; allowed: {allowed}" if allowed else told
    body = bodies.ErrorBody("NotFound" if error.status_code == 404 else "BadRequest", message)
    response = _json(body, error.status_code)
    if allowed:
        response.headers["Allow"] = allowed
    return response
