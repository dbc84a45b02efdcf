"""Taking secrets out of what other programs say, before anybody reads it. Pure.

Our own code never puts a token into a message; git, scripts and servers may.
"""

from __future__ import annotations

import re

HIDDEN = "***"
_IN_ADDRESS = re.compile(r"""(?<=://)(?:[^/:\s'"<>]*:(?!\d+(?:[/\s'"<>]|\Z))[^\s'"<>]*|[^/\s'"<>]*)@""")
"""User and password of an address; a password may wrongly hold an @ or a / itself."""
_IN_HEADER = re.compile(r"(?i)(\bauthorization: *(?:basic|bearer|token) +)[^\s'\",;]+")
_TOKENS = re.compile(r"\b(?:gh[a-z]_[A-Za-z0-9_]{20,}|github_pat_[A-Za-z0-9_]{20,})")
"""Source: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats"""


def without_secrets(text: str) -> str:
    """The text without credentials in addresses, without authorization headers and without GitHub's tokens."""
    text = _IN_ADDRESS.sub("", text)
    text = _IN_HEADER.sub(rf"\1{HIDDEN}", text)
    return _TOKENS.sub(HIDDEN, text)


def has_credentials(address: str) -> bool:
    """Whether an address carries a user or a password."""
    return _IN_ADDRESS.search(address) is not None
