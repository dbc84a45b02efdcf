"""Restores text that our write removed because somebody else wrote between our reading and our writing. Pure.

Ticks and evidence are merged by what they mean, wherever their lines are now; what people typed is merged as text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastrel.tracker.evidence import read_segment, without_segments
from fastrel.tracker.layout import Row, layout
from fastrel.tracker.model import Change
from fastrel.tracker.three_way import common_parts, merged_text, merged_words

_WORD = re.compile(r"\w+")
_TRACKER = "<!-- fastrel tracker "

Key = tuple[str, int]
"""A step and, of copies of its line, which one."""
Rows = Mapping[Key, Row]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a step's line says besides its title."""

    tick: str
    rest: str


def rescued(base: str, mine: str, current: str) -> str:
    """The current body with the changes that lead from `base` to `mine`, as far as it lacks them."""
    if mine in (base, current):
        return current
    if current == base:
        return mine
    marks = _marks(base, mine, current)
    # With the same marks everywhere, only what people typed is left to merge.
    texts = [_with_marks(text, marks) for text in _with_marker(base, mine, current)]
    if _has_all(*texts):
        return texts[2]
    return _without_new_copies(merged_text(texts[0], texts[2], texts[1]), texts[1], texts[2])


def with_recent(older: str, read: str, taken: str, between: Sequence[str]) -> str:
    """The body that a write took away, with what was new in the one that was read and is not in it. `between` are the
    revisions after the one that was read up to the one that was taken away, oldest first.

    What was added a moment before and is gone again was written over by a third one, who knew of neither; nobody wished
    it away. But who unticks a box and leaves its evidence has wished so, and so has who took back ticks and did nothing
    else: somebody who had not read them would have written something.
    """
    before, base, now = (layout(text).first_rows() for text in (older, read, taken))
    gone = [step for step, row in base.items() if row.ticked and step in now and not now[step].ticked]
    unticked = {step for pair in pairwise((read, *between)) for step in _only_unticked(*pair)}
    wished = [step for step in gone if step in unticked or _same_evidence(base[step], now[step])]
    lost = [step for step in gone if step not in wished and not (step in before and before[step].ticked)]
    words = [Counter(_WORD.findall(text)) for text in (older, _without_ticks(read, unticked), taken)]
    if not lost and not words[1] - words[0] - words[2]:
        return taken
    lines = list(layout(read).lines)
    for row in (base[step] for step in wished):
        rest = without_segments(row.rest) if row.step_id in unticked else row.rest
        lines[row.number] = row.before + now[row.step_id].tick + row.middle + rest + row.ending
    wanted = "".join(lines)
    if (words[0] & words[2]) - words[1]:
        # What was read had itself written over somebody's words: what it lacks is no wish, so only its ticks count.
        return _with_marks(taken, _marks(older, wanted, taken))
    return rescued(older, wanted, taken)


def not_overruled(base: str, theirs: str, changes: Sequence[Change]) -> list[Change]:
    """The changes without those whose step somebody has just ticked or unticked the other way."""
    before, after = layout(base).first_rows(), layout(theirs).first_rows()
    return [one for one in changes if not _flipped(before.get(one.step_id), after.get(one.step_id), one.ticked)]


def set_back(base: str, written: str, current: str, changes: Sequence[Change]) -> list[Change]:
    """The changes that are to be made again: of lines that somebody who did not know ours wrote over.

    Who ticks or unticks a box after us leaves the rest of its line as it is; that is no reason to write again.
    """
    before, ours, now = (layout(text).first_rows() for text in (base, written, current))
    return [
        one
        for one in changes
        if one.step_id in before
        and one.step_id in ours
        and one.step_id in now
        and _seen(now[one.step_id]) == _seen(before[one.step_id])
        and ours[one.step_id].rest != before[one.step_id].rest
    ]


def _flipped(before: Row | None, after: Row | None, wanted: bool) -> bool:
    return before is not None and after is not None and before.ticked != after.ticked and after.ticked != wanted


def _only_unticked(before: str, after: str) -> set[str]:
    """The steps whose ticks are taken back from one text to the next, when nothing else is different."""
    rows, now = layout(before).first_rows(), layout(after).first_rows()
    gone = {step for step, row in rows.items() if row.ticked and step in now and not now[step].ticked}
    return gone if gone and _without_ticks(before, gone) == after else set()


def _without_ticks(text: str, steps: Collection[str]) -> str:
    """The text as it is when the ticks of some steps are taken back, with their evidence and from all copies."""
    page = layout(text)
    lines = list(page.lines)
    for row in page.rows:
        if row.step_id in steps:
            tick = " " if row.ticked else row.tick
            lines[row.number] = row.before + tick + row.middle + without_segments(row.rest) + row.ending
    return "".join(lines)


def _same_evidence(before: Row, after: Row) -> bool:
    """Whether both lines have one and the same evidence, whatever people typed around it."""
    evidence = read_segment(before.rest)[0]
    return evidence is not None and evidence == read_segment(after.rest)[0]


