"""Faults on demand: which request goes wrong and how, for the twin and for the proxy in front of it.

The twin itself answers with errors and waits; what happens to a connection only the proxy can do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum


class Wrong(Enum):
    """The kinds of faults."""

    STATUS = "an error comes as the answer"
    NOTHING = "nothing, apart from the delay and what others do meanwhile"
    CUT = "the connection is reset without an answer"
    HALF = "half of the answer's body comes, then the connection is closed"
    MALFORMED = "the answer's JSON breaks off"
    STALE = "the answer is the one that the same read had before"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of requests that match."""

    method: str = ""
    path: str = ""
    """A part of the path with its query."""
    status: int = 502
    applied: bool = False
    """Whether the change is made all the same."""
    after: int = 0
    """How many requests that match come first."""
    message: str = "Server Error"
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of the answer besides the ordinary ones, or in their place."""
    wrong: Wrong = Wrong.STATUS
    errors: tuple[Mapping[str, object], ...] = ()
    """What an answer with status 422 complains about."""
    page: str = ""
    """A web page that comes in the place of the answer, as from a proxy or a login page of the network."""
    body: str = ""
    """A part of the request's body, such as the name of a GraphQL mutation."""
    times: int = 1
    """How often it happens."""
    delay: float = 0.0
    """Seconds that the request is held up before."""
    meanwhile: Callable[[], object] | None = None
    """What somebody else does just before, such as adding an entry between two pages of a listing."""

    def at(self, method: str, path: str, *, body: str = "", applied: bool = False, times: int = 1) -> Fault:
        """The same trouble with these requests."""
        return replace(self, method=method, path=path, body=body, applied=applied, times=times)

    def hits(self, method: str, path: str, body: bytes) -> bool:
        return self.method == method and self.path in path and self.body.encode() in body


LATER = "4102444800"
"""When a used-up rate limit resets, in seconds since 1970: not as long as anybody waits."""
ANSWERS: Mapping[str, Fault] = {
    "primary rate limit": Fault(
        status=403,
        message="API rate limit exceeded for user ID 1.",
        headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": LATER},
    ),
    "primary rate limit as 429": Fault(
        status=429,
        message="API rate limit exceeded for user ID 1.",
        headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": LATER},
    ),
    "secondary rate limit": Fault(
        status=403,
        message="You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        headers={"Retry-After": "60"},
    ),
    "secondary rate limit as 429": Fault(
        status=429,
        message="You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        headers={"Retry-After": "60"},
    ),
    "bad credentials": Fault(status=401, message="Bad credentials"),
    "missing scope": Fault(
        status=403,
        message="Resource not accessible by personal access token",
        headers={"X-Accepted-OAuth-Scopes": "repo", "X-OAuth-Scopes": "read:user"},
    ),
    "not found": Fault(status=404, message="Not Found"),
    "conflict": Fault(status=409, message="Conflict"),
    "refused as invalid": Fault(
        status=422,
        message="Validation Failed",
        errors=({"resource": "Thing", "field": "name", "code": "custom", "message": "name is not welcome"},),
    ),
    "server error": Fault(status=500),
    "bad gateway": Fault(status=502),
    "unavailable": Fault(status=503, message="Service Unavailable"),
    "refused form": Fault(status=406, message="Must accept 'application/json'"),
    "login page": Fault(status=200, page="<!DOCTYPE html><title>Sign in to the network</title>"),
    "blocked page": Fault(status=403, page="<!DOCTYPE html><title>Blocked by the proxy</title>"),
    "cut": Fault(wrong=Wrong.CUT),
    "half a body": Fault(wrong=Wrong.HALF, applied=True),
    "malformed": Fault(wrong=Wrong.MALFORMED, applied=True),
    "garbled": Fault(wrong=Wrong.MALFORMED, applied=True, headers={"Content-Encoding": "gzip"}),
    "stale": Fault(wrong=Wrong.STALE),
}
"""What GitHub and the network between are known to do, by name; `at` says to which request.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api and
https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""


@dataclass(slots=True)
class Faults:
    """The faults that are still to come."""

    coming: list[Fault] = field(default_factory=list)
    possible: frozenset[Wrong] = frozenset(Wrong)
    """What the server that has these faults can do."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *faults: Fault) -> None:
        """Let these happen, too. ValueError for what only a proxy can do."""
        for one in faults:
            if one.wrong not in self.possible:
                raise ValueError(f"{one.wrong.name} needs a proxy in front of the twin: {one}")
        with self._lock:
            self.coming += faults

    def clear(self) -> None:
        """Let nothing more happen."""
        with self._lock:
            self.coming.clear()

    def take(self, method: str, path: str, body: bytes = b"") -> Fault | None:
        """The fault of a request, if it has one; it will happen once less."""
        with self._lock:
            for number, one in enumerate(self.coming):
                if one.hits(method, path, body):
                    if one.after:
                        self.coming[number] = replace(one, after=one.after - 1)
                        return None
                    if one.times > 1:
                        self.coming[number] = replace(one, times=one.times - 1)
                        return one
                    return self.coming.pop(number)
            return None


def begin(fault: Fault | None) -> None:
    """What comes before the request is looked at: the delay, and what others do meanwhile."""
    if fault and fault.delay:
        time.sleep(fault.delay)
    if fault and fault.meanwhile:
        fault.meanwhile()
