"""Where a file states the version, and the same file with another version: exactly those characters change.

Formats are known from the file's name; a guide can give a `pattern` with one group instead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastrel.errors import UsageError
from fastrel.guide.model import VersionFile

_VALUE = r"([^\s\"'#;,]+)"
_PYTHON = rf"^\ufeff?__version__[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*[\"']{_VALUE}[\"']"
_SETUP_CFG = rf"^version[ \t]*[=:][ \t]*[\"']?{_VALUE}[\"']?"
_ASSIGNMENT = rf"^version[ \t]*=[ \t]*[\"']?{_VALUE}[\"']?"
_JSON = rf"^(?:\t| {{2}}| {{4}})\"version\"[ \t]*:[ \t]*\"{_VALUE}\""
_CITATION = rf"^version:[ \t]*[\"']?{_VALUE}[\"']?"
_TABLE = re.compile(r"^\[([^\[\]\r\n]+)\][ \t]*(?:[#;].*)?\r?$", re.MULTILINE)
_WHOLE = rf"\A\s*{_VALUE}\s*\Z"


@dataclass(frozen=True, slots=True)
class Format:
    """How a kind of file states the version; `sections` are the INI or TOML tables in which to look."""

    pattern: str
    sections: tuple[str, ...] = ()


_BY_NAME = {
    "setup.cfg": Format(_SETUP_CFG, ("metadata",)),
    "pyproject.toml": Format(_ASSIGNMENT, ("project", "tool.poetry")),
    "Cargo.toml": Format(_ASSIGNMENT, ("package", "workspace.package")),
    "package.json": Format(_JSON),
    "CITATION.cff": Format(_CITATION),
    "VERSION": Format(_WHOLE),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The version in a text: its value and where it stands, as a half-open range of characters."""

    value: str
    start: int
    end: int


def place_of_version(file: VersionFile, text: str) -> Place:
    """Where the file states the version. UsageError, naming file and pattern, unless that is exactly one place."""
    form = Format(file.pattern) if file.pattern else _format_of(file.path)
    tables = [*_TABLE.finditer(text)] if form.sections else []
    starts = [table.start() for table in tables]

    def counts(match: re.Match[str]) -> bool:
        if match[1] is None:  # a pattern may match without its group
            return False
        at = bisect_right(starts, match.start()) - 1
        return not form.sections or (at >= 0 and tables[at][1].strip() in form.sections)

    found = [
        Place(match[1], match.start(1), match.end(1))
        for match in re.finditer(form.pattern, text, re.MULTILINE)
        if counts(match)
    ]
    if len(found) == 1:
        return found[0]
    how_many = "no line states" if not found else f"{len(found)} lines state"
    where = f" in [{'] or ['.join(form.sections)}]" if form.sections else ""
    raise UsageError(
        f"{file.path}: {how_many} the version{where} (pattern {form.pattern}).",
        done="The file was not changed.",
        next_step=f"Give `pattern:` with one group for {file.path} under `version_files:` in the guide.",
    )


def with_version(file: VersionFile, text: str, version: str) -> str:
    """The text with another version, every other character as it was."""
    place = place_of_version(file, text)
    return text[: place.start] + version + text[place.end :]


def _format_of(path: str) -> Format:
    name = PurePosixPath(path).name
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.endswith(".py"):
        return Format(_PYTHON)
    raise UsageError(
        f"{path}: how this file states the version is not known.",
        next_step=f"Give `pattern:` with one group for {path} under `version_files:` in the guide.",
    )
