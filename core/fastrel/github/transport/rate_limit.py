"""Waits for a rate limit, within bounds, with a notice, and until Ctrl-C."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from fastrel.github.transport.failures import RateLimited

T = TypeVar("T")

MAX_WAIT = 75
"""Seconds to wait for a rate limit before giving up; GitHub asks for a minute after a secondary one."""
TRIES = 3
"""How often a request is sent that is refused by a rate limit."""
STEP = 0.5
"""Seconds after which a wait is shown anew."""


class RateLimit:
    """The rate limit of one client. Safe to use from several threads."""

    def __init__(self, max_wait: float = MAX_WAIT) -> None:
        self.max_wait = max_wait
        """Seconds to wait before giving up."""
        self.on_pause: Callable[[float, float], None] = _silent
        """Told during a wait: the seconds that are over, and all; both are the same at the end."""
        self._telling = threading.Lock()
        self._over = threading.Event()
        self._away_until = 0.0

    @property
    def away(self) -> float:
        """Seconds for which GitHub wants no more requests; 0 when it takes them."""
        return max(self._away_until - time.monotonic(), 0)

    @contextmanager
    def no_wait(self) -> Iterator[None]:
        """A while in which no rate limit is waited for."""
        before, self.max_wait = self.max_wait, 0
        try:
            yield
        finally:
            self.max_wait = before

    def patiently(self, request: Callable[[], T]) -> T:
        """A request, sent again after a rate limit that is not too long. What it refuses was not applied."""
        for left in reversed(range(TRIES)):
            try:
                return request()
            except RateLimited as error:
                self._away_until = time.monotonic() + error.seconds
                if not left or error.seconds > self.max_wait or not self._pause(error.seconds):
                    raise
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Ctrl-C also ends the waiting of the threads whose results are awaited."""
        try:
            yield
        except KeyboardInterrupt:
            self._over.set()
            raise

    def _pause(self, seconds: float) -> bool:
        """Wait; one of the threads tells of it. False when Ctrl-C ended it."""
        began = time.monotonic()
        tells = self._telling.acquire(blocking=False)
        try:
            while (elapsed := time.monotonic() - began) < seconds:
                if tells:
                    self.on_pause(elapsed, seconds)
                if self._over.wait(min(seconds - elapsed, STEP)):
                    return False
            return True
        except KeyboardInterrupt:
            self._over.set()
            raise
        finally:
            if tells:
                self.on_pause(seconds, seconds)
                self._telling.release()


def _silent(elapsed: float, seconds: float) -> None:
    pass
