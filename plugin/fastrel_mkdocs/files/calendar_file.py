"""Due milestones as an iCalendar, for whoever plans with a calendar. Pure.

Format: https://www.rfc-editor.org/rfc/rfc5545. Own code: `icalendar` needs dateutil and tzdata for one kind of event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlparse
from uuid import NAMESPACE_URL, uuid5

from fastrel_mkdocs.html.parts import inert
from fastrel_mkdocs.view import GuideView
from fastrel_mkdocs.words import Words

LONGEST = 75
"""Bytes of a line."""


@dataclass(frozen=True, slots=True)
class Due:
    """A milestone that is due on a day."""

    repository: str
    version: str
    day: datetime
    url: str
    text: str


def due_of(view: GuideView, words: Words) -> list[Due]:
    """The milestone of a guide's release."""
    milestone = view.milestone
    if milestone is None or milestone.due is None or view.given_up:
        return []
    text = words("count", settled=view.settled, total=len(view.steps))
    return [Due(view.repository, view.version, milestone.due, milestone.link.url, text)]


def icalendar(dues: Sequence[Due], at: datetime, words: Words) -> str:
    """A calendar with a day for each milestone; empty when there is none, since a calendar without entries is none."""
    if not dues:
        return ""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ServiceNow//fastrel-checklist//EN", "CALSCALE:GREGORIAN"]
    for one in dues:
        lines += _event(one, at, words)
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _folded(line))


def _event(one: Due, at: datetime, words: Words) -> list[str]:
    day = one.day.astimezone(UTC)
    title = words("due_title", version=one.version, repository=one.repository)
    url = one.url if urlparse(one.url).scheme in ("http", "https") else ""
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid5(NAMESPACE_URL, f'{one.repository} {one.version}')}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(one.text)}",
        *([f"URL:{quote(url, safe=_URL)}"] if url else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


_URL = ":/?#[]@!$&'()*+,;=%~"


def _escaped(text: str) -> str:
    plain = str(inert(text))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterable[str]:
    """The line in parts of 75 bytes at most, each but the first one behind a space; no letter is cut in two."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
