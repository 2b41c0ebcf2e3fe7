"""Real S3 servers on this machine, started by the tests, and buckets that the tests look into."""

from __future__ import annotations

import contextlib
import itertools
import logging
import shutil
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
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

    def parts(self, key: str) -> int:
        """In how many parts an object went up, as its ETag tells (``…-3``); 0: as one."""
        tag: str = self._client.head_object(Bucket=self.name, Key=key)["ETag"].strip('"')
        return int(tag.partition("-")[2] or 0)

    def keep_versions(self) -> None:
        """Keep what is written over, so that it can be counted."""
        asked = {"Status": "Enabled"}
        self._client.put_bucket_versioning(Bucket=self.name, VersioningConfiguration=asked)

    @property
    def writes(self) -> Counter[str]:
        """How often each key was written, since versions are kept."""
        found = self._client.list_object_versions(Bucket=self.name).get("Versions", [])
        return Counter(each["Key"] for each in found)

    def empty(self) -> None:
        for key in self.keys:
            self._client.delete_object(Bucket=self.name, Key=key)

    def close(self) -> None:
        self._client.close()

    def drop(self) -> None:
        self.empty()
        self._client.delete_bucket(Bucket=self.name)


class Lent(NamedTuple):
    """A server with keys that can be taken back."""

    s3: S3
    revoke: Callable[[], object]


class Gate:
    """Stands before a server on an address of its own; shut, it drops whoever comes."""

    def __init__(self, s3: S3) -> None:
        host, _, port = s3.url.removeprefix("http://").rpartition(":")
        self._behind = host, int(port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.s3 = s3._replace(url=f"http://127.0.0.1:{self._listener.getsockname()[1]}")
        self.is_shut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.is_shut:
                    client.close()
                    continue
                server = socket.create_connection(self._behind)
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=_pump, args=pair, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on until there are no more; the socket they came from is this thread's."""
    with source, contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)


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
    _ask_after(anybody, "0")
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


@pytest.fixture
def gate(moto: S3) -> Iterator[Gate]:
    made = Gate(moto)
    yield made
    made.close()


@pytest.fixture
def lent(moto: S3) -> Iterator[Lent]:
    """Keys of one test's own."""
    iam, name = moto.client("iam"), f"lent-{next(_NUMBERS)}"
    with unasked(moto):
        iam.create_user(UserName=name)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=EVERYTHING)

    def revoke() -> None:
        with unasked(moto):
            iam.delete_access_key(UserName=name, AccessKeyId=made["AccessKeyId"])

    yield Lent(moto._replace(key=made["AccessKeyId"], secret=made["SecretAccessKey"]), revoke)
    iam.close()


@contextlib.contextmanager
def unasked(moto: S3) -> Iterator[None]:
    """Let moto ask nobody for permission meanwhile."""
    _ask_after(moto, "100")
    yield
    _ask_after(moto, "0")


def _ask_after(moto: S3, calls: str) -> None:
    text = {"Content-Type": "text/plain"}
    asked = httpx.post(f"{moto.url}/moto-api/reset-auth", content=calls, headers=text)
    asked.raise_for_status()


def stored(handle: Any, bucket: str) -> dict[str, tuple[bytes, str]]:
    """What the emulator itself keeps of a bucket: bytes and content type by key."""
    return {
        each.key: (handle.read_object(each.key, bucket=bucket), each.content_type)
        for each in handle.objects()
        if each.bucket == bucket
    }
