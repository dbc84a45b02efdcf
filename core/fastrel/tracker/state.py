"""The state of the steps as data, in the line below the tracker's marker: what the docs site's pages read. Pure.

Pages do not read Markdown: what is ticked is decided here once, by the reader that the command line uses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC

from fastrel.tracker.body import LIMIT, length, parse_body
from fastrel.tracker.escape import shorten
from fastrel.tracker.layout import split_lines
from fastrel.tracker.marker import marker_line
from fastrel.tracker.model import UNVERIFIED, Entry

SCHEMA = "fastrel.state/1"
"""Name and version of the form; the number changes when a reader could break."""
OPEN = "<!-- fastrel state "
CLOSE = " -->"
_UNSAFE = re.compile(r"[<>&`@#\-]")
"""What could end the comment, begin another one, be read as Markdown, or look like a mention."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How much of each tick is written: characters of its words, and links. Without `who`, the tick alone."""

    summary: int
    links: int
    who: bool = True


_ROOMS = (_Room(300, 10), _Room(120, 0), _Room(0, 0), _Room(0, 0, who=False))


def with_state(text: str) -> str:
    """The body with the state below its marker, as its task items say it. Nothing else of it changes. Without a
    tracker's marker, and where the body is full even without names and words: no state."""
    plain = without_state(text)
    body, number = parse_body(plain), marker_line(plain)
    if not body.version or number is None:
        return plain
    lines = split_lines(plain)
    before, behind = "".join(lines[: number + 1]), "".join(lines[number + 1 :])
    ending = "\r\n" if before.endswith("\r\n") else "\n"
    if not before.endswith("\n"):
        before += ending
    for room in _ROOMS:
        stamped = f"{before}{OPEN}{_written(body.version, body.entries.values(), room)}{CLOSE}{ending}{behind}"
        if length(stamped) < LIMIT:
            return stamped
    return plain


def without_state(text: str) -> str:
    """The body as people and the other parts of the tool see it."""
    if OPEN not in text:
        return text
    return "".join(line for line in split_lines(text) if not _is_state(line))


def _is_state(line: str) -> bool:
    inside = line.strip()
    return inside.startswith(OPEN + "{") and inside.endswith("}" + CLOSE)


def _written(version: str, entries: Iterable[Entry], room: _Room) -> str:
    steps = {one.step_id: _tick(one, room) for one in entries if one.ticked}
    data = {"schema": SCHEMA, "version": version, "steps": steps}
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _tick(entry: Entry, room: _Room) -> dict[str, object]:
    evidence = entry.evidence
    if evidence is None:
        return {}
    unverified = evidence.summary.startswith(UNVERIFIED)
    words = evidence.skip_reason or evidence.summary.removeprefix(UNVERIFIED).strip()
    found: dict[str, object] = {
        "by": evidence.by if room.who else "",
        "at": evidence.at.astimezone(UTC).isoformat().replace("+00:00", "Z") if evidence.at and room.who else "",
        "summary": shorten(words, room.summary) if room.summary else "",
        "links": [list(link) for link in evidence.links[: room.links]],
        "skipped": bool(evidence.skip_reason),
        "unverified": unverified,
    }
    return {key: value for key, value in found.items() if value}
