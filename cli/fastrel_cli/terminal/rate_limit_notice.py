"""Notice shown while waiting for GitHub's rate limit."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fastrel_cli.terminal.progress import Waiting

WORDS = "GitHub's rate limit is used up"


class Pausing:
    """A progress bar in a terminal, one line elsewhere; the client calls it repeatedly."""

    def __init__(self) -> None:
        self._waiting: Waiting | None = None
        self._said = False

    def __call__(self, elapsed: float, seconds: float) -> None:
        if elapsed >= seconds:
            self._end()
        elif sys.stderr.isatty():
            if self._waiting is None:
                from fastrel_cli.terminal.progress import Waiting

                self._waiting = Waiting()
            self._waiting.show(WORDS, (int(elapsed), math.ceil(seconds)), elapsed, seconds)
        elif not self._said:
            click.echo(f"waiting: {WORDS}, for {seconds:.0f} s", err=True)
        self._said = elapsed < seconds

    def _end(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
