"""What the heading of a section says: the changes to come, or a version, perhaps with a date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion

from fastrel.changelog.dates import FoundDate, find_date

UNRELEASED = "Unreleased"
"""The usual title of the section that collects the changes."""
LONGEST = 300
"""Characters above which a heading is that of no section."""
_VERSION = r"\d+(?:\.\d+)+(?:[-.+]?[0-9A-Za-z]+(?:[.+-][0-9A-Za-z]+)*)?"
_OF_VERSION = re.compile(
    rf"""(?x)
    (?P<lead>(?:[A-Za-z@][\w.@/-]*[ ]+){{0,2}})     # Version, Release, the name of the project
    (?P<open>\[?)
    (?P<inner>(?:[A-Za-z@][\w.@/-]*?[ @/-])?(?:[vV]\.?[ ]?)?)
    (?P<version>{_VERSION})
    (?P<close>\]?)
    (?P<target>\([^()\s]*\)|\[[^\[\]]*\])?
    (?P<rest>.*)
    """
)
_PLACEHOLDER = re.compile(
    r"(?i)(?:not yet |un)released|in (?:development|progress)|release ?date|\btb[ad]\b|yyyy[-/.]mm[-/.]dd"
    r"|[x?]{4}[-/.][x?]{2}[-/.][x?]{2}|\d{4}-(?:xx|\?\?)-(?:xx|\?\?)"
)
_AROUND = re.compile(r"[\s\-–—:,/()\[\]*_|]*")
_MARKED = re.compile(r"(?i)\[?\b(?:yanked|deprecated|latest|stable|pre-?release|lts)\b\]?")
_CLEAR = re.compile(r"\[((?:\\.|[^\[\]\\])*)\](?:\([^()\s]*\)|\[[^\[\]]*\])?|[*_`]+")


@dataclass(frozen=True, slots=True)
class VersionTitle:
    """A heading that names a version. Positions are those in its text."""

    version: str
    start: int
    end: int
    lead: str
    label: tuple[int, int] | None
    """What stands in brackets, which may be the label of a link."""
    target: tuple[int, int] | None
    """The address or label behind the brackets, without what encloses it."""
    pending: tuple[int, int] | None
    """What says that it is not released, in the place of the date."""
    date: tuple[int, FoundDate] | None
    """The date, and where the text begins in which it was found."""
    plain: bool
    """Whether nothing else stands behind the version."""

    def is_dated(self, text: str) -> bool:
        """Whether the date follows the version at once; `text` is the heading's."""
        if self.date is None:
            return False
        offset, found = self.date
        return _AROUND.fullmatch(text, offset, offset + found.start) is not None


def version_title(text: str) -> VersionTitle | None:
    """What a heading says of a version; None when it names none at its beginning."""
    match = _OF_VERSION.match(text) if len(text) <= LONGEST else None
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    end, rest = match.end("version"), match["rest"]
    pending = _PLACEHOLDER.search(rest)
    found = find_date(rest)
    left = _MARKED.sub("", rest)
    for one in (pending, found):
        if one is not None:
            said = one[0] if isinstance(one, re.Match) else rest[one.start : one.end]
            left = left.replace(said, "", 1)
    target = match.span("target") if match["target"] else None
    return VersionTitle(
        match["version"],
        match.start("version"),
        end,
        match["lead"],
        (match.start("inner"), end) if match["open"] else None,
        (target[0] + 1, target[1] - 1) if target else None,
        (match.start("rest") + pending.start(), match.start("rest") + pending.end()) if pending else None,
        (match.start("rest"), found) if found else None,
        _AROUND.fullmatch(left) is not None,
    )


def is_unreleased(text: str, title: str) -> bool:
    """Whether a heading is that of the changes to come: it begins with the title, and names no version."""
    if len(text) > LONGEST:
        return False
    words = clear(text)
    if not re.match(rf"\W*{re.escape(clear(title).casefold())}(?![\w.])", words.casefold()):
        return False
    return len(words) <= len(title) + 40


def clear(text: str) -> str:
    """The words of a heading, without marks of links and emphasis."""
    return " ".join(_CLEAR.sub(lambda found: found[1] or "", text).split())


def same_version(one: str, other: str) -> bool:
    """Whether two spellings name one version: `0.2.0-rc.1` and `0.2.0rc1`."""
    if one == other:
        return True
    try:
        return PythonVersion(one) == PythonVersion(other)
    except InvalidVersion:
        return False
