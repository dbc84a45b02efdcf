"""The pause between two requests that change something.

PyGithub's own also holds up the questions of GraphQL, which are sent by POST, and knows only one connection's changes.

Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

from fastrel.github.transport.addresses import is_local

T = TypeVar("T")

SECONDS = 1.0
"""Between the beginnings of two changes, as GitHub asks; a server on this machine needs none."""


class Pace:
    """Lets the changes of one client begin one after the other. Safe to use from several threads."""

    def __init__(self, api_url: str) -> None:
        self._seconds = 0.0 if is_local(api_url) else SECONDS
        self._lock = threading.Lock()
        self._next = 0.0
        """When the next change may begin."""

    def keep(self, change: Callable[[], T]) -> T:
        """Make a change when it is time for it."""
        with self._lock:
            early = self._next - monotonic()
            if early > 0:
                sleep(early)
            self._next = monotonic() + self._seconds
        return change()
