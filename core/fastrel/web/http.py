"""Reading addresses outside GitHub: bounded in time and size, errors in words. Used for registries and docs sites."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlparse

from fastrel.errors import FastrelError, RemoteError, UsageError
from fastrel.github.transport.addresses import is_local
from fastrel.text.redact import has_credentials

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

log = logging.getLogger("fastrel.requests")
TIMEOUT = 15
"""Seconds to wait for the next bytes of an answer."""
DEADLINE = 30
"""Seconds to wait for a whole answer."""
REDIRECTS = 10
LIMIT = 5_000_000
"""Bytes of an answer that are read at most."""


_asked: set[str] = set()


def servers_asked() -> frozenset[str]:
    """The servers outside GitHub that this process has asked."""
    return frozenset(_asked)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")


def fetch(url: str, headers: Mapping[str, str] | None = None, *, verb: str = "GET") -> Reply:
    """One anonymous request, redirects followed. Nothing of the user's goes with it, such as a password of `~/.netrc`;
    an authorization in the headers goes only to the server that was asked. RemoteError when nothing answers in time.

    The time is that of the whole answer: a server that sends a byte now and then is given up, too.
    """
    if has_credentials(url):
        raise UsageError("A URL in the guide has a user or a password.", next_step="Take them out of it.")
    if not _is_web(url):
        raise UsageError(f"“{url}” is not an http or https URL.")
    _asked.add(urlparse(url).netloc)
    answers: Queue[Reply | FastrelError] = Queue()

    def ask() -> None:
        try:
            answers.put(_followed(verb, url, dict(headers or {}), time.monotonic() + DEADLINE))
        except FastrelError as error:
            answers.put(error)

    # A socket's timeout starts anew with every byte, so it is another thread that waits; it ends with the process.
    Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=DEADLINE)
    except Empty:
        raise RemoteError(f"{url} has not answered in {DEADLINE} seconds.") from None
    if isinstance(found, FastrelError):
        raise found
    return found


def _followed(verb: str, url: str, headers: dict[str, str], until: float) -> Reply:
    """The answer at the end of the redirects."""
    import requests
    import urllib3

    asked = url
    try:
        with requests.Session() as session:
            session.trust_env = False  # else requests looks into ~/.netrc for each address that it is led to
            session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
            for _ in range(REDIRECTS):
                proxies = {} if is_local(asked) else requests.utils.get_environ_proxies(asked)
                with session.request(
                    verb, asked, headers=headers, timeout=TIMEOUT, stream=True, proxies=proxies, allow_redirects=False
                ) as answer:
                    log.debug("%s %s: %s", verb, asked.partition("?")[0], answer.status_code)
                    place = answer.headers.get("location", "")
                    if answer.status_code not in (301, 302, 303, 307, 308) or not place:
                        lower = {name.lower(): value for name, value in answer.headers.items()}
                        return Reply(answer.status_code, lower, _read(answer.raw, url, until))
                    following = urljoin(asked, place)
                if not _is_web(following) or has_credentials(following):
                    raise RemoteError(f"{url} redirects to a URL that is not http or https, or that has credentials.")
                if not _same_place(asked, following):
                    headers = {name: value for name, value in headers.items() if name.lower() != "authorization"}
                asked = following
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise RemoteError(f"{url} cannot be reached ({type(error).__name__}).") from None
    raise RemoteError(f"{url} redirects more than {REDIRECTS} times.")


def _read(raw: HTTPResponse, url: str, until: float) -> bytes:
    content = b""
    while len(content) < LIMIT and (part := raw.read1(min(65_536, LIMIT - len(content)), decode_content=True)):
        content += part
        if time.monotonic() > until:
            raise RemoteError(f"{url} has not answered in {DEADLINE} seconds.")
    if raw.length_remaining and len(content) < LIMIT:
        raise RemoteError(f"The answer of {url} breaks off in the middle.")
    return content


def _same_place(one: str, other: str) -> bool:
    """Whether two addresses are on the same server, and the second is encrypted if the first is."""
    a, b = urlparse(one), urlparse(other)
    return (a.scheme, a.netloc.lower()) == (b.scheme, b.netloc.lower())


def _is_web(url: str) -> bool:
    try:
        return urlparse(url).scheme in ("http", "https")
    except ValueError:  # such as half an address of IPv6
        return False
