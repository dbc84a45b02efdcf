"""Which GitHub a server is: github.com, or an Enterprise Server of some version, which every answer of it names. Pure.

Source: https://docs.github.com/en/enterprise-server@3.17/rest/meta/meta
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OLDEST = "3.17"
"""The oldest Enterprise Server that is supported."""


def server_version(headers: Mapping[str, str]) -> str:
    """The version of an Enterprise Server by the headers of an answer; empty for github.com."""
    found = re.fullmatch(r"\d{1,4}(\.\d{1,4}){1,3}", headers.get("x-github-enterprise-version", ""))
    return found[0] if found else ""


def is_too_old(version: str) -> bool:
    """Whether an Enterprise Server is older than what is supported."""
    return bool(version) and _numbers(version) < _numbers(OLDEST)


def lacks_words(version: str) -> str:
    """Why a server may lack what github.com has; empty where its version is none of the older ones."""
    if not is_too_old(version):
        return ""
    return f"GitHub Enterprise Server {version} may not have this: {OLDEST} or later is supported."


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")[:2]))
