"""What passes a twin's API: an ASGI wrapper that remembers each request with its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PRODUCT = "fastrel-checklist"
"""The name that the product gives itself."""
REST, UPLOADS, GRAPHQL = "/api/v3", "/api/uploads", "/api/graphql"


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
        """With the REST API, in the order of the answers."""
        self.queries: list[str] = []
        """The GraphQL documents that the product sent."""

    def around(self, make: Callable[..., ASGIApp]) -> Callable[..., ASGIApp]:
        """Make applications as before, with this recorder around them."""
        return lambda *arguments: self._wrapped(make(*arguments))

    def _wrapped(self, application: ASGIApp) -> ASGIApp:
        async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
            path = str(scope.get("path", ""))
            described = path == GRAPHQL or path.startswith((f"{REST}/", f"{UPLOADS}/"))
            if not described or scope["method"] in ("HEAD", "OPTIONS"):
                await application(scope, receive, send)
                return
            sent, answered = bytearray(), bytearray()
            head: Message = {}

            async def hear() -> Message:
                message = await receive()
                sent.extend(message.get("body", b""))
                return message

            async def say(message: Message) -> None:
                if message["type"] == "http.response.start":
                    head.update(message)
                answered.extend(message.get("body", b""))
                if message["type"] == "http.response.body" and not message.get("more_body"):
                    # Before the other side knows the answer, so that nothing is missing when it looks.
                    self._keep(scope, bytes(sent), head, bytes(answered))
                await send(message)

            await application(scope, hear, say)

        return recorded

    def _keep(self, scope: Scope, sent: bytes, head: Message, answered: bytes) -> None:
        agent = _texts(scope["headers"]).get("user-agent", "")
        if scope["path"] != GRAPHQL:
            query = scope["query_string"].decode()
            path = scope["path"].removeprefix(REST).removeprefix(UPLOADS)
            # A repository by its number, as links between pages have it: the same operation.
            path = re.sub(r"^/repositories/[0-9]+", "/repos/by/number", path)
            status, headers = head["status"], _texts(head["headers"])
            self.exchanges.append(Exchange(scope["method"], path, query, agent, sent, status, headers, answered))
        elif agent == PRODUCT:
            self.queries.append(json.loads(sent)["query"])


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in headers}
