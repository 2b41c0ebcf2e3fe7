"""Scenes whose people come from one cast and whose places from another."""

from recording_emulator.core.casts import Cast, Casts, Seen
from recording_emulator.core.scenes import Scene, Shot, scene
from recording_emulator.core.tiles import Tile

SIZE = (640, 360)
SHOT = Shot("room", ((0, 10_000),), placed="file")
LARGE, SMALL = Tile(0, 0, 640, 360), Tile(0, 0, 160, 90)


def seen(*placed: Seen) -> Scene:
    """Alice and Bob are there with all they have, in a file that places them so."""
    room, file = Cast(), Cast()
    room.becomes([Seen("alice", True, True), Seen("bob", True, True)], 0)
    file.becomes(placed, 0)
    return scene({"room": room, "file": file}, SHOT, SIZE)


def test_who_has_no_place_is_heard_and_not_seen() -> None:
    (take,) = seen(Seen("bob", tile=LARGE))

    assert [each.name for each in take.shown] == ["bob"]
    assert take.heard == (0, 1)


def test_who_places_may_choose_whose_sound_there_is() -> None:
    (take,) = seen(Seen("bob", audio=True), Seen("alice", tile=LARGE), Seen("carol", audio=True))

    assert [each.name for each in take.shown] == ["alice"]
    assert take.heard == (1,)


def test_a_higher_layer_covers_a_lower_one_and_in_one_the_smaller_the_larger() -> None:
    (in_one,) = seen(Seen("alice", tile=SMALL), Seen("bob", tile=LARGE))
    (in_two,) = seen(Seen("alice", tile=SMALL), Seen("bob", tile=LARGE, layer=1))

    assert [each.name for each in in_one.shown] == ["bob", "alice"]
    assert [each.name for each in in_two.shown] == ["alice", "bob"]


def test_a_text_is_there_when_nobody_is() -> None:
    file = Cast()
    file.becomes([Seen("caption", tile=SMALL, text="REC")], 0)

    (take,) = scene({"room": Cast(), "file": file}, SHOT, SIZE)

    assert [(each.name, each.is_text, each.tile) for each in take.shown] == [("REC", True, SMALL)]
    assert take.heard == ()


def test_what_goes_on_is_not_forgotten_for_what_is_over() -> None:
    casts = Casts(2)
    casts.note("room", [Seen("alice")], 0)
    casts.note("first file", [Seen("alice")], 0)
    casts.note("room", [Seen("alice"), Seen("bob")], 1)

    casts.note("second file", [Seen("alice")], 2)

    assert list(casts.by_name) == ["room", "second file"]
