"""Names of repositories, and which one the address of a git remote means. Pure."""

from __future__ import annotations

import re

from fastrel.secrets import without_secrets

_SERVER = re.compile(r"(?:https?|ssh|git|git\+ssh|ssh\+git)://[^/]|(?:[^/:@\s]*@)?[^/:@\s]{2,}:(?!//|:)")
"""A web address, an ssh address, or `[user@]host:path`; a single letter before the colon is a disk of Windows."""

_ELSEWHERE = re.compile(
    r"(?:[\w+]+://)?(?:[^/@\s]*@)?(?:[\w-]+\.)*"
    r"(?:gitlab\.com|bitbucket\.org|codeberg\.org|git\.sr\.ht|dev\.azure\.com|visualstudio\.com|gitea\.com)(?=[:/])",
    re.IGNORECASE,
)
"""Servers that are known and not GitHub's. Any other may be a GitHub Enterprise."""


def is_repository(name: str) -> bool:
    """Whether a text has the form `OWNER/NAME` and could be one: `../own` is a folder."""
    return re.fullmatch(r"[\w.-]+/[\w.-]+", name) is not None and all(part.strip(".") for part in name.split("/"))


def repository_of(address: str) -> str:
    """`OWNER/NAME` of a remote's address on a server, GitHub's or that of an enterprise; empty for a path on a disk, a
    server that is known to be none of GitHub's, and whatever else names none."""
    text = address.strip()
    return ending_of(text) if _SERVER.match(text) and not _ELSEWHERE.match(text) else ""


def elsewhere(remote: str, address: str) -> str:
    """What is said of a remote that names no repository."""
    return f"{remote} is {without_secrets(address)}, which is on no GitHub server"


def ending_of(address: str) -> str:
    """The last two parts of an address of any kind, or a path, as `OWNER/NAME`; empty when it has no such form."""
    path = without_secrets(address.strip()).rstrip("/").removesuffix(".git").rstrip("/")
    owner, slash, name = path.rpartition("/")
    owner = owner.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    found = f"{owner}/{name}" if slash and owner and name else ""
    return found if is_repository(found) else ""
