"""Semantic versions: 0.2.0, 0.2.0-rc.1. Pure.

MAJOR for big, stable milestones; MINOR for features; PATCH for fixes only. Source: https://semver.org
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from semver import Version as Semver

from fastrel.versions.version import LONGEST, Kind, Version

LETTERS = {"a": "alpha", "b": "beta", "rc": "rc"}
"""What Python's letters for pre-releases mean."""


@dataclass(frozen=True, slots=True)
class Semantic:
    """The scheme of semantic versions."""

    name: str = "semver"
    called: str = "a semantic version"
    dev_version: str = "{next}-dev"

    def parse(self, text: str) -> Version | None:
        found = self._read(text)
        return found if found and "+" not in text else None

    def read(self, text: str) -> Version | None:
        return self._read(text) or _as_python_spells(text)

    def hint(self, text: str) -> str:
        bare = text.strip().removeprefix("v").removeprefix("V")
        python = _as_python_spells(bare)
        if python:
            meant = _meant(python)
            return f"Did you mean {meant}? Where the project spells it {bare}, write `versions: pep440` into the guide."
        if re.fullmatch(r"\d+(?:\.\d+){3,}", bare):
            return "Versions of four parts are not supported; write it as MAJOR.MINOR.PATCH, such as 0.2.0."
        parts = bare.split(".")
        guess = ".".join([*parts, "0", "0"][:3]) if len(parts) < 3 else bare
        if self.parse(guess):
            return f"Did you mean {guess}?"
        return "Write it as MAJOR.MINOR.PATCH, such as 0.2.0."

    def kind(self, version: Version) -> Kind:
        major, minor, patch = version.numbers
        if patch:
            return Kind.PATCH
        return Kind.MINOR if minor or not major else Kind.MAJOR

    def final(self, version: Version) -> Version:
        return _of(*version.numbers) if version.prerelease else version

    def line(self, version: Version) -> str:
        return f"{version.numbers[0]}.{version.numbers[1]}"

    def after(self, version: Version) -> Version:
        major, minor, patch = version.numbers
        return _of(major, minor, patch + 1)

    def next_minor(self, version: Version) -> Version:
        return _of(version.numbers[0], version.numbers[1] + 1, 0)

    def next_prerelease(self, version: Version) -> Version:
        numbered = re.fullmatch(r"(.*?)(\d+)", version.prerelease)
        following = f"{numbered[1]}{int(numbered[2]) + 1}" if numbered else f"{version.prerelease}.1"
        return self._read(f"{self.final(version)}-{following}") or version

    def first(self, today: date) -> list[Version]:
        return [_of(0, 1, 0), _of(1, 0, 0)]

    def may_follow(self, finals: Sequence[Version], today: date) -> list[Version]:
        latest = finals[-1]
        return [self.after(latest), self.next_minor(latest), _of(latest.numbers[0] + 1, 0, 0)]

    def proposed(self, following: Sequence[Version]) -> Version:
        return following[1]

    def follows(self, target: Version, latest: Version) -> bool:
        return target in self.may_follow([latest], date.min)

    def patches(self, finals: Sequence[Version]) -> list[Version]:
        return [self.after(one) for one in {one.numbers[:2]: one for one in finals}.values()]

    def _read(self, text: str) -> Version | None:
        if len(text) > LONGEST or not Semver.is_valid(text):
            return None
        found = Semver.parse(text)
        return Version(_order(found), text, (found.major, found.minor, found.patch), found.prerelease or "")


def _of(major: int, minor: int, patch: int) -> Version:
    found = Semver(major, minor, patch)
    return Version(_order(found), str(found), (major, minor, patch))


def _order(version: Semver) -> tuple[object, ...]:
    """By precedence, which build metadata has no part in. Source: https://semver.org/#spec-item-11"""
    parts = version.prerelease.split(".") if version.prerelease else []
    identifiers = tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in parts)
    return version.major, version.minor, version.patch, not identifiers, identifiers


def _as_python_spells(text: str) -> Version | None:
    """A pre-release of three numbers in Python's spelling, such as 6.0.0a4, as it stands in tags of the past."""
    if len(text) > LONGEST or not text[:1].isdigit():
        return None
    from packaging.version import InvalidVersion
    from packaging.version import Version as PythonVersion

    try:
        found = PythonVersion(text)
    except (InvalidVersion, ValueError):
        return None
    if found.pre is None or len(found.release) != 3:
        return None
    if found.epoch or found.local or found.is_devrelease or found.is_postrelease:
        return None
    letter, number = found.pre
    read = Semver(*found.release, prerelease=f"{letter}.{number}")
    return Version(_order(read), text, found.release, f"{letter}{number}")


def _meant(python: Version) -> str:
    found = re.fullmatch(r"([a-z]+)(\d+)", python.prerelease)
    assert found  # as it was made
    return f"{_of(*python.numbers)}-{LETTERS[found[1]]}.{found[2]}"


SEMVER = Semantic()
