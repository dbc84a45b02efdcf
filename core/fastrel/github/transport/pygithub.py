"""Sends one request by PyGithub's requester, and reads text and headers of the answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from fastrel.errors import RemoteError
from fastrel.github.transport.fields import Fields

if TYPE_CHECKING:
    from github import Github

TIMEOUT = 20
"""Seconds to wait for one answer."""
TRIES = 3
"""How often a read is sent that gets no answer, or that the server fails to answer."""
BACKOFF = 0.5
"""urllib3 asks again at once, then after twice as many seconds."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answered:
    """A request and its answer, for listeners of the client."""

    verb: str
    path: str
    body: Mapping[str, object] | None
    status: int
    etag: str
    data: object


def connect(api_url: str, token: str | None) -> Github:
    """A PyGithub for one request at a time, which neither pauses without need nor repeats a change."""
    from github import Auth, Github

    from fastrel.github.transport.retry import ReadRetry

    # PyGithub prints answers that it takes for failures; some of them are expected, the others become our errors.
    logging.getLogger("github").setLevel(logging.WARNING)
    return Github(
        auth=Auth.Token(token) if token else None,
        base_url=api_url,
        user_agent="fastrel-checklist",
        timeout=TIMEOUT,
        # Only reads are repeated: a POST that was applied before its answer was lost must not be applied twice.
        # PyGithub's own retry also waits for rate limits, silently and by this computer's clock; we do that.
        retry=ReadRetry(
            total=TRIES - 1,
            backoff_factor=BACKOFF,
            status_forcelist=range(500, 600),
            allowed_methods=frozenset({"GET"}),
            respect_retry_after_header=False,
        ),
        seconds_between_requests=None,
        seconds_between_writes=None,  # `Pace` does it
    )


def may_have_token(url: str, api_url: str) -> bool:
    """Whether an address that the server gave is a place for its token: the API itself or, beside `api.github.com` and
    `api.NAME.ghe.com`, the host for uploads; encrypted as the API is.

    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    try:
        asked, api = urlparse(url), urlparse(api_url)
        same_port = (asked.port or _PORTS.get(asked.scheme)) == (api.port or _PORTS.get(api.scheme))
    except ValueError:
        return False
    host = api.hostname or ""
    hosts = {host, f"uploads.{host.removeprefix('api.')}"} if host.startswith("api.") else {host}
    return asked.scheme == api.scheme and same_port and asked.hostname in hosts and "@" not in asked.netloc


def limit_of_graphql(data: object) -> str:
    """What GraphQL says of its rate limit, with status 200; empty when the answer is another one."""
    errors = Fields(data).data.get("errors") if isinstance(data, dict) else None
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict) and error.get("type") == "RATE_LIMITED":
            return str(error.get("message") or "rate limit")
    return ""


def lower(headers: Mapping[str, object] | None) -> dict[str, str]:
    """Headers with their names in small letters."""
    return {str(name).lower(): str(value) for name, value in (headers or {}).items()}


def parsed(output: object, verb: str, path: str, status: int) -> object:
    """The JSON of an answer; None when there is none. RemoteError when it cannot be read."""
    if not isinstance(output, str) or not output.strip():
        return None
    try:
        return json.loads(output)
    except (ValueError, RecursionError):
        if status >= 400:
            return None
        if output.lstrip()[:1] in ("{", "["):
            raise RemoteError(
                f"The answer to {verb} {path} breaks off in the middle.",
                next_step="Type the same command again in a minute.",
            ) from None
        raise RemoteError(
            f"The answer to {verb} {path} is not JSON.",
            next_step="Check GITHUB_API_URL: it must be the URL of GitHub's API, not of its web pages.",
        ) from None
