"""What users import: every public name is listed, sorted, and documented."""

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import recording_emulator
from recording_emulator import errors, testing

ALL = ["Emulator", "Heard", "InProcess", "Inbox", "Member", "Received", "Rejected", "Tenant"]


def public_names(module: ModuleType) -> set[str]:
    """The names a module offers: neither private nor a module it imported."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }


def test_testing_exports_exactly_its_public_names_in_order() -> None:
    assert testing.__all__ == ALL == sorted(ALL)
    assert public_names(testing) == set(ALL)


def test_the_package_itself_offers_its_version_and_nothing_else() -> None:
    assert public_names(recording_emulator) == set()
    assert recording_emulator.__version__.count(".") == 2


@pytest.mark.parametrize("name", ALL)
def test_a_public_class_and_its_public_methods_say_what_they_do(name: str) -> None:
    kind = getattr(testing, name)
    methods = [
        each
        for each, value in vars(kind).items()
        if not each.startswith("_") and inspect.isfunction(value)
    ]

    silent = [each for each in methods if not inspect.getdoc(getattr(kind, each))]
    assert inspect.getdoc(kind)
    assert silent == []


def test_every_exception_is_drawn_in_the_tree_and_can_come_over_the_wire() -> None:
    defined = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }

    assert {each for each in defined if each in (errors.__doc__ or "")} == defined
    assert set(errors.BY_NAME) == defined - {"EmulatorError"}


def test_every_module_can_be_imported_by_itself() -> None:
    found = pkgutil.walk_packages(recording_emulator.__path__, "recording_emulator.")

    names = [each.name for each in found if not each.name.endswith("__main__")]

    assert [name for name in names if importlib.import_module(name) is None] == []
    assert "recording_emulator.pytest_plugin" in names
