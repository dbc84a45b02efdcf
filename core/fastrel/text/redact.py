"""Removes secrets from the output of other programs. Pure.

Our own code never puts a token into a message; git, scripts and servers may.
"""

from __future__ import annotations

import re

HIDDEN = "***"
_ADDRESS = re.compile(r"""://([^\s'"<>]*)""")
"""What follows the scheme of an address, up to where text ends it."""
_PORT = re.compile(r"\d+(?:/|\Z)")
_IN_HEADER = re.compile(r"(?i)(\bauthorization: *(?:basic|bearer|token) +)[^\s'\",;]+")
_TOKENS = re.compile(r"\b(?:gh[a-z]_[A-Za-z0-9_]{20,}|github_pat_[A-Za-z0-9_]{20,})")
"""Source: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats"""


def without_secrets(text: str) -> str:
    """The text without credentials in addresses, without authorization headers and without GitHub's tokens."""
    text = _ADDRESS.sub(lambda found: f"://{_without_user(found[1])}", text)
    text = _IN_HEADER.sub(rf"\1{HIDDEN}", text)
    return _TOKENS.sub(HIDDEN, text)


def has_credentials(address: str) -> bool:
    """Whether an address carries a user or a password."""
    return any(_without_user(rest) != rest for rest in _ADDRESS.findall(address))


def _without_user(rest: str) -> str:
    """What follows `://`, and may hold more addresses, without users and passwords. In one pass, whatever it is."""
    last = rest.rfind("@")
    kept: list[str] = []
    start = 0
    while True:
        slash = rest.find("/", start)
        end = slash if slash >= 0 else len(rest)
        colon = rest.find(":", start, end)
        following = rest.find("://", start)
        if 0 <= colon < last and colon != following and not _PORT.match(rest, colon + 1):
            return "".join([*kept, rest[last + 1 :]])  # a password may wrongly hold an @ or a / itself
        start = max(rest.rfind("@", start, end) + 1, start)
        if following < 0:
            return "".join([*kept, rest[start:]])
        kept.append(rest[start : following + 3])
        start = following + 3
