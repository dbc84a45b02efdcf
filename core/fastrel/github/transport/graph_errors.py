"""Errors of GraphQL answers, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.errors import RemoteError
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.permissions import ANNOUNCEMENTS, what_it_lacks
from fastrel.github.transport.server import lacks_words

_NEEDS = (("iscussion", "discussions"), ("ssue", "issues"), ("ref", "contents"), ("object", "contents"))
"""Which permission a part of an answer needs, by the part of its name."""
_OLDER = ("doesn't exist on type", "doesn't accept argument")


def refused(path: str, query: str, errors: Sequence[Fields], version: str) -> RemoteError:
    """The error for an answer with errors; `version` is that of an Enterprise Server."""
    said = "; ".join(error.text("message") for error in errors)
    next_step = ""
    if any(words in said for words in _OLDER):
        next_step = lacks_words(version)
    elif any(error.text("type") == "FORBIDDEN" for error in errors):
        next_step = what_it_lacks(_accepted(query, errors), said)
        if not next_step and "CreateDiscussion" in said:
            next_step = ANNOUNCEMENTS
    return RemoteError(f"GitHub refuses POST {path}: {said}", next_step=next_step)


def _accepted(query: str, errors: Sequence[Fields]) -> dict[str, str]:
    """The permission that would have done, in the form of REST's header; GraphQL does not name it."""
    level = "write" if query.lstrip().startswith("mutation") else "read"
    for error in errors:
        path = error.data.get("path")
        names = [one for one in path if isinstance(one, str)] if isinstance(path, list) else []
        for part, permission in _NEEDS:
            if any(part in name for name in names):
                return {"x-accepted-github-permissions": f"{permission}={level}"}
    return {}
