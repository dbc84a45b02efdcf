"""What passes a twin's REST API: an ASGI wrapper that remembers each request with its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REST = "/api/v3"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request to the REST API and its answer."""

    method: str
    path: str
    """Without the address of the API."""
    query: str
    agent: str
    """Who asks, by its own word."""
    sent: bytes
    status: int
    headers: dict[str, str]
    """Of the answer; names in lower case."""
    answered: bytes


class Recorder:
    """Remembers what passes the applications that it wraps."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def around(self, make: Callable[..., ASGIApp]) -> Callable[..., ASGIApp]:
        """Make applications as before, with this recorder around them."""
        return lambda *arguments: self._wrapped(make(*arguments))

    def _wrapped(self, application: ASGIApp) -> ASGIApp:
        async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not scope["path"].startswith(f"{REST}/") or scope["method"] == "OPTIONS":
                await application(scope, receive, send)
                return
            sent, answered, status, headers = bytearray(), bytearray(), 0, {}

            async def hear() -> Message:
                message = await receive()
                sent.extend(message.get("body", b""))
                return message

            async def say(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    headers.update({name.decode().lower(): value.decode() for name, value in message["headers"]})
                answered.extend(message.get("body", b""))
                await send(message)

            await application(scope, hear, say)
            asked = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
            self.exchanges.append(
                Exchange(
                    scope["method"],
                    scope["path"].removeprefix(REST),
                    scope["query_string"].decode(),
                    asked.get("user-agent", ""),
                    bytes(sent),
                    status,
                    headers,
                    bytes(answered),
                )
            )

        return recorded
