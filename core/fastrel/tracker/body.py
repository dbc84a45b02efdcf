"""The tracker's body: rendering it, reading it, and changing only our own characters in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastrel.errors import UsageError
from fastrel.guide.attributes import parse_attributes, read_value, write_value
from fastrel.guide.model import Settings
from fastrel.tracker.escape import code_span, escape_inline, one_line, safe_url
from fastrel.tracker.guide_text import Around
from fastrel.tracker.layout import Layout, Row, is_code, layout, split_lines
from fastrel.tracker.model import UNVERIFIED, Change, Entry, Evidence, TrackerBody
from fastrel.tracker.segment import ROOMS, Room, as_written, read_segment, segment, without_segments

if TYPE_CHECKING:
    from jinja2 import Template
    from markdown_it import MarkdownIt

LIMIT = 65_536
"""GitHub's limit for an issue body, in characters; counted in UTF-16 units, the stricter way."""
AT_FIRST = 60_000
"""What a new body may take, so that evidence and people's text find room."""
_TITLE = 2_000
"""Characters of a title that are written normally."""
_ID_ONLY = 0
_TRACKER = "<!-- fastrel tracker "
_SEARCHED = 50
"""Lines in which the tracker's marker is looked for."""


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
    base: str = ""
    """SHA of the commit that a hotfix starts from."""
    base_url: str = ""
    tag: str = ""
    """The template of tags, of a guide that is not that of the whole repository."""


@dataclass(frozen=True, slots=True)
class Line:
    """A step's line in a new body. The title is the guide's Markdown; everything else is escaped."""

    phase: str
    step_id: str
    title: str
    depth: int = 0
    change: Change | None = None
    around: Around | None = None
    """What the guide says around it; None in a body that has the line already."""
    ticked: bool = False
    """Whether the guide has the box ticked, so that opening the issue does the step."""
    plain_id: str = ""
    """The id that the step has where no other one has its title; empty when the guide gives an id."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A changed body, and the steps whose lines are not in it."""

    text: str
    missing: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    """Steps whose skips did not fit into the body."""


def tracker_version(text: str) -> str | None:
    """The version in a tracker's hidden marker; None when the text is no tracker's body."""
    return _marker(text).get("version") or None


def tracker_tag(text: str) -> str:
    """The template of tags in a tracker's marker; empty for a tracker of a whole repository."""
    return _marker(text).get("tag", "")


def version_of_guide(text: str, settings: Settings) -> str:
    """The version of a tracker of this guide; empty for any other text. A tracker that says nothing of a package is
    one of the whole repository's."""
    version, tag = tracker_version(text) or "", tracker_tag(text)
    ours = tag == settings.tag if tag else not settings.path
    return version if ours and settings.naming.scheme.parse(version) else ""


