"""Records the requests and git commands that are made inside a block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_noted: ContextVar[list[str] | None] = ContextVar("reads", default=None)


@contextmanager
def noted() -> Iterator[list[str]]:
    """The reads that are made inside, also by the threads of `carried`; none of them reaches a list further out."""
    found: list[str] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(words: Iterable[str]) -> None:
    """Add reads to the list that is kept here, if one is."""
    found = _noted.get()
    if found is not None:
        found.extend(words)


def carried(function: Callable[P, R]) -> Callable[P, R]:
    """The function for another thread, whose reads are noted here."""
    context = copy_context()
    return lambda *args, **kwargs: context.copy().run(function, *args, **kwargs)
