"""Output streams for GitHub Actions in which no printed text is taken for a workflow command.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class EscapedStream(io.TextIOWrapper):
    """A text stream of which no line is a command, unless it is written as one."""

    _line = ""
    """The line so far, or how it begins and ends: a command may come in several pieces."""

    def write(self, text: str) -> int:
        for piece in re.findall(r"[^\r\n]*[\r\n]|[^\r\n]+", text):
            escaped = escape_rest(self._line, piece)
            super().write(escaped)
            line = "" if piece[-1] in "\r\n" else f"{self._line}{escaped}"
            self._line = line if line.lstrip() in ("", ":") else f"|{line[-2:]}"
        return len(text)

    def command(self, text: str) -> None:
        """Write a command for the runner."""
        super().write(text)
        self.flush()


def escape_rest(line: str, piece: str) -> str:
    """What to write of a piece behind a line so far, so that the whole is no command: `::` counts at its beginning,
    `##[` anywhere."""
    begun = line.lstrip()
    if begun in ("", ":") and (begun + piece.lstrip() if not begun else begun + piece).startswith("::"):
        piece = f"{' ' if begun else '| '}{piece}"
    shown = f"{line[-2:]}{piece}".replace("##[", "## [")
    return shown[len(line[-2:]) :]


@contextmanager
def escaped_commands() -> Iterator[None]:
    """Both streams escaped in GitHub Actions; as they are elsewhere."""
    out, err = before = sys.stdout, sys.stderr
    wrapped = isinstance(out, io.TextIOWrapper) and isinstance(err, io.TextIOWrapper)
    if not os.environ.get("GITHUB_ACTIONS") or not wrapped:
        yield
        return
    streams = [_escaped(out), _escaped(err)]
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for one in streams:
            one.detach()  # flushes it, and leaves what is below open


def _escaped(stream: TextIO) -> EscapedStream:
    stream.flush()
    return EscapedStream(stream.buffer, encoding="utf-8", errors="replace", write_through=True)
