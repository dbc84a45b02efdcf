"""Reports requests that have no answer yet, and which try it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

AFTER = 10.0
"""Seconds without an answer after which that is told, and told again."""
OnStall = Callable[[float, int], None]
"""Told the seconds since the request began, and the number of the try."""


@dataclass(slots=True)
class _Request:
    """A request that has no answer yet."""

    tell: OnStall
    began: float
    due: float
    tries: int = 1


class _Watcher:
    """One thread that watches the requests of all others; it ends when there are none."""

    def __init__(self) -> None:
        self._requests: dict[int, _Request] = {}
        """By the thread that asks."""
        self._changed = threading.Condition()
        self._wakes = 0.0
        """When the thread looks again; 0 while there is none."""

    def begin(self, tell: OnStall) -> None:
        now = time.monotonic()
        with self._changed:
            self._requests[threading.get_ident()] = _Request(tell, now, now + AFTER)
            if not self._wakes:
                self._wakes = now + AFTER
                threading.Thread(target=self._watch, name="stall", daemon=True).start()
            elif now + AFTER < self._wakes:
                self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._requests.pop(threading.get_ident(), None)

    def tried_again(self) -> None:
        with self._changed:
            if found := self._requests.get(threading.get_ident()):
                found.tries += 1

    def _watch(self) -> None:
        try:
            while (late := self._late()) is not None:
                for one in late:
                    one.tell(time.monotonic() - one.began, one.tries)
        except BaseException:
            with self._changed:
                self._wakes = 0.0  # the next request starts another thread
            raise

    def _late(self) -> list[_Request] | None:
        """The requests that wait for too long now, perhaps after a while; None when there is nothing to watch."""
        with self._changed:
            now = time.monotonic()
            if not self._requests and self._wakes <= now:
                self._wakes = 0.0
                return None
            late = [one for one in self._requests.values() if one.due <= now]
            for one in late:
                one.due = now + AFTER
            if not late:
                self._wakes = min((one.due for one in self._requests.values()), default=self._wakes)
                self._changed.wait(max(self._wakes - now, 0))
            return late


_watcher = _Watcher()


@contextmanager
def watched(on_stall: OnStall | None) -> Iterator[None]:
    """Watch the request that this thread makes inside."""
    if on_stall is None:
        yield
        return
    _watcher.begin(on_stall)
    try:
        yield
    finally:
        _watcher.end()


def tried_again() -> None:
    """The request of this thread is sent once more."""
    _watcher.tried_again()
