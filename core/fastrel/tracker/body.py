"""The tracker's body: rendering it, reading it, and changing only our own characters in it. Pure.

Every function takes linear time in the length of the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from fastrel.errors import UsageError
from fastrel.guide.attributes import parse_attributes, read_value, write_value
from fastrel.tracker.escape import escape_inline, one_line, safe_url
from fastrel.tracker.model import UNVERIFIED, Change, Entry, Evidence, TrackerBody
from fastrel.tracker.segment import MARKER, SUMMARY, read_segment, segment

if TYPE_CHECKING:
    from jinja2 import Template

LIMIT = 65_536
"""GitHub's limit for an issue body, in characters; counted in UTF-16 units, the stricter way."""
AT_FIRST = 60_000
"""What a new body may take, so that evidence and people's text find room."""
_TASK = re.compile(r"^([ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)([ xX])(\][ \t])")
_FENCE = re.compile(r"^ {0,12}(`{3,}|~{3,})")
_TRACKER = "<!-- fastrel tracker "


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the top of a body."""

    version: str
    kind: str
    milestone_title: str = ""
    milestone_url: str = ""
    guide_path: str = ""
    guide_url: str = ""
    guide_commit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A step's line in a new body."""

    phase: str
    step_id: str
    title: str
    depth: int = 0
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """A changed body, and the steps whose lines are not in it."""

    text: str
    missing: tuple[str, ...] = ()


def tracker_version(text: str) -> str | None:
    """The version in a tracker's hidden marker; None when the text is no tracker's body."""
    for line in text.splitlines()[:50]:
        found = line.strip()
        if found.startswith(_TRACKER) and found.endswith("-->"):
            return read_value(parse_attributes(found[len(_TRACKER) : -3]).pairs.get("version", "")) or None
    return None


def render_body(header: Header, lines: Sequence[Line]) -> str:
    """A new body, shortened as far as it must be. UsageError when even the ids of the steps do not fit."""
    for summary, links, title in ((SUMMARY, 10, 0), (80, 2, 0), (0, 0, 0), (-1, 0, 0), (-1, 0, 80), (-1, 0, 20)):
        body = _rendered(header, lines, summary, links, title)
        if length(body) <= AT_FIRST:
            return body
    body = _rendered(header, lines, -1, 0, 1)
    if length(body) < LIMIT:
        return body
    raise UsageError(
        f"The guide has {len(lines)} steps, more than one GitHub issue can hold.",
        done="Nothing was created.",
        next_step="Split the guide, or use `--guide` with a shorter one.",
    )


def parse_body(text: str) -> TrackerBody:
    """What a body says of each step, whatever people have done to it."""
    entries: dict[str, Entry] = {}
    for row in _rows(text):
        evidence, _, _ = read_segment(row.rest)
        earlier = entries.get(row.step_id)
        if earlier is None:
            entries[row.step_id] = Entry(row.step_id, row.ticked, evidence)
        elif row.ticked and not earlier.ticked:
            entries[row.step_id] = replace(earlier, ticked=True)
    return TrackerBody(tracker_version(text) or "", entries)


def merge(text: str, changes: Sequence[Change]) -> Merged:
    """The body with the changes in it; every character that is not ours stays."""
    wanted = {change.step_id: change for change in changes}
    lines = _split(text)
    room = LIMIT - 1 - length(text)
    done: set[str] = set()
    for row in _rows(text):
        change = wanted.get(row.step_id)
        if change is None:
            continue
        first = row.step_id not in done
        done.add(row.step_id)
        if not first and change.ticked:
            continue  # a copy of the line; the first one counts
        new, room = _changed(row, change, room)
        lines[row.number] = new
    return Merged("".join(lines), tuple(one for one in wanted if one not in done))


def applied(text: str, changes: Sequence[Change]) -> bool:
    """Whether a body shows the ticks that the changes want; a line that people deleted does not count."""
    entries = parse_body(text).entries
    return all(entries[one.step_id].ticked == one.ticked for one in changes if one.step_id in entries)


