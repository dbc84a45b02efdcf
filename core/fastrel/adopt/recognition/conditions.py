"""Which kinds of release a step is for, and which steps only maintainers do, as the page says it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fastrel.adopt.decisions import Proposal
from fastrel.adopt.recognition.committing import RELEASES
from fastrel.guide.outline import Item

_ONLY = re.compile(
    r"(?i)\bonly (?:the |a |project )*"
    r"(?:maintainers?|release managers?|admins?|administrators?|owners?|core (?:team|developers?))\b"
    r"[^.\n]{0,80}\b(?:releases?|tags?|publish\w*|authori[sz]ed|allowed|may|can)\b"
)


_BY_MAINTAINERS = re.compile(
    r"(?i)(?:an?|the|one of the)\s+(?:(?:project|release|repository|repo|package)\s+)?"
    r"(?:owners?|maintainers?|managers?|admins?|administrators?)\s+(?:(?:should|must|can|will|then)\s+)?[a-z]+s?\s"
    r"|\(?(?:maintainers?|admins?|owners?) only\)?[:\s]"
)


def role_of(text: str) -> str:
    """The role that an item says who does it has; empty when it says none."""
    return "maintain" if _BY_MAINTAINERS.match(text.lstrip("*_ ")) else ""


def only_maintainers(text: str, items: Sequence[Item], proposals: Mapping[int, Proposal]) -> bool:
    """Whether a list tags or publishes, on a page that says that only maintainers do so."""
    if not _ONLY.search(text):
        return False
    actions = {name for item in items if item.start in proposals for name in proposals[item.start].actions}
    return bool(actions & RELEASES) or any(name.startswith("release.") for name in actions)
