"""A guide's Markdown as the docs site needs it: values filled in, one marker for each step, lists nested so that
Python-Markdown (four columns a level) reads them as GitHub does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate

from fastrel.errors import GuideError
from fastrel.guide.comments import without_comments
from fastrel.guide.lines import line_ends, split_lines
from fastrel.guide.model import Guide
from fastrel.guide.nesting import nested
from fastrel.guide.outline import Comment, Item, Outline, outline
from fastrel.guide.parser import Block, blocks_of, step_items
from fastrel.guide.settings import front_matter
from fastrel.guide.template import render


def site_source(text: str, guide: Guide, values: Mapping[str, str] | None) -> str:
    """The page's text for the docs site. What is outside of checklist blocks stays byte for byte, but for a byte-order
    mark.

    In blocks (everywhere on a page without any) `{{ }}` is rendered when there are values, block comments become blank
    lines, and the first paragraph of every step ends with `<!-- step ID -->`. `guide` is what `text` was parsed to.
    """
    lines, ends = split_lines(text), line_ends(text)
    newline = ends[0] or "\n"
    page = outline(text)
    blocks, _ = blocks_of(page)
    regions = [(block.start, block.end) for block in blocks] or [(front_matter(text)[1], len(lines))]
    ids = {step.line - 1: step.id for step in guide.steps()}
    edited = _with_markers(page, blocks, ids)
    for number, line in nested(page, edited, regions):
        edited[number] = line
    gaps = _gaps(page, edited)
    out: list[str] = []
    position = 0
    for start, end in regions:
        out += map("".join, zip(edited[position:start], ends[position:start], strict=True))
        region = [
            (line, line_end)
            for number in range(start, end)
            for line, line_end in (
                *([(gaps[number], newline)] if number > start and number in gaps else []),
                (edited[number], ends[number]),
            )
        ]
        out.append(_rendered(region, values if blocks else None, newline))
        position = end
    out += map("".join, zip(edited[position:], ends[position:], strict=True))
    return "".join(out)


def has_comment(text: str, word: str) -> bool:
    """Whether `replaced_comments` would replace something."""
    page = outline(text)
    return any(comment.own_line and comment.inside == word for comment in page.comments)


def replaced_comments(text: str, word: str, replacement: str) -> str:
    """The page with a text in place of each comment `<!-- WORD -->` on lines of its own, outside of lists and code."""
    lines, ends = split_lines(text), line_ends(text)
    page = outline(text)
    for comment in page.comments:
        if comment.own_line and comment.inside == word:
            lines[comment.line : comment.end] = [replacement, *[""] * (comment.end - comment.line - 1)]
    return "".join(map("".join, zip(lines, ends, strict=True)))


def _with_markers(page: Outline, blocks: list[Block], ids: Mapping[int, str]) -> list[str]:
    """The lines with our comments replaced."""
    lines = list(page.lines)
    items = [item for item, _ in step_items(page, blocks)]
    ours = [one for one in page.comments if re.match(r"/?checklist(\s|\Z)", one.inside)]
    ours += [one for item in items for one in item.comments if re.match(r"step(\s|\Z)", one.inside)]
    _take_out(lines, ours)
    for item in items:
        step_id = ids.get(item.start)
        if step_id:
            last = max(item.paragraph_end - 1, item.start)
            while last > item.start and not lines[last].strip(" \t>"):
                last -= 1
            lines[last] = f"{lines[last].rstrip()} <!-- step {step_id} -->"
    return lines


def _take_out(lines: list[str], comments: Iterable[Comment]) -> None:
    """Remove comments from the lines, all that share a line at once; the number of lines stays."""
    groups: list[tuple[int, int, list[Comment]]] = []
    for comment in sorted(comments, key=lambda one: one.line):
        if groups and comment.line < groups[-1][1]:
            start, end, together = groups[-1]
            groups[-1] = (start, max(end, comment.end), [*together, comment])
        else:
            groups.append((comment.line, comment.end, [comment]))
    for start, end, together in groups:
        text = "\n".join(lines[start:end])
        rest = without_comments(text, [one.text for one in together]).split("\n")
        lines[start:end] = rest + [""] * (end - start - len(rest))


def _gaps(page: Outline, lines: Sequence[str]) -> dict[int, str]:
    """The blank lines that Python-Markdown wants, by the line before which they go: before a list that follows a
    paragraph, around fenced code in a list, and before an item behind text with a blank line in it: it would become a
    part of that text."""
    inside = {number for item in page.items if item.level == 0 for number in range(item.start, item.end)}
    wanted = {item.start: item for item in page.items if item.level == 0 and item.start - 1 not in inside}
    wanted |= {item.start: item for item in _behind_gaps(page)}
    around = {line: item for item in page.items for fence in item.fences for line in (fence.line, fence.end)}
    return {
        number: re.match(rf"(?:[ \t]*>){{0,{item.quotes}}}", lines[number])[0]  # type: ignore[index]  # it always matches
        for number, item in (*around.items(), *wanted.items())
        if 0 < number < len(lines)
        and lines[number - 1].strip(" \t>")
        and (number in wanted or lines[number].strip(" \t>"))
    }


def _behind_gaps(page: Outline) -> list[Item]:
    """The items that follow directly on text of an item, of their list or around them, that holds a blank line."""
    found: list[Item] = []
    latest: dict[int, Item] = {}
    last_blank = list(accumulate((n if not line.strip(" \t>") else -1 for n, line in enumerate(page.lines)), max))
    for item in page.items:
        before = latest.get(id(item.parent))
        if before is None or before.end != item.start:
            before = item.parent
        if before and last_blank[item.start] > before.start:
            found.append(item)
        latest[id(item.parent)] = item
    return found


def _rendered(region: Sequence[tuple[str, str]], values: Mapping[str, str] | None, newline: str) -> str:
    if not region:
        return ""
    lines = [line for line, _ in region]
    ends = [end for _, end in region]
    if values is not None:
        with suppress(GuideError):  # lint reports it; a page with a wrong name is better than none
            lines = render("\n".join(lines), values).split("\n")
    if len(lines) != len(ends):  # a value may have been asked for over several lines
        ends = [newline] * (len(lines) - 1) + ends[-1:]
    return "".join(map("".join, zip(lines, ends, strict=True)))