def insert_steps(text: str, lines: Sequence[Line]) -> str:
    """The body with a line for each step that it lacks, behind the line of the step that comes before it."""
    rows = {row.step_id: row for row in reversed(list(_rows(text)))}
    missing = [line for line in lines if line.step_id not in rows]
    if not missing:
        return text
    parts = _split(text)
    ending = "\r\n" if "\r\n" in text else "\n"
    after = len(parts) - 1
    for line in lines:
        if line.step_id in rows:
            after = rows[line.step_id].number
        elif after >= 0:
            if not parts[after].endswith(("\n", "\r")):
                parts[after] += ending
            parts[after] += _step_line(line, SUMMARY, 10, 0) + ending
    result = "".join(parts) if parts else "".join(_step_line(line, SUMMARY, 10, 0) + ending for line in missing)
    return result if length(result) < LIMIT else text


def length(text: str) -> int:
    """Characters as GitHub may count them: UTF-16 units."""
    return len(text) + sum(1 for one in text if ord(one) > 0xFFFF)


@dataclass(frozen=True, slots=True)
class _Row:
    """A step's line in a body: the parts before and behind the tick, and what follows the marker."""

    number: int
    before: str
    tick: str
    middle: str
    step_id: str
    rest: str
    ending: str

    @property
    def ticked(self) -> bool:
        return self.tick in "xX"


def _split(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text)


def _rows(text: str) -> Iterator[_Row]:
    """The task lines that carry a step's marker, outside of fenced code."""
    fence = ""
    for number, line in enumerate(_split(text)):
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
            continue
        if fence:
            if opened and opened[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        task = _TASK.match(line)
        marker = MARKER.search(line, task.end()) if task else None
        if task and marker:
            content = line.rstrip("\r\n")
            yield _Row(
                number,
                task[1],
                task[2],
                line[task.end(2) : marker.end()],
                marker[1],
                content[marker.end() :],
                line[len(content) :],
            )


def _changed(row: _Row, change: Change, room: int) -> tuple[str, int]:
    """The line after a change, and the room that is left then."""
    old, edited, tail = read_segment(row.rest)
    tick = row.tick if change.ticked == row.ticked else ("x" if change.ticked else " ")
    evidence = _kept(old, change.evidence) if row.ticked and change.ticked else change.evidence
    head = row.before + tick + row.middle
    if evidence is not None and evidence == old and not edited:
        return head + row.rest + row.ending, room
    was = length(row.rest)
    for summary, links in ((SUMMARY, 10), (80, 2), (0, 0)):
        ours = segment(evidence, summary, links) if evidence else ""
        rest = ours + edited + tail
        if length(rest) - was <= room:
            return head + rest + row.ending, room - (length(rest) - was)
    return head + row.rest + row.ending, room


def _kept(old: Evidence | None, new: Evidence | None) -> Evidence | None:
    """The evidence of a line that is ticked already: who and when stay, what is known is refreshed."""
    if old is None or new is None or old.summary.startswith(UNVERIFIED) or not old.by:
        return new if new is not None else old
    if old.skip_reason != new.skip_reason:
        return new
    same = old.summary == new.summary and [url for _, url in old.links] == [safe_url(url) for _, url in new.links]
    return old if same else replace(new, by=old.by, at=old.at)


def _rendered(header: Header, lines: Sequence[Line], summary: int, links: int, title: int) -> str:
    phases = [
        (phase, [_step_line(line, summary, links, title) for line in group])
        for phase, group in groupby(lines, key=lambda one: one.phase)
    ]
    fields = {"version": header.version, "guide": header.guide_path, "commit": header.guide_commit}
    marker = _TRACKER + " ".join(f"{key}={write_value(value)}" for key, value in fields.items() if value) + " -->"
    return _template().render(header=header, phases=phases, marker=marker)


def _step_line(line: Line, summary: int, links: int, title: int) -> str:
    words = one_line(line.title).replace("<!--", "&lt;!--").replace("-->", "--&gt;") or line.step_id
    if title and len(words) > title:
        words = f"{words[: title - 1].rstrip()}…" if title > 1 else ""
    change = line.change
    skipped = bool(change and change.evidence and change.evidence.skip_reason)
    text = f"~~{words}~~" if skipped and words else words
    box = "x" if change and change.ticked else " "
    # Below zero there is no room for any evidence.
    behind = segment(change.evidence, summary, links) if change and change.evidence and summary >= 0 else ""
    return f"{'  ' * line.depth}- [{box}] {text} <!-- step {line.step_id} -->{behind}"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.filters["inert"] = escape_inline
    environment.filters["address"] = safe_url
    return environment.from_string((Path(__file__).parent / "body.md.j2").read_text(encoding="utf-8"))
