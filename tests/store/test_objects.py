"""The store: bytes that follow from recipes, in memory or in a folder, never outside it."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recording_emulator.core.clips.clip import Clip, written
from recording_emulator.core.objects import Broken, Text
from recording_emulator.store.objects import (
    NAME_MAX,
    Store,
    safe_name,
    safe_path,
)

STRANGE = [
    "",
    ".",
    "..",
    "a/b",
    "a\\b",
    "%",
    "%2F",
    "a b",
    "会议",
    "\x00\n",
    "x" * 3_000,
    "CON",
    "~",
]


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return Store() if request.param == "memory" else Store(tmp_path / "kept")


def files_below(folder: Path) -> set[Path]:
    return {each for each in folder.rglob("*") if each.is_file()}


async def read(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def bytes_of(content: Text | Clip) -> bytes:
    return content.body if isinstance(content, Text) else b"".join(written(content))


CLIP = Clip("mp4", 4_000)
CONTENTS = [Text(b""), Text(b"#EXTM3U\n"), CLIP, Clip("ts", 900, width=64, height=48)]


@pytest.mark.parametrize("content", CONTENTS)
async def test_what_is_read_is_what_the_recipe_says(store: Store, content: Text | Clip) -> None:
    for _ in range(2):
        found = await read(await store.read("t", "bucket", "a/b.ts", content))
        assert found == bytes_of(content)
        assert len(found) == content.size_bytes


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize(("start", "stop"), [(0, None), (3, 5), (0, 0), (4, 10**9), (10**9, None)])
async def test_a_range_is_the_same_bytes_as_of_the_whole(
    store: Store, content: Text | Clip, start: int, stop: int | None
) -> None:
    found = await read(await store.read("t", "bucket", "a/b.ts", content, start, stop))

    assert found == bytes_of(content)[start:stop]


async def test_a_text_that_has_grown_is_read_as_it_is_now(store: Store) -> None:
    await read(await store.read("t", "bucket", "list.m3u8", Text(b"one")))

    assert await read(await store.read("t", "bucket", "list.m3u8", Text(b"two"))) == b"two"


@pytest.mark.parametrize("whole", [Text(b"abc"), CLIP], ids=["text", "clip"])
async def test_broken_content_is_cut_or_has_another_first_byte(
    store: Store, whole: Text | Clip
) -> None:
    right, place = bytes_of(whole), ("t", "bucket", "a/b.ts")
    turned = Broken(whole, whole.size_bytes, is_flipped=True)

    assert await read(await store.read(*place, whole)) == right
    assert await read(await store.read(*place, Broken(whole, 2))) == right[:2]
    assert await read(await store.read(*place, Broken(whole, 2), 1, 9)) == right[1:2]
    assert await read(await store.read(*place, turned)) == bytes([right[0] ^ 0xFF]) + right[1:]
    assert await read(await store.read(*place, turned, 1, 3)) == right[1:3]
    assert await read(await store.read(*place, whole)) == right


async def test_broken_content_of_nothing_is_nothing(store: Store) -> None:
    nothing = Broken(Text(b""), 0, is_flipped=True)

    assert await read(await store.read("t", "bucket", "a/b.ts", nothing)) == b""


async def test_every_name_has_a_place_of_its_own_and_none_lies_outside(
    store: Store, tmp_path: Path
) -> None:
    names = [
        (tenant, bucket, key) for tenant in ("t", "..") for bucket in STRANGE for key in STRANGE
    ]

    for place in names:
        content = Text("|".join(place).encode())
        assert await read(await store.read(*place, content)) == content.body
    if store.folder is not None:
        assert files_below(tmp_path) == files_below(store.folder)
        assert len(files_below(store.folder)) == len(names)


async def test_an_unused_store_opens_nothing(tmp_path: Path) -> None:
    Store(tmp_path / "kept")

    assert not (tmp_path / "kept").exists()


async def test_a_folder_keeps_a_clip_whole_even_when_a_part_is_read(tmp_path: Path) -> None:
    clip = Clip("mp4", 4_000, wanted_bytes=70_000)

    await read(await Store(tmp_path).read("t", "bucket", "a.mp4", clip, 5, 9))

    assert [each.stat().st_size for each in files_below(tmp_path)] == [70_000]


def test_safe_names_differ_as_the_names_do_and_fit_a_file_system() -> None:
    names = [safe_name(each) for each in [*STRANGE, "x" * 2_999, "x" * 251, "X" * 3_000]]

    assert len({each.casefold() for each in names}) == len(names)
    assert all(0 < len(each) <= NAME_MAX for each in names)
    assert not {".", ".."} & set(names)
    assert all("/" not in each for each in names)
    assert safe_path("t", "a/b", "c") != safe_path("t", "a", "b/c")


def test_a_long_name_ends_in_its_own_digest() -> None:
    name = "会" * 200

    digest = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
    assert safe_name(name).endswith(f"%{digest}")
