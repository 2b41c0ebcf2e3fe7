"""Finding a scenario: by path, by name in one's own folders, by name among the bundled ones."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from recording_emulator._resources import data_folder
from recording_emulator.errors import NotFound
from recording_emulator.scenario.problems import meant

ENDINGS: Final = (".yaml", ".yml")


def bundled() -> list[Path]:
    """List the scenarios that ship with the package."""
    return _in(data_folder("scenarios"))


def _in(folder: Path) -> list[Path]:
    return sorted(path for ending in ENDINGS for path in folder.rglob(f"*{ending}"))


def split(wanted: str) -> tuple[str, str]:
    """Take a vendor off a name: ``lost_answer@agora`` is for one what is for every vendor.

    >>> split("lost_answer@agora"), split("lost_answer")
    (('lost_answer', 'agora'), ('lost_answer', ''))
    """
    if Path(wanted).is_file():
        return wanted, ""
    name, _, vendor = wanted.partition("@")
    return name, vendor


def find(wanted: str, folders: Iterable[Path] = ()) -> Path:
    """Find a scenario by its path or its name: in the folders, in order, then among the bundled.

    Raises:
        NotFound: Naming the places, and what was probably meant.
    """
    path = Path(wanted)
    if path.is_file():
        return path
    if path.suffix in ENDINGS or "/" in wanted:
        for folder in folders:
            if (folder / wanted).is_file():
                return folder / wanted
    places = [folder for folder in folders if folder.is_dir()]
    every = [each for folder in places for each in _in(folder)] + bundled()
    for each in every:
        if wanted in (each.stem, f"{each.parent.name}/{each.stem}"):
            return each
    names = ", ".join(each.stem for each in bundled())
    looked = "".join(f" in {each} or" for each in places)
    near = meant(wanted, [each.stem for each in every])
    told = f"no such file, and none of that name{looked} among the bundled ones ({names})"
    raise NotFound(f"no scenario {wanted!r}: {told}{near}")
