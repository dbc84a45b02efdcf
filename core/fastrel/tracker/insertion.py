"""Lines for steps that a tracker lacks, because the guide gained them or people deleted them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastrel.tracker.body import LIMIT, length
from fastrel.tracker.evidence import ROOMS, Room
from fastrel.tracker.layout import Layout, layout
from fastrel.tracker.new_body import Line, heading, headings_of, spaced, step_line, written


def insert_steps(text: str, lines: Sequence[Line]) -> str:
    """The body with a line for each of the guide's steps that it lacks.

    A line comes behind that of the step before it in its phase, with what people wrote below that one; else before
    the step after it; a phase that has no line gets a new section. Nothing else changes. The text itself is returned
    when GitHub would not show the new lines as task items (such as below an unclosed code block), or has no room.
    """
    text = _with_ids(text, lines)
    page = layout(text)
    known = set(page.first_rows())
    missing = [line for line in lines if line.step_id not in known]
    if not missing:
        return text
    wanted = known | {line.step_id for line in missing}
    bare = [replace(line, around=None) for line in lines]
    for room in (*ROOMS, None):
        flat = [replace(line, depth=0, around=None) for line in missing]
        at_end = f"{text}\n\n{''.join(_written(line, room, page) for line in flat)}"
        for candidate in (_inserted(page, lines, room), _inserted(page, bare, room), at_end):
            if length(candidate) < LIMIT and wanted <= set(layout(candidate).first_rows()):
                return candidate
    return text


def _with_ids(text: str, lines: Sequence[Line]) -> str:
    """The body with the ids that steps have now. The guide gained or lost a step of the same title, so the id of the
    one that stayed is longer or shorter; a row is known by its title and its section, when that leaves no doubt."""
    page = layout(text)
    rows = page.first_rows()
    ids = {line.step_id for line in lines}
    missing = [line for line in lines if line.plain_id and line.step_id not in rows]
    orphans = [row for row in rows.values() if row.step_id not in ids]
    changed = list(page.lines)
    for line in missing:
        same = [one for one in missing if (one.plain_id, one.phase) == (line.plain_id, line.phase)]
        old = [
            row
            for row in orphans
            if _may_be(row.step_id, line.plain_id) and _section(page, row.number) == heading(line.phase).lstrip("# ")
        ]
        if len(same) == 1 and len(old) == 1:
            row = old[0]
            changed[row.number] = changed[row.number].replace(
                f"<!-- step {row.step_id} -->", f"<!-- step {line.step_id} -->", 1
            )
    return "".join(changed)


def _may_be(row_id: str, plain_id: str) -> bool:
    return row_id == plain_id or row_id.startswith(f"{plain_id}-")


def _section(page: Layout, number: int) -> str:
    """The phase of a row: the heading above it, as it was written."""
    above = [one for one in page.headings if one < number]
    return page.lines[above[-1]].lstrip("# ").strip() if above else ""


def _inserted(page: Layout, lines: Sequence[Line], room: Room | None) -> str:
    places = _places(page, lines)
    additions: dict[tuple[int, bool], str] = {}
    sections: set[str] = set()
    for line in lines:
        if line.step_id not in places:
            continue
        place, new_section = places[line.step_id]
        words = _written(line, room, page)
        if new_section and line.phase not in sections:
            sections.add(line.phase)
            title = headings_of([line]).replace("\n", _ending(page))
            words = _ending(page) + (title + 2 * _ending(page) if title else "") + words
        key = place, new_section
        additions[key] = additions.get(key, "") + words
    parts = [additions.get((0, False), "") + additions.get((0, True), "")]
    for place, part in enumerate(page.lines, 1):
        added = additions.get((place, False), "") + additions.get((place, True), "")
        open_end = _ending(page) if added and not part.endswith(("\n", "\r")) else ""
        parts.append(part + open_end + added)
    return "".join(parts)


def _places(page: Layout, lines: Sequence[Line]) -> dict[str, tuple[int, bool]]:
    """For each missing step, the line before which it goes, and whether its phase has no line yet."""
    rows = page.first_rows()
    places: dict[str, tuple[int, bool]] = {}
    behind: dict[str, tuple[int, bool]] = {}
    """By phase: where a line behind its latest step goes."""
    latest = 0
    for index, line in enumerate(lines):
        if line.step_id in rows:
            latest = rows[line.step_id].end
            behind[line.phase] = latest, False
            continue
        if line.phase not in behind:
            followers = (one.step_id for one in lines[index:] if one.phase == line.phase and one.step_id in rows)
            follower = next(followers, None)
            behind[line.phase] = (rows[follower].number, False) if follower else (_section_end(page, latest), True)
        places[line.step_id] = behind[line.phase]
    return places


def _section_end(page: Layout, after: int) -> int:
    """The end of the section that a line is in; of the body, when there is no line."""
    end = next((one for one in page.headings if after and one >= after), len(page.lines))
    while end > after and end > 0 and not page.lines[end - 1].strip():
        end -= 1
    return end


def _written(line: Line, room: Room | None, page: Layout) -> str:
    """A step's line with what the guide says around it."""
    around = line.around
    if around is None:
        return step_line(line, room) + _ending(page)
    lines = spaced(written([line], room, deepest=around.depth))
    while lines and not lines[-1]:
        lines.pop()
    return "".join(f"{one}{_ending(page)}" for one in lines)


def _ending(page: Layout) -> str:
    return "\r\n" if any(line.endswith("\r\n") for line in page.lines) else "\n"
