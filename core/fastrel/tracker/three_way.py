"""Merges two changes of one text, so that nothing which somebody typed is lost. Pure.

Like `diff3`, but there are no conflicts: where both changed the same lines, their words are merged, and where both
changed the same words, both stay. Own code: `merge3` reports such lines as conflicts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = re.compile(r"<!--[^\n]*?-->|\r?\n|\w+|[^\w\n]")
"""A comment is one word, so that merging never breaks a marker."""
_COMPARED = 400_000
"""Pairs of equal lines or words up to which two texts are compared in full; beyond that, by those that come once."""
_ORDERED = 20_000
"""Pairs of equal words up to which the order of the words counts for the likeness of two lines."""

_PAIRED = 2_500
"""Pairs of lines up to which similar ones are looked for."""
_SIMILAR = 0.5
"""What two lines must have in common to be one that was edited."""

Parts = Sequence[str]
Match = Callable[[Parts, Parts], dict[int, int]]
"""Which part of a changed text is which one of the base, in order."""


def merged_text(base: str, one: str, other: str) -> str:
    """The text with both changes of `base`. What only one of them deleted is gone, unless the other changed it."""
    return "".join(_merged(_LINE.findall(base), _LINE.findall(one), _LINE.findall(other), common_parts, _merged_lines))


def merged_words(base: str, one: str, other: str) -> str:
    """As `merged_text`, within one line."""
    return "".join(_merged(_WORD.findall(base), _WORD.findall(one), _WORD.findall(other), common_parts, _both))


def _merged(base: Parts, one: Parts, other: Parts, match: Match, both: Callable[[Parts, Parts, Parts], Parts]) -> Parts:
    """The parts with both changes; `both` settles where they meet."""
    in_one, in_other = match(base, one), match(base, other)
    merged: list[str] = []
    start = start_one = start_other = 0
    for place in [*sorted(in_one.keys() & in_other.keys()), len(base)]:
        end_one, end_other = in_one.get(place, len(one)), in_other.get(place, len(other))
        merged += _settled(base[start:place], one[start_one:end_one], other[start_other:end_other], both)
        if place < len(base):
            merged.append(_edited(base[place], one[end_one], other[end_other]))
        start, start_one, start_other = place + 1, end_one + 1, end_other + 1
    return merged


def _edited(base: str, one: str, other: str) -> str:
    """One part that all three have, perhaps edited."""
    if base == one:
        return other
    return one if other in (base, one) else merged_words(base, one, other)


def _settled(base: Parts, one: Parts, other: Parts, both: Callable[[Parts, Parts, Parts], Parts]) -> Parts:
    """A stretch between parts that all three have."""
    if one == base:
        return other
    if other in (base, one):
        return one
    if not one or not other:
        return one or other  # deleted by one, changed by the other
    return both(base, one, other)


def _merged_lines(base: Parts, one: Parts, other: Parts) -> Parts:
    """Lines that both changed: those that are the same line, edited, are merged by their words; the others stay."""
    return _merged(base, one, other, _similar, _both_lines)


def _both_lines(base: Parts, one: Parts, other: Parts) -> Parts:
    open_end = [] if one[-1].endswith("\n") else ["\n"]
    found = _both(base, one, other)
    return found if len(found) < len(one) + len(other) else [*one, *open_end, *other]


def _both(base: Parts, one: Parts, other: Parts) -> Parts:
    if _holds(one, other):
        return one
    return other if _holds(other, one) else [*one, *other]


def _holds(longer: Parts, shorter: Parts) -> bool:
    """Whether one sequence is a part of the other."""
    if len(shorter) > len(longer):
        return False
    # As text with a character for each different part, which Python searches in linear time.
    names: dict[str, str] = {}
    one, other = ("".join(names.setdefault(part, chr(len(names))) for part in parts) for parts in (longer, shorter))
    return other in one


def _similar(base: Parts, changed: Parts) -> dict[int, int]:
    """The longest sequence of pairs of lines of which one may be the other, edited."""
    if len(base) * len(changed) > _PAIRED:
        return {}
    longest: list[list[tuple[float, dict[int, int]]]] = [[(0.0, {})] * (len(changed) + 1) for _ in range(len(base) + 1)]
    for place in reversed(range(len(base))):
        for other in reversed(range(len(changed))):
            alike = _likeness(base[place], changed[other])
            score, pairs = longest[place + 1][other + 1]
            found = [longest[place + 1][other], longest[place][other + 1]]
            if alike >= _SIMILAR:
                found.append((score + alike, {place: other, **pairs}))
            longest[place][other] = max(found, key=lambda one: one[0])
    return longest[0][0][1]


@lru_cache(maxsize=4096)
def _likeness(one: str, other: str) -> float:
    """From 0 to 1. A comment names its line: lines with different ones are different lines."""
    if one == other:
        return 1
    words = [_WORD.findall(line) for line in (one, other)]
    named = [[word for word in line if word.startswith("<!--")][:1] for line in words]
    if all(named):
        return 1 if named[0] == named[1] else 0
    told = [[word for word in line if not word.isspace()] for line in words]
    if not all(told):
        return 0
    alike = SequenceMatcher(None, told[0], told[1], autojunk=False)
    return alike.ratio() if _pairs(*told) <= _ORDERED else alike.quick_ratio()


def common_parts(base: Parts, changed: Parts) -> dict[int, int]:
    """The place in the changed sequence of each part of the base that it still has, in order."""
    ahead = 0
    while ahead < min(len(base), len(changed)) and base[ahead] == changed[ahead]:
        ahead += 1
    behind = 0
    while behind < min(len(base), len(changed)) - ahead and base[-1 - behind] == changed[-1 - behind]:
        behind += 1
    found = {place: place for place in range(ahead)}
    found |= {len(base) - place: len(changed) - place for place in range(1, behind + 1)}
    middle, other = base[ahead : len(base) - behind], changed[ahead : len(changed) - behind]
    if _pairs(middle, other) <= _COMPARED:
        for block in SequenceMatcher(None, middle, other, autojunk=False).get_matching_blocks():
            found |= {ahead + block.a + step: ahead + block.b + step for step in range(block.size)}
    else:
        found |= {ahead + one: ahead + two for one, two in _unique_parts(middle, other)}
    return found


def _pairs(one: Parts, other: Parts) -> int:
    """How many pairs of equal parts there are; comparing takes longer the more there are."""
    there = Counter(other)
    return sum(count * there[part] for part, count in Counter(one).items())


def _unique_parts(one: Parts, other: Parts) -> list[tuple[int, int]]:
    """The longest sequence of pairs of parts that each text has once, in order; as in a patience diff."""
    here, there = Counter(one), Counter(other)
    places = {part: place for place, part in enumerate(other) if there[part] == 1}
    pairs = [(place, places[part]) for place, part in enumerate(one) if here[part] == 1 and part in places]
    tops: list[int] = []
    """The smallest place at which a sequence of each length ends."""
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(tops, place)
        before.append(last[at - 1] if at else -1)
        tops[at : at + 1] = [place]
        last[at : at + 1] = [number]
    longest: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        longest.append(pairs[number])
        number = before[number]
    return longest[::-1]
