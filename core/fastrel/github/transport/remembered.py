"""Decorators for reads that are made once per report, or once per client."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from fastrel.github.transport.client import Client

T = TypeVar("T")
P = ParamSpec("P")


class HasClient(Protocol):
    """What `remembered` needs of the object whose reads it remembers."""

    client: Client
    name: str


S = TypeVar("S", bound=HasClient)


def remembered(read: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """A read that is made once per report."""
    return _kept(read, lasting=False)


def remembered_for_good(read: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """A read that is made once per client: what cannot change while its token is the same."""
    return _kept(read, lasting=True)


def _kept(read: Callable[Concatenate[S, P], T], *, lasting: bool) -> Callable[Concatenate[S, P], T]:
    @wraps(read)
    def once(self: S, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (read.__qualname__, self.name, args, tuple(sorted(kwargs.items())))
        return self.client.recall(key, lambda: read(self, *args, **kwargs), lasting=lasting)

    return cast("Callable[Concatenate[S, P], T]", once)
