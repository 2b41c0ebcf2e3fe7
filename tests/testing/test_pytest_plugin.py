"""The plugin as a project uses it: fixtures, marker, option, report, workers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recording_emulator.testing import Emulator

pytest_plugins = ["pytester"]

HEAVY = {
    "aiohttp",
    "cryptography",
    "msgspec",
    "obstore",
    "recording_emulator.testing",
    "recording_emulator.vendors",
    "starlette",
    "trustme",
    "uvicorn",
    "uvloop",
    "websockets",
}
NOTE = """
import json, pathlib, pytest

@pytest.fixture
def note(request, recording_emulator):
    with pathlib.Path("notes.jsonl").open("a") as notes:
        notes.write(json.dumps({
            "node": request.node.nodeid,
            "url": recording_emulator.emulator.url,
            "is_own": recording_emulator.emulator.is_own,
            "info": {"name": recording_emulator.name, "seed": recording_emulator.info.seed},
            "credentials": dict(recording_emulator.agora.credentials),
        }) + "\\n")
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project whose tests can note what they were given."""
    pytester.makeconftest(NOTE)
    pytester.makeini("[pytest]\naddopts = -p no:hypothesispytest")  # a second at every start
    return pytester


def notes(project: pytest.Pytester) -> list[dict[str, Any]]:
    lines = (project.path / "notes.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def running() -> Iterator[Emulator]:
    """A server that runs somewhere else."""
    emulator = Emulator()
    yield emulator
    emulator.close()


def test_each_test_has_a_tenant_of_its_own_on_one_server(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("nth", range(3))
        def test_alone(note, agora, nth):
            assert (agora.now_ms(), agora.journal()) == (agora.info.start_ms, [])
            agora.room("demo").join(41)
            agora.advance(hours=1)
        """
    )

    project.runpytest().assert_outcomes(passed=3)

    told = notes(project)
    assert [each["info"]["name"] for each in told] == [each["node"] for each in told]
    assert len({each["credentials"]["app_id"] for each in told}) == 3
    assert len({each["url"] for each in told}) == 1
    assert {each["is_own"] for each in told} == {True}


def test_credentials_are_the_same_in_every_run_of_a_test(project: pytest.Pytester) -> None:
    project.makepyfile("def test_first(note): pass\ndef test_second(note): pass")

    project.runpytest()
    project.runpytest("-k", "second")

    first, second, again = (each["credentials"] for each in notes(project))
    assert first != second
    assert again == second


def test_fixtures_of_one_test_share_its_tenant(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_shared(recording_emulator, recording_emulator_server, agora, inbox):
            assert agora.info == recording_emulator.info
            assert recording_emulator.emulator is recording_emulator_server
            assert recording_emulator.agora.credentials == agora.credentials
            assert inbox.url("agora").startswith("http://127.0.0.1:")
        """
    )

    project.runpytest().assert_outcomes(passed=1)


def test_the_report_of_a_failing_test_carries_the_timeline(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_fails(agora):
            agora.room("weekly-review").join(41)
            assert False, "on purpose"

        def test_passes(agora):
            agora.room("other").join(42)
        """
    )

    result = project.runpytest("-rA")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- recording-emulator timeline -*",
            "tenant '*::test_fails', clock manual, seed 0: 2030-01-01T00:00:00.000Z + 0s",
            "#1 *+0s *room *join agora/weekly-review 41",
        ]
    )
    assert result.stdout.str().count("recording-emulator timeline") == 1


def test_a_test_that_fails_without_the_fixture_has_no_timeline(project: pytest.Pytester) -> None:
    project.makepyfile("def test_fails(): assert False")

    result = project.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*recording-emulator timeline*")


