"""The evidence behind a step's marker: what people read, and the hidden attributes by which it is read back."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime

from fastrel.guide.attributes import parse_attributes, read_value, write_value
from fastrel.tracker.escape import code_span, escape_inline, safe_url
from fastrel.tracker.model import Evidence

CLOSE = "<!-- /step "
SUMMARY = 300
"""Characters of a summary that are shown."""


def segment(evidence: Evidence, limit: int = SUMMARY, links: int = 10) -> str:
    """The text between a step's marker and the end of its line."""
    shown = f" — {_visible(evidence, limit, links)} "
    values = {
        "by": evidence.by,
        "at": evidence.at.astimezone(UTC).isoformat(timespec="seconds") if evidence.at else "",
        "summary": evidence.summary[:limit] if limit else "",
        "skip": evidence.skip_reason[:limit] if evidence.skip_reason else "",
        "links": " ".join(safe_url(url) for _, url in evidence.links[:links]),
    }
    written = " ".join(f"{key}={write_value(value)}" for key, value in values.items() if value)
    return f"{shown}{CLOSE}{written} sum={checksum(shown)} -->"


def read_segment(rest: str) -> tuple[Evidence | None, str, str]:
    """What stands behind a marker: our evidence, the text that people put into its place, and the tail behind it.

    The second is not empty when the visible text is not the one that we wrote.
    """
    start = rest.find(CLOSE)
    end = rest.find("-->", start) if start >= 0 else -1
    if end < 0:
        return None, "", rest
    attributes = parse_attributes(rest[start + len(CLOSE) : end]).pairs
    shown, tail = rest[:start], rest[end + 3 :]
    evidence = Evidence(
        read_value(attributes.get("summary", "")),
        tuple((url, url) for url in read_value(attributes.get("links", "")).split()),
        by=read_value(attributes.get("by", "")),
        at=_time(read_value(attributes.get("at", ""))),
        skip_reason=read_value(attributes.get("skip", "")),
    )
    edited = "" if attributes.get("sum") == checksum(shown) else shown
    return evidence, edited, tail


def checksum(shown: str) -> str:
    """Tells whether a person edited our text; no protection against anybody."""
    return f"{zlib.crc32(shown.encode('utf-8', errors='replace')):08x}"


def _visible(evidence: Evidence, limit: int, links: int) -> str:
    lead = "skipped: " if evidence.skip_reason else ""
    parts = [lead + escape_inline(evidence.skip_reason or evidence.summary, limit)] if limit else []
    parts += [f"[{escape_inline(text, 60)}]({safe_url(url)})" for text, url in evidence.links[:links] if safe_url(url)]
    parts += [code_span(evidence.by), f"{evidence.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if evidence.at else ""]
    return " · ".join(part for part in parts if part) or "done"


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


MARKER = re.compile(r"<!-- step ([a-z0-9][a-z0-9-]{0,200}) -->")
