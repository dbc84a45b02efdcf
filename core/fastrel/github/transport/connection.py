"""The address of GitHub and the token: from the environment, then from `gh`. Tokens are never shown."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from urllib.parse import ParseResult, urlparse

from fastrel.errors import UsageError
from fastrel.github.transport.addresses import is_local, web_host

PUBLIC = "https://api.github.com"
TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")


@dataclass(frozen=True, slots=True)
class Connection:
    """An API address and a token, which `repr` does not show."""

    api_url: str = PUBLIC
    token: str | None = field(default=None, repr=False)
    source: str = ""
    """Where the token was found: the name of the variable, or `gh`."""


def connection_from_environment() -> Connection:
    """`GITHUB_API_URL`; `GH_TOKEN`, `GITHUB_TOKEN`, then `gh auth token`. UsageError for an address that is none."""
    api_url = os.environ.get("GITHUB_API_URL", "").strip() or PUBLIC
    parts = _address(api_url)
    if parts is None:
        raise UsageError(
            "GITHUB_API_URL is not an http or https URL without credentials.",
            done="Nothing was changed.",
            next_step="Set it to https://api.github.com, or to https://HOST/api/v3 of a GitHub Enterprise Server.",
        )
    if parts.scheme == "http" and not is_local(api_url):
        raise UsageError(
            "GITHUB_API_URL would send the token without encryption.",
            done="Nothing was sent.",
            next_step="Use its https URL.",
        )
    for name in TOKENS:
        token = os.environ.get(name, "").strip()
        if token:
            return Connection(api_url, checked_token(token, name), name)
    return Connection(api_url, _token_of_gh(web_host(api_url)), "gh")


def _address(url: str) -> ParseResult | None:
    """The parts of an address of an API; None when it is none, or holds more than that, such as credentials."""
    try:
        parts = urlparse(url)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
    except ValueError:
        return None
    return None if wrong or "@" in parts.netloc or parts.query or parts.fragment else parts


def checked_token(token: str, name: str) -> str:
    """The token. UsageError when it cannot be sent, as after copying half a line too much."""
    if re.fullmatch(r"[!-~]+", token):
        return token
    raise UsageError(
        f"The value of {name} is not a token: it has spaces or other characters that no token has.",
        done="Nothing was sent.",
        next_step=f"Set {name} to the token alone.",
    )


def _token_of_gh(host: str) -> str | None:
    try:
        done = subprocess.run(
            ["gh", "auth", "token", "--hostname", host],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