def _seen(row: Row) -> tuple[bool, str]:
    return row.ticked, row.rest


def _rows(text: str) -> dict[Key, Row]:
    return dict(_numbered(layout(text).rows))


def _numbered(rows: Sequence[Row]) -> Iterator[tuple[Key, Row]]:
    seen: Counter[str] = Counter()
    for row in rows:
        yield (row.step_id, seen[row.step_id]), row
        seen[row.step_id] += 1


def _marks(base: str, mine: str, current: str) -> dict[Key, _Mark]:
    """What each line says with the changes of both."""
    rows = [_rows(text) for text in (base, mine, current)]
    return {key: mark for key in {*rows[0], *rows[1], *rows[2]} if (mark := _mark(key, *rows))}


def _mark(key: Key, base: Rows, mine: Rows, current: Rows) -> _Mark | None:
    """What the line says with both changes; None where its deletion and its change are for the text to settle."""
    before, one, now = base.get(key), mine.get(key), current.get(key)
    if one and now:
        changed = one.ticked != before.ticked if before else one.ticked
        tick = one.tick if changed else now.tick
        return _Mark(tick, _merged_rest(before.rest if before else "", one.rest, now.rest))
    left = one or now
    if left is None or before is None or without_segments(left.rest) != without_segments(before.rest):
        return None
    return _Mark(left.tick, left.rest)


def _merged_rest(base: str, mine: str, current: str) -> str:
    """What follows a marker, with both changes: one evidence, and the words of everybody."""
    if base == mine:
        return current
    if current in (base, mine):
        return mine
    before, ours, theirs = map(read_segment, (base, mine, current))
    # The evidence that is new; where none is, that of which people have changed the words.
    newer = ours[0] != before[0] if ours[0] and theirs[0] != ours[0] else ours[1] != before[1]
    (_, _, tail), (_, lost, _) = (ours, theirs) if newer else (theirs, ours)
    kept = mine if newer else current
    kept = kept[: len(kept) - len(tail)]
    return kept + (lost if lost not in kept else "") + merged_words(before[2], theirs[2], ours[2])


def _with_marks(text: str, marks: Mapping[Key, _Mark]) -> str:
    page = layout(text)
    lines = list(page.lines)
    for key, row in _numbered(page.rows):
        mark = marks.get(key)
        if mark:
            tick = row.tick if (mark.tick in "xX") == row.ticked else mark.tick
            lines[row.number] = row.before + tick + row.middle + mark.rest + row.ending
    return "".join(lines)


def _with_marker(base: str, mine: str, current: str) -> list[str]:
    """The three texts with one and the same marker of the tracker, where all have one: the one that was changed."""
    found = [next((line for line in layout(text).lines if _is_marker(line)), "") for text in (base, mine, current)]
    if not all(found):
        return [base, mine, current]
    marker = found[1] if found[1] != found[0] else found[2]
    texts = zip((base, mine, current), found, strict=True)
    return [text.replace(old, marker, 1) for text, old in texts]


def _has_all(base: str, mine: str, current: str) -> bool:
    """Whether the lines that `mine` adds and removes are in the current text, and not in it, already."""
    before, after, now = (Counter(layout(text).lines) for text in (base, mine, current))
    changed = (before - after) | (after - before)
    return all(now[line] >= after[line] if after[line] > before[line] else now[line] <= after[line] for line in changed)


def _without_new_copies(text: str, mine: str, current: str) -> str:
    """The text without lines that came twice because both have moved them: they stay where they are now, and so does
    what people typed in a copy."""
    page = layout(text)
    lines = list(page.lines)
    counts = [Counter(row.step_id for row in layout(source).rows) for source in (mine, current)]
    known = set(common_parts(layout(current).lines, lines).values())
    kept: dict[str, list[str]] = {}
    for row in sorted(page.rows, key=lambda row: (row.number not in known, row.number)):
        copies = kept.setdefault(row.step_id, [])
        line = lines[row.number].strip()
        if len(copies) < max(count[row.step_id] for count in counts):
            copies.append(line)
        elif line in copies:
            lines[row.number] = ""
        else:
            title = row.middle[: row.middle.rindex("<!-- step ")]
            lines[row.number] = row.before + row.tick + title + without_segments(row.rest) + row.ending
    return _with_one_marker("".join(lines), (mine, current))


def _with_one_marker(text: str, sources: Sequence[str]) -> str:
    allowed = max(sum(_is_marker(line) for line in layout(source).lines) for source in sources)
    kept, lines = 0, []
    for line in layout(text).lines:
        kept += _is_marker(line)
        if not _is_marker(line) or kept <= max(allowed, 1):
            lines.append(line)
    return "".join(lines)


def _is_marker(line: str) -> bool:
    return line.strip().startswith(_TRACKER)
