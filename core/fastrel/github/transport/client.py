"""The client that sends requests to GitHub through PyGithub: pages in parallel, ETags, each read once per report.

PyGithub's objects are not thread-safe and have no HTTP cache, so this module uses its requester (authentication,
retries, addresses) and keeps answers itself.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import urlencode, urlparse

from fastrel.errors import FastrelError, RemoteError
from fastrel.github.stall import OnStall, watched
from fastrel.github.transport.failures import fault, moved, unreachable
from fastrel.github.transport.fields import Fields, objects
from fastrel.github.transport.graph_errors import refused
from fastrel.github.transport.limits import Allowance, allowance, server_time
from fastrel.github.transport.listing import Page, read_whole
from fastrel.github.transport.new_addresses import NewAddresses
from fastrel.github.transport.pace import Pace
from fastrel.github.transport.paging import links_of
from fastrel.github.transport.pygithub import Answered, connect, limit_of_graphql, lower, may_have_token, parsed
from fastrel.github.transport.rate_limit import MAX_WAIT, RateLimit
from fastrel.github.transport.redirect import Redirected
from fastrel.github.transport.server import server_version
from fastrel.github.transport.together import together
from fastrel.process import changes
from fastrel.process.reads import carried, note, noted

if TYPE_CHECKING:
    from github import Github

log = logging.getLogger("fastrel.requests")
T = TypeVar("T")
R = TypeVar("R")

PAGE = 100
"""Entries per page; GitHub's maximum."""
CONNECTIONS = 16
"""Requests in flight at most: all of the first round of a report. GitHub asks for fewer than 100 at a time."""
_ETAG = re.compile(r"[\x21-\x7e]+")
"""An ETag as it can be sent again (https://www.rfc-editor.org/rfc/rfc9110#name-etag)."""
_SHA = "[0-9a-f]{40}"
_FIXED = re.compile(
    rf"/repos/[^/?]+/[^/?]+/(?:(?:commits/{_SHA}|compare/{_SHA}\.\.\.{_SHA})(?:\?.*)?|contents/[^?]+\?ref={_SHA})"
)
"""What is asked about commits by their whole SHAs: once it is known, it cannot change."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A kept answer to a GET: its ETag, its JSON and its header with links to other pages."""

    etag: str
    data: object
    link: str


