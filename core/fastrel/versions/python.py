"""Versions by PEP 440: 0.2.0, 24.1, 0.2.0rc1, 0.2.0.post1. Pure.

Source: https://packaging.python.org/en/latest/specifications/version-specifiers/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion

from fastrel.versions.version import LONGEST, Kind, Version


@dataclass(frozen=True, slots=True)
class Python:
    """The scheme of PEP 440, with two or three numbers."""

    name: str = "pep440"
    called: str = "a version of PEP 440"
    dev_version: str = "{next}.dev0"

    def parse(self, text: str) -> Version | None:
        found = self.read(text)
        return found if found and str(_python(text)) == text and "+" not in text and "!" not in text else None

    def read(self, text: str) -> Version | None:
        found = _python(text)
        if found is None or not 2 <= len(found.release) <= 3 or not text[:1].isdigit():
            return None
        numbers = (*found.release, 0)[:3]
        pre = found.pre if found.pre is not None else ("dev", found.dev) if found.dev is not None else None
        suffix = f"{pre[0]}{pre[1]}" if pre else ""
        return Version((PythonVersion(found.public),), text, numbers, suffix)

    def hint(self, text: str) -> str:
        bare = text.strip().removeprefix("v").removeprefix("V")
        found = _python(bare)
        if found and len(found.release) > 3:
            return "Versions of four parts are not supported; write it as MAJOR.MINOR.MICRO, such as 0.2.0."
        if found and found.epoch:
            return "Versions with an epoch are not supported; write it without."
        if found and self.parse(found.public):
            return f"Did you mean {found.public}?"
        if re.fullmatch(r"\d+", bare):
            return f"Did you mean {bare}.0.0?"
        return "Write it as Python does, such as 0.2.0 or 0.2.0rc1."

    def kind(self, version: Version) -> Kind:
        major, minor, micro = version.numbers
        if micro or PythonVersion(version.text).is_postrelease:
            return Kind.PATCH
        return Kind.MINOR if minor or not major else Kind.MAJOR

    def final(self, version: Version) -> Version:
        if not version.prerelease:
            return version
        found = PythonVersion(version.text)
        post = f".post{found.post}" if found.post is not None else ""
        return _of(f"{found.base_version}{post}")

    def line(self, version: Version) -> str:
        return f"{version.numbers[0]}.{version.numbers[1]}"

    def after(self, version: Version) -> Version:
        major, minor, micro = version.numbers
        return _of(f"{major}.{minor}.{micro + 1}")

    def next_minor(self, version: Version) -> Version:
        return _of(f"{version.numbers[0]}.{version.numbers[1] + 1}{_third(version)}")

    def next_prerelease(self, version: Version) -> Version:
        found = PythonVersion(version.text)
        letter, number = found.pre or ("rc", 0)
        return _of(f"{found.base_version}{letter}{number + 1}")

    def first(self, today: date) -> list[Version]:
        return [_of("0.1.0"), _of("1.0.0")]

    def may_follow(self, finals: Sequence[Version], today: date) -> list[Version]:
        latest = finals[-1]
        return [self.after(latest), self.next_minor(latest), _of(f"{latest.numbers[0] + 1}.0{_third(latest)}")]

    def proposed(self, following: Sequence[Version]) -> Version:
        return following[1]

    def follows(self, target: Version, latest: Version) -> bool:
        return target in self.may_follow([latest], date.min) or target == _of(_next_post(latest))

    def patches(self, finals: Sequence[Version]) -> list[Version]:
        newest = {one.numbers[:2]: one for one in finals}.values()
        return [*map(self.after, newest), *(_of(_next_post(one)) for one in newest)]


def _of(text: str) -> Version:
    found = PYTHON.read(text)
    assert found  # as it was made
    return found


def _python(text: str) -> PythonVersion | None:
    try:
        return PythonVersion(text) if len(text) <= LONGEST else None
    except (InvalidVersion, ValueError):
        return None


def _third(version: Version) -> str:
    """The third number of what follows a version: none where the project writes two, such as 24.1."""
    return ".0" if len(PythonVersion(version.text).release) == 3 else ""


def _next_post(version: Version) -> str:
    found = PythonVersion(version.text)
    return f"{found.base_version}.post{1 if found.post is None else found.post + 1}"


PYTHON = Python()
