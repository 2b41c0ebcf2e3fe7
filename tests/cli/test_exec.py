"""``recording-emulator exec``: any client, unchanged, and nothing reaches a vendor."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psutil
import pytest
from tests.cli.conftest import CLEAN

SDK: Final = Path(__file__).parents[1] / "sdk"
PAIR: Final = {
    "AGORA_APP_ID": "a" * 32,
    "AGORA_CUSTOMER_ID": "b" * 32,
    "AGORA_CUSTOMER_SECRET": "c" * 32,
    "AGORA_BASIC_AUTH_USER_NAME": "b" * 32,
    "AGORA_BASIC_AUTH_PASSWORD": "c" * 32,
}
URL: Final = f"https://api.agora.io/v1/apps/{'a' * 32}/cloud_recording/acquire"
BODY: Final = json.dumps({"cname": "x", "uid": "1", "clientRequest": {}})
Done = subprocess.CompletedProcess[str]
Execute = Callable[..., Done]


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., list[str]]:
    def words(*words: str, flags: tuple[str, ...] = ()) -> list[str]:
        own = ["--ca-dir", str(tmp_path / "ca"), *flags]
        return [sys.executable, "-m", "recording_emulator", "exec", *own, "--", *words]

    return words


@pytest.fixture
def execute(command: Callable[..., list[str]]) -> Execute:
    def run(*words: str, flags: tuple[str, ...] = (), given: str = "") -> Done:
        return subprocess.run(
            command(*words, flags=flags),
            env={**CLEAN, **PAIR},
            input=given,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    return run


@pytest.fixture
def network(execute: Execute) -> tuple[str, str]:
    """The flags of a private network, where this machine can make one."""
    flags = ("--via", "namespace")
    if execute("true", flags=flags).returncode != 0:
        pytest.skip("a private network needs Linux and the right to make namespaces")
    return flags


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not on PATH")
    return path


def told(done: Done) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def python(code: str) -> tuple[str, str, str]:
    return sys.executable, "-c", code


# --- clients that know nothing of us -------------------------------------------------------------


def test_agoras_own_python_client_records_in_its_default_configuration(
    execute: Execute, network: tuple[str, str]
) -> None:
    """It looks its host up before it calls, so a proxy is not enough where there is no DNS."""
    script = str(SDK / "agora_recordings.py")

    done = execute(sys.executable, script, "sync", flags=network, given="go on\n")

    answers = {each["call"]: each for each in told(done)}
    assert list(answers)[:2] == ["acquire", "start"]
    assert "stop" in answers
    assert all("error" not in each for each in answers.values())


@pytest.mark.parametrize("story", ["sync", "async"])
def test_a_node_program_that_asks_dns_itself_and_has_its_own_agent_records(
    execute: Execute, network: tuple[str, str], story: str
) -> None:
    script = str(SDK / "agora_node.mjs")

    done = execute(tool("node"), script, story, flags=network, given="go on\n")

    answers = told(done)
    calls = [each["call"] for each in answers]
    assert calls == ["acquire", "start", "query", "update", "updateLayout", "stop"]
    assert {each["status"] for each in answers} <= {200, 201}


REQUESTS: Final = """
import os, requests
done = requests.post(os.environ["U"], data=os.environ["B"], auth=("b" * 32, "c" * 32),
    headers={"Content-Type": "application/json"})
print(done.status_code, done.json()["cname"])
"""
HTTPX: Final = REQUESTS.replace("requests", "httpx").replace("data=", "content=")
FETCH: Final = """
const { U, B } = process.env;
const Authorization = "Basic " + btoa("b".repeat(32) + ":" + "c".repeat(32));
const done = await fetch(U, { method: "POST", body: B,
  headers: { Authorization, "Content-Type": "application/json" } });
console.log(done.status, (await done.json()).cname);
"""
CURL: Final = (
    'curl -sS -u "$AGORA_CUSTOMER_ID:$AGORA_CUSTOMER_SECRET" -H "Content-Type: application/json" '
    '-d "$B" -w " %{http_code}" "$U"'
)


@pytest.mark.parametrize(
    ("client", "via"),
    [
        *(
            (client, via)
            for client in ("requests", "httpx", "curl")
            for via in ("namespace", "proxy")
        ),
        ("fetch", "namespace"),  # before Node 24 it heeds no proxy
    ],
)
def test_a_plain_client_calls_the_vendors_own_address(
    execute: Execute,
    network: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    client: str,
    via: str,
) -> None:
    monkeypatch.setitem(CLEAN, "U", URL)
    monkeypatch.setitem(CLEAN, "B", BODY)
    words = {
        "requests": python(REQUESTS),
        "httpx": python(HTTPX),
        "curl": (tool("sh"), "-c", CURL),
        "fetch": (tool("node"), "--input-type=module", "-e", FETCH),
    }[client]

    done = execute(*words, flags=("--via", via))

    assert done.returncode == 0, done.stderr
    assert "200" in done.stdout
    assert "x" in done.stdout


# --- leaks ---------------------------------------------------------------------------------------

LEAKING: Final = """
import urllib.request
try:
    urllib.request.urlopen("https://rtm.agora.io/", timeout=10)
