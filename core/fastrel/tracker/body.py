"""Reads the body of a tracker, and changes only our own characters in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from fastrel.tracker.evidence import ROOMS, Room, as_written, read_segment, segment, without_segments
from fastrel.tracker.layout import Layout, Row, layout
from fastrel.tracker.marker import read_marker
from fastrel.tracker.model import UNVERIFIED, Change, Entry, Evidence, TrackerBody

LIMIT = 65_536
"""GitHub's limit for an issue body, in characters; counted in UTF-16 units, the stricter way."""


@lru_cache(maxsize=16)  # the same few bodies are asked again and again
def parse_body(text: str) -> TrackerBody:
    """What a body says of each step, whatever people have done to it. Of copies of a line, a tick on any counts."""
    entries: dict[str, Entry] = {}
    for row in layout(text).rows:
        earlier = entries.get(row.step_id)
        if earlier is None:
            entries[row.step_id] = Entry(row.step_id, row.ticked, read_segment(row.rest)[0])
        elif row.ticked and not earlier.ticked:
            entries[row.step_id] = replace(earlier, ticked=True)
    marker = read_marker(text)
    return TrackerBody(
        marker.get("version", ""),
        entries,
        marker.get("guide", ""),
        _sha(marker.get("commit", "")),
        _sha(marker.get("base", "")),
    )


def merge(text: str, changes: Sequence[Change]) -> str:
    """The body with the changes in it; every character that is not ours stays.

    When it would grow to the limit, the oldest evidence is shortened, then the new one, which is at last left out; the
    ticks are made anyway. A skip that does not fit with its reason is not made. A change of a step without a line does
    nothing.
    """
    wanted = {change.step_id: change for change in changes}
    page = layout(text)
    first = page.first_rows()
    # What was written long ago makes room first, then what is new; who skipped a step and why stays in any case.
    older = [row.step_id for row in _oldest_first(first.values()) if row.step_id not in wanted]
    for room, shortened in ((ROOMS[0], 0), *((ROOMS[0], n) for n in _parts(len(older))), *((one, -1) for one in ROOMS)):
        short = set(older if shortened < 0 else older[:shortened])
        merged = _merged(page, first, wanted, room, short)
        if length(merged) < LIMIT:
            return merged
    # A skip without its reason would read as a tick, so it is not written at all.
    written = {key: one for key, one in wanted.items() if not (one.evidence and one.evidence.skip_reason)}
    return _merged(page, first, written, None, set(older))


def _merged(
    page: Layout, first: Mapping[str, Row], wanted: Mapping[str, Change], room: Room | None, short: Collection[str]
) -> str:
    """The body with the changes; of the steps to be shortened, the evidence without its words."""
    lines = list(page.lines)
    for row in page.rows:
        change = wanted.get(row.step_id)
        # Of copies of a line the first is written to; a tick is taken back from all of them.
        if change and (row == first[row.step_id] or not change.ticked):
            lines[row.number] = _changed(row, change, room)
        elif row.step_id in short:
            lines[row.number] = row.before + row.tick + row.middle + _without_words(row.rest) + row.ending
    return "".join(lines)


def _oldest_first(rows: Iterable[Row]) -> list[Row]:
    """The rows that have evidence of ours, those first whose evidence is the oldest."""
    found = [(evidence.at, row) for row in rows if (evidence := read_segment(row.rest)[0])]
    return [row for _, row in sorted(found, key=lambda one: (one[0] is not None, one[0], one[1].number))]


def _parts(count: int) -> list[int]:
    """Ever more of so many, in few steps."""
    return sorted({1, 2, 4, 8, *(count * part // 8 for part in range(1, 9))} & set(range(1, count + 1)))


def _without_words(rest: str) -> str:
    """What follows a marker, its evidence as short as can be."""
    evidence, edited, tail = read_segment(rest)
    return rest if evidence is None or edited else segment(evidence, ROOMS[-1]) + tail


def applied(text: str, changes: Sequence[Change]) -> bool:
    """Whether a body shows the ticks and evidence of the changes; a line that people deleted does not count."""
    return merge(text, changes) == text


def length(text: str) -> int:
    """Characters as GitHub may count them: UTF-16 units."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _sha(text: str) -> str:
    """A full SHA, or nothing: the marker is text that people can write, too."""
    return text if re.fullmatch(r"[0-9a-f]{40}", text) else ""


def _changed(row: Row, change: Change, room: Room | None) -> str:
    """The line after a change; without room, only the tick changes."""
    tick = row.tick if change.ticked == row.ticked else ("x" if change.ticked else " ")
    return row.before + tick + row.middle + _rest_after(row, change, room) + row.ending


def _rest_after(row: Row, change: Change, room: Room | None) -> str:
    if change.evidence is None:
        return row.rest if row.ticked and change.ticked else without_segments(row.rest)
    if room is None:
        return row.rest
    old, edited, tail = read_segment(row.rest)
    new = _kept(old, change.evidence, room) if row.ticked and change.ticked else change.evidence
    if old is not None and as_written(new, room) == old:
        return row.rest  # what people made of its visible words may stay, too
    return segment(new, room) + edited + tail


def _kept(old: Evidence | None, new: Evidence, room: Room) -> Evidence:
    """The evidence of a line that is ticked already: who and when stay, what is known is refreshed."""
    if old is None or not old.by or old.summary.startswith(UNVERIFIED) or new.summary.startswith(UNVERIFIED):
        return new  # who ticked without proof did not do the step, and the other way about
    if old.skip_reason != as_written(new, room).skip_reason:
        return new
    return replace(new, by=old.by, at=old.at)
