"""GitHub's rate limits: how long to wait, by the server's clock and not by this computer's, and the words for it. Pure.

Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SECONDARY = 60
"""Seconds to wait after a secondary limit that says no more; GitHub asks for at least a minute."""

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a primary limit."""

    remaining: int
    limit: int
    reset: datetime


def is_rate_limit(headers: Mapping[str, str], said: str) -> bool:
    """Whether a refusal is one for a time. Names of headers are in lower case, as everywhere here."""
    return (
        headers.get("x-ratelimit-remaining") == "0"
        or "retry-after" in headers
        or any(words in said.lower() for words in ("rate limit", "abuse detection"))
    )


def seconds_to_wait(headers: Mapping[str, str], now: datetime) -> float:
    """After how many seconds another try is worth it; `now` counts only where the server does not say its own time."""
    after = _number(headers.get("retry-after", ""))
    if after is not None:
        return max(after, 1)
    reset = _moment(headers.get("x-ratelimit-reset", ""))
    if reset and headers.get("x-ratelimit-remaining") == "0":
        # The second in which the limit is renewed is not over at its beginning.
        return max((reset - (server_time(headers) or now)).total_seconds(), 0) + 1
    return SECONDARY


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """What time it is for the server; None when it does not say."""
    try:
        moment = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def allowance(headers: Mapping[str, str]) -> Allowance | None:
    """What is left of the limit for REST, which all but GraphQL counts on; None when the answer does not say."""
    remaining, limit = (_number(headers.get(f"x-ratelimit-{name}", "")) for name in ("remaining", "limit"))
    reset = _moment(headers.get("x-ratelimit-reset", ""))
    if remaining is None or limit is None or reset is None or headers.get("x-ratelimit-resource", "core") != "core":
        return None
    return Allowance(int(remaining), int(limit), reset)


def retry_words(seconds: float, headers: Mapping[str, str], now: datetime) -> str:
    """When to type the same command again, and how long it is until then."""
    wait = f"in {duration(seconds)}, " if seconds < DAY else ""
    return f"Type the same command again {wait}{moment_words(_at(seconds, headers, now))}."


def moment_words(moment: datetime | None) -> str:
    """A moment in UTC, and in the local zone where that is another time."""
    if moment is None:
        return "later"
    utc, local = moment.astimezone(UTC), moment.astimezone()
    here = "" if local.utcoffset() == timedelta() else f" ({local:%Y-%m-%d %H:%M} here)"
    return f"at {utc:%Y-%m-%d %H:%M} UTC{here}"


def duration(seconds: float) -> str:
    """A time in words, rounded up."""
    if seconds < 90:
        return f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"
    minutes = int(-(-seconds // 60))
    return f"{minutes} minutes" if minutes < 120 else f"{-(-minutes // 60)} hours"


def _at(seconds: float, headers: Mapping[str, str], now: datetime) -> datetime | None:
    try:
        return (server_time(headers) or now) + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 15 else None


def _moment(text: str) -> datetime | None:
    seconds = _number(text)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):  # a moment that no calendar has
        return None
