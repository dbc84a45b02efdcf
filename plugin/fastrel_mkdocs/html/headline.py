"""The headline of a guide: whether the release can go on, and if not, who must do what. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastrel.report.verdict import Status
from fastrel_mkdocs.html.parts import duration
from fastrel_mkdocs.view import GuideView, MilestoneView, StepView
from fastrel_mkdocs.words import Words


@dataclass(frozen=True, slots=True)
class Headline:
    """`kind` is `finished`, `ended` when it was given up, or the status that decides; `step` is the one to look at."""

    kind: str
    words: str
    step: StepView | None = None
    who: str = ""
    usually: str = ""
    """How long it took in the past."""
    contradicted: str = ""
    """How many ticks GitHub contradicts, in words."""
    late: str = ""
    """For how long the milestone has been due, in words."""


def headline_of(view: GuideView, words: Words) -> Headline:
    """A failed step comes first, wherever it stands; else the next step says how it goes on."""
    if view.given_up:
        return Headline("ended", words("is_ended"))
    failed = [step for step in view.steps.values() if step.status is Status.FAILED]
    step = failed[0] if failed else view.next
    count = view.contradicted
    contradicted = words.number("contradicted_one", "contradicted_more", count) if count else ""
    if step is None:
        return Headline("finished", words("is_finished"), contradicted=contradicted)
    late = _late(view.milestone, view.at, words)
    said = words.number("is_failed_one", "is_failed", len(failed)) if failed else words(f"is_{step.status.value}")
    seconds = view.usual_seconds(step.id) if step.status is Status.WAITING else None
    usually = words("usually", time=duration(timedelta(seconds=seconds), words)) if seconds else ""
    return Headline(step.status.value, said, step, who_does(step, view, words), usually, contradicted, late)


def who_does(step: StepView, view: GuideView, words: Words) -> str:
    """The role that a step needs, and who is assigned to the release."""
    return " · ".join([words("needs", role=step.role), *(f"@{login}" for login in view.assignees[:3])])


def _late(milestone: MilestoneView | None, at: datetime | None, words: Words) -> str:
    if milestone is None or not milestone.overdue or milestone.due is None or at is None:
        return ""
    days = (at - milestone.due).days
    return words.number("late_one", "late_more", days) if days > 0 else words("late_today")
