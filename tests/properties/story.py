"""One story over real sockets, as a program of its own: prints the canonical journal.

``python story.py SEED``; run by ``test_determinism.py`` in several processes.
"""

import http.client
import sys
from urllib.parse import urlsplit

import msgspec

from recording_emulator.testing import Emulator
from recording_emulator.vendors.agora import client
from recording_emulator.vendors.agora.handle import Agora
from recording_emulator.vendors.base import Outward


def call(agora: Agora, asked: Outward) -> dict[str, str]:
    """Make one call and decode its answer."""
    where = urlsplit(agora.base_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    connection.request(asked.method, f"{where.path}{asked.path}", asked.body, asked.headers)
    answer: dict[str, str] = msgspec.json.decode(connection.getresponse().read())
    connection.close()
    return answer


def play(seed: int) -> bytes:
    """Two channels, a fault, a failing receiver, a mute, a stop; the journal of it all."""
    emulator = Emulator()
    tenant = emulator.tenant("story", seed=seed, guard_ms=60_000)  # a busy machine is no story
    agora: Agora = tenant.agora
    inbox = tenant.inbox()
    inbox.fail(times=2)
    agora.faults.duplicate(4)
    agora.faults.answer("stop", 65)
    pair = agora.credentials
    for cname, uid in (("one", "1"), ("two", "2")):
        resource = call(agora, client.acquire(pair, cname, uid))["resourceId"]
        started = call(agora, client.start(pair, cname, uid, resource))
        agora.room(cname).join(41)
        agora.advance(minutes=10)
        agora.room(cname).publish(41, video=False)
        stop = client.task_call(pair, "stop", cname, uid, resource, started["sid"])
        call(agora, stop)
        agora.settle()  # what the first answer set off is over before the second call
        call(agora, stop)
        agora.advance(minutes=1)
    journal = agora.canonical_journal()
    tenant.close()
    emulator.close()
    return journal


if __name__ == "__main__":
    sys.stdout.buffer.write(play(int(sys.argv[1])))
