"""The store: bytes that follow from recipes, in memory or in a folder, never outside it."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recording_emulator.core.objects import Broken, Filler, Text
from recording_emulator.store.objects import (
    CHUNK_BYTES,
    KEPT_IN_MEMORY_BYTES,
    NAME_MAX,
    Store,
    made,
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


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return Store() if request.param == "memory" else Store(tmp_path / "kept")


def files_below(folder: Path) -> set[Path]:
    return {each for each in folder.rglob("*") if each.is_file()}


async def read(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize(
    "content", [Text(b""), Text(b"#EXTM3U\n"), Filler(0, b"ab"), Filler(7, b"abc")]
)
async def test_what_is_read_is_what_the_recipe_says(store: Store, content: Text | Filler) -> None:
    for _ in range(2):
        found = await read(await store.read("t", "bucket", "a/b.ts", content))
        assert found == b"".join(made(content))
        assert len(found) == content.size_bytes


async def test_a_text_that_has_grown_is_read_as_it_is_now(store: Store) -> None:
    await read(await store.read("t", "bucket", "list.m3u8", Text(b"one")))

    assert await read(await store.read("t", "bucket", "list.m3u8", Text(b"two"))) == b"two"


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


async def test_forgetting_a_tenant_drops_what_is_in_memory_and_leaves_a_folder(
    store: Store, tmp_path: Path
) -> None:
    for tenant in ("one", "one-more"):
        await read(await store.read(tenant, "bucket", "a.ts", Filler(3, b"abc")))

    await store.forget("one")
    await store.forget("never-seen")

    kept = [each["path"] for each in await store._store().list().collect_async()]
    both = ["one-more/bucket/a.ts", "one/bucket/a.ts"]
    assert sorted(kept) == (both if store.folder else both[:1])


async def test_an_unused_store_opens_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")

    await Store().forget("t")
    await store.forget("t")

    assert not (tmp_path / "kept").exists()


async def test_a_large_filler_is_made_for_each_reader_and_kept_nowhere() -> None:
    store = Store()
    content = Filler(KEPT_IN_MEMORY_BYTES + 1, b"abcdefg")

    chunks = [len(chunk) async for chunk in await store.read("t", "bucket", "a.mp4", content)]

    assert sum(chunks) == content.size_bytes
    assert max(chunks) <= CHUNK_BYTES
    assert store._opened is None


@pytest.mark.parametrize("size", [0, 1, 6, 7, 8, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_filler_repeats_its_pattern_whatever_the_chunks(size: int) -> None:
    content = Filler(size, b"abcdefg")

    whole = b"".join(made(content))

    assert whole == (b"abcdefg" * (size // 7 + 1))[:size]


@pytest.mark.parametrize(
    ("start", "stop"), [(0, None), (3, 9), (0, 0), (CHUNK_BYTES - 1, CHUNK_BYTES + 1), (5, 10**9)]
)
@pytest.mark.parametrize("content", [Text(b"x" * 20), Filler(CHUNK_BYTES + 9, b"abcdefg")])
def test_a_range_is_the_same_bytes_as_of_the_whole(
    content: Text | Filler, start: int, stop: int | None
) -> None:
    whole = b"".join(made(content))

    assert b"".join(made(content, start, stop)) == whole[start:stop]


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


def test_broken_content_is_cut_or_has_another_first_byte() -> None:
    whole = Text(b"abc")

    assert b"".join(made(Broken(whole, 2))) == b"ab"
    assert b"".join(made(Broken(whole, 3, is_flipped=True))) == b"\x9ebc"
    assert b"".join(made(Broken(whole, 3, is_flipped=True), 1, 3)) == b"bc"
    assert b"".join(made(Broken(Text(b""), 0, is_flipped=True))) == b""
