"""What the headers of an answer tell about a token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from fastrel.github.token import facts_in


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-24 09:30:00 UTC", datetime(2026, 12, 24, 9, 30, tzinfo=UTC)),
        ("2026-12-24 09:30:00 +0100", datetime(2026, 12, 24, 9, 30, tzinfo=timezone(timedelta(hours=1)))),
        ("soon", None),
        ("", None),
    ],
)
def test_the_expiry_is_read_in_both_forms(text: str, moment: datetime | None) -> None:
    assert facts_in({"github-authentication-token-expiration": text}).expires == moment


@pytest.mark.parametrize(
    ("headers", "scopes"),
    [
        ({}, None),
        ({"x-oauth-scopes": ""}, frozenset()),
        ({"x-oauth-scopes": "repo, workflow"}, frozenset({"repo", "workflow"})),
    ],
)
def test_no_header_is_something_else_than_no_scope(headers: dict[str, str], scopes: frozenset[str] | None) -> None:
    assert facts_in(headers).scopes == scopes


def test_a_server_without_limits() -> None:
    facts = facts_in({"x-ratelimit-remaining": "many"})
    assert (facts.limit, facts.remaining, facts.resets) == (None, None, None)
