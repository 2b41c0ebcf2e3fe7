"""What a running mixer records: one set of files for the room, or a file for each stream.

Source:
    Sheet §4.1 (step 3). A file begins when its user opens the device, and ends when they leave the
    room, not when they close it (documented); that it ends, too, when an update leaves them out,
    and that who comes back gets a new file, is assumed.
"""

from msgspec.structs import replace

from recording_emulator.core.machine import Effect, Target, Tell, View
from recording_emulator.vendors.cloudroom import cells, files, layout, storing
from recording_emulator.vendors.cloudroom.bodies import SINGLE, Audio
from recording_emulator.vendors.cloudroom.checks import EVERYBODY, targets
from recording_emulator.vendors.cloudroom.inputs import OUTPUT, Close, Open, Plan, Rearrange
from recording_emulator.vendors.cloudroom.mixer import Mixer, room_of

MICROPHONE = "microphone"
CAMERA = "camera"
PUSH = "push"


def opened(kept: Mixer, view: View) -> tuple[Mixer, tuple[Effect, ...]]:
    """Begin what there is to record at the start."""
    if kept.cfg.mode == SINGLE:
        return followed(kept, view)
    effects: list[Effect] = []
    for plan in files.mixed(kept.cfg, kept.id, kept.room, kept.profile):
        kept, effect = _open(kept, plan, view)
        effects.append(effect)
    return kept, tuple(effects)


def _open(kept: Mixer, plan: Plan, view: View) -> tuple[Mixer, Tell]:
    plan = replace(plan, place=storing.place(kept.cfg, view.settings.storage_endpoints))
    key = f"{kept.id}/{len(kept.outputs) + 1}"
    after = replace(kept, outputs=(*kept.outputs, key), paths=(*kept.paths, plan.path))
    return after, Tell(Target(OUTPUT, key), Open(plan))


def rearranged(before: Mixer, after: Mixer) -> tuple[Effect, ...]:
    """Tell the files of a mixed configuration whom they show and let be heard from now on."""
    pairs = (files.mixed(each.cfg, each.id, each.room, each.profile) for each in (before, after))
    return tuple(
        Tell(Target(OUTPUT, key), Rearrange(now.shown))
        for key, was, now in zip(after.outputs, *pairs, strict=True)
        if was.shown != now.shown
    )


def followed(kept: Mixer, view: View, gone: str = "") -> tuple[Mixer, tuple[Effect, ...]]:
    """End the files of who is gone or left out, and begin those of who sends something new."""
    people = view.room(kept.room).participants
    wanted = _wanted(kept)
    streams, effects = dict(kept.streams), list[Effect]()
    for what, key in kept.streams.items():
        user = what.partition(" ")[2].partition("\n")[0]
        is_wanted = _is_wanted(what, wanted)
        if user == gone or user not in people or not is_wanted:
            del streams[what]
            effects.append(Tell(Target(OUTPUT, key), Close()))
    after = replace(kept, streams=streams)
    for user, there in people.items():
        sends = {MICROPHONE: there.audio, CAMERA: there.video, PUSH: there.video}
        for kind, is_sent in sends.items():
            if is_sent and user != gone:
                after, more = _begun(after, kind, user, wanted, view)
                effects += more
    return after, tuple(effects)


Wanted = dict[str, tuple[str, ...]]


def _wanted(kept: Mixer) -> Wanted:
    """Say whose what is recorded: a kind, and users (everybody: a token)."""
    audio, video = kept.cfg.audio, kept.cfg.video
    cameras = [
        each if each in EVERYBODY else layout.camera(each, kept.profile)
        for each in video.subscribeVideos or ()
    ]
    there = (layout.DEFAULT_CAMERA, layout.THE_CAMERA)
    return {
        MICROPHONE: tuple(audio.subscribeAudios or ()),
        CAMERA: tuple(
            each if isinstance(each, str) else each[0]
            for each in cameras
            if isinstance(each, str) or each[1] in there
        ),
        PUSH: tuple(layout.camera(each.streamID, kept.profile)[0] for each in video.pushCfg or ()),
    }


def _is_wanted(what: str, wanted: Wanted) -> bool:
    kind, _, rest = what.partition(" ")
    user = rest.partition("\n")[0]
    names = wanted[kind]
    return user in names or (kind != PUSH and any(each in EVERYBODY for each in names))


def _begun(
    kept: Mixer, kind: str, user: str, wanted: Wanted, view: View
) -> tuple[Mixer, list[Effect]]:
    effects: list[Effect] = []
    for what, plan in _plans(kept, kind, user, view):
        if what not in kept.streams and _is_wanted(what, wanted):
            kept, effect = _open(kept, plan, view)
            kept = replace(kept, streams={**kept.streams, what: kept.outputs[-1]})
            effects.append(effect)
    return kept, effects


def _plans(kept: Mixer, kind: str, user: str, view: View) -> list[tuple[str, Plan]]:
    """Plan the outputs of one stream: a file, or each address that it is pushed to."""
    bucket = files.bucket_of(kept.cfg)
    video_bps = files.CAMERA_BPS + files.SOUND_BPS
    if kind == PUSH:
        urls = [
            url
            for each in kept.cfg.video.pushCfg or ()
            if layout.camera(each.streamID, kept.profile)[0] == user
            for url in (targets(each.urls) if isinstance(each.urls, str) else each.urls)
        ]
        return [
            (
                f"{PUSH} {user}\n{url}",
                Plan(kept.id, kept.room, url, True, video_bps, bucket, user),
            )
            for url in urls
        ]
    person = room_of(kept, view).person(user)
    nickname = person.nickname if person is not None else user
    at = files.named_time(view.now_ms, view.settings.tz_minutes)
    part: Audio = kept.cfg.audio if kind == MICROPHONE else kept.cfg.video
    camera = "" if kind == MICROPHONE else layout.THE_CAMERA
    path = files.single_path(part, user, nickname, camera, kept.room, at)
    path = files.beside(path, kept.paths)
    bps = files.sound_bps(path) if kind == MICROPHONE else video_bps
    if kind == MICROPHONE:
        shown = cells.microphone(user)
    else:
        shown = cells.alone(user, with_everybody=kept.cfg.video.aStreamType == 1)
    plan = Plan(kept.id, kept.room, path, False, bps, bucket, user, shown=shown)
    return [(f"{kind} {user}", plan)]
