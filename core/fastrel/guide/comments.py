"""Removes comments from the text that they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CONTINUED = r"[ \t]*\n[ \t>]*"
"""Between the lines of a comment, in lists and block quotes."""


def without_comments(text: str, comments: Sequence[str]) -> str:
    """The text without these comments, given in their order; of equal ones the last: an earlier one may be text in a
    code span. Spaces before them go, too."""
    kept: list[str] = []
    end = len(text)
    for comment in reversed(comments):
        start, behind = _last(text, comment, end)
        if start < 0:
            continue
        kept.append(text[behind:end])
        end = start
        while end and text[end - 1] == " ":
            end -= 1
    kept.append(text[:end])
    return "".join(reversed(kept))


def _last(text: str, comment: str, end: int) -> tuple[int, int]:
    """Where the comment stands last before a position, as a half-open range; -1 when it does not."""
    first, *rest = comment.split("\n")
    start = text.rfind(first, 0, end)
    if not rest:
        return start, start + len(first)
    pattern = re.compile(_CONTINUED.join(re.escape(line.strip(" \t")) for line in (first, *rest)))
    found = pattern.match(text, start, end) if start >= 0 else None
    return found.span() if found else (-1, -1)


def without_all_comments(text: str) -> str:
    """The text or HTML with a space in the place of each comment, in time that grows with its size."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return " ".join([*kept, text[at:]])
