"""Hypothesis strategies for tests of code that records with Agora or ZEGO.

They need Hypothesis, which is yours to install; each draws what the vendor accepts, so that a
property of your own code can be tried on any of it.
"""

from typing import Any

from hypothesis import strategies as st

from recording_emulator.vendors.agora.bodies import REGIONS
from recording_emulator.vendors.zego.bodies import FORMATS
from recording_emulator.vendors.zego.client import MIX, STORAGE

CHANNEL_ALPHABET = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+-:;<=.>?@[]^_{}|~,"
)


def channel_names() -> st.SearchStrategy[str]:
    """Draw channel names: 1 to 64 characters of the vendor's alphabet."""
    return st.text(CHANNEL_ALPHABET, min_size=1, max_size=64)


def uids() -> st.SearchStrategy[str]:
    """Draw uids as the API takes them: a string that holds 1..4294967295."""
    return st.integers(1, 2**32 - 1).map(str)


def storages() -> st.SearchStrategy[dict[str, Any]]:
    """Draw a ``storageConfig`` of any vendor and region that needs no endpoint."""
    places = [(vendor, region) for vendor, regions in REGIONS.items() for region in sorted(regions)]
    names = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=3, max_size=20)
    folders = st.lists(st.text("abcXYZ019", min_size=1, max_size=12), max_size=3)
    return st.builds(
        lambda place, bucket, key, secret, prefix: {
            "vendor": place[0],
            "region": place[1],
            "bucket": bucket,
            "accessKey": key,
            "secretKey": secret,
            "fileNamePrefix": prefix,
        },
        st.sampled_from([place for place in places if place[0] != 11]),
        names,
        names,
        names,
        folders,
    )


def mix_starts() -> st.SearchStrategy[dict[str, Any]]:
    """Draw the ``clientRequest`` of a start in mix mode."""
    recording = st.fixed_dictionaries(
        {"channelType": st.sampled_from([0, 1]), "streamTypes": st.sampled_from([0, 1, 2])},
        optional={
            "maxIdleTime": st.integers(5, 2_592_000),
            "audioProfile": st.sampled_from([0, 1, 2]),
            "videoStreamType": st.sampled_from([0, 1]),
        },
    )
    files = st.sampled_from([["hls"], ["hls", "mp4"]]).map(lambda kinds: {"avFileType": kinds})
    return st.fixed_dictionaries(
        {"storageConfig": storages()},
        optional={"recordingConfig": recording, "recordingFileConfig": files},
    )


def zego_rooms() -> st.SearchStrategy[str]:
    """Draw rooms of ZEGO: 1 to 128 bytes."""
    return st.text("abcXYZ019-_ 课堂", min_size=1, max_size=42)


def zego_starts() -> st.SearchStrategy[dict[str, Any]]:
    """Draw bodies of ZEGO's StartRecord, of both modes and every format."""
    common = {
        "MaxIdleTime": st.integers(5, 86_400),
        "MaxRecordTime": st.integers(300, 86_400),
        "FillBlank": st.booleans(),
    }
    single = st.fixed_dictionaries({"RecordMode": st.just(1)}, optional=common)
    mixed = st.fixed_dictionaries(
        {"RecordMode": st.just(2), "MixConfig": st.just(MIX)}, optional=common
    )
    types = st.sampled_from([1, 2, 3, 4])
    whole = st.builds(
        lambda room, mode, kind, container: {
            "RoomId": room,
            "RecordInputParams": {**mode, "StreamType": kind},
            "RecordOutputParams": {"OutputFileFormat": container},
            "StorageParams": STORAGE,
        },
        zego_rooms(),
        single | mixed,
        types,
        st.sampled_from(FORMATS),
    )
    return whole.filter(
        lambda body: (
            body["RecordInputParams"]["StreamType"] != 1
            or body["RecordOutputParams"]["OutputFileFormat"] != "jpg"
        )
    )
