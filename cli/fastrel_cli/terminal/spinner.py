"""Spinner shown while reading."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fastrel_cli.streams.verbosity import is_quiet

PATIENCE = 0.3
"""Seconds after which it appears."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Says on standard error what is read, in a terminal that can take it back."""
    talking = is_quiet() or logging.getLogger("fastrel").isEnabledFor(logging.DEBUG)
    if talking or not sys.stderr.isatty() or os.environ.get("TERM") in ("dumb", ""):
        yield
        return
    over = threading.Event()
    sign = threading.Thread(target=_show, args=(f"reading {what} …", over), daemon=True, name="reading")
    sign.start()
    try:
        yield
    finally:
        over.set()
        sign.join(timeout=2)


def _show(words: str, over: threading.Event) -> None:
    if over.wait(PATIENCE):
        return
    from fastrel_cli.terminal.report_parts import console

    with console(stderr=True).status(words):
        over.wait()
