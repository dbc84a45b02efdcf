"""A pattern of calendar versions, such as `YYYY.MM.MICRO`: what it matches and how it is filled in. Pure.

Source of the vocabulary: https://calver.org
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

YEARS, MONTHS, WEEKS, DAYS = ("YYYY", "YY", "0Y"), ("MM", "0M"), ("WW", "0W"), ("DD", "0D")
DATES = (*YEARS, *MONTHS, *WEEKS, *DAYS)
COUNTERS = ("MAJOR", "MINOR", "MICRO")
_DIGITS = {
    "YYYY": r"[1-9]\d{3}",
    "YY": r"0|[1-9]\d{0,2}",
    "0Y": r"\d{2}|[1-9]\d{2}",
    "MM": r"[1-9]|1[0-2]",
    "0M": r"0[1-9]|1[0-2]",
    "WW": r"[1-9]|[1-4]\d|5[0-3]",
    "0W": r"0[1-9]|[1-4]\d|5[0-3]",
    "DD": r"[1-9]|[12]\d|3[01]",
    "0D": r"0[1-9]|[12]\d|3[01]",
}
_COUNTER = r"0|[1-9]\d{0,8}"
_PART = re.compile(r"(MAJOR|MINOR|MICRO|YYYY|YY|0Y|MM|0M|WW|0W|DD|0D)")
_MODIFIER = re.compile(r"[.-]?MODIFIER$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that `problem_of` finds nothing wrong with."""

    parts: tuple[str, ...]
    """The words, such as YYYY, MM, MICRO."""
    between: tuple[str, ...]
    """What stands between them."""

    @property
    def short(self) -> bool:
        """Whether a last MICRO of 0 may be left out, as in 24.04."""
        return self.parts[-1] == "MICRO" and len(self.parts) > 2

    def numbers_of(self, text: str) -> tuple[int, ...] | None:
        """The numbers of a version, without what makes it a pre-release; None when the pattern does not match."""
        found = _compiled(self).fullmatch(text)
        if found is None:
            return None
        numbers = tuple(int(one or 0) for one in found.groups())
        return numbers if self._is_a_date(numbers) else None

    def text_of(self, numbers: Sequence[int], *, short: bool = False) -> str:
        """The version of these numbers."""
        written = [_written(part, number) for part, number in zip(self.parts, numbers, strict=True)]
        left = 1 if short and self.short and not numbers[-1] else 0
        out = written[0]
        for separator, part in zip(self.between, written[1 : len(written) - left], strict=False):
            out += separator + part
        return out

    def today(self, today: date, counters: Sequence[int]) -> tuple[int, ...]:
        """The numbers of a day, with the counters of an earlier version."""
        iso = today.isocalendar()
        year = iso.year if set(self.parts) & set(WEEKS) else today.year
        day = dict.fromkeys(YEARS, year - 2000) | {"YYYY": year} | dict.fromkeys(MONTHS, today.month)
        day |= dict.fromkeys(WEEKS, iso.week) | dict.fromkeys(DAYS, today.day)
        return tuple(day.get(part, number) for part, number in zip(self.parts, counters, strict=True))

    def number(self, numbers: Sequence[int], *names: str) -> int | None:
        """The number of the first part that has one of these names."""
        return next((n for part, n in zip(self.parts, numbers, strict=True) if part in names), None)

    def year(self, numbers: Sequence[int]) -> int:
        """The year in full."""
        year = self.number(numbers, *YEARS) or 0
        return year if "YYYY" in self.parts else 2000 + year

    def _is_a_date(self, numbers: Sequence[int]) -> bool:
        month, week, day = (self.number(numbers, *names) for names in (MONTHS, WEEKS, DAYS))
        try:
            date(self.year(numbers), month or 1, (day or 1) if month else 1)
            date.fromisocalendar(self.year(numbers), week or 1, 1)
        except ValueError:
            return False
        return True


def problem_of(text: str) -> str:
    """What is wrong with a pattern; empty when nothing is."""
    bare = _MODIFIER.sub("", text)
    parts, between = _PART.findall(bare), _PART.split(bare)[::2]
    if "".join(one for pair in zip(between, [*parts, ""], strict=True) for one in pair) != bare or not parts:
        return "is not a pattern of calver.org, such as YYYY.MM.MICRO"
    if between[0] or between[-1] or any(one not in (".", "-", "_") for one in between[1:-1]):
        return f"has something else than {', '.join((*DATES, *COUNTERS))} with a dot between"
    if len(set(parts)) != len(parts) or len(parts) < 2:
        return "must have two or more parts, each once"
    if sum(one in YEARS for one in parts) != 1:
        return "must have one of YYYY, YY and 0Y"
    order = [_RANK[one] for one in parts if one in _RANK]
    if order != sorted(order) or len(set(order)) != len(order):
        return "must have the year before the month or the week, and the day last"
    return ""


def pattern_of(text: str) -> Pattern:
    """A pattern from its text, which has no problem."""
    bare = _MODIFIER.sub("", text)
    return Pattern(tuple(_PART.findall(bare)), tuple(_PART.split(bare)[2:-1:2]))


_RANK = {part: rank for rank, parts in enumerate((YEARS, (*MONTHS, *WEEKS), DAYS)) for part in parts}


@lru_cache
def _compiled(pattern: Pattern) -> re.Pattern[str]:
    groups = [f"({_DIGITS.get(part, _COUNTER)})" for part in pattern.parts]
    out = groups[0]
    for number, (separator, group) in enumerate(zip(pattern.between, groups[1:], strict=True), 1):
        piece = re.escape(separator) + group
        out += f"(?:{piece})?" if pattern.short and number == len(groups) - 1 else piece
    return re.compile(out, re.ASCII)


def _written(part: str, number: int) -> str:
    return f"{number:02}" if part.startswith("0") else str(number)
