"""Raises Ctrl-C again where Python loses it: an exception in a callback, such as one of the import lock, is only
printed.

Source: https://docs.python.org/3/library/signal.html#note-on-signal-handlers-and-exceptions and
https://docs.python.org/3/library/sys.html#sys.unraisablehook
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

CALLBACK = 0.05
"""Seconds after which the callback is over."""


def keep_interrupts() -> None:
    """From now on a KeyboardInterrupt that is lost in a callback is raised once more. SIGTERM must raise it, too."""
    sys.unraisablehook = _raised_again


def _raised_again(lost: UnraisableHookArgs) -> None:
    if issubclass(lost.exc_type, KeyboardInterrupt):
        _thread.start_new_thread(_interrupt, ())
    else:
        sys.__unraisablehook__(lost)


def _interrupt() -> None:
    time.sleep(CALLBACK)
    # Not SIGINT, which a shell has the jobs in its background ignore.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
