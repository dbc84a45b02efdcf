"""Discards what was typed before a question was shown."""

from __future__ import annotations

import sys
from contextlib import suppress


def discard_typed_ahead() -> None:
    """Forget it, so that an Enter of impatience during a wait agrees to nothing."""
    with suppress(ImportError, OSError, ValueError):  # no POSIX terminal, or none at all
        import termios

        with suppress(termios.error):
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