def test_the_marker_sets_what_the_tenant_is_the_nearest_one_last(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.recording_emulator(seed=7, audience="none")
        class TestMarked:
            @pytest.mark.recording_emulator(seed=8, settings={"agora": {"upload_ms": 5_000}})
            def test_both(self, note, recording_emulator):
                settings = recording_emulator.emulator.control.ask(ASK(recording_emulator))
                assert settings["settings"]["agora"]["upload_ms"] == 5_000

            def test_outer(self, note): pass

        def test_none(note): pass

        def ASK(tenant):
            import msgspec
            from recording_emulator.vendors.verbs import Ask
            return Ask("GET", f"/_emulator/tenants/{tenant.info.id}", msgspec.json.decode)
        """
    )

    project.runpytest("--strict-markers").assert_outcomes(passed=3)

    assert [each["info"]["seed"] for each in notes(project)] == [8, 7, 0]


def test_an_empty_room_idles_out_where_the_marker_wants_no_audience(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        """
        import httpx, pytest
        from recording_emulator.vendors.agora import client

        def record(agora):
            def call(out):
                url = agora.base_url + out.path
                return httpx.request(out.method, url, headers=out.headers, content=out.body).json()
            resource = call(client.acquire(agora.credentials, "demo", "1"))["resourceId"]
            call(client.start(agora.credentials, "demo", "1", resource))
            agora.advance(minutes=5)
            return agora.tasks()[0]["state"]

        @pytest.mark.recording_emulator(audience="none")
        def test_nobody(agora):
            assert record(agora) == "exited"

        def test_somebody(agora):
            assert record(agora) == "in_progress"
        """
    )

    project.runpytest().assert_outcomes(passed=2)


def test_a_marker_with_an_unknown_field_is_an_error_that_names_the_fields(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.recording_emulator(sead=7)
        def test_typo(agora): pass
        """
    )

    result = project.runpytest()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*unknown field `sead`; the body's fields are name, mode, seed*"])


def test_the_url_option_attaches_to_a_server_that_runs(
    project: pytest.Pytester, running: Emulator
) -> None:
    project.makepyfile("def test_first(note, inbox): pass\ndef test_second(note): pass")

    project.runpytest("--recording-emulator-url", running.url).assert_outcomes(passed=2)

    assert [(each["url"], each["is_own"]) for each in notes(project)] == [(running.url, False)] * 2
    assert running.tenants() == []


def test_a_tenant_that_a_killed_run_left_behind_is_replaced(
    project: pytest.Pytester, running: Emulator
) -> None:
    project.makepyfile(
        test_it="def test_again(agora): assert agora.now_ms() == agora.info.start_ms"
    )
    running.tenant("test_it.py::test_again").agora.advance(hours=1)

    result = project.runpytest("--recording-emulator-url", running.url)

    result.assert_outcomes(passed=1)


