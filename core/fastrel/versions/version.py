"""The version and the protocol of a scheme. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

LONGEST = 200
"""Characters of a version; Python refuses to read numbers of some thousand digits."""


class Kind(StrEnum):
    """What a release is; drives `if=` in guides."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version; two that differ in their spelling alone are equal. Only versions of one scheme are compared."""

    order: tuple[Any, ...]
    """Sorts the versions of the scheme."""
    text: str = field(compare=False)
    """As it is written."""
    numbers: tuple[int, ...] = field(compare=False)
    """Its numbers, at least three."""
    prerelease: str = field(compare=False, default="")
    """What makes it a pre-release, such as `rc.1`; empty for a final version."""

    def __str__(self) -> str:
        return self.text


class Scheme(Protocol):
    """How the versions of a project are written and which may follow which."""

    @property
    def name(self) -> str:
        """What the setting `versions` calls it."""

    @property
    def called(self) -> str:
        """What messages call one of its versions: `a semantic version`."""

    @property
    def dev_version(self) -> str:
        """The usual template of development versions."""

    def parse(self, text: str) -> Version | None:
        """The version that a text is, when it is written exactly as releases of this scheme are."""

    def read(self, text: str) -> Version | None:
        """The version in a tag, which may be spelled otherwise, too."""

    def hint(self, text: str) -> str:
        """What to type instead of a text that is no version: a sentence."""

    def kind(self, version: Version) -> Kind: ...

    def final(self, version: Version) -> Version:
        """The version that a pre-release precedes; a final one itself."""

    def line(self, version: Version) -> str:
        """The line of releases that a version belongs to: 0.2 of 0.2.3."""

    def after(self, version: Version) -> Version:
        """The version that development goes on to after a release."""

    def next_minor(self, version: Version) -> Version:
        """The next version that has a milestone of its own."""

    def next_prerelease(self, version: Version) -> Version: ...

    def first(self, today: date) -> list[Version]:
        """The usual first versions of a project."""

    def may_follow(self, finals: Sequence[Version], today: date) -> list[Version]:
        """The usual final versions after these, which ascend: of a patch, then those of features."""

    def proposed(self, following: Sequence[Version]) -> Version:
        """The one of these that is proposed where nothing else says which."""

    def follows(self, target: Version, latest: Version) -> bool:
        """Whether a final version may be released after the latest one."""

    def patches(self, finals: Sequence[Version]) -> list[Version]:
        """The next patch of each line of releases."""
