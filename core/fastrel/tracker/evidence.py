"""The evidence behind a step's marker: what people read, and the hidden attributes by which it is read back."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from fastrel.guide.attributes import parse_attributes, read_value, write_value
from fastrel.tracker.escape import code_span, escape_inline, one_line, safe_url, shorten
from fastrel.tracker.model import Evidence

CLOSE = "<!-- /step "


@dataclass(frozen=True, slots=True)
class Room:
    """How much of an evidence is written: characters of its summary, and links."""

    summary: int
    links: int


ROOMS = (Room(300, 10), Room(80, 2), Room(0, 0))
"""From what is written normally to what is written when the body is nearly full."""
_REASON = 40
"""Characters of the reason for a skip that are written in any case: without one, a skip would read as a tick."""
_NAME = 100


def segment(evidence: Evidence, room: Room = ROOMS[0]) -> str:
    """The text between a step's marker and the end of its line."""
    written = as_written(evidence, room)
    shown = f" — {_visible(evidence, written, room)} "
    values = {
        "by": written.by,
        "at": written.at.isoformat().replace("+00:00", "Z") if written.at else "",
        "summary": written.summary,
        "skip": written.skip_reason,
        "links": " ".join(url for _, url in written.links),
        "covers": " ".join(written.covers),
    }
    attributes = " ".join(f"{key}={write_value(value)}" for key, value in values.items() if value)
    return f"{shown}{CLOSE}{attributes}{' ' if attributes else ''}sum={checksum(shown)} -->"


def as_written(evidence: Evidence, room: Room = ROOMS[0]) -> Evidence:
    """The evidence as it is read back: shortened, times in whole seconds of UTC, links named by their addresses."""
    addresses = [found for _, url in evidence.links if (found := safe_url(url))]
    return Evidence(
        shorten(one_line(evidence.summary), room.summary) if room.summary else "",
        tuple((url, url) for url in addresses[: room.links]),
        by=shorten(one_line(evidence.by), _NAME),
        at=evidence.at.astimezone(UTC).replace(microsecond=0) if evidence.at else None,
        skip_reason=shorten(one_line(evidence.skip_reason), max(room.summary, _REASON)),
        # In any room: with a part of it, what is left out would be asked about again and again.
        covers=tuple(one_line(" ".join(evidence.covers)).split()),
    )


def read_segment(rest: str) -> tuple[Evidence | None, str, str]:
    """What stands behind a marker: our evidence, the text that people put into its place, and the tail behind it.

    The second is not empty when the visible text is not the one that we wrote.
    """
    start = rest.find(CLOSE)
    end = rest.find("-->", start) if start >= 0 else -1
    if end < 0:
        return None, "", rest
    attributes = parse_attributes(rest[start + len(CLOSE) : end]).pairs
    # Whoever may edit the issue may write anything here, such as codes that command a terminal.
    values = {key: one_line(read_value(value)) for key, value in attributes.items()}
    shown, tail = rest[:start], rest[end + 3 :]
    evidence = Evidence(
        values.get("summary", ""),
        tuple((url, url) for one in values.get("links", "").split() if (url := safe_url(one))),
        by=values.get("by", ""),
        at=_time(values.get("at", "")),
        skip_reason=values.get("skip", ""),
        covers=tuple(values.get("covers", "").split()),
    )
    edited = "" if attributes.get("sum") == checksum(shown) else shown
    return evidence, edited, tail


def without_segments(rest: str) -> str:
    """What people wrote behind a marker, without any evidence of ours."""
    kept = ""
    evidence, edited, tail = read_segment(rest)
    while evidence is not None:
        kept += edited
        evidence, edited, tail = read_segment(tail)
    return kept + tail


def checksum(shown: str) -> str:
    """Tells whether a person edited our text; no protection against anybody."""
    return f"{zlib.crc32(shown.encode('utf-8', errors='replace')):08x}"


def _visible(evidence: Evidence, written: Evidence, room: Room) -> str:
    reason = f"skipped: {escape_inline(written.skip_reason)}" if written.skip_reason else ""
    links = [(one_line(text) or url, safe_url(url)) for text, url in evidence.links if safe_url(url)]
    parts = [reason or escape_inline(written.summary)]
    parts += [f"[{escape_inline(text, 60)}]({url})" for text, url in links[: room.links]]
    parts += [code_span(written.by), f"{written.at:%Y-%m-%d %H:%M} UTC" if written.at else ""]
    return " · ".join(part for part in parts if part) or "done"


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
