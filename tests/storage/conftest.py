"""Real S3 servers on this machine, started by the tests, and buckets that the tests look into."""

from __future__ import annotations

import itertools
import logging
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, NamedTuple

import boto3
import httpx
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

EVERYTHING = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
)
_NUMBERS = itertools.count(1)


class S3(NamedTuple):
    """A server: where it is, and keys that it knows."""

    url: str
    key: str
    secret: str

    def client(self, service: str = "s3") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )


class Bucket:
    """One bucket of a server, read with boto3."""

    def __init__(self, s3: S3, name: str) -> None:
        self.s3, self.name = s3, name
        self._client = s3.client()
        self._client.create_bucket(Bucket=name)

    @property
    def keys(self) -> list[str]:
        found = self._client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return [each["Key"] for each in found]

    def read(self, key: str) -> tuple[bytes, str]:
        """Fetch an object: its bytes and its content type."""
        found = self._client.get_object(Bucket=self.name, Key=key)
        with found["Body"] as body:
            return body.read(), found["ContentType"]

    def empty(self) -> None:
        for key in self.keys:
            self._client.delete_object(Bucket=self.name, Key=key)

    def close(self) -> None:
        self._client.close()

    def drop(self) -> None:
        self.empty()
        self._client.delete_bucket(Bucket=self.name)


@pytest.fixture(scope="session")
def moto() -> Iterator[S3]:
    """Moto, which asks for keys that its IAM has given out, and checks every signature."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    anybody = S3(f"http://{host}:{port}", "anybody", "anything")
    iam = anybody.client("iam")
    iam.create_user(UserName="recorder")
    made = iam.create_access_key(UserName="recorder")["AccessKey"]
    iam.put_user_policy(UserName="recorder", PolicyName="all", PolicyDocument=EVERYTHING)
    iam.close()
    text = {"Content-Type": "text/plain"}
    httpx.post(f"{anybody.url}/moto-api/reset-auth", content="0", headers=text).raise_for_status()
    yield S3(anybody.url, made["AccessKeyId"], made["SecretAccessKey"])
    server.stop()


@pytest.fixture(scope="session")
def s3rver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    command = shutil.which("s3rver")
    if command is None:
        pytest.skip("s3rver is not there: npm install s3rver, and its .bin on the PATH")
    folder = tmp_path_factory.mktemp("s3rver")
    started = [command, "--directory", str(folder), "--address", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = next(each for each in process.stdout if "listening" in each.lower())
        yield S3(f"http://127.0.0.1:{line.strip().rpartition(':')[2]}", "S3RVER", "S3RVER")
        process.terminate()
        process.stdout.read()


@pytest.fixture(params=["moto", "s3rver"])
def s3(request: pytest.FixtureRequest) -> S3:
    found: S3 = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def bucket(s3: S3) -> Iterator[Bucket]:
    made = Bucket(s3, f"recordings-{next(_NUMBERS)}")
    yield made
    made.close()


@pytest.fixture
def guarded(moto: S3) -> Iterator[Bucket]:
    """A bucket of the server that checks signatures."""
    made = Bucket(moto, f"guarded-{next(_NUMBERS)}")
    yield made
    made.close()


def stored(handle: Any, bucket: str) -> dict[str, tuple[bytes, str]]:
    """What the emulator itself keeps of a bucket: bytes and content type by key."""
    return {
        each.key: (handle.read_object(each.key, bucket=bucket), each.content_type)
        for each in handle.objects()
        if each.bucket == bucket
    }
