"""Facts about the token from the headers of an answer. The token itself is never read.

Source: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api and
https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastrel.errors import NotFound
from fastrel.github.transport.client import Client
from fastrel.github.transport.server import server_version

EXPIRY = "github-authentication-token-expiration"
SCOPES = "x-oauth-scopes"


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """Scopes of a classic or OAuth token (None for others, whose permissions GitHub does not list), expiry, and what is
    left of the rate limit (None where the server has none)."""

    scopes: frozenset[str] | None
    expires: datetime | None
    limit: int | None
    remaining: int | None
    resets: datetime | None
    server: str = ""
    """The version of a GitHub Enterprise Server; empty for github.com."""


def read_token(client: Client) -> TokenFacts:
    """Ask once. Costs nothing of the rate limit; FastrelError when the server does not answer or refuses the token."""
    try:
        _, headers = client.get_with_headers("/rate_limit")
    except NotFound:  # a GitHub Enterprise Server without rate limits
        _, headers = client.get_with_headers("/meta")
    return facts_in(headers)


def facts_in(headers: Mapping[str, str]) -> TokenFacts:
    """The facts in headers, whose names are in small letters."""
    scopes = headers.get(SCOPES)
    reset = _number(headers.get("x-ratelimit-reset", ""))
    return TokenFacts(
        None if scopes is None else frozenset(one.strip() for one in scopes.split(",") if one.strip()),
        _moment(headers.get(EXPIRY, "")),
        _number(headers.get("x-ratelimit-limit", "")),
        _number(headers.get("x-ratelimit-remaining", "")),
        datetime.fromtimestamp(reset, UTC) if reset else None,
        server_version(headers),
    )


def _moment(text: str) -> datetime | None:
    """`2026-12-24 09:30:00 UTC`, or with an offset such as `+0100`."""
    for form in ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S UTC"):
        try:
            found = datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
