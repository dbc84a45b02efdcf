"""Where the version stands in a file, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastrel.errors import UsageError

_VERSION = re.compile(r"[vV]?(\d[\w.!+~-]*)")
_NUMBERS = re.compile(r"\d+(?:\.\d+){1,3}")
UNCHANGED = "The file was not changed."


@dataclass(frozen=True, slots=True)
class Place:
    """A version in a text: its value and where it stands, as a half-open range of characters."""

    value: str
    start: int
    end: int
    separator: str = "."
    """What stands between the numbers; `, ` in a tuple of Python, which can hold nothing but numbers."""

    def written(self, version: str, path: str) -> str:
        """The characters that state another version here. UsageError when they cannot."""
        if self.separator == ".":
            return version
        if not _NUMBERS.fullmatch(version):
            raise UsageError(
                f"{path}: the version is a tuple of numbers, which cannot say {version}.",
                done=UNCHANGED,
                next_step=f'Write the version of {path} as a text, such as `__version__ = "1.2.3"`.',
            )
        return version.replace(".", self.separator)


@dataclass(frozen=True, slots=True)
class Statement:
    """All places of a file that state the version; most files have one."""

    places: tuple[Place, ...]

    @property
    def value(self) -> str:
        """The version; where the places disagree, each of theirs."""
        return " and ".join(dict.fromkeys(place.value for place in self.places))

    def gaps(self, text: str) -> tuple[str, ...]:
        """What stands around the places."""
        ends = [0, *(place.end for place in self.places)]
        starts = [*(place.start for place in self.places), len(text)]
        return tuple(text[end:start] for end, start in zip(ends, starts, strict=True))

    def rewritten(self, text: str, version: str, path: str) -> str:
        """The text with another version in these places, every other character as it was."""
        gaps = self.gaps(text)
        parts = [gap + place.written(version, path) for gap, place in zip(gaps, self.places, strict=False)]
        return "".join([*parts, gaps[-1]])


class NotStated(UsageError):
    """A file states no version. `candidates` are files that may state it instead."""

    def __init__(self, path: str, why: str, *, candidates: Iterable[str] = (), from_tags: bool = False) -> None:
        self.path = path
        self.why = why
        self.candidates = tuple(dict.fromkeys(candidates))
        self.from_tags = from_tags
        super().__init__(f"{path} {why}{self._where()}.", done=UNCHANGED, next_step=self._next())

    def _where(self) -> str:
        if self.from_tags:
            return "; the version is made from git's tags"
        names = self.candidates[:2]
        return f"; the version stands in {' or '.join(names)}" if names else ""

    def _next(self) -> str:
        if self.from_tags:
            return f"Take {self.path} out of `version_files:` in the guide; a version from tags needs no file."
        if self.candidates:
            return f"Name {self.candidates[0]} instead of {self.path} under `version_files:` in the guide."
        return f"Give `pattern:` with one group for {self.path} under `version_files:` in the guide."


def expression(path: str, text: str, *, candidates: Iterable[str] = (), from_tags: bool = False) -> NotStated:
    """The error for a file that says how to get the version."""
    line = " ".join(text.split())
    shown = line if len(line) <= 60 else f"{line[:59]}…"
    why = f"states an expression, `{shown}`, and no version"
    return NotStated(path, why, candidates=candidates, from_tags=from_tags)


def place_in(path: str, text: str, start: int, end: int) -> Place:
    """The place of the version in a range of the text, quotes and a leading `v` left out. NotStated when the range
    holds something else."""
    raw = text[start:end]
    for quote in ('"""', "'''", '"', "'"):
        if len(raw) >= 2 * len(quote) and raw.startswith(quote) and raw.endswith(quote):
            start, end = start + len(quote), end - len(quote)
            break
    found = _VERSION.fullmatch(text, start, end)
    if found is None:
        raise expression(path, raw)
    return Place(found[1], found.start(1), found.end(1))


def agreed(path: str, places: Iterator[tuple[str, Place]]) -> Statement:
    """A statement of places that must say the same. NotStated, naming each, when they do not."""
    found = list(places)
    if len({place.value for _, place in found}) > 1:
        each = " and ".join(f"{place.value} in {name}" for name, place in found)
        raise NotStated(path, f"states different versions: {each}")
    return Statement(tuple(sorted((place for _, place in found), key=lambda place: place.start)))
