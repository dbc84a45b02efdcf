"""The tracker's marker: the hidden line that says whose release an issue is. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from fastrel.guide.attributes import parse_attributes, read_value, write_value
from fastrel.guide.model import Settings
from fastrel.tracker.escape import one_line
from fastrel.tracker.layout import is_code, split_lines

_TRACKER = "<!-- fastrel tracker "
_SEARCHED = 50
"""Lines in which the tracker's marker is looked for."""


def tracker_version(text: str) -> str | None:
    """The version in a tracker's hidden marker; None when the text is no tracker's body."""
    return read_marker(text).get("version") or None


def tracker_tag(text: str) -> str:
    """The template of tags in a tracker's marker; empty for a tracker of a whole repository."""
    return read_marker(text).get("tag", "")


def version_of_guide(text: str, settings: Settings) -> str:
    """The version of a tracker of this guide; empty for any other text. A tracker that says nothing of a package is
    one of the whole repository's."""
    version, tag = tracker_version(text) or "", tracker_tag(text)
    ours = tag == settings.tag if tag else not settings.path
    return version if ours and settings.naming.scheme.parse(version) else ""


def with_guide(text: str, path: str, commit: str) -> str:
    """The body with another guide and commit in its marker; everything else stays. Without a marker: as it is."""
    number = marker_line(text)
    if number is None:
        return text
    lines = list(split_lines(text))
    before, _, after = lines[number].rpartition("-->")
    for name, value in (("guide", path), ("commit", commit)):
        written = f"{name}={write_value(one_line(value))}"
        found = re.search(rf"""(?<=\s){name}=("[^"]*"|'[^']*'|[^\s"']+)""", before)
        before = before[: found.start()] + written + before[found.end() :] if found else f"{before.rstrip()} {written} "
    lines[number] = f"{before}-->{after}"
    return "".join(lines)


@lru_cache(maxsize=64)  # a report asks for the markers of the same few bodies again and again
def read_marker(text: str) -> Mapping[str, str]:
    """The attributes of the tracker's marker; empty without one. A copy in a block of code does not count."""
    number = marker_line(text)
    if number is None:
        return {}
    pairs = parse_attributes(split_lines(text)[number].strip()[len(_TRACKER) : -3]).pairs
    return {key: one_line(read_value(value)) for key, value in pairs.items()}


def write_marker(attributes: Mapping[str, str]) -> str:
    """The marker with those of the attributes that have a value."""
    pairs = (f"{key}={write_value(one_line(value))}" for key, value in attributes.items() if value)
    return f"{_TRACKER}{' '.join(pairs)} -->"


def marker_line(text: str) -> int | None:
    """The line of the tracker's marker."""
    lines = split_lines(text)[:_SEARCHED]
    for number, line in enumerate(lines):
        found = line.strip()
        if not (found.startswith(_TRACKER) and found.endswith("-->")):
            continue
        if number and is_code("".join(lines[: number + 1]), number):
            continue
        return number
    return None
