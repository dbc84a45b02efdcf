"""A second draft of a tag is taken back by the process that made it, unless somebody has worked on it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fastrel.actions.release import untouched
from fastrel.github.model import Asset, ReleaseEntry

MADE = ReleaseEntry(7, "v0.2.0", "v0.2.0", "", True, False, "u", "", None)
OTHER = replace(MADE, id=6, notes="words of a person")


def test_a_draft_that_nobody_has_worked_on_is_found_again() -> None:
    seen_later = replace(MADE, url="another")
    assert untouched(MADE, [OTHER, seen_later]) is seen_later


@pytest.mark.parametrize(
    "found",
    [
        None,
        replace(MADE, draft=False, published_at=datetime(2026, 11, 28, tzinfo=UTC)),
        replace(MADE, name="The big one"),
        replace(MADE, notes="words of a person"),
        replace(MADE, assets=(Asset(1, "a.whl", 3, "", "u", True),)),
    ],
)
def test_a_draft_that_somebody_has_worked_on_stays(found: ReleaseEntry | None) -> None:
    assert untouched(MADE, [OTHER, *([found] if found else [])]) is None
