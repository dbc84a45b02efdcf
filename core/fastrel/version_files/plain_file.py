"""The version in plain files: the whole text, a line of properties, or what a pattern of the guide finds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastrel.version_files.statement import NotStated, Place, Statement, place_in

# https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
_PROPERTY = re.compile(r"^[ \t\f]*(?P<key>[^\s#!=:][^\s=:]*)(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+)(?P<value>[^\r\n]*)", re.M)
GRADLE = ("version", "VERSION_NAME")
"""Keys under which Gradle projects state the version; the second is that of Android libraries."""


def whole_statement(path: str, text: str) -> Statement:
    """Where a file states the version that holds nothing else."""
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    end = len(text.rstrip())
    if end <= start:
        raise NotStated(path, "is empty")
    if re.search(r"\s", text[start:end]):
        raise NotStated(path, "holds more than a version")
    return Statement((place_in(path, text, start, end),))


def properties_statement(path: str, text: str, key: str = "") -> Statement:
    """Where a file of properties states the version."""
    keys = (key,) if key else GRADLE
    found = list(_properties(text))
    for one in keys:
        spans = [span for name, span in found if name == one]
        if len(spans) > 1:
            raise NotStated(path, f"has `{one}` {len(spans)} times")
        if spans:
            return Statement((place_in(path, text, *spans[0]),))
    raise NotStated(path, f"has no `{keys[0]}`")


def _properties(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for match in _PROPERTY.finditer(text):
        value = match["value"].rstrip()
        yield match["key"].lstrip("\ufeff"), (match.start("value"), match.start("value") + len(value))


def pattern_statement(path: str, text: str, pattern: str) -> Statement:
    """Where the one group of a pattern matches, which must be one place."""
    found = [
        Place(match[1], match.start(1), match.end(1))
        for match in re.finditer(pattern, text, re.MULTILINE)
        if match[1] is not None  # a pattern may match without its group
    ]
    if len(found) != 1:
        how_many = "no line states" if not found else f"{len(found)} lines state"
        error = NotStated(path, f": {how_many} the version")
        error.problem = f"{path}: {how_many} the version (pattern {pattern})."
        error.next_step = f"Correct `pattern:` of {path} under `version_files:` in the guide."
        raise error
    return Statement((found[0],))
