"""Rate limits: how long to wait, by whose clock, and what is said. Pure."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from fastrel.github.transport.failures import RateLimited, fault
from fastrel.github.transport.limits import allowance, duration, moment_words, seconds_to_wait, server_time

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DATE = format_datetime(NOW, usegmt=True)
RESET = str(int((NOW + timedelta(minutes=42)).timestamp()))


@pytest.fixture(params=["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield str(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "30", "x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET, "date": DATE}, 30),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET, "date": DATE}, 42 * 60 + 1),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET, "date": "yesterday"}, 42 * 60 + 1),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1", "date": DATE}, 1),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 30}, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, 60),
        ({"x-ratelimit-remaining": "12", "x-ratelimit-reset": RESET}, 60),
        ({"retry-after": "²"}, 60),
        ({}, 60),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert seconds_to_wait(headers, NOW) == seconds


def test_the_clock_of_the_server_counts_and_not_a_wrong_one_here() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET, "date": DATE}
    for wrong in (timedelta(days=-400), timedelta(hours=5), timedelta(days=400)):
        assert seconds_to_wait(headers, NOW + wrong) == 42 * 60 + 1


@pytest.mark.parametrize("date", ["", "x", "Tue, 99 Foo 2026", "Tue, 24 Nov 99999 12:00:00 GMT", "\0"])
def test_a_date_that_is_none_is_no_traceback(date: str) -> None:
    assert server_time({"date": date}) is None
    assert server_time({"date": DATE}) == NOW


def test_the_refusal_says_when_to_come_back_in_utc_and_here(zone: str) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET, "date": DATE}
    error = fault("GET", "/user", 403, headers, {"message": "API rate limit exceeded"})
    assert isinstance(error, RateLimited)
    here = {"Pacific/Kiritimati": "2026-11-25 02:42", "America/Los_Angeles": "2026-11-24 04:42", "Asia/Kathmandu": "2026-11-24 18:27"}[zone]  # fmt: skip
    assert error.next_step == f"Type the same command again in 43 minutes, at 2026-11-24 12:42 UTC ({here} here)."
    assert moment_words(NOW).startswith("at 2026-11-24 12:00 UTC (")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (60, "60 seconds"),
        (91, "2 minutes"),
        (3600, "60 minutes"),
        (7200, "2 hours"),
        (7201, "3 hours"),
    ],
)
def test_a_time_in_words_is_rounded_up(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_what_is_left_is_that_of_rest() -> None:
    headers = {"x-ratelimit-remaining": "12", "x-ratelimit-limit": "60", "x-ratelimit-reset": RESET}
    found = allowance(headers)
    assert found is not None
    assert (found.remaining, found.limit, found.reset) == (12, 60, NOW + timedelta(minutes=42))
    assert allowance({**headers, "x-ratelimit-resource": "core"}) == found
    assert allowance({**headers, "x-ratelimit-resource": "graphql"}) is None
    assert allowance({**headers, "x-ratelimit-remaining": "many"}) is None
