"""Tells whether GitHub answers as at the last build: the same requests, conditionally, by `http.client`.

When all answers are the same, so is the state, and a build needs neither PyGithub nor another process. Whatever is
doubtful is a no: then the state is asked for as always.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from fastrel import __version__
from fastrel.github.transport.connection import Connection
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Guide
from fastrel.report.verdict import Status

if TYPE_CHECKING:
    from fastrel.github.transport.pygithub import Answered

UNSETTLED = frozenset((Status.WAITING, Status.FAILED, Status.UNKNOWN))
"""Statuses that time or another server may change, without any change on GitHub."""
OLDEST = timedelta(days=1)
"""After which the state is evaluated anew, whatever GitHub answers."""
SKEW = timedelta(minutes=1)
CONNECTIONS = 6
TIMEOUT = 5
"""Seconds to wait for one answer."""
GRAPHQL = ("/graphql", "/api/graphql")
"""Paths of GraphQL on GitHub and on its Enterprise Server."""
ETAG = re.compile(r"[\x21-\x7e]+")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the last build, and what it was answered: an ETag, else a digest of the answer."""

    verb: str
    path: str
    body: str
    status: int
    etag: str
    digest: str

    @property
    def repeatable(self) -> bool:
        """Whether its answer depends on what GitHub shows and not on the hour."""
        reads = self.verb == "GET" or (_is_graphql(self.path) and _is_query(self.body))
        return reads and self.status in (200, 204, 404)

    @property
    def conditional(self) -> bool:
        return self.verb == "GET" and self.status == 200 and bool(self.etag)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What is kept of an evaluation besides its state."""

    key: str
    """Digest of what the state depends on besides GitHub: the guide, the address, the program."""
    state: str
    """Digest of the state."""
    at: datetime
    requests: tuple[Request, ...]


def _is_graphql(path: str) -> bool:
    """Whether an address, or its path, is that of GraphQL and nothing besides; a query changes nothing there only."""
    try:
        parts = urlparse(path)
    except ValueError:
        return False
    place = f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else ""
    return path in {f"{place}{one}" for one in GRAPHQL}


def _is_query(body: str) -> bool:
    """Whether a request to GraphQL only reads: the token goes along, and the kept file may be of somebody else."""
    try:
        sent = json.loads(body)
        if json.dumps(sent) != body:  # not as it was written here: of two equal keys, each server takes another one
            return False
    except (ValueError, RecursionError):
        return False
    query = sent.get("query") if isinstance(sent, dict) else None
    # With the name of an operation, another one than the first may be meant.
    return isinstance(query, str) and query.lstrip().startswith("query ") and set(sent) <= {"query", "variables"}


class Witness:
    """Records the answers that a client gets."""

    def __init__(self) -> None:
        self._requests: list[Request] = []

    def hear(self, one: Answered) -> None:
        """Called from several threads."""
        body = json.dumps(one.body) if one.body is not None else ""
        status = 200 if one.status == 304 else one.status
        self._requests.append(Request(one.verb, one.path, body, status, one.etag, digest_of(one.data)))

    def evaluated(self, key: str, state: Mapping[str, object]) -> dict[str, object] | None:
        """For JSON; None when the same requests may bring something else."""
        at = Fields.of(state).text("at")
        if not self._requests or not all(one.repeatable for one in self._requests) or not is_settled(state):
            return None
        requests = [[one.verb, one.path, one.body, one.status, one.etag, one.digest] for one in self._requests]
        return {"key": key, "state": digest_of_state(state), "at": at, "requests": requests}


def is_settled(state: Mapping[str, object]) -> bool:
    """Whether nothing in a state changes without a change on GitHub."""
    return not any(step.text("status") in UNSETTLED for step in Fields.of(state).items("steps"))


def key_of(guide: Guide, connection: Connection) -> str:
    """What an evaluation depends on besides GitHub. Installed packages may bring actions."""
    places = sorted(place for place in set(sys.path) if place.endswith("-packages"))
    installed = [(place, _changed(place)) for place in places]
    return digest_of([guide.text, guide.settings.version, connection.api_url, __version__, sys.version, installed])


def still_as(
    kept: object, state: Mapping[str, object], key: str, connection: Connection, now: datetime
) -> datetime | None:
    """When GitHub has answered as it did when a state was evaluated; None when it did not, or may not be asked so."""
    evaluated = _read(kept)
    if evaluated is None or connection.token is None or _has_proxy():
        return None
    same = evaluated.key == key and evaluated.state == digest_of_state(state) and is_settled(state)
    if not same or not timedelta() <= now - evaluated.at < OLDEST or _is_due_between(state, evaluated.at, now):
        return None
    return _Asking(connection).ask(evaluated.requests, now)


def digest_of(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]


def digest_of_state(state: Mapping[str, object]) -> str:
    """Whenever it was read."""
    return digest_of({name: value for name, value in state.items() if name != "at"})


class _Asking:
    """Repeats the requests until an answer differs."""

    def __init__(self, connection: Connection) -> None:
        self._token = connection.token
        self._place = urlparse(connection.api_url)
        self._root = connection.api_url.rstrip("/")
        self._differs = threading.Event()
        self._context = _tls() if self._place.scheme == "https" else None
        self._date = ""

    def ask(self, requests: Sequence[Request], now: datetime) -> datetime | None:
        series = [requests[start::CONNECTIONS] for start in range(min(CONNECTIONS, len(requests)))]
        threads = [threading.Thread(target=self._series, args=(one,), daemon=True) for one in series]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return None if self._differs.is_set() else self._told(now)

    def _series(self, requests: Sequence[Request]) -> None:
        same = False
        try:
            with closing(self._connect()) as connection:
                same = all(not self._differs.is_set() and self._is_same(connection, one) for one in requests)
        except (OSError, ValueError, RecursionError, http.client.HTTPException):
            pass
        finally:  # also after what nobody thought of
            if not same:
                self._differs.set()

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._place.hostname or "", self._place.port
        if self._place.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=self._context)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT)

    def _is_same(self, connection: http.client.HTTPConnection, one: Request) -> bool:
        path = self._path(one.path)
        if not path:
            return False
        # As PyGithub sends it, since an ETag belongs to the form that was asked for.
        headers = {"Accept": "*/*", "User-Agent": "fastrel-checklist", "Authorization": f"token {self._token}"}
        if one.conditional:
            headers["If-None-Match"] = one.etag
        if one.body:
            headers["Content-Type"] = "application/json"
        connection.request(one.verb, path, body=one.body or None, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        self._date = answer.getheader("Date") or self._date
        if one.conditional:
            return answer.status == 304
        return answer.status == one.status and digest_of(json.loads(content) if content else None) == one.digest

    def _path(self, path: str) -> str:
        """What to ask the server for; empty where it is another server, which must not see the token."""
        if path.startswith(("http:", "https:")):
            parts = urlparse(path)
            same = (parts.scheme, parts.netloc) == (self._place.scheme, self._place.netloc)
            return path[len(f"{parts.scheme}://{parts.netloc}") :] if same else ""
        return f"{self._place.path.rstrip('/')}{path}" if path.startswith("/") else ""

    def _told(self, now: datetime) -> datetime:
        """The time: GitHub's, where this computer's clock is wrong."""
        try:
            there = parsedate_to_datetime(self._date)
        except ValueError:
            return now
        return there if there.tzinfo and abs(there - now) > SKEW else now


def _tls() -> ssl.SSLContext:
    import certifi

    given = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or certifi.where()
    is_folder = Path(given).is_dir()
    return ssl.create_default_context(cafile=None if is_folder else given, capath=given if is_folder else None)


def _has_proxy() -> bool:
    """Whether requests may have to go through another server, which is left to PyGithub."""
    return any(os.environ.get(name) or os.environ.get(name.upper()) for name in PROXIES)


def _is_due_between(state: Mapping[str, object], begin: datetime, end: datetime) -> bool:
    due = Fields.of(state).sub("milestone").time("due")
    return due is not None and begin <= due <= end


def _read(kept: object) -> Evaluated | None:
    data = Fields.of(kept)
    at, listed = data.time("at"), data.data.get("requests")
    requests = tuple(_request(one) for one in (listed if isinstance(listed, list) else []))
    if at is None or not requests or None in requests:
        return None
    return Evaluated(data.text("key"), data.text("state"), at, tuple(one for one in requests if one))


def _request(one: object) -> Request | None:
    match one:
        case [("GET" | "POST") as verb, str(path), str(body), int(status), str(etag), str(digest)]:
            if all(letter.isprintable() and letter != " " for letter in path) and (not etag or ETAG.fullmatch(etag)):
                found = Request(verb, path, body, status, etag, digest)
                return found if found.repeatable else None
    return None


def _changed(place: str) -> int:
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0
