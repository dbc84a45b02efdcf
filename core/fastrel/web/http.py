"""Reading addresses outside GitHub: bounded in time and size, errors in words. Used for registries and docs sites."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from fastrel.errors import RemoteError, UsageError
from fastrel.text.redact import has_credentials

if TYPE_CHECKING:
    from requests import PreparedRequest

log = logging.getLogger("fastrel.requests")
TIMEOUT = 15
"""Seconds to wait for an answer."""
LIMIT = 5_000_000
"""Bytes of an answer that are read at most."""


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
    """One anonymous request. RemoteError when nothing answers."""
    import requests
    import urllib3

    if has_credentials(url):
        raise UsageError("An address in the guide holds a user or a password.", next_step="Take them out of it.")
    if not _is_web(url):
        raise UsageError(f"“{url}” is not an http or https address.")
    try:
        with requests.Session() as session:
            session.trust_env = not _is_local(url)
            session.auth = _no_credentials
            with session.request(verb, url, headers=dict(headers or {}), timeout=TIMEOUT, stream=True) as answer:
                body = answer.raw.read(LIMIT, decode_content=True)
                lower = {name.lower(): value for name, value in answer.headers.items()}
                log.debug("%s %s: %s", verb, url.partition("?")[0], answer.status_code)
                return Reply(answer.status_code, lower, body)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as error:
        raise RemoteError(f"{url} cannot be reached ({type(error).__name__}).") from None


def _is_web(url: str) -> bool:
    try:
        return urlparse(url).scheme in ("http", "https")
    except ValueError:  # such as half an address of IPv6
        return False


def _is_local(url: str) -> bool:
    return urlparse(url).hostname in ("127.0.0.1", "localhost", "::1")


def _no_credentials(request: PreparedRequest) -> PreparedRequest:
    """Set as the session's authentication, so that requests does not look into ~/.netrc."""
    return request