def render_body(header: Header, lines: Sequence[Line]) -> str:
    """A new body, shortened as far as it must be. UsageError when even the ids of the steps do not fit."""
    shortest = _rendered(header, [replace(line, around=None) for line in lines], None, _ID_ONLY)
    if length(shortest) >= LIMIT:
        raise UsageError(
            f"The guide has {len(lines)} steps, more than one GitHub issue can hold.",
            done="Nothing was created.",
            next_step="Split the guide, or use `--guide` with a shorter one.",
        )
    count = len(lines)
    for copied in (0, count // 4, count // 2, count):  # links take the place of text, from the first steps on
        shorter = [replace(line, around=_linked_only(line.around)) for line in lines[:copied]] + [*lines[copied:]]
        body = _rendered(header, shorter, ROOMS[0], _TITLE)
        if length(body) <= AT_FIRST:
            return body
    lines = [replace(line, around=None) for line in lines]
    for room, title in (*((room, _TITLE) for room in (*ROOMS, None)), (None, 80), (None, 20)):
        body = _rendered(header, lines, room, title)
        if length(body) <= AT_FIRST:
            return body
    return shortest


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
    marker = _marker(text)
    return TrackerBody(
        marker.get("version", ""),
        entries,
        marker.get("guide", ""),
        _sha(marker.get("commit", "")),
        _sha(marker.get("base", "")),
    )


def with_guide(text: str, path: str, commit: str) -> str:
    """The body with another guide and commit in its marker; everything else stays. Without a marker: as it is."""
    number = marker_line(text)
    if number is None:
        return text
    lines = list(split_lines(text))
    before, _, after = lines[number].rpartition("-->")
    for name, value in (("guide", path), ("commit", commit)):
        written = f"{name}={write_value(one_line(value))}"
        found = re.search(rf"""(?<=\s){name}=("[^"]*"|'[^']*'|[^\s"']+)""", before)
        before = before[: found.start()] + written + before[found.end() :] if found else f"{before.rstrip()} {written} "
    lines[number] = f"{before}-->{after}"
    return "".join(lines)


def merge(text: str, changes: Sequence[Change]) -> Merged:
    """The body with the changes in it; every character that is not ours stays.

    When it would grow to the limit, the oldest evidence is shortened, then the new one, which is at last left out; the
    ticks are made anyway. A skip that does not fit with its reason is not made.
    """
    wanted = {change.step_id: change for change in changes}
    page = layout(text)
    first = page.first_rows()
    missing = tuple(step_id for step_id in wanted if step_id not in first)
    # What was written long ago makes room first, then what is new; who skipped a step and why stays in any case.
    older = [row.step_id for row in _oldest_first(first.values()) if row.step_id not in wanted]
    for room, shortened in ((ROOMS[0], 0), *((ROOMS[0], n) for n in _parts(len(older))), *((one, -1) for one in ROOMS)):
        short = set(older if shortened < 0 else older[:shortened])
        merged = _merged(page, first, wanted, room, short)
        if length(merged) < LIMIT:
            return Merged(merged, missing)
    # A skip without its reason would read as a tick, so it is not written at all.
    written = {key: one for key, one in wanted.items() if not (one.evidence and one.evidence.skip_reason)}
    left = tuple(step_id for step_id in wanted if step_id not in written)
    return Merged(_merged(page, first, written, None, set(older)), missing, left)


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
    return merge(text, changes).text == text


def step_line(line: Line, room: Room | None = ROOMS[0], title: int = _TITLE) -> str:
    """A step's line, without its ending; without room, it has no evidence."""
    change = line.change
    evidence = change.evidence if change else None
    words = _shown_title(line, title)
    if evidence and evidence.skip_reason and words:
        words = f"~~{words}~~"
    box = "x" if (change and change.ticked) or line.ticked else " "
    behind = segment(evidence, room) if evidence and room else ""
    return f"{'  ' * line.depth}- [{box}] {words} <!-- step {line.step_id} -->{behind}"


def heading(phase: str) -> str:
    """The heading of a phase's section."""
    return f"### {escape_inline(phase, 200)}"


def headings_of(lines: Sequence[Line]) -> str:
    """The heading of the lines' phase, and those that stand above it."""
    around = lines[0].around
    above = [f"## {escape_inline(one, 200)}" for one in (around.headings if around else ())]
    return "\n\n".join([*above, *([heading(lines[0].phase)] if lines[0].phase else [])])


def length(text: str) -> int:
    """Characters as GitHub may count them: UTF-16 units."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


@lru_cache(maxsize=64)  # a report asks for the markers of the same few bodies again and again
def _marker(text: str) -> Mapping[str, str]:
    """The attributes of the tracker's marker; empty without one. A copy in a block of code does not count."""
    number = marker_line(text)
    if number is None:
        return {}
    pairs = parse_attributes(split_lines(text)[number].strip()[len(_TRACKER) : -3]).pairs
    return {key: one_line(read_value(value)) for key, value in pairs.items()}


def marker_line(text: str) -> int | None:
    """The line of the tracker's marker."""
    lines = split_lines(text)[:_SEARCHED]
    for number, line in enumerate(lines):
        found = line.strip()
        if not (found.startswith(_TRACKER) and found.endswith("-->")):
            continue
        if number and is_code("".join(lines[: number + 1]), number):
            continue
        return number
    return None


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


def _rendered(header: Header, lines: Sequence[Line], room: Room | None, title: int) -> str:
    phases = [(headings_of(group), spaced(written(group, room, title))) for group in _phases(lines)]
    fields = {
        "version": header.version,
        "tag": header.tag,
        "guide": header.guide_path,
        "commit": header.guide_commit,
        "base": header.base,
    }
    marker = (
        _TRACKER + " ".join(f"{key}={write_value(one_line(value))}" for key, value in fields.items() if value) + " -->"
    )
    return _template().render(header=header, phases=phases, marker=marker)


def _phases(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each phase; two phases of the same title may follow each other below different headings."""
    groups: list[list[Line]] = []
    for line in lines:
        if not groups or groups[-1][-1].phase != line.phase or (line.around and line.around.headings):
            groups.append([])
        groups[-1].append(line)
    return groups


def _linked_only(around: Around | None) -> Around | None:
    return replace(around, below="") if around else None


def written(lines: Iterable[Line], room: Room | None, title: int = _TITLE, *, deepest: int = 0) -> Iterator[str | None]:
    """The lines with what the guide says around them, None for a blank line between. None is more than one level below
    the one before it; more would be code, not a task item. `deepest` is how deep the first one may be."""
    first = True
    for line in lines:
        around = line.around or Around(line.depth)
        for depth, text in around.before:
            deepest, written = _plain(depth, text, deepest, first=first)
            yield from written
            first = False
        depth = min(around.depth, deepest)
        deepest, first = depth + 1, False
        yield step_line(replace(line, depth=depth), room, title)
        more = around.below or (f"[more in the guide]({around.link})" if around.link and not around.below else "")
        if more:
            yield None
            yield from (f"{'  ' * depth}  {part}".rstrip() for part in more.split("\n"))
            yield None
        for depth, text in around.after:
            deepest, written = _plain(depth, text, deepest, first=False)
            yield from written


def spaced(lines: Iterable[str | None]) -> list[str]:
    """The lines with one blank line where any number is wanted."""
    found: list[str] = []
    for line in lines:
        if line is not None or (found and found[-1]):
            found.append(line or "")
    return found


def _plain(depth: int, text: str, deepest: int, *, first: bool) -> tuple[int, list[str | None]]:
    """The lines of a plain item or a paragraph, and how deep the next item may be nested."""
    if depth < 0:
        return 0, [*([] if first else [None]), *(line.strip() for line in text.split("\n")), None]
    depth = min(depth, deepest)
    words = one_line(text)
    return depth + 1, [f"{'  ' * depth}- {words if _is_closed(words) else escape_inline(words)}"]


def _shown_title(line: Line, limit: int) -> str:
    """The title on one line: as the guide has it, unless it must be cut or would swallow what follows it."""
    if limit == _ID_ONLY:
        return ""
    words = one_line(line.title).replace("<!--", "&lt;!--").replace("-->", "--&gt;") or line.step_id
    for shown in (words, _without_strays(words)):
        if len(words) <= limit and _is_closed(shown):
            return shown
    return escape_inline(words, limit)


def _without_strays(words: str) -> str:
    """The words with a backslash before each backtick that begins no code and each bracket that begins no tag."""
    return _SPAN.sub(lambda match: match[0] if match[1] else f"\\{match[0]}", words)


_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|`|<(?![a-zA-Z/][^<>]*>|https?://)")


@lru_cache(maxsize=1024)
def _is_closed(title: str) -> bool:
    """Whether the marker behind a title stays a comment; not so behind a lone backtick or half a tag."""
    if not set(title) & set("`<("):
        return True
    comment = "<!-- step x -->"
    tokens = _markdown().parseInline(f"{title} {comment} — [`x`](x) \"'>\")')")
    return any(token.content == comment for token in tokens[0].children or () if token.type == "html_inline")


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.filters["inert"] = escape_inline
    environment.filters["code"] = code_span
    environment.filters["linked"] = _linked
    return environment.from_string((Path(__file__).parent / "body.md.j2").read_text(encoding="utf-8"))


def _linked(text: str, url: str) -> str:
    words, address = escape_inline(text, 200), safe_url(url)
    return f"[{words}]({address})" if words and address else words
