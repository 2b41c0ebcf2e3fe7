"""NERoom's SDK door on a free port: prints where it listens and its credentials, as ``serve`` does.

``sdk_server.py [STATS_FILE]``: with a file, under cProfile.
"""

import asyncio
import cProfile
import signal
import sys

import msgspec

from recording_emulator.delivery.http import HttpCourier
from recording_emulator.runtime.directory import Directory, Wanted
from recording_emulator.server.app import App
from recording_emulator.server.run import Site, local_url, new_loop
from recording_emulator.store.objects import Store
from recording_emulator.vendors.neroom import ADAPTER


async def main() -> None:
    """Serve one tenant until interrupted."""
    directory = Directory((ADAPTER,), HttpCourier())
    hand = directory.create(Wanted("bench", guard_ms=None, audience="none"), 0)
    site = Site(App((ADAPTER,), directory, Store()))
    url = local_url("http", await site.listen("127.0.0.1", 0))
    ready = {"url": url, "credentials": hand.credentials}
    print(msgspec.json.encode(ready).decode(), flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await directory.close()
    await site.close()


if __name__ == "__main__":
    profile = cProfile.Profile()
    if sys.argv[1:]:
        profile.enable()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(main())
    if sys.argv[1:]:
        profile.disable()
        profile.dump_stats(sys.argv[1])
