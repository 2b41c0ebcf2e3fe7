"""The yardstick: a bare Starlette + uvicorn JSON POST endpoint, at its best settings.

uvloop, httptools, no access log, JSON by msgspec. Prints its port when it listens.
"""

import socket

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER = {"cname": "demo", "uid": "900001", "resourceId": "r" * 254}


async def post(request: Request) -> Response:
    """Decode a body, answer with one as long as Agora's to ``acquire``."""
    given = msgspec.json.decode(await request.body())
    answer = {**ANSWER, "cname": given["cname"], "uid": given["uid"]}
    return Response(msgspec.json.encode(answer), media_type="application/json")


def main() -> None:
    """Listen on a free port of the loopback until interrupted."""
    app = Starlette(routes=[Route("/json", post, methods=["POST"])])
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", access_log=False, log_level="warning", lifespan="off"
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
