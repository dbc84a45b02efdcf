"""The pause between two changes: kept by all connections of a client, and only by what changes something."""

import threading

import pytest

from fastrel.github.transport import pace
from fastrel.github.transport.pace import Pace

ELSEWHERE = "https://ghe.corp.example/api/v3"


class Clock:
    """Sleeping lets its time go on."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "SECONDS", 1.0)
    monkeypatch.setattr(pace, "monotonic", lambda: clock.now)
    monkeypatch.setattr(pace, "sleep", clock.sleep)
    return clock


def test_a_second_is_between_the_beginnings_of_two_changes(clock: Clock) -> None:
    kept = Pace(ELSEWHERE)
    begun: list[float] = []

    def change(seconds: float) -> None:
        begun.append(clock.now)
        clock.now += seconds

    for seconds in (0.25, 0.0, 3.0, 0.0):
        kept.keep(lambda seconds=seconds: change(seconds))  # type: ignore[misc]  # of this round
    assert begun == [100.0, 101.0, 102.0, 105.0]
    assert clock.slept == [0.75, 1.0]


def test_a_server_on_this_machine_needs_none(clock: Clock) -> None:
    for address in ("http://127.0.0.1:8000/api/v3", "http://localhost:8000", "http://[::1]:8000"):
        kept = Pace(address)
        assert [kept.keep(lambda: 1), kept.keep(lambda: 2)] == [1, 2]
    assert clock.slept == []


def test_changes_of_several_threads_keep_it_together(clock: Clock) -> None:
    kept = Pace(ELSEWHERE)
    threads = [threading.Thread(target=kept.keep, args=(lambda: None,)) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert clock.slept == [1.0] * 4


def test_a_change_that_fails_counts(clock: Clock) -> None:
    kept = Pace(ELSEWHERE)

    def refused() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        kept.keep(refused)
    kept.keep(lambda: None)
    assert clock.slept == [1.0]
