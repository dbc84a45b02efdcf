"""Faults on demand: a request is refused before it is applied, or applied and its answer lost."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a request."""

    method: str
    path: str
    """A part of the path."""
    status: int = 502
    applied: bool = False
    """Whether the change is made all the same."""
    after: int = 0
    """How many requests that match come first."""
    message: str = "Server Error"
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of the answer besides the ordinary ones, or in their place."""


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
            for number, one in enumerate(self.coming):
                if one.method == method and one.path in path:
                    if not one.after:
                        return self.coming.pop(number)
                    self.coming[number] = replace(one, after=one.after - 1)
                    return None
            return None
