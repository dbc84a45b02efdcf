"""Wraps lines that are longer than the terminal, between words and with their indentation.

Own code, since `rich` and `textwrap` break code and links that somebody may copy, and `rich` takes 100 ms to import.
"""

from __future__ import annotations

import re
import shutil
from typing import TextIO

import click

UNSEEN = re.compile(r"\x1b\]8;;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m")
"""Codes for links and colours, which take no room."""
BEGIN = re.compile(r"(?:\x1b\[[0-9;]*m| )*")
WORD = re.compile(r"(?:`[^`]*`|[^ `]|`)+")
"""What is never broken: words, and code that somebody may copy."""


def echo_folded(text: str, stream: TextIO) -> None:
    """Write lines to a stream, folded where that is a terminal."""
    click.echo(folded_for(stream, text), file=stream)


def folded_for(stream: TextIO, text: str, *, room: int = 0) -> str:
    """The text as it is written to a stream; `room` is for what follows it in its last line."""
    return folded(text, shutil.get_terminal_size().columns - room) if stream.isatty() else text


def folded(text: str, columns: int) -> str:
    """The text with each of its lines folded."""
    return "\n".join(_fold(line, columns) for line in text.split("\n"))


def _fold(line: str, columns: int) -> str:
    if width_of(line) <= columns:
        return line
    begin = BEGIN.match(line)
    assert begin is not None  # it matches nothing, too
    row, *words = WORD.findall(line, begin.end()) or [""]
    row, rows = begin[0] + row, []
    for word in words:
        if width_of(row) + 1 + width_of(word) > columns:
            rows.append(row)
            row = " " * (width_of(begin[0]) + 2) + word
        else:
            row = f"{row} {word}"
    return "\n".join([*rows, row])


def width_of(line: str) -> int:
    """The columns that a line takes."""
    return len(UNSEEN.sub("", line))
