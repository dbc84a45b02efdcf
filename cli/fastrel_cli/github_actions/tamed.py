"""Output in GitHub Actions: the runner takes lines that look like its commands for commands, whoever wrote them.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Tamed(io.TextIOWrapper):
    """A text stream of which no line is a command, unless it is written as one."""

    _begins = True

    def write(self, text: str) -> int:
        for piece in text.replace("##[", "## [").splitlines(keepends=True):
            super().write(f"| {piece}" if self._begins and piece.lstrip().startswith("::") else piece)
            self._begins = piece[-1] in "\n\r"
        return len(text)

    def command(self, text: str) -> None:
        """Write a command for the runner."""
        super().write(text)
        self.flush()


@contextmanager
def tamed() -> Iterator[None]:
    """Both streams tamed in GitHub Actions; as they are elsewhere."""
    out, err = before = sys.stdout, sys.stderr
    wrapped = isinstance(out, io.TextIOWrapper) and isinstance(err, io.TextIOWrapper)
    if not os.environ.get("GITHUB_ACTIONS") or not wrapped:
        yield
        return
    streams = [_tamed(out), _tamed(err)]
    sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for one in streams:
            one.detach()  # flushes it, and leaves what is below open


def _tamed(stream: TextIO) -> Tamed:
    stream.flush()
    return Tamed(stream.buffer, encoding="utf-8", errors="replace", write_through=True)
