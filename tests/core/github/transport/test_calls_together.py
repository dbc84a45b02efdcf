"""Calls at the same time: who asks works, too, so that a thread of the pool may ask."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from fastrel.github.transport.together import together

PATIENCE = 30
"""Seconds after which a test gives up."""


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Of a single thread."""
    with ThreadPoolExecutor(1) as running:
        yield running


def test_results_come_in_the_order_of_the_calls(pool: ThreadPoolExecutor) -> None:
    assert together(pool, [partial(pow, 2, number) for number in range(20)]) == [2**number for number in range(20)]
    assert together(pool, []) == []


def test_two_calls_are_made_at_the_same_time_with_one_thread(pool: ThreadPoolExecutor) -> None:
    met = threading.Barrier(2)
    together(pool, [partial(met.wait, PATIENCE)] * 2)


@pytest.mark.timeout(PATIENCE)
def test_calls_that_ask_for_calls_never_wait_for_a_free_thread(pool: ThreadPoolExecutor) -> None:
    def deep(level: int) -> int:
        return sum(together(pool, [partial(deep, level - 1)] * 3)) if level else 1

    assert together(pool, [partial(deep, 3)] * 4) == [27] * 4


def test_the_first_error_is_raised_when_all_calls_are_over(pool: ThreadPoolExecutor) -> None:
    made: list[str] = []

    def call(name: str, *, fails: bool) -> None:
        made.append(name)
        if fails:
            raise ValueError(name)

    calls = [partial(call, name, fails=name in "bd") for name in "abcd"]
    with pytest.raises(ValueError, match="b"):
        together(pool, calls)
    assert sorted(made) == ["a", "b", "c", "d"]


def test_ctrl_c_ends_the_waiting_at_once(pool: ThreadPoolExecutor) -> None:
    def pressed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        together(pool, [lambda: None, pressed])
