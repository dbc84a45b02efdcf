"""Faults on demand: a request is refused before it is applied, or applied and its answer lost."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next request that matches."""

    method: str
    path: str
    """A part of the path."""
    status: int = 502
    applied: bool = False
    """Whether the change is made all the same."""


@dataclass(slots=True)
class Faults:
    """The faults that are still to come; each happens once."""

    coming: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self.coming += faults

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of a request, if it has one; it will not happen again."""
        with self._lock:
            found = next((one for one in self.coming if one.method == method and one.path in path), None)
            if found:
                self.coming.remove(found)
            return found
