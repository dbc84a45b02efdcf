"""A guide's Markdown as the docs site needs it: values filled in, one marker for each step, lists nested so that
Python-Markdown (four columns a level) reads them as GitHub does."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastrel.errors import GuideError
from fastrel.guide.model import Guide
from fastrel.guide.outline import Outline, outline
from fastrel.guide.parser import Block, blocks_of, split_lines, step_items
from fastrel.guide.settings import front_matter
from fastrel.guide.template import render

TAB = 4
"""Python-Markdown's columns for each level."""


def site_source(text: str, guide: Guide, values: Mapping[str, str] | None) -> str:
    """The page's text for the docs site. What is outside of checklist blocks stays byte for byte.

    In blocks (everywhere on a page without any) `{{ }}` is rendered when there are values, block comments become blank
    lines, and the first paragraph of every step ends with `<!-- step ID -->`. `guide` is what `text` was parsed to.
    """
    lines = split_lines(text)
    page = outline(lines, front_matter(text)[1])
    blocks, _ = blocks_of(page)
    regions = [(block.start, block.end) for block in blocks] or [(front_matter(text)[1], len(lines))]
    ids = {step.line - 1: step.id for step in guide.steps()}
    edited = _with_markers(page, blocks, ids)
    for item_lines in _moves(page, regions):
        number, indent, content = item_lines
        edited[number] = _moved(edited[number], indent, content)
    out: list[str] = []
    position = 0
    for start, end in regions:
        out += edited[position:start]
        region = _spaced(edited, page, start, end)
        out += _rendered(region, values) if blocks and values is not None else region
        position = end
    out += edited[position:]
    return "\n".join(out)


def replaced_comments(text: str, word: str, replacement: str) -> str:
    """The page with a text in place of each comment `<!-- WORD -->` on lines of its own, outside of lists and code."""
    lines = split_lines(text)
    page = outline(lines, front_matter(text)[1])
    for comment in page.comments:
        if comment.own_line and comment.inside == word:
            lines[comment.line : comment.end] = [replacement, *[""] * (comment.end - comment.line - 1)]
    return "\n".join(lines)


def _with_markers(page: Outline, blocks: list[Block], ids: Mapping[int, str]) -> list[str]:
    """The lines with our comments replaced."""
    lines = list(page.lines)
    for comment in page.comments:
        if re.match(r"/?checklist(\s|\Z)", comment.inside):
            _take_out(lines, comment.line, comment.end, comment.text)
    for item, _ in step_items(page, blocks):
        for comment in item.comments:
            if re.match(r"step(\s|\Z)", comment.inside):
                _take_out(lines, comment.line, comment.end, comment.text)
        step_id = ids.get(item.start)
        if step_id:
            last = max(item.paragraph_end - 1, item.start)
            while last > item.start and not lines[last].strip():
                last -= 1
            lines[last] = f"{lines[last].rstrip()} <!-- step {step_id} -->"
    return lines


def _take_out(lines: list[str], start: int, end: int, comment: str) -> None:
    """Remove one comment from its lines, the last occurrence: an earlier one may be text in a code span."""
    text = "\n".join(lines[start:end])
    before, found, after = text.rpartition(comment)
    if found:
        rest = f"{before.rstrip(' ')}{after}".split("\n")
        lines[start:end] = rest + [""] * (end - start - len(rest))


def _moves(page: Outline, regions: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """For each line of a list in the regions: (line, columns to indent by, columns to take away before)."""
    moves: dict[int, tuple[int, int]] = {}
    base = 0
    position = 0
    for item in page.items:
        while position < len(regions) and regions[position][1] <= item.start:
            position += 1
        if (
            position == len(regions)
            or item.start < regions[position][0]
            or page.lines[item.start].lstrip().startswith(">")
        ):
            continue
        if item.level == 0:
            base = item.indent // TAB * TAB
        own = base + TAB * item.level
        moves[item.start] = (own, item.indent)
        for number in range(item.start + 1, item.end):
            moves[number] = (own + TAB, item.content)
    return [(number, indent, content) for number, (indent, content) in moves.items()]


def _moved(line: str, indent: int, content: int) -> str:
    if not line.strip():
        return ""
    expanded = line.expandtabs(TAB)
    lead = len(expanded) - len(expanded.lstrip(" "))
    return " " * indent + expanded[min(content, lead) :]


def _spaced(lines: list[str], page: Outline, start: int, end: int) -> list[str]:
    """A region's lines, with the blank lines that Python-Markdown wants: before a list that follows a paragraph, and
    around fenced code in a list."""
    firsts = {item.start for item in page.items if item.level == 0 and start <= item.start < end}
    inside = {number for item in page.items if item.level == 0 for number in range(item.start, item.end)}
    fences = {line for item in page.items for fence in item.fences for line in (fence.line, fence.end)}
    out: list[str] = []
    for number in range(start, end):
        follows = number > start and bool(lines[number - 1].strip())
        if follows and (
            (number in firsts and number - 1 not in inside) or (number in fences and lines[number].strip())
        ):
            out.append("")
        out.append(lines[number])
    return out


def _rendered(lines: list[str], values: Mapping[str, str] | None) -> list[str]:
    try:
        return render("\n".join(lines), values or {}).split("\n")
    except GuideError:
        return lines  # lint reports it; a page with a wrong name is better than none
