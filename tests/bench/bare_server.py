"""The yardstick: a bare Starlette + uvicorn JSON POST endpoint, at its best settings.

uvloop, httptools, no access log, JSON by msgspec. Prints its port when it listens. Beside it, a
WebSocket that answers every frame with one of a ``size`` that the query names.
"""

import socket

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

ANSWER = {"cname": "demo", "uid": "900001", "resourceId": "r" * 254}


async def post(request: Request) -> Response:
    """Decode a body, answer with one as long as Agora's to ``acquire``."""
    given = msgspec.json.decode(await request.body())
    answer = {**ANSWER, "cname": given["cname"], "uid": given["uid"]}
    return Response(msgspec.json.encode(answer), media_type="application/json")


async def echo(socket: WebSocket) -> None:
    """Answer every frame with one as long as an event."""
    frame = "e" * int(socket.query_params["size"])
    await socket.accept()
    try:
        while True:
            msgspec.json.decode(await socket.receive_text())
            await socket.send_text(frame)
    except WebSocketDisconnect:
        return


def main() -> None:
    """Listen on a free port of the loopback until interrupted."""
    app = Starlette(routes=[Route("/json", post, methods=["POST"]), WebSocketRoute("/ws", echo)])
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_ping_interval=None,
        access_log=False,
        log_level="warning",
        lifespan="off",
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
