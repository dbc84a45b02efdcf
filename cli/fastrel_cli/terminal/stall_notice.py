"""Notice shown while GitHub does not answer."""

from __future__ import annotations

import sys
import threading
import time

import click

from fastrel.github.stall import AFTER
from fastrel.github.transport.pygithub import TRIES
from fastrel_cli.streams.verbosity import is_quiet


class Stalls:
    """A line on standard error, at most one in ten seconds for all requests that wait."""

    def __init__(self) -> None:
        self._quiet = is_quiet()
        self._lock = threading.Lock()
        self._told = 0.0

    def __call__(self, seconds: float, number: int) -> None:
        with self._lock:
            now = time.monotonic()
            if self._quiet or now - self._told < AFTER / 2:
                return
            self._told = now
        # What a spinner has written into the line is taken away.
        begin = "\r\033[K" if sys.stderr.isatty() else ""
        click.echo(f"{begin}GitHub has not answered for {seconds:.0f} s, try {number} of {TRIES}.", err=True)
