"""A second draft of a tag is taken back by the process that made it, unless somebody has worked on it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fastrel.actions.deduplicate import keep_first
from fastrel.actions.release import untouched
from fastrel.errors import FastrelError
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


@pytest.mark.parametrize(
    ("found", "taken_back"), [([], False), ([7], False), ([7, 8], False), ([6, 7], True), ([9, 6], True)]
)
def test_of_two_made_at_the_same_moment_the_one_with_the_lowest_number_stays(
    found: list[int], taken_back: bool
) -> None:
    done: list[str] = []
    assert keep_first(7, found, lambda: done.append("taken back"), words="the draft", url="u") is taken_back
    assert bool(done) is taken_back


def test_a_second_one_that_cannot_be_taken_back_is_named() -> None:
    def refuse() -> None:
        raise FastrelError("GitHub says no.", done="Nothing.")

    with pytest.raises(FastrelError, match="cannot be taken back: GitHub says no") as failed:
        keep_first(7, [6, 7], refuse, words="the draft", url="https://x.example/7")
    assert failed.value.done == "It is there twice; the newer one is https://x.example/7"
    assert failed.value.next_step == "Delete the newer one on GitHub."
