"""How a project writes its versions: semver, PEP 440 or the calendar, and what its files say between releases. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastrel.versions.naming import scheme_of

PATTERNS = (
    "YYYY.0M.0D",
    "YYYY.0M.MICRO",
    "YYYY.MM.MICRO",
    "YYYY.0M",
    "YYYY.MINOR",
    "YYYY.MM",
    "YYYY.MINOR.MICRO",
    "YY.0M.MICRO",
    "YY.0M",
    "YYYY.0M.0D.MICRO",
    "YYYY.MM.DD",
)
"""Patterns that are recognised, the first that fits counts."""
_DEVELOPMENT = re.compile(r"(\d+(?:\.\d+)+)([.-]?dev\.?\d*|-SNAPSHOT)")
_VERSION = re.compile(r"(?<![\d.])\d+\.\d+(?:\.\d+)?(?:[.-]?dev\.?\d*|-SNAPSHOT)?(?![\d.])")


@dataclass(frozen=True, slots=True)
class SchemeFindings:
    """The settings `versions`, `calver` and `dev_version`; empty where the default fits."""

    versions: str = ""
    calver: str = ""
    dev_version: str = ""


def schemes(released: Sequence[str], stated: str, *, python: bool, past: Sequence[str] = ()) -> SchemeFindings:
    """What fits the released versions, the one in the files, and those that the files have stated, the newest first."""
    pattern = _calendar(released or ([stated] if stated else []))
    versions = "calver" if pattern else "pep440" if python and _is_python_only(released, stated) else ""
    return SchemeFindings(versions, pattern, _development(released, stated, past))


def _calendar(released: Sequence[str]) -> str:
    """The pattern of the calendar that all of the last versions have; empty when they are none of the calendar's."""
    last = [_DEVELOPMENT.sub(r"\1", one) for one in released[-20:]]
    dated = [one for one in last if re.match(r"20[0-9]{2}[._-]|[0-9]{2}[._-]0[0-9]\b", one)]
    if not last or len(dated) < len(last):
        return ""
    fitting = [one for one in PATTERNS if _fits(one, last)]
    return next((one for one in fitting if _are_in_order(one, last)), fitting[0] if fitting else "")


def _fits(pattern: str, versions: Sequence[str]) -> bool:
    """Whether all are of the pattern: with as many parts, and with leading zeros only where it has them."""
    padded = any(re.search(r"[._-]0\d", one) for one in versions)
    parts = {len(re.findall(r"\d+", re.sub(r"[a-z].*", "", one))) for one in versions}
    most = len(pattern.split("."))
    if padded != ("0" in pattern) or max(parts) != most:
        return False
    return all(map(scheme_of("calver", pattern).parse, versions))


def _are_in_order(pattern: str, versions: Sequence[str]) -> bool:
    """Whether each may follow the one before."""
    scheme = scheme_of("calver", pattern)
    found = [one for text in versions if (one := scheme.parse(text)) and not one.prerelease]
    return all(scheme.follows(later, earlier) for earlier, later in pairwise(found))


def _is_python_only(released: Sequence[str], stated: str) -> bool:
    """Whether some version is one of PEP 440 and not of semver: a pre-release, a post-release or two numbers."""
    python, semver = scheme_of("pep440"), scheme_of("semver")
    texts = [*released, *([stated] if stated and not _DEVELOPMENT.fullmatch(stated) else [])]
    return any(python.parse(one) and not semver.parse(one) for one in texts)


def _development(released: Sequence[str], stated: str, past: Sequence[str]) -> str:
    """The template that the development version has: how it ends, and whether it is that of the next minor."""
    order = [stated, *past]
    place = next((n for n, one in enumerate(order) if _DEVELOPMENT.fullmatch(one)), None)
    if place is None:
        return ""
    found = _DEVELOPMENT.fullmatch(order[place])
    assert found  # as it was chosen
    own = _numbers(found[1])
    older = [_numbers(one) for one in (*order[place + 1 :], *released) if not _DEVELOPMENT.fullmatch(one)]
    before = max((one for one in older if one and one < own), default=())
    minor = len(own) == 3 and len(before) == 3 and own[2] == 0 and own[:2] == (before[0], before[1] + 1)
    return f"{{{'next_minor' if minor else 'next'}}}{found[2]}"


def versions_in(diff: str) -> tuple[str, ...]:
    """The versions on the lines that a history of diffs adds, in its order."""
    lines = [line for line in diff.split("\n") if line.startswith("+") and not line.startswith("+++")]
    return tuple(match[0] for line in lines if re.search(r"(?i)version", line) and (match := _VERSION.search(line)))


def _numbers(text: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(one) for one in found[0].split(".")) if found else ()
