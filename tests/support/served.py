"""What the twin serves: the REST routes of all its rooms."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass

from fastrel_twin import rest
from fastrel_twin.call import Handler, Routes


@dataclass(frozen=True, slots=True)
class Served:
    """A route of the twin."""

    room: str
    method: str
    path: str
    """With the twin's own names of parameters."""
    handler: Handler

    @property
    def key(self) -> tuple[str, str]:
        return key(self.method, self.path)


def key(method: str, path: str) -> tuple[str, str]:
    """A route without the names of its parameters, which differ between the twin and GitHub."""
    return method, re.sub(r"\{[^}]*\}", "{}", path)


def served() -> list[Served]:
    """All routes, room by room."""
    found = []
    for info in pkgutil.iter_modules(rest.__path__):
        routes: Routes = getattr(importlib.import_module(f"{rest.__name__}.{info.name}"), "ROUTES", ())
        found += [Served(info.name, method, path, handler) for method, path, handler in routes]
    return found
