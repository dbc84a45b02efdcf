"""Finds the steps' lines, headings and list items of a body, as GitHub renders it.

What stands in code, in an HTML block or in a comment is no task item there, and none here. Blocks are found by
markdown-it-py; text inside of them is not parsed, so a body of any content takes a bounded time. Lines are 0-based.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

STEP_ID = r"[a-z0-9][a-z0-9-]{0,200}"
_TASK = re.compile(r"([ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)([ xX])(\][ \t])")
_MARKER = re.compile(rf"<!-- step ({STEP_ID}) -->")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """A step's line: the parts before and behind the tick, and what follows the marker."""

    number: int
    before: str
    tick: str
    middle: str
    """From behind the tick to the end of the marker."""
    step_id: str
    rest: str
    """From behind the marker to the end of the line."""
    ending: str
    end: int
    """The line behind the item's last one, before the next step."""

    @property
    def ticked(self) -> bool:
        return self.tick in "xX"


@dataclass(frozen=True, slots=True)
class Layout:
    """A body by its lines, which keep their endings."""

    lines: tuple[str, ...]
    rows: tuple[Row, ...]
    headings: tuple[int, ...]

    def first_rows(self) -> Mapping[str, Row]:
        """The rows by step; of copies, the first."""
        return {row.step_id: row for row in reversed(self.rows)}


@lru_cache(maxsize=16)  # one write looks at the same few bodies again and again
def layout(text: str) -> Layout:
    """The layout of a body, whatever people have done to it."""
    lines = split_lines(text)
    tokens = [token for token in _blocks().parse(text) if token.map]
    item_ends: dict[int, int] = {}
    for token in tokens:
        if token.type == "list_item_open":
            start, end = _range(token)
            item_ends.setdefault(start, end)
    headings = tuple(_range(token)[0] for token in tokens if token.type == "heading_open" and not token.level)
    return Layout(lines, tuple(_rows(lines, item_ends)), headings)


def is_code(text: str, number: int) -> bool:
    """Whether a line is part of a block of code."""
    blocks = (_range(token) for token in _blocks().parse(text) if token.type in ("fence", "code_block"))
    return any(start <= number < end for start, end in blocks)


def split_lines(text: str) -> tuple[str, ...]:
    """The lines with their endings, divided where Markdown divides them."""
    if "\r" in text:
        return tuple(_LINE.findall(text))
    *lines, last = text.split("\n")  # which is what nearly all texts have, and quicker
    return (*(f"{line}\n" for line in lines), *([last] if last else ()))


def _rows(lines: tuple[str, ...], item_ends: Mapping[int, int]) -> list[Row]:
    rows: list[Row] = []
    behind = len(lines)
    for number in sorted(item_ends, reverse=True):
        line = lines[number]
        task = _TASK.match(line)
        marker = _MARKER.search(line, task.end()) if task else None
        if task is None or marker is None:
            continue
        content = line.rstrip("\r\n")
        end = min(item_ends[number], behind)
        while end > number + 1 and not lines[end - 1].strip():
            end -= 1
        middle = line[task.end(2) : marker.end()]
        rest, ending = content[marker.end() :], line[len(content) :]
        rows.append(Row(number, task[1], task[2], middle, marker[1], rest, ending, end))
        behind = number
    return rows[::-1]


def _range(token: Token) -> tuple[int, int]:
    start, end = token.map or (0, 0)
    return start, end


@cache
def _blocks() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").disable(["inline", "text_join", "reference"], ignoreInvalid=True)