class Client:
    """Talks to one GitHub server. Safe to use from several threads."""

    def __init__(self, api_url: str, token: str | None, *, max_wait: float = MAX_WAIT) -> None:
        self.api_url = api_url.rstrip("/")
        self.rate_limit = RateLimit(max_wait)
        self.on_answer: Callable[[Answered], None] | None = None
        """Told of each answer, also of those that refuse."""
        self.on_stall: OnStall | None = None
        """Told while a request has no answer."""
        self.allowance: Allowance | None = None
        """What the newest answer says is left of the rate limit."""
        self.server_version = ""
        """Of a GitHub Enterprise Server, as its answers say; empty for github.com."""
        self._server: tuple[datetime, float] | None = None
        self._token = token
        self._idle: list[Github] = []
        self._lock = threading.Lock()
        self._answers: dict[str, Answer] = {}
        self._used: set[str] = set()
        self._memory: dict[Hashable, object] = {}
        self._lasting: dict[Hashable, object] = {}
        """Remembered as long as this client lives."""
        self._reads_of: dict[Hashable, list[str]] = {}
        """The requests that each remembered read has cost."""
        self._locks: dict[Hashable, threading.Lock] = {}
        self._pace = Pace(self.api_url)
        self._new_addresses = NewAddresses(self.get, self.api_url)
        # Whoever asks makes requests, too.
        self._pool = ThreadPoolExecutor(CONNECTIONS - 1, thread_name_prefix="read")
        self.requests = 0
        """How many requests were sent."""

    @property
    def authenticated(self) -> bool:
        return bool(self._token)

    def server_now(self) -> datetime | None:
        """What time it is for the server, to a second or two; None before its first answer."""
        if self._server is None:
            return None
        told, heard = self._server
        return told + timedelta(seconds=time.monotonic() - heard)

    def get(self, path: str, **parameters: str) -> Fields:
        """One JSON object."""
        return Fields.of(self.read(path, **parameters))

    def read(self, path: str, **parameters: str) -> object:
        """What GitHub answers, of whatever form."""
        return self._read(path, parameters).data

    def get_nothing(self, path: str) -> None:
        """A question that is answered with a status alone: 204, or NotFound."""
        self._request("GET", path, {}, None)

    def get_with_headers(self, path: str) -> tuple[Fields, dict[str, str]]:
        """One JSON object, asked anew, and the headers of the answer, their names in small letters."""
        _, headers, data = self._request("GET", path, {}, None)
        return Fields.of(data), headers

    def get_all(self, path: str, key: str = "", **parameters: str) -> list[Fields]:
        """All entries of a listing, whatever the number of pages; `key` names the list inside an object."""
        first = f"{path}?{urlencode({**parameters, 'per_page': str(PAGE)})}"
        return read_whole(first, key, self._page, self._at_once, self.api_url, PAGE)

    def _page(self, asked: str) -> Page:
        answer = self._read(asked, {})
        return Page(asked, answer.data, links_of(answer.link))

    def _at_once(self, asked: Sequence[str]) -> list[Page]:
        return self.each(self._page, asked)

    def get_list(self, path: str, **parameters: str) -> list[Fields]:
        """All entries of a listing that GitHub does not page."""
        return objects(self._read(path, parameters).data)

    def send(self, verb: str, path: str, body: Mapping[str, object] | None = None) -> Fields:
        """A change. Forgets what was read before, so that the next check reads the state after it."""
        status, _, data = self._pace.keep(lambda: self._request(verb, path, {}, body))
        if not path.endswith("/generate-notes"):  # which only computes them
            changes.made(f"{verb} {path}")
        self.forget()
        return Fields.of(data) if status != 204 and isinstance(data, dict) else Fields({})

    def graphql(self, query: str, **variables: object) -> Fields:
        """The `data` of a GraphQL answer. RemoteError with GitHub's words when it reports errors."""
        data, errors = self.graphql_parts(query, **variables)
        if errors:
            raise self._refused(query, errors)
        return data

    def graphql_parts(self, query: str, **variables: object) -> tuple[Fields, list[Fields]]:
        """The `data` of a GraphQL answer and its errors, for a query of many things of which some may be missing."""
        with self._borrowed() as github:
            url = github.requester.graphql_url
        _, _, data = self._request("POST", url, {}, {"query": query, "variables": variables})
        answer = Fields.of(data)
        errors = answer.items("errors")
        if errors and not answer.sub("data").data:
            raise self._refused(query, errors)
        return answer.sub("data"), errors

    def _refused(self, query: str, errors: Sequence[Fields]) -> RemoteError:
        return refused(self.graphql_path, query, errors, self.server_version)

    @property
    def graphql_path(self) -> str:
        """The path of GraphQL's address, as messages name it."""
        with self._borrowed() as github:
            return urlparse(github.requester.graphql_url).path

    def mutate(self, query: str, **variables: object) -> Fields:
        """A GraphQL mutation; forgets what was read before."""
        result = self._pace.keep(lambda: self.graphql(query, **variables))
        changes.made(" ".join(query.split(None, 2)[:2]).partition("(")[0])
        self.forget()
        return result

    def upload(self, url: str, name: str, file: Path) -> None:
        """Send a file to an upload address that GitHub gave, which may be on another host."""

        if not may_have_token(url, self.api_url):
            host = urlparse(url).hostname or "another place"
            raise RemoteError(
                f"GitHub's answer sends the file {name} to {host}, which does not belong to {self.api_url}.",
                done="Nothing was sent there, neither the file nor the token.",
                next_step="Check GITHUB_API_URL and what stands between you and GitHub.",
            )

        def ask() -> object:
            with self._borrowed() as github:
                requester = github.requester
                return requester.requestBlobAndCheck(
                    "POST", url, parameters={"name": name}, headers={}, input=str(file)
                )

        self._pace.keep(lambda: self.rate_limit.patiently(lambda: self._asked("POST", urlparse(url).path, ask)))
        self.forget()

    def concurrently(self, *reads: Callable[[], object]) -> None:
        """Make reads at the same time; their results are remembered, their errors come when they are asked again."""
        with self.rate_limit.stoppable():
            together(self._pool, [carried(partial(_tried, read)) for read in reads])

    def each(self, function: Callable[[T], R], values: Iterable[T]) -> list[R]:
        """Apply a function that reads to all values at the same time, results in order."""
        with self.rate_limit.stoppable():
            return together(self._pool, [carried(partial(function, value)) for value in values])

    def kept_answers(self) -> dict[str, object]:
        """The answers that were used, in a form for JSON, so that another process can ask whether they still hold."""
        used = {url: answer for url, answer in self._answers.items() if url in self._used}
        return {url: [answer.etag, answer.link, answer.data] for url, answer in used.items()}

    def keep_answers(self, kept: object) -> None:
        """Take answers of an earlier process. They are used only where the server says that they have not changed."""
        for url, answer in kept.items() if isinstance(kept, dict) else ():
            match answer:
                case [str(etag), str(link), data] if _ETAG.fullmatch(etag):
                    self._answers[str(url)] = Answer(etag, data, link)

    def forget(self) -> None:
        """Start a new report: the next reads ask again (conditionally)."""
        with self._lock:
            self._memory.clear()
            self._reads_of.clear()
            self._locks.clear()

    def recall(self, key: Hashable, compute: Callable[[], T], *, lasting: bool = False) -> T:
        """The remembered value of a read; the first caller computes it, others wait for it. A lasting one is not
        forgotten: it must hold for as long as the token does."""
        memory = self._lasting if lasting else self._memory
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with self.rate_limit.stoppable(), lock:
            if key not in memory:
                with noted() as found:
                    value = compute()
                with self._lock:
                    memory[key] = value
                    self._reads_of[key] = found
                note(found)
                return value
            note(self._reads_of.get(key, ()))
            return cast("T", memory[key])

    def _read(self, path: str, parameters: Mapping[str, str]) -> Answer:
        url = f"{path}?{urlencode(parameters)}" if parameters else path
        kept = self._answers.get(url)
        if kept and url in self._used and _FIXED.fullmatch(url):
            note([f"GET {url}"])  # like a read that is asked: which of two comes first is chance
            return kept
        headers = {"If-None-Match": kept.etag} if kept else {}
        status, answered, data = self._request("GET", url, headers, None)
        self._used.add(url)
        if status == 304 and kept:
            return kept
        answer = Answer(answered.get("etag", ""), data, answered.get("link", ""))
        if _ETAG.fullmatch(answer.etag):
            self._answers[url] = answer
        else:
            self._answers.pop(url, None)  # that of an earlier process, which this one replaces
        return answer

    def _request(
        self, verb: str, path: str, headers: dict[str, str], body: Mapping[str, object] | None
    ) -> tuple[int, dict[str, str], object]:
        # GraphQL's address is a whole one; messages name the path alone.
        name = urlparse(path).path if path.startswith("http") else path
        note([f"{verb} {name}"])
        return self.rate_limit.patiently(lambda: self._once(verb, path, name, dict(headers), body))

    def _once(
        self, verb: str, path: str, name: str, headers: dict[str, str], body: Mapping[str, object] | None
    ) -> tuple[int, dict[str, str], object]:
        def ask() -> tuple[int, dict[str, object], object]:
            content = dict(body) if body is not None else None
            with self._borrowed() as github:
                return github.requester.requestJson(verb, path, headers=headers, input=content)

        began = time.monotonic()
        try:
            status, raw_headers, output = self._asked(verb, name, ask)
        except FastrelError:
            log.debug("%s %s: failed, %.0f ms", verb, name, (time.monotonic() - began) * 1000)
            raise
        kept = " (not changed)" if status == 304 else ""
        log.debug("%s %s: %s%s, %.0f ms", verb, name, status, kept, (time.monotonic() - began) * 1000)
        answered = lower(raw_headers)
        self._learn(answered)
        data = parsed(output, verb, name, status)
        etag = answered.get("etag") or headers.get("If-None-Match", "")
        if self.on_answer:
            self.on_answer(Answered(verb, path, body, status, etag, data))
        if status >= 400:
            raise fault(verb, name, status, answered, data, self.api_url)
        if path.endswith("/graphql") and (said := limit_of_graphql(data)):
            raise fault(verb, name, 429, {**answered, "x-ratelimit-remaining": "0"}, {"message": said})
        if status >= 300 and status != 304:
            raise moved(verb, name, answered.get("location", ""))
        return status, answered, data

    def _learn(self, headers: Mapping[str, str]) -> None:
        """What an answer tells besides its content."""
        told = server_time(headers)
        if told:
            self._server = told, time.monotonic()
        self.allowance = allowance(headers) or self.allowance
        self.server_version = server_version(headers) or self.server_version

    def _asked(self, verb: str, path: str, ask: Callable[[], T]) -> T:
        """What PyGithub answers, its exceptions turned into ours."""
        from github import GithubException, RateLimitExceededException
        from requests import RequestException

        with self._lock:
            self.requests += 1
        try:
            with watched(self.on_stall):
                return ask()
        except RateLimitExceededException as error:
            raise fault(verb, path, 429, lower(error.headers), error.data, self.api_url) from None
        except GithubException as error:
            raise fault(verb, path, error.status, lower(error.headers), error.data, self.api_url) from None
        except Redirected as found:
            raise self._new_addresses.problem(verb, path, found) from None
        except RequestException as error:
            raise unreachable(self.api_url, error) from None
        except (RuntimeError, AssertionError):
            # How PyGithub refuses to follow the server to another host, to another protocol, or in circles.
            raise moved(verb, path, "") from None

    @contextmanager
    def _borrowed(self) -> Iterator[Github]:
        """A PyGithub, with its connection, for this thread alone; the one that was used last, which is still warm."""
        try:
            found = self._idle.pop()
        except IndexError:
            found = connect(self.api_url, self._token)
        try:
            yield found
        finally:
            self._idle.append(found)


def _tried(read: Callable[[], object]) -> None:
    # Its error comes when it is asked again.
    with suppress(Exception):
        read()
