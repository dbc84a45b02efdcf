"""Makes several calls at the same time, in a pool of threads and the calling one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import TypeVar

R = TypeVar("R")


def together(pool: Executor, calls: Sequence[Callable[[], R]]) -> list[R]:
    """The results in the order of the calls. The first error of them, in that order, when all are over.

    Whoever asks makes those that no thread has begun itself, from the end. So it may be a thread of the same pool, also
    when all of them ask.
    """
    futures = [pool.submit(call) for call in calls[:-1]]
    for call in calls[-1:]:
        futures.append(_made(call))
    for number in reversed(range(len(futures))):
        if futures[number].cancel():
            futures[number] = _made(calls[number])
    return [one.result() for one in futures]


def _made(call: Callable[[], R]) -> Future[R]:
    made: Future[R] = Future()
    try:
        made.set_result(call())
    except Exception as error:
        made.set_exception(error)
    return made