except OSError:
    print("carried on")
"""


@pytest.mark.parametrize("via", ["namespace", "proxy"])
def test_a_call_to_a_vendors_other_name_is_stopped_and_named_and_fails_the_run(
    execute: Execute, network: tuple[str, str], via: str
) -> None:
    done = execute(*python(LEAKING), flags=("--via", via))

    assert (done.returncode, done.stdout) == (1, "carried on\n")
    assert "refused: rtm.agora.io is a vendor's and not emulated" in done.stderr
    assert "called names of vendors that are not emulated" in done.stderr
    assert sys.executable in done.stderr


def test_nothing_else_is_reachable_in_a_private_network(
    execute: Execute, network: tuple[str, str]
) -> None:
    code = """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), 5)
except OSError as error:
    print(error.strerror)
"""

    done = execute(*python(code), flags=network)

    assert done.stdout == "Network is unreachable\n"


# --- exit codes, signals, what is left -----------------------------------------------------------


def test_the_exit_code_is_the_commands_and_the_story_is_told_when_it_fails(
    execute: Execute,
) -> None:
    code = REQUESTS + "raise SystemExit(7)"
    script = f"import os; os.environ.update(U={URL!r}, B={BODY!r})\n{code}"

    done = execute(*python(script), flags=("--via", "proxy"))
    quiet = execute(*python(script), flags=("--via", "proxy", "--no-story"))
    well = execute("true", flags=("--via", "env"))

    assert (done.returncode, quiet.returncode, well.returncode) == (7, 7, 0)
    assert "call    agora.acquire x" in done.stderr
    assert "agora.acquire" not in quiet.stderr
    assert (well.stdout, well.stderr) == ("", "")


def test_a_command_that_is_not_there_is_named(execute: Execute) -> None:
    done = execute("no-such-command", flags=("--via", "env"))

    assert done.returncode == 127
    assert "no-such-command: No such file or directory" in done.stderr


def test_a_command_that_dies_of_a_signal_has_the_exit_code_of_a_shell(execute: Execute) -> None:
    done = execute(*python("import os; os.abort()"), flags=("--via", "env"))

    assert done.returncode == 128 + signal.SIGABRT


def test_what_outlives_its_time_is_ended_and_told(execute: Execute) -> None:
    code = f"import os; os.environ.update(U={URL!r}, B={BODY!r})\n{REQUESTS}"
    stays = f"{code}\nimport threading; threading.Event().wait()"

    done = execute(*python(stays), flags=("--via", "proxy", "--timeout", "4"))

    assert done.returncode == 124
    assert "still running after 4 s (--timeout)" in done.stderr
    assert "it has not called any vendor" not in done.stderr


ORPHANS: Final = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"],
    start_new_session=True)
print(os.getpid(), child.pid, os.environ["RECORDING_EMULATOR_URL"].rpartition(":")[2], flush=True)
"""


@pytest.mark.parametrize("end", ["by itself", "crash", "SIGINT", "SIGTERM"])
@pytest.mark.parametrize("via", ["namespace", "proxy"])
def test_no_process_and_no_port_is_left_behind(
    command: Callable[..., list[str]], network: tuple[str, str], via: str, end: str
) -> None:
    code = {"by itself": "", "crash": "os.abort()"}.get(end, "import signal; signal.pause()")
    words = command(*python(ORPHANS + code), flags=("--via", via))
    pipe = subprocess.PIPE

    with subprocess.Popen(
        words, env={**CLEAN, **PAIR}, stdout=pipe, stderr=pipe, text=True
    ) as process:
        assert process.stdout is not None
        try:
            pid, orphan, port = map(int, process.stdout.readline().split())
            if end.startswith("SIG"):
                process.send_signal(getattr(signal, end))
            process.communicate(timeout=60)
        finally:
            process.kill()

    listening = {each.laddr[1] for each in psutil.net_connections("tcp") if each.laddr}
    expected = {"by itself": 0, "crash": 128 + signal.SIGABRT}
    number = getattr(signal, end, 0)
    assert process.returncode == expected.get(end, 128 + number)
    assert not psutil.pid_exists(pid)
    assert not psutil.pid_exists(orphan)
    assert via == "namespace" or port not in listening


def test_variables_name_the_server_and_its_credentials(execute: Execute) -> None:
    code = "import json, os; print(json.dumps(dict(os.environ)))"

    [found] = told(execute(*python(code), flags=("--via", "env")))

    assert found["RECORDING_EMULATOR_AGORA_URL"] == f"{found['RECORDING_EMULATOR_URL']}/agora"
    assert len(found["RECORDING_EMULATOR_AGORA_APP_ID"]) == 32
    assert Path(found["RECORDING_EMULATOR_CA"]).name == "ca.pem"
    assert {found["SSL_CERT_FILE"], found["REQUESTS_CA_BUNDLE"]} == {found["NODE_EXTRA_CA_CERTS"]}
    assert "trustStore=" in found["JAVA_TOOL_OPTIONS"]
    assert os.environ.get("HTTPS_PROXY") == found.get("HTTPS_PROXY")
