"""A body that is nearly full loses no decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fastrel.tracker.body import LIMIT, length, merge, parse_body
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body

AT = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
LINES = [Line("One", f"s-{number}", f"Do {number}.") for number in range(12)]
BODY = render_body(Header("0.2.0", "minor"), LINES)


def full(body: str, left: int) -> str:
    return body + "\n" + "p" * (LIMIT - length(body) - left - 1)


def evidence(number: int) -> Evidence:
    return Evidence("words " * 40, by="ada", at=AT + timedelta(minutes=number))


@pytest.mark.parametrize("left", [20, 60, 110, 200, 400])
def test_the_oldest_evidence_makes_room_for_a_skip_with_its_reason(left: int) -> None:
    body = merge(BODY, [Change(f"s-{number}", True, evidence(number)) for number in range(8)])
    merged = merge(full(body, left), [Change("s-9", True, Evidence("w", by="ada", at=AT, skip_reason="no need"))])
    entries = parse_body(merged).entries
    assert length(merged) < LIMIT
    found = entries["s-9"].evidence
    assert found
    assert found.skip_reason == "no need"
    newest, oldest = entries["s-7"].evidence, entries["s-0"].evidence
    assert newest
    assert oldest
    assert len(oldest.summary) <= len(newest.summary)
    assert all(entries[f"s-{number}"].ticked for number in range(8))


@pytest.mark.parametrize("left", [2, 20, 60])
def test_a_skip_that_does_not_fit_is_not_made(left: int) -> None:
    merged = merge(full(BODY, left), [Change("s-9", True, Evidence("no", by="ada", at=AT, skip_reason="no need"))])
    assert not parse_body(merged).entries["s-9"].ticked
