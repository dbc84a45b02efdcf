"""Telling that a request has no answer: by one thread for all requests, as often as it is time."""

import threading

import pytest

from fastrel.github import stall

PATIENCE = 30
"""Seconds after which a test gives up."""


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stall, "AFTER", 0.02)


def test_a_request_without_an_answer_is_told_again_and_again_with_its_try() -> None:
    told: list[tuple[float, int]] = []
    twice = threading.Event()

    def tell(seconds: float, tries: int) -> None:
        told.append((seconds, tries))
        if len(told) == 2:
            twice.set()

    with stall.watched(tell):
        stall.tried_again()
        assert twice.wait(PATIENCE)
    assert told[0][0] < told[1][0]
    assert {tries for _, tries in told} == {2}


def test_several_requests_are_watched_by_one_thread_that_ends_with_them() -> None:
    heard = threading.Barrier(4)
    asked = [threading.Thread(target=_ask, args=(heard,)) for _ in range(3)]
    for one in asked:
        one.start()
    heard.wait(PATIENCE)
    watching = [one for one in threading.enumerate() if one.name == "stall"]
    assert len(watching) == 1
    for one in asked:
        one.join(PATIENCE)
    watching[0].join(PATIENCE)
    assert not watching[0].is_alive()


def test_a_request_after_a_pause_is_watched_again() -> None:
    for _ in range(2):
        told = threading.Event()
        with stall.watched(lambda seconds, tries, told=told: told.set()):  # type: ignore[misc]  # of this round
            assert told.wait(PATIENCE)
        for one in threading.enumerate():
            if one.name == "stall":
                one.join(PATIENCE)


def test_nobody_is_told_where_nobody_listens() -> None:
    before = threading.active_count()
    with stall.watched(None):
        assert threading.active_count() <= before


def _ask(heard: threading.Barrier) -> None:
    told = threading.Event()
    with stall.watched(lambda seconds, tries: told.set()):
        assert told.wait(PATIENCE)
        heard.wait(PATIENCE)
