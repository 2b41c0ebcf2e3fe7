"""Finds the data that ships beside the code: in a wheel, or in a checkout."""

from importlib.resources import files
from pathlib import Path


def data_folder(name: str) -> Path:
    """Return the folder ``fixtures`` or ``scenarios``.

    A checkout's own folder comes first, so that an edit shows at once (an editable install leaves a
    copy behind that nobody reads).

    Raises:
        FileNotFoundError: If this installation has none.
    """
    checkout = Path(__file__).parents[2] / name
    if (checkout.parent / "emulator" / "recording_emulator").is_dir() and checkout.is_dir():
        return checkout
    installed = Path(str(files("recording_emulator"))) / "_data" / name
    if not installed.is_dir():
        raise FileNotFoundError(f"this installation has no {name}")
    return installed
