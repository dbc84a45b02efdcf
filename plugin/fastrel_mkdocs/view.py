"""What the page shows of a report: read from the report's JSON form, whether it comes from GitHub now, from the cache
or from a snapshot file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastrel.errors import UsageError
from fastrel.release import Release, release_of
from fastrel.report import SCHEMA
from fastrel.repository.fields import Fields
from fastrel.verdict import Link, Status


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as the page shows it. All text is foreign and not yet escaped."""

    status: Status
    summary: str
    links: tuple[Link, ...] = ()
    ticked: bool = False
    by: str = ""
    at: datetime | None = None
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class GuideView:
    """A report as the page shows it."""

    version: str
    kind: str
    repository: str
    previous_tag: str
    settled: int
    total: int
    at: datetime | None
    source: str = "live"
    """`live`, `cached` or `offline`: how the state was read."""
    tracker: Link | None = None
    milestone: Link | None = None
    milestone_words: str = ""
    steps: Mapping[str, StepView] = field(default_factory=dict)

    def release(self, template: str, branch: str) -> Release:
        """The release, for `{{ }}` in the page."""
        return release_of(
            self.version, [self.previous_tag] if self.previous_tag else [], template=template, branch=branch
        )


def view_of(data: object, source: str) -> GuideView:
    """The view of a report in its JSON form. UsageError when it is none of ours."""
    report = Fields.of(data)
    if report.text("schema") != SCHEMA:
        raise UsageError(f"This is not a report of schema {SCHEMA}.")
    tracker, milestone, progress = report.sub("tracker"), report.sub("milestone"), report.sub("progress")
    return GuideView(
        version=report.text("version"),
        kind=report.text("kind"),
        repository=report.text("repository"),
        previous_tag=report.text("previous_tag"),
        settled=progress.number("settled"),
        total=progress.number("total"),
        at=report.time("at"),
        source=source,
        tracker=Link(f"#{tracker.number('number')} ({tracker.text('state')})", tracker.text("url"))
        if tracker.data
        else None,
        milestone=Link(milestone.text("title"), milestone.text("url")) if milestone.data else None,
        milestone_words=_milestone_words(milestone, report.time("at")) if milestone.data else "",
        steps={step.text("id"): _step(step) for step in report.items("steps")},
    )


def _step(step: Fields) -> StepView:
    status = step.text("status")
    ticked = step.sub("ticked")
    return StepView(
        Status(status) if status in set(Status) else Status.UNKNOWN,
        step.text("summary"),
        tuple(Link(link.text("text"), link.text("url")) for link in step.items("links")),
        ticked=bool(ticked.data),
        by=ticked.text("by"),
        at=ticked.time("at"),
        unverified=step.flag("unverified"),
    )


def _milestone_words(milestone: Fields, now: datetime | None) -> str:
    words = f"{milestone.number('open_issues')} open, {milestone.number('closed_issues')} closed"
    due = milestone.time("due")
    if due:
        words += f", due on {due:%Y-%m-%d}"
        if now and milestone.text("state") == "open" and due < now:
            words += " (overdue)"
    return words
