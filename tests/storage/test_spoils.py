"""Files that a fault spoils: what is announced stays as it would be, what is there does not."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.conftest import STORAGE, RecordingApp
from tests.storage.conftest import Bucket
from tests.storage.test_agora import record, storage

from recording_emulator.errors import BadRequest
from recording_emulator.testing import Inbox, Tenant
from recording_emulator.vendors.agora.handle import Agora

DAY_MS = 86_400_000


def listed(agora: Agora, ending: str = "ts") -> list[Any]:
    return [each for each in agora.objects() if each.key.endswith(ending)]


def codes(files: list[Any]) -> list[int]:
    return [httpx.get(each.url).status_code for each in files]


@pytest.fixture
def whole(app: RecordingApp, agora: Agora) -> list[Any]:
    """A recording with nothing wrong: its slices, and those of the next one are alike."""
    record(app, agora, STORAGE)
    return listed(agora)


def spoilt(app: RecordingApp, agora: Agora, whole: list[Any], **fault: Any) -> list[Any]:
    """Record again, with a fault on the files; return the slices of this recording."""
    armed = agora.faults.add("object", **{"file": "ts", **fault})
    agora.room("demo").leave(41)
    record(app, agora, STORAGE)
    (fired,) = [each["fired"] for each in agora.faults.all() if each["id"] == armed["id"]]
    assert fired == 1
    known = {each.key for each in whole}
    return [each for each in listed(agora) if each.key not in known]


def test_a_missing_slice_is_neither_listed_nor_there_and_the_playlist_names_it(
    app: RecordingApp, agora: Agora, whole: list[Any]
) -> None:
    left = spoilt(app, agora, whole, effect="missing")

    assert len(left) == len(whole) - 1
    playlist = httpx.get(listed(agora, "m3u8")[-1].url).text.splitlines()
    named = [line for line in playlist if line.endswith(".ts")]
    assert len(named) == len(whole)
    assert named[1:] == [each.key for each in left]
    gone = left[0].url.replace(left[0].key, named[0])
    assert httpx.get(gone).status_code == 404


@pytest.mark.parametrize(
    ("effect", "size"),
    [("truncate", lambda size: size // 2), ("empty", lambda _: 0), ("corrupt", lambda size: size)],
)
def test_a_spoilt_slice_has_other_bytes_and_the_others_have_theirs(
    app: RecordingApp, agora: Agora, whole: list[Any], effect: str, size: Any
) -> None:
    first, *others = spoilt(app, agora, whole, effect=effect)

    assert first.size_bytes == len(httpx.get(first.url).content) == size(whole[0].size_bytes)
    assert [each.size_bytes for each in others] == [each.size_bytes for each in whole[1:]]


def test_after_says_which_slice_is_hit(app: RecordingApp, agora: Agora, whole: list[Any]) -> None:
    found = spoilt(app, agora, whole, effect="empty", after_ms=40_000)

    assert [each.size_bytes == 0 for each in found] == [False, False, True, False, False][
        : len(found)
    ]


def test_a_playlist_with_a_wrong_duration_says_twice_of_each_slice(
    app: RecordingApp, agora: Agora, whole: list[Any]
) -> None:
    right = httpx.get(listed(agora, "m3u8")[0].url).text

    spoilt(app, agora, whole, effect="wrong_duration", file="m3u8")

    wrong = httpx.get(listed(agora, "m3u8")[-1].url).text
    assert lengths(wrong) == [2 * each for each in lengths(right)]


def lengths(playlist: str) -> list[float]:
    lines = [each for each in playlist.splitlines() if each.startswith("#EXTINF:")]
    return [float(each.partition(":")[2].strip(",")) for each in lines]


def test_a_late_slice_comes_later_and_one_listed_early_is_not_there_before(
    app: RecordingApp, agora: Agora, whole: list[Any]
) -> None:
    late = spoilt(app, agora, whole, effect="late", by_ms=DAY_MS)
    known = [*whole, *late]
    early = spoilt(app, agora, known, effect="listed_early", by_ms=DAY_MS)
    before = (len(late), len(early), codes(early))

    agora.advance(hours=24)

    assert before == (len(whole) - 1, len(whole), [404, *[200] * (len(whole) - 1)])
    assert len(listed(agora)) == 3 * len(whole)
    assert set(codes(listed(agora))) == {200}


def test_in_real_storage_a_late_file_comes_late_and_a_missing_one_never(
    app: RecordingApp, agora: Agora, guarded: Bucket, inbox: Inbox
) -> None:
    agora.faults.add("object", effect="late", by_ms=DAY_MS, file="ts")
    agora.faults.add("object", effect="missing", file="m3u8")
    guarded.keep_versions()
    record(app, agora, storage(guarded))
    before = list(guarded.keys)

    agora.advance(hours=24)

    assert len(guarded.keys) == len(before) + 1
    assert set(guarded.writes.values()) == {1}
    assert guarded.keys == [each.key for each in sorted(listed(agora), key=lambda f: f.key)]
    assert 31 in inbox.event_types


@pytest.mark.parametrize("effect", ["truncate", "empty", "corrupt"])
def test_real_storage_gets_the_spoilt_bytes(
    app: RecordingApp, agora: Agora, guarded: Bucket, effect: str
) -> None:
    agora.faults.add("object", effect=effect, file="ts")

    record(app, agora, storage(guarded))

    there = {key: guarded.read(key)[0] for key in guarded.keys if key.endswith("ts")}
    assert there == {each.key: httpx.get(each.url).content for each in listed(agora)}


def test_a_snapshot_keeps_what_is_spoilt(
    app: RecordingApp, agora: Agora, tenant: Tenant, whole: list[Any]
) -> None:
    first = spoilt(app, agora, whole, effect="empty")[0]

    raw = agora.snapshot()
    fork = f"fork-{tenant.info.id}"[:60]
    url = f"{tenant.emulator.url}/_emulator"
    httpx.post(f"{url}/snapshots?name={fork}", content=raw).raise_for_status()
    found = httpx.get(f"{url}/tenants/{fork}/objects").json()["objects"]

    assert [each["size_bytes"] for each in found if each["key"] == first.key] == [0]
    httpx.delete(f"{url}/tenants/{fork}")


def test_a_file_is_named_only_by_faults_on_objects(agora: Agora) -> None:
    with pytest.raises(BadRequest, match="file is for faults on 'object', not on 'upload'"):
        agora.faults.add("upload", effect="fail", file="ts")
