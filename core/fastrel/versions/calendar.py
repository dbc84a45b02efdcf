"""Versions by the calendar: 2025.12.0, 24.04.1, 2026.01.31rc1. Pure. Source: https://calver.org"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fastrel.versions.calendar_pattern import COUNTERS, DAYS, MONTHS, WEEKS, Pattern, pattern_of
from fastrel.versions.version import LONGEST, Kind, Version

DEFAULT_PATTERN = "YYYY.MM.MICRO"
_SUFFIX = re.compile(r"[-._]?((?:alpha|beta|rc|pre|dev|a|b)[.-]?\d{0,9})", re.IGNORECASE)
_RANK = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "pre": 3, "rc": 3}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The scheme of calendar versions of one pattern."""

    pattern: Pattern
    name: str = "calver"
    dev_version: str = "{next}-dev"

    @property
    def called(self) -> str:
        return f"a calendar version {self.pattern_text}"

    @property
    def pattern_text(self) -> str:
        ends = (*self.pattern.between, "")
        return "".join(part + end for part, end in zip(self.pattern.parts, ends, strict=True))

    def parse(self, text: str) -> Version | None:
        return self.read(text)

    def read(self, text: str) -> Version | None:
        if len(text) > LONGEST:
            return None
        numbers = self.pattern.numbers_of(text)
        if numbers is not None:
            return self._version(text, numbers)
        found = re.fullmatch(rf"(.*?)({_SUFFIX.pattern})", text, re.IGNORECASE | re.ASCII)
        numbers = self.pattern.numbers_of(found[1]) if found else None
        return self._version(text, numbers, found[3]) if found and numbers is not None else None

    def hint(self, text: str) -> str:
        bare = text.strip().removeprefix("v").removeprefix("V")
        if self.read(bare):
            return f"Did you mean {bare}?"
        parts = [int(one) for one in re.findall(r"\d{1,9}", bare)]
        if len(parts) == len(self.pattern.parts):
            meant = self.pattern.text_of(parts)
            if self.read(meant):
                return f"Did you mean {meant}?"
        return f"Write it as {self.pattern_text}, such as {self.first(date(2026, 1, 31))[0]}."

    def kind(self, version: Version) -> Kind:
        fixes = len(self.pattern.parts) > 2 and self.pattern.number(self._own(version), "MICRO")
        return Kind.PATCH if fixes else Kind.MINOR

    def final(self, version: Version) -> Version:
        return self._of(version.numbers, like=version) if version.prerelease else version

    def line(self, version: Version) -> str:
        found = re.match(r"\d+[._-]\d+", version.text)
        return found[0] if found else version.text

    def after(self, version: Version) -> Version:
        own = self._own(version)
        if self.pattern.parts[-1] in COUNTERS:
            return self._of((*own[:-1], own[-1] + 1))
        return self._next_day(own)

    def next_minor(self, version: Version) -> Version:
        """The first version of the next period: of the next month, where the pattern has months."""
        return self._next_day(self._own(version), like=version)

    def next_prerelease(self, version: Version) -> Version:
        letters, number = re.fullmatch(r"(.*?)(\d*)", version.prerelease).groups()  # type: ignore[union-attr]  # fits any
        base = version.text[: len(version.text) - len(version.prerelease)]
        return self.read(f"{base}{letters}{int(number or 0) + 1}") or version

    def first(self, today: date) -> list[Version]:
        return [self._of(self.pattern.today(today, [0] * len(self.pattern.parts)))]

    def may_follow(self, finals: Sequence[Version], today: date) -> list[Version]:
        latest = finals[-1]
        own = self._own(latest)
        short = any(not self._own(one)[-1] and self._is_short(one) for one in finals)
        start = min((self._counters(one)[0] for one in finals if self._counters(one)), default=0)
        following = [self.after(latest)] if self.pattern.parts[-1] in COUNTERS else []
        others = self._bumped(own)
        now = self.pattern.today(today, self._started(own, start))
        if now > own:
            following += [*others, self._of(now, short=short)]
        elif not following:
            following = [self._next_day(own)]
        else:
            following += others
        return list(dict.fromkeys(following))

    def proposed(self, following: Sequence[Version]) -> Version:
        return following[-1]

    def follows(self, target: Version, latest: Version) -> bool:
        """Of the first number that is another: a date is later, a counter is the next; counters behind it begin."""
        own, wanted = self._own(latest), self._own(target)
        if wanted <= own:
            return False
        place = next(number for number, (here, there) in enumerate(zip(own, wanted, strict=True)) if here != there)
        if self.pattern.parts[place] in COUNTERS and wanted[place] != own[place] + 1:
            return False
        behind = zip(self.pattern.parts[place + 1 :], wanted[place + 1 :], strict=True)
        return all(number <= 1 for part, number in behind if part in COUNTERS)

    def patches(self, finals: Sequence[Version]) -> list[Version]:
        if self.pattern.parts[-1] not in COUNTERS:
            return []
        return [self.after(one) for one in {self._own(one)[:-1]: one for one in finals}.values()]

    def is_ahead(self, version: Version, today: date) -> bool:
        """Whether a version names a day that has not come yet, by more than the month or so that a plan reaches."""
        soon = self.pattern.today(today + timedelta(days=62), [10**9] * len(self.pattern.parts))
        return self._own(version) > soon

    def _own(self, version: Version) -> tuple[int, ...]:
        return version.numbers[: len(self.pattern.parts)]

    def _counters(self, version: Version) -> list[int]:
        return [n for part, n in zip(self.pattern.parts, self._own(version), strict=True) if part in COUNTERS]

    def _is_short(self, version: Version) -> bool:
        return self.pattern.short and len(re.findall(r"\d+", version.text)) < len(self.pattern.parts)

    def _bumped(self, own: Sequence[int]) -> list[Version]:
        """The versions of a higher counter that is not the last, such as the MINOR of YY.MINOR.MICRO."""
        last = len(own) - 1
        places = [n for n, part in enumerate(self.pattern.parts) if part in COUNTERS and n < last]
        return [self._of((*own[:n], own[n] + 1, *self._started(own, 0)[n + 1 :])) for n in reversed(places) if n]

    def _started(self, own: Sequence[int], start: int) -> list[int]:
        """The numbers with all counters behind the date at their beginning: the first as the project begins it."""
        out, begun = [], False
        for place, (part, number) in enumerate(zip(self.pattern.parts, own, strict=True)):
            if part in COUNTERS and place:
                out.append(0 if begun else min(start, 1))
                begun = True
            else:
                out.append(number)
        return out

    def _next_day(self, own: Sequence[int], like: Version | None = None) -> Version:
        """The version of the next day, month, week or year, whichever the pattern tells apart."""
        year, pattern = self.pattern.year(own), self.pattern
        month, week, day_of = (pattern.number(own, *names) for names in (MONTHS, WEEKS, DAYS))
        if month and day_of:
            day = date(year, month, day_of) + timedelta(days=1)
        elif month:
            day = date(year + month // 12, month % 12 + 1, 1)
        elif week:
            day = date.fromisocalendar(year, week, 1) + timedelta(days=7)
        else:
            day = date(year + 1, 1, 1)
        return self._of(pattern.today(day, self._started(own, 0)), like=like)

    def _of(self, numbers: Sequence[int], *, like: Version | None = None, short: bool = False) -> Version:
        own = tuple(numbers[: len(self.pattern.parts)])
        text = self.pattern.text_of(own, short=short or (like is not None and self._is_short(like)))
        return self._version(text, own)

    def _version(self, text: str, numbers: tuple[int, ...], suffix: str = "") -> Version:
        found = re.fullmatch(r"([a-z]+)[.-]?(\d*)", suffix.lower())
        rank = (_RANK[found[1]], int(found[2] or 0)) if found else (9, 0)
        return Version((numbers, *rank), text, (*numbers, 0, 0)[: max(3, len(numbers))], suffix)


def calendar(pattern: str = DEFAULT_PATTERN) -> Calendar:
    """The scheme of a pattern that has no problem."""
    return Calendar(pattern_of(pattern or DEFAULT_PATTERN))
