"""The pytest plugin: a server for the session, a tenant for each test, a receiver on request.

It is imported at every start of pytest, so it imports the emulator only inside its fixtures.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Generator, Iterator
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from recording_emulator.scenario.load import Loaded
    from recording_emulator.testing import Emulator, Inbox, Tenant
    from recording_emulator.testing.inprocess import InProcess
    from recording_emulator.vendors.handle import Handle

TENANT: pytest.StashKey[Tenant] = pytest.StashKey()
NAMES: pytest.StashKey[InProcess] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("recording-emulator")
    group.addoption(
        "--recording-emulator-url",
        default=None,
        metavar="URL",
        help="use the recording-emulator that runs at URL instead of one in this process",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker, and make a fixture for every vendor that is installed."""
    vendors = types.ModuleType("recording_emulator_vendors")
    for entry in entry_points(group="recording_emulator.vendors"):
        setattr(vendors, entry.name, _vendor_fixture(entry.name))
    config.pluginmanager.register(vendors, "recording_emulator_vendors")
    config.addinivalue_line(
        "markers",
        "scenario(name): a scenario whose world and faults this test's tenant plays, and whose "
        "expectations are judged at its end: a path, or a name that is looked up in scenarios/ "
        "beside the test, in the folders above it, and among the bundled ones",
    )
    config.addinivalue_line(
        "markers",
        "recording_emulator(**tenant): fields of this test's tenant, such as seed=7, "
        "audience='none', settings={'agora': {'upload_ms': 5000}}",
    )


@pytest.fixture(scope="session")
def recording_emulator_server(pytestconfig: pytest.Config) -> Iterator[Emulator]:
    """The server of this session (one for each worker)."""
    from recording_emulator.testing import Emulator

    server = Emulator(pytestconfig.getoption("--recording-emulator-url"))
    yield server
    server.close()


@pytest.fixture
def recording_emulator(
    request: pytest.FixtureRequest, recording_emulator_server: Emulator
) -> Iterator[Tenant]:
    """This test's own tenant: its clock, rooms, credentials and journal are nobody else's."""
    loaded = _scenario(request)
    wanted = {} if loaded is None else _tenant_of(loaded)
    for marker in reversed(list(request.node.iter_markers("recording_emulator"))):
        wanted.update(marker.kwargs)
    tenant = recording_emulator_server.tenant(request.node.nodeid, replace=True, **wanted)
    request.node.stash[TENANT] = tenant
    if loaded is not None:
        tenant.begin(loaded.text, loaded.file)
    yield tenant
    del request.node.stash[TENANT]
    tenant.close()


def _scenario(request: pytest.FixtureRequest) -> Loaded | None:
    """Load the scenario that a test is marked with, if it is."""
    marker = request.node.get_closest_marker("scenario")
    if marker is None:
        return None
    if len(marker.args) != 1 or marker.kwargs:
        raise pytest.UsageError("scenario takes one name or path: @pytest.mark.scenario('lost')")
    from recording_emulator.errors import EmulatorError
    from recording_emulator.scenario.find import find, split
    from recording_emulator.scenario.load import load
    from recording_emulator.vendors.base import load as adapters

    wanted, vendor = split(str(marker.args[0]))
    root = request.config.rootpath
    beside = request.node.path.parent
    folders = [beside, *(each for each in beside.parents if each.is_relative_to(root))]
    path = next((each / wanted for each in folders if (each / wanted).is_file()), None)
    try:
        found = path or find(wanted, [each / "scenarios" for each in folders])
        return load(found, adapters(), vendor)
    except EmulatorError as error:
        told = str(error)
    pytest.fail(told, pytrace=False)


def _tenant_of(loaded: Loaded) -> dict[str, Any]:
    from recording_emulator.scenario.begin import tenant

    return tenant(loaded)


@pytest.fixture
def inbox(recording_emulator: Tenant) -> Inbox:
    """A real HTTP receiver that gets every callback of this test's tenant."""
    return recording_emulator.inbox()


@pytest.fixture
def vendor_names(
    request: pytest.FixtureRequest, recording_emulator_server: Emulator
) -> Iterator[InProcess]:
    """The vendors' own names come here while the test lasts: for requests and httpx, in process.

    A call to a name of a vendor that is not emulated is refused, and fails the test at its end.
    """
    with recording_emulator_server.vendor_names() as names:
        request.node.stash[NAMES] = names
        yield names
        del request.node.stash[NAMES]


def _vendor_fixture(name: str) -> Callable[..., Any]:
    def vendor(recording_emulator: Tenant) -> Handle:
        return recording_emulator.vendor(name)

    vendor.__doc__ = f"{name} for this test alone: base_url, credentials, rooms, clock, faults."
    return pytest.fixture(name=name)(vendor)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed if its scenario expects more, or if a counted fault never fired.

    So does one that has called a name of a vendor that is not emulated.
    """
    done = yield
    leaked = _leaked(item)
    if leaked:
        pytest.fail(leaked, pytrace=False)
    tenant = item.stash.get(TENANT, None)
    if tenant is not None:
        told = _complaint(tenant, has_scenario=item.get_closest_marker("scenario") is not None)
        if told:
            pytest.fail(told, pytrace=False)
    return done


def _leaked(item: pytest.Item) -> str:
    names = item.stash.get(NAMES, None)
    listed = ", ".join(dict.fromkeys(names.leaks)) if names is not None else ""
    return f"called names of vendors that are not emulated: {listed}" if listed else ""


def _complaint(tenant: Tenant, *, has_scenario: bool) -> str:
    from recording_emulator.errors import EmulatorError

    try:
        if has_scenario:
            verdict = tenant.verdict()
            return "" if verdict["is_passed"] else str(verdict["text"])
        unfired = tenant.unfired()
    except EmulatorError:  # the test has deleted its tenant, or stopped the server
        return ""
    lines = [f"  {name}: {why}" for name, why in unfired.items()]
    advice = "  (say may_not_fire=True, or times=None, where that is fine)"
    return "\n".join(["a fault was armed and never fired:", *lines, advice]) if lines else ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the timeline of the tenant to the report of a failing test, and what has leaked."""
    report = yield
    tenant = item.stash.get(TENANT, None)
    has_failed = report.failed and report.when == "call"
    if has_failed and _leaked(item):
        report.sections.append(("recording-emulator leaks", _leaked(item)))
    if has_failed and tenant is not None:
        report.sections.append(("recording-emulator timeline", _timeline(tenant)))
    return report


def _timeline(tenant: Tenant) -> str:
    from recording_emulator.errors import EmulatorError

    try:
        return tenant.timeline()
    except EmulatorError as error:
        return f"no timeline: {error}"
