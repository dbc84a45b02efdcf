"""Bugs that the model of a release must notice: each is planted, and a sequence of the model's own moves leads there.

Two of them are tried with every change, all with `--long`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from torture.release_model import NOTES
from torture.test_release_model import LONG, ReleaseModel

Moves = Callable[[ReleaseModel], None]


@dataclass(frozen=True, slots=True)
class Planted:
    """What is broken, by what it is replaced by, and the moves that meet it."""

    places: dict[str, object]
    moves: Moves
    says: str
    """A part of what the model says."""
    quick: bool = False


def runs_twice(model: ReleaseModel) -> None:
    model.runs("", "maintain")
    model.runs("", "maintain")


def meets_a_fault_at(step: str, method: str, path: str, answer: str) -> Moves:
    return lambda model: model.an_effect_meets_a_fault((step, method, path, ""), answer, False, 0)


def is_written_into_while_it_writes(model: ReleaseModel) -> None:
    model.somebody_writes_during_a_run("issues", "PATCH", 0, "t")


def has_notes_of_people_before_they_are_generated(model: ReleaseModel) -> None:
    model.runs("draft", "maintain")
    model.somebody_writes_into_the_notes()
    model.runs("notes", "maintain")


def gets_an_issue_in_the_middle(model: ReleaseModel) -> None:
    model.something_happens_during_a_run("", "GET", "an issue comes into the milestone", 60)


PLANTED = {
    "what failed is believed to be done": Planted(
        {"fastrel.running.run.shows": lambda *_: True, "fastrel.running.run.require_shown": lambda *_: None},
        meets_a_fault_at("edit", "PATCH", "/releases/", "refused as invalid"),
        NOTES,
    ),
    "a post is made without a look": Planted(
        {"fastrel.actions.discussion._posts": lambda *_: []},
        runs_twice,
        "assert {1, 2} <= {1}",
    ),
    "a dry run goes on where the role ends": Planted(
        {"fastrel.running.dry_run.DryRun.refusal": property(lambda _: lambda step: "", lambda *_: None)},
        lambda model: model.looks_before_running("", "write"),
        "create",
        quick=True,
    ),
    "the text of others in the release issue is written over": Planted(
        {"fastrel.tracker.issue.rescued": lambda base, mine, current: current},
        is_written_into_while_it_writes,
        "A note by rae",
        quick=True,
    ),
    "the notes of people are written over": Planted(
        {"fastrel.actions.release_notes.notes.together": lambda notes, texts, context: texts[0][1].text},
        has_notes_of_people_before_they_are_generated,
        "Written on GitHub",
    ),
    "a release is closed with a step that was undone": Planted(
        {"fastrel.running.polling.Watch.undone": lambda *_, **__: []},
        gets_an_issue_in_the_middle,
        "/issues?milestone=2&",
    ),
}


@pytest.mark.parametrize("name", [name for name, one in PLANTED.items() if one.quick or LONG])
def test_the_model_notices_a_planted_bug(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = PLANTED[name]
    if LONG:
        _goes_through(planted)  # without the bug there is nothing to notice
    for place, broken in planted.places.items():
        monkeypatch.setattr(place, broken, raising=False)
    with pytest.raises(AssertionError) as noticed:
        _goes_through(planted)
    assert planted.says in str(noticed.value)


def _goes_through(planted: Planted) -> None:
    model = ReleaseModel()
    try:
        model.begins("0.2.0", in_editor=True)
        planted.moves(model)
        model.nothing_is_lost()
        model.nothing_is_done_twice()
    finally:
        model.teardown()
