"""What is said of a room and the people in it: to listeners, to promises, in message copies."""

from typing import Any, Final

import msgspec

from recording_emulator.core.machine import Emit, Signal, Target, View
from recording_emulator.vendors.neroom import recorder
from recording_emulator.vendors.neroom.inputs import Copied, Said
from recording_emulator.vendors.neroom.room import Device, Person, Room

FOREVER: Final = -1
"""``remainingSeconds`` of a permanent room (assumed)."""


def member_object(person: Person) -> dict[str, Any]:
    """Describe a ``NERoomMember`` (sheet §1.7), as far as it is modelled."""
    return {
        "uuid": person.uuid,
        "name": person.name,
        "role": {"name": person.role},
        "isAudioOn": person.audio,
        "isVideoOn": person.video,
        "isSharingScreen": person.is_sharing,
        "isInRtcChannel": person.in_rtc,
        "clientType": person.devices[0].client_type,
        "rtcUid": person.rtc_uid,
        "connectedDeviceList": [_device(each) for each in person.devices],
    }


def _device(device: Device) -> dict[str, Any]:
    return {
        "deviceId": device.id,
        "clientType": device.client_type,
        "isAudioOn": device.audio,
        "isVideoOn": device.video,
        "isSharingScreen": device.is_sharing,
        "rtcUid": device.rtc_uid,
    }


def operator(person: Person | None) -> dict[str, Any] | None:
    return None if person is None else member_object(person)


def context(room: Room, me: Person, view: View) -> dict[str, Any]:
    """Describe a ``NERoomContext`` (sheet §1.7), as far as it is modelled."""
    others = [member_object(each) for each in room.people if each.uuid != me.uuid]
    return {
        "roomUuid": room.uuid,
        "roomName": room.name,
        "roomArchiveId": room.archive,
        "isCloudRecording": bool(room.recording),
        "isRoomLocked": room.is_locked,
        "maxMembers": room.max_members,
        "remainingSeconds": remaining_s(room, view),
        "rtcStartTime": room.rtc_ms,
        "roomProperties": {
            **room.properties,
            **(properties(room.recording) if room.recording else {}),
        },
        "localMember": member_object(me),
        "remoteMembers": others,
    }


def remaining_s(room: Room, view: View) -> int:
    return FOREVER if room.is_permanent else (room.ends_ms - view.now_ms) // 1000


def snapshot(room: Room, seq: int, view: View) -> dict[str, Any]:
    """Describe a room and everybody in it, as of a client's event ``seq``.

    Source:
        Sheet §2.4, the education line's; that it has this shape here is assumed.
    """
    kept = view.peek(Target(recorder.NAME, room.recording)) if room.recording else None
    own: dict[str, Any] = dict(room.properties)
    if kept is not None:
        own["record"] = {"recordId": kept.id, "value": 1, "time": kept.started_ms}
    return {
        "sequence": seq,
        "room": {
            "roomName": room.name,
            "roomUuid": room.uuid,
            "rtcCid": str(room.cid),
            "roomArchiveId": room.archive,
            "properties": own,
            "states": {"lock": {"value": int(room.is_locked)}},
        },
        "members": [_streaming(each) for each in room.people],
    }


def _streaming(person: Person) -> dict[str, Any]:
    on = {"audio": person.audio, "video": person.video, "subVideo": person.is_sharing}
    return {
        "userUuid": person.uuid,
        "userName": person.name,
        "role": person.role,
        "rtcUid": person.rtc_uid,
        "streams": {name: {"value": 1} for name, is_on in on.items() if is_on},
        "properties": {},
    }


def properties(record: str) -> dict[str, str]:
    """Write the room property of a recording: a JSON text, as properties are texts (1.23.0)."""
    return {"record": msgspec.json.encode({"recordId": record}).decode()}


def tell(room: Room, event: str, *args: Any, to: tuple[str, ...] | None = None) -> Signal:
    """Let listeners hear an event: everybody's here, unless told otherwise."""
    return Signal(event, room.members if to is None else to, Said(room.uuid, list(args)))


def copy(room: Room, event: str, **body: Any) -> Emit:
    """Send a message copy about the room."""
    own = {"roomArchiveId": room.archive, "roomUuid": room.uuid, **body}
    return Emit(event, f"neroom/{room.archive}", Copied(room.uuid, own))


def by(person: Person | None) -> dict[str, str]:
    """Name who did it in a message copy; a server is not named (assumed)."""
    return {} if person is None else {"operatorUserUuid": person.uuid}


def users(*people: Person) -> list[dict[str, str]]:
    return [{"userUuid": each.uuid, "role": each.role} for each in people]
