"""The sections of a changelog: the changes to come, and the versions, newest first as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastrel.changelog.page import Heading, Page, read_page
from fastrel.changelog.title import VersionTitle, is_unreleased, same_version, version_title


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `version` is None in that of the changes to come."""

    heading: Heading
    version: VersionTitle | None
    end: int
    """Where the next one begins, or the page ends."""

    @property
    def pending(self) -> bool:
        """Whether it says that it is not released."""
        return self.version is None or self.version.pending is not None


@dataclass(frozen=True, slots=True)
class Changelog:
    """A page with its sections."""

    page: Page
    sections: tuple[Section, ...]

    @property
    def coming(self) -> tuple[Section, ...]:
        """The sections of what is not released; there should be one."""
        named = tuple(one for one in self.sections if one.version is None)
        return named or tuple(one for one in self.sections if one.pending)

    @property
    def released(self) -> tuple[Section, ...]:
        """The sections of versions that are released, in the order of the page."""
        return tuple(one for one in self.sections if not one.pending)

    def of(self, version: str) -> Section | None:
        """The section of a released version; None when there is none."""
        return next((one for one in self.released if one.version and same_version(one.version.version, version)), None)


def read_changelog(text: str, title: str) -> Changelog:
    """Find the sections; `title` is that of the changes to come."""
    page = read_page(text)
    found = [
        (heading, None if is_unreleased(heading.text, title) else version_title(heading.text))
        for heading in page.headings
    ]
    unreleased = [heading.level for heading in page.headings if is_unreleased(heading.text, title)]
    level = min(unreleased, default=_level(found))
    begins = [
        (heading, named)
        for heading, named in found
        if (heading.level == level and is_unreleased(heading.text, title)) or _begins(heading, named, level)
    ]
    return Changelog(page, tuple(_sections(page, begins)))


def _level(found: list[tuple[Heading, VersionTitle | None]]) -> int:
    """The level of the versions' headings."""
    bare = [heading.level for heading, named in found if named and not named.lead]
    led = [heading.level for heading, named in found if named and named.plain]
    return min(bare or led, default=0)


def _begins(heading: Heading, named: VersionTitle | None, level: int) -> bool:
    """Whether a heading begins the section of a version. Some programs set those of patches one level lower."""
    if named is None:
        return False
    if heading.level <= level:
        return not named.lead or named.plain
    return heading.level == level + 1 and not named.lead and named.plain and named.version.count(".") >= 2


def _sections(page: Page, begins: list[tuple[Heading, VersionTitle | None]]) -> Iterator[Section]:
    named = {heading.start: version for heading, version in begins}
    headings = page.headings
    for place, heading in enumerate(headings):
        if heading.start not in named:
            continue
        behind = (
            headings[other].start
            for other in range(place + 1, len(headings))
            if headings[other].start in named or headings[other].level <= heading.level
        )
        yield Section(heading, named[heading.start], next(behind, len(page.text)))
