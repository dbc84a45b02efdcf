"""The text of a new tracker, rendered from the guide's steps and cut to what an issue can hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastrel.errors import UsageError
from fastrel.tracker.body import LIMIT, length
from fastrel.tracker.escape import code_span, escape_inline, one_line, safe_url
from fastrel.tracker.evidence import ROOMS, Room, segment
from fastrel.tracker.guide_text import Around
from fastrel.tracker.marker import write_marker
from fastrel.tracker.model import Change

if TYPE_CHECKING:
    from jinja2 import Template
    from markdown_it import MarkdownIt

AT_FIRST = 60_000
"""What a new body may take, so that evidence and people's text find room."""
_TITLE = 2_000
"""Characters of a title that are written normally."""
_ID_ONLY = 0


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


def _rendered(header: Header, lines: Sequence[Line], room: Room | None, title: int) -> str:
    phases = [(headings_of(group), spaced(written(group, room, title))) for group in _phases(lines)]
    fields = {
        "version": header.version,
        "tag": header.tag,
        "guide": header.guide_path,
        "commit": header.guide_commit,
        "base": header.base,
    }
    return _template().render(header=header, phases=phases, marker=write_marker(fields))


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