def test_a_url_nobody_answers_at_is_named(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(agora): pass")

    result = project.runpytest("--recording-emulator-url", "http://127.0.0.1:1")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*EmulatorError: no emulator answers at http://127.0.0.1:1: *"])


def test_two_workers_share_a_server_that_runs(project: pytest.Pytester, running: Emulator) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("nth", range(8))
        def test_parallel(note, agora, inbox, nth):
            agora.room("demo").join(41)
            assert agora.advance(hours=nth).now_ms == agora.info.start_ms + nth * 3_600_000
        """
    )

    project.runpytest_subprocess(
        "-n", "2", "--recording-emulator-url", running.url
    ).assert_outcomes(passed=8)

    assert {each["url"] for each in notes(project)} == {running.url}
    assert len({each["credentials"]["app_id"] for each in notes(project)}) == 8
    assert running.tenants() == []


def test_fixtures_and_marker_are_listed_with_what_they_do(project: pytest.Pytester) -> None:
    fixtures = project.runpytest("--fixtures").stdout
    markers = project.runpytest("--markers").stdout

    fixtures.fnmatch_lines(["agora -- *", "*agora for this test alone: base_url, credentials*"])
    fixtures.fnmatch_lines(["inbox -- *", "*A real HTTP receiver*"])
    markers.fnmatch_lines(["@pytest.mark.recording_emulator(***tenant): fields of this test's*"])


def test_importing_the_plugin_imports_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys, json, pytest; before = set(sys.modules);"
        "import recording_emulator.pytest_plugin;"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )

    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    ).stdout

    loaded = set(json.loads(out))
    assert "recording_emulator.pytest_plugin" in loaded
    assert loaded & HEAVY == set()


def test_a_session_that_does_not_use_it_never_loads_it(project: pytest.Pytester) -> None:
    project.makeconftest(
        f"""
        import sys

        def pytest_sessionfinish(session):
            print("LOADED", sorted(set(sys.modules) & {HEAVY!r}))
        """
    )
    project.makepyfile("def test_it(): pass")

    result = project.runpytest_subprocess("-s")

    result.stdout.fnmatch_lines(["*LOADED []"])


SCENARIO = """\
scenario: a recording whose upload is told twice
vendor: agora
seed: 7
settings: {upload_ms: 5000}
audience: none
faults:
  - {on: callback, event: uploaded, effect: duplicate}
timeline:
  - {at: 0s, join: {room: demo, uid: 41}}
  - {after: start, at: 1h, leave: {room: demo, uid: 41}}
client:
  - {call: acquire, with: {cname: never played here}}
  - {call: start}
expect:
  - count: {event: uploaded, times: 2}
  - task: {state: ENDED}
"""
RECORDS = """
    import httpx, pytest
    from recording_emulator.vendors.agora import client

    def call(agora, out):
        url = agora.base_url + out.path
        return httpx.request(out.method, url, headers=out.headers, content=out.body).json()

    def record(agora):
        resource = call(agora, client.acquire(agora.credentials, "demo", "1"))["resourceId"]
        call(agora, client.start(agora.credentials, "demo", "1", resource))
"""


@pytest.fixture
def story(project: pytest.Pytester) -> pytest.Pytester:
    """A project with a scenario of its own, in scenarios/."""
    folder = project.mkdir("scenarios")
    (folder / "told_twice.yaml").write_text(SCENARIO)
    return project


def test_a_marked_test_plays_the_world_of_its_scenario_and_is_judged(
    story: pytest.Pytester,
) -> None:
    story.makepyfile(
        f"""{RECORDS}
    @pytest.mark.scenario("told_twice")
    def test_met(agora):
        assert agora.info.seed == 7
        record(agora)
        agora.advance(hours=2)

    @pytest.mark.scenario("scenarios/told_twice.yaml")
    def test_met_with_a_receiver_of_its_own(agora, inbox):
        record(agora)
        agora.advance(hours=2)
        assert inbox.event_types.count(31) == 2

    @pytest.mark.scenario("told_twice")
    def test_not_met(agora):
        record(agora)
        agora.advance(minutes=30)
        """
    )

    result = story.runpytest("--strict-markers")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "FAILED: a recording whose upload is told twice (0 of 3 expectations)",
            "*told_twice.yaml:15: expected callback 31 twice; it never came",
            "*told_twice.yaml:16: expected a task ENDED; 'demo' is in_progress",
            "*fault-1: never fired: it waits for callback 31; that never came; what came: *",
            "*- recording-emulator timeline -*",
            "*agora.start demo*",
        ]
    )


def test_a_bundled_scenario_is_found_by_its_name(project: pytest.Pytester) -> None:
    project.makepyfile(
        f"""{RECORDS}
    @pytest.mark.scenario("lost_callback")
    def test_it(agora, inbox):
        record(agora)
        agora.advance(hours=3)
        assert 40 not in inbox.event_types
        """
    )

    project.runpytest().assert_outcomes(passed=1)


def test_a_scenario_that_is_nowhere_or_broken_is_said(project: pytest.Pytester) -> None:
    (project.path / "broken.yaml").write_text("scenario: broken\nvendor: agora\nseeed: 1\n")
    project.makepyfile(
        """
        import pytest

        @pytest.mark.scenario("lost_calback")
        def test_nowhere(agora): pass

        @pytest.mark.scenario("broken.yaml")
        def test_broken(agora): pass
        """
    )

    result = project.runpytest()

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "no scenario 'lost_calback': *; did you mean 'lost_callback'?",
            "*broken.yaml:3:1: seeed: unknown key 'seeed'; did you mean 'seed'?",
        ]
    )


def test_a_counted_fault_that_never_fired_fails_a_test_that_passed(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        """
        def test_forgotten(agora):
            agora.faults.drop(31, room="demo")

        def test_allowed(agora):
            agora.faults.drop(31, may_not_fire=True)
            agora.faults.drop(32, times=None)

        def test_failed_anyway(agora):
            agora.faults.drop(31)
            assert False, "on purpose"
        """
    )

    result = project.runpytest()

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "a fault was armed and never fired:",
            "  fault-1: it waits for callback 31 of room 'demo'; no callback was sent at all *",
            "*- recording-emulator timeline -*",
        ]
    )
    reports, _, _ = result.stdout.str().partition("short test summary info")
    assert reports.count("a fault was armed and never fired:") == 1


def test_a_marked_test_plays_on_a_server_that_runs_elsewhere(
    story: pytest.Pytester, running: Emulator
) -> None:
    story.makepyfile(
        f"""{RECORDS}
    @pytest.mark.scenario("told_twice")
    def test_met(agora):
        record(agora)
        agora.advance(hours=2)
        """
    )

    result = story.runpytest("--recording-emulator-url", running.url)

    result.assert_outcomes(passed=1)
    assert running.tenants() == []
