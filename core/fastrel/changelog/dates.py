"""Dates in headings: found, and written as the changelog writes them, in English whatever the locale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in MONTHS) + "|Sept"
_NUMBERS = re.compile(
    r"(?<![\d.])(?:(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<other>[-/.])(?P<second>\d{1,2})(?P=other)(?P<last>\d{4}))(?![\d.])"
)
_WORDS = re.compile(
    rf"(?<!\w)(?:(?:(?P<day>\d{{1,2}})(?P<th>st|nd|rd|th)?[ ]+(?:of[ ]+)?(?P<name>{_NAMES})(?P<dot>\.?))"
    rf"|(?:(?P<name2>{_NAMES})(?P<dot2>\.?)[ ]+(?P<day2>\d{{1,2}})(?P<th2>st|nd|rd|th)?))"
    r"(?P<sign>,?[ ]+)(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a date is written: `%d`, `%m`, `%Y`, `%B`, `%b` and `%o` (1st, 2nd) in their places, padded or not."""

    form: str = "%Y-%m-%d"
    padded: bool = True

    def written(self, day: date) -> str:
        width = 2 if self.padded else 1
        month = MONTHS[day.month - 1]
        ending = "th" if day.day // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
        values = {
            "%Y": f"{day.year:04}",
            "%m": f"{day.month:0{width}}",
            "%d": f"{day.day:0{width}}",
            "%o": f"{day.day}{ending}",
            "%B": month,
            "%b": month[:3],
        }
        return re.sub("%[YmdoBb]", lambda found: values[found[0]], self.form)


ISO = DateStyle()


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, and the ways in which it may be written, the likeliest first."""

    start: int
    end: int
    styles: tuple[DateStyle, ...]


def find_date(text: str) -> FoundDate | None:
    """The first date of a text; None when there is none."""
    found = [one for one in (_of_numbers(text), _of_words(text)) if one]
    return min(found, key=lambda one: one.start, default=None)


def common_style(found: Iterable[FoundDate]) -> DateStyle:
    """The style of the first date, by the help of the others where it could be several; ISO 8601 where nothing tells
    days from months."""
    dates = list(found)
    if not dates:
        return ISO
    styles = dates[0].styles
    for one in dates[1:]:
        styles = tuple(style for style in styles if style in one.styles) or styles
    orders = {style.form.index("%d") < style.form.index("%m") for style in styles if "%m" in style.form}
    return ISO if len(orders) > 1 else styles[0]


def _of_numbers(text: str) -> FoundDate | None:
    for match in _NUMBERS.finditer(text):
        if match["year"]:
            numbers, sign = (match["month"], match["day"]), match["sign"]
            forms = [f"%Y{sign}%m{sign}%d"] if _is_date(match["year"], *numbers) else []
        else:
            numbers, sign = (match["first"], match["second"]), match["other"]
            forms = [f"%d{sign}%m{sign}%Y"] if _is_date(match["last"], *reversed(numbers)) else []
            if sign != "." and _is_date(match["last"], *numbers):
                forms.append(f"%m{sign}%d{sign}%Y")
        if forms:
            return FoundDate(*match.span(), _styles(forms, numbers, likely=True))
    return None


def _of_words(text: str) -> FoundDate | None:
    match = _WORDS.search(text)
    if match is None:
        return None
    day, name = match["day"] or match["day2"], match["name"] or match["name2"]
    if not _is_date(match["year"], "1", day):
        return None
    dot, comma = match["dot"] or match["dot2"] or "", "," if "," in match["sign"] else ""
    mark = "%o" if match["th"] or match["th2"] else "%d"
    months = (
        ("%B", "%b")
        if name.lower() == "may"
        else ("%B",)
        if len(name) > 4 or name[3:4].lower() in ("e", "y")
        else ("%b",)
    )
    forms = [f"{mark} {one}{dot}{comma} %Y" if match["day"] else f"{one}{dot} {mark}{comma} %Y" for one in months]
    return FoundDate(*match.span(), _styles(forms, (day,), likely=False))


def _styles(forms: Sequence[str], numbers: Sequence[str], *, likely: bool) -> tuple[DateStyle, ...]:
    """The forms, with small numbers padded or not; as is likely where none of these numbers is small."""
    small = [one for one in numbers if int(one) < 10]
    ways = (likely, not likely) if not small else (all(len(one) == 2 for one in small),)
    return tuple(DateStyle(form, padded) for padded in ways for form in forms)


def _is_date(year: str, month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31 and int(year) > 1900
