"""Compares two versions as files of any project state them: also development versions. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastrel.versions.version import LONGEST, Scheme, Version

if TYPE_CHECKING:
    from packaging.version import Version as PythonVersion

_DEVELOPMENT = re.compile(r"[.-]?(?:dev|SNAPSHOT|pre|alpha|a)[.-]?\d*$", re.IGNORECASE)


def is_higher(text: str, other: str, scheme: Scheme) -> bool:
    """Whether a version is higher than another one, by the scheme, else as Python has them; no where neither knows."""
    own, theirs = scheme.read(text), scheme.read(other)
    if own and theirs:
        return own > theirs
    here, there = _python(text), _python(other)
    return here is not None and there is not None and here > there


def prepared(text: str, scheme: Scheme) -> Version | None:
    """The final version that a stated one is or prepares: 0.4.0 of 0.4.0.dev0; None where it is no version."""
    found = scheme.read(text) or scheme.read(_DEVELOPMENT.sub("", text))
    return scheme.final(found) if found else None


def _python(text: str) -> PythonVersion | None:
    from packaging.version import InvalidVersion
    from packaging.version import Version as PythonVersion

    try:
        return PythonVersion(text) if len(text) <= LONGEST else None
    except (InvalidVersion, ValueError):
        return None
