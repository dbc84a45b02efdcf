"""Which of several release issues of a version counts, by their states. Pure."""

from __future__ import annotations

import pytest

from fastrel.github.model import Issue
from fastrel.tracker.issue import counting_of, doubles_of, given_up_of


def issue(number: int, state: str, reason: str = "", version: str = "0.2.0") -> Issue:
    body = f'<!-- fastrel tracker version="{version}" -->\n- [ ] a <!-- step a -->\n'
    return Issue(number, "t", "u", state, body, "mia", (), False, False, 0, reason)


OTHER = issue(9, "open", version="0.3.0")
COMPLETED, REOPENED, NOT_PLANNED = ("closed", "completed"), ("open", "reopened"), ("closed", "not_planned")
DUPLICATE, CLOSED_LONG_AGO = ("closed", "duplicate"), ("closed", "")


@pytest.mark.parametrize(
    ("states", "counts", "given_up", "doubles"),
    [
        ([], None, None, []),
        ([("open", "")], 1, None, []),
        ([("open", ""), ("open", ""), REOPENED], 1, None, [2, 3]),
        ([COMPLETED, ("open", ""), ("open", "")], 2, None, [3]),
        ([COMPLETED, COMPLETED, NOT_PLANNED], 2, 3, []),
        ([NOT_PLANNED, NOT_PLANNED, DUPLICATE], None, 2, []),
        ([DUPLICATE], None, None, []),
        ([CLOSED_LONG_AGO], 1, None, []),
        ([("open", "not_planned")], 1, None, []),  # opened again; GitHub may keep the reason
    ],
)
def test_the_oldest_open_one_counts_else_the_newest_completed_one(
    states: list[tuple[str, str]], counts: int | None, given_up: int | None, doubles: list[int]
) -> None:
    found = [*(issue(number, *state) for number, state in enumerate(states, start=1)), OTHER]
    counting, stopped = counting_of(found, "0.2.0"), given_up_of(found, "0.2.0")
    assert (counting and counting.number) == counts
    assert (stopped and stopped.number) == given_up
    assert [one.number for one in doubles_of(found, "0.2.0")] == doubles
