"""Telling that a request has no answer yet, and which try it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

AFTER = 10.0
"""Seconds without an answer after which that is told, and told again."""
OnStall = Callable[[float, int], None]
"""Told the seconds since the request began, and the number of the try."""
_tries: dict[int, int] = {}
"""The number of the try by the thread that asks."""


@contextmanager
def watched(on_stall: OnStall | None) -> Iterator[None]:
    """Watch the request that this thread makes inside."""
    if on_stall is None:
        yield
        return
    over, asking, began = threading.Event(), threading.get_ident(), time.monotonic()

    def tell() -> None:
        while not over.wait(AFTER):
            on_stall(time.monotonic() - began, _tries.get(asking, 1))

    threading.Thread(target=tell, name="stall", daemon=True).start()
    try:
        yield
    finally:
        over.set()
        _tries.pop(asking, None)


def tried_again() -> None:
    """The request of this thread is sent once more."""
    asking = threading.get_ident()
    _tries[asking] = _tries.get(asking, 1) + 1
