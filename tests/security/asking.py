"""The check of origins alone, asked with exactly the headers that a test names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.config import Settings
from chat_app.middleware.origins import SERVED_ORIGIN, AllowedOrigins, check_origins

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

Headers = list[tuple[str, str]]


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """What is protected: it says under which origin it was reached, and allows all by CORS."""
    cors = (b"Access-Control-Allow-Origin", b"*"), (b"access-control-allow-credentials", b"true")
    served = (b"x-served", str(scope[SERVED_ORIGIN]).encode())
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept", "headers": [*cors, served]})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [*cors, served]})
    await send({"type": "http.response.body", "body": b"inside"})


class Answer:
    """What came back."""

    def __init__(self, sent: list[Message]) -> None:
        self.type: str = sent[0]["type"]
        lines = sent[0].get("headers", [])
        self.headers = {name.decode().lower(): value.decode() for name, value in lines}
        self.status = sent[0].get("status", 101 if self.type == "websocket.accept" else 403)
        self.body = b"".join(message.get("body", b"") for message in sent[1:]).decode()
        self.is_inside = self.status in {101, 200}


async def ask(
    headers: Headers,
    *,
    kind: str = "http",
    peer: str = "127.0.0.1",
    scope: dict[str, Any] | None = None,
    page_port: int | None = None,
    **settings: Any,
) -> Answer:
    """Ask the protected app with exactly these headers."""
    sent: list[Message] = []
    asked = {
        "type": kind,
        "scheme": "ws" if kind == "websocket" else "http",
        "method": "GET",
        "path": "/_event" if kind == "websocket" else "/",
        "client": (peer, 50000),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        **(scope or {}),
    }
    if kind == "websocket":
        del asked["method"]

    async def receive() -> Message:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    given = Settings(_env_file=None, **settings)  # type: ignore[call-arg]
    app = check_origins(inner, AllowedOrigins.of(given, page_port=page_port))
    await app(asked, receive, send)
    return Answer(sent)


def from_page(origin: str, host: str = "localhost:3000") -> Headers:
    return [("Host", host), ("Origin", origin)]
