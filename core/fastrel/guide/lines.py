"""A page's lines: where they end, and their columns. Tabs reach to the next multiple of four."""

from __future__ import annotations

import re

TAB = 4
_END = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """The lines of a page, without their ends; a byte-order mark counts as nothing."""
    return _END.split(text.removeprefix("\ufeff"))


def line_ends(text: str) -> list[str]:
    """The end of each line; that of the last one is empty."""
    return [*_END.findall(text), ""]


def from_column(line: str, column: int, *, code: bool) -> str:
    """The line from a column on. Of its leading white space, tabs become spaces, so that it is as wide wherever the
    line is put; in code, only a tab that reaches over the column does."""
    at, index = 0, 0
    while index < len(line) and (at < column or (not code and line[index] in " \t")):
        at += TAB - at % TAB if line[index] == "\t" else 1
        index += 1
    return " " * (at - column) + line[index:]
