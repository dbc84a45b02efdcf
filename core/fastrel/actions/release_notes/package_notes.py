"""The generated notes of one package of a repository: without the pull requests that do not touch it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

_PULL = re.compile(r"^[*-] .*/pull/(\d+)\s*$")
_HEADING = re.compile(r"^(#{2,6}) ")


def notes_of_pulls(notes: str, numbers: Collection[int]) -> str:
    """The notes without the lines of other pull requests, and without the headings that nothing is left below."""
    kept = [line for line in notes.split("\n") if not (found := _PULL.match(line.rstrip())) or int(found[1]) in numbers]
    out: list[str] = []
    for number, line in enumerate(kept):
        if _HEADING.match(line) and _is_empty(kept, number):
            continue
        if line.strip() or (out and out[-1].strip()):
            out.append(line)
    return "\n".join(out).rstrip("\n") + ("\n" if notes.endswith("\n") else "")


def _is_empty(lines: list[str], heading: int) -> bool:
    """Whether nothing stands below a heading until the next one of its level, apart from links and other headings."""
    level = len(lines[heading].split(" ", 1)[0])
    for line in lines[heading + 1 :]:
        found = _HEADING.match(line)
        if found and len(found[1]) <= level:
            return True
        if line.strip() and not found:
            return line.startswith("**Full Changelog**")
    return True
