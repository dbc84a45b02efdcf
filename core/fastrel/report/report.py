"""The report: a verdict for every step of a release, and its JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fastrel.report.schema import SCHEMA, json_time
from fastrel.report.verdict import Status, Verdict

if TYPE_CHECKING:
    from fastrel.guide.changes import GuideNews
    from fastrel.guide.model import Step
    from fastrel.release import Release


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of a step in the tracker. `by` and `at` are empty and None when a person ticked in the browser."""

    by: str = ""
    at: datetime | None = None
    note: str = ""
    skipped: bool = False
    """Whether the step was skipped, by a person or for this kind of release, with the note as the reason."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step with its verdict and what the tracker says of it."""

    step: Step
    phase: str
    title: str
    """The step's title with `{{ }}` rendered, still Markdown."""
    verdict: Verdict
    tick: Tick | None = None
    doubt: str = ""
    """Why the tick does not count; empty when it does."""
    reads: tuple[str, ...] = ()
    """The requests and git commands by which the check found out, as a dry run shows them."""

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def by_hand(self) -> bool:
        """Whether a person does the step, and no command can."""
        return not self.step.uses and self.step.script is None and not self.step.check

    @property
    def unverified(self) -> bool:
        """Ticked, but the check contradicts it."""
        return self.tick is not None and not self.status.settled


@dataclass(frozen=True, slots=True)
class MilestoneState:
    """The milestone of the release as GitHub shows it."""

    title: str
    url: str
    state: str
    open_issues: int
    closed_issues: int
    """Issues and pull requests, without the tracker itself."""
    due: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class TrackerState:
    """The release issue of the release."""

    number: int
    url: str
    state: str
    """`open` or `closed`."""
    assignees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict for every step, at one moment."""

    release: Release
    repository: str
    at: datetime
    steps: tuple[StepReport, ...]
    tracker: TrackerState | None = None
    given_up: TrackerState | None = None
    """The tracker that was given up, where there is no other one."""
    milestone: MilestoneState | None = None
    warnings: tuple[str, ...] = ()
    """What a person should know that concerns no single step; foreign text in them not yet escaped."""
    requests: int = 0
    """How many HTTP requests the report cost."""
    newly_ticked: tuple[str, ...] | None = None
    """The steps that were ticked just before; None for a report that ticks nothing."""
    guide_path: str = ""
    """The guide's path in the repository, or as it was given."""
    guide: GuideNews | None = None
    """How the guide at hand differs from the one that the tracker names; None when it does not, or was not compared."""

    def of(self, step_id: str) -> StepReport:
        """The report of one step. KeyError when the guide has no such step."""
        for one in self.steps:
            if one.step.id == step_id:
                return one
        raise KeyError(step_id)

    @property
    def settled(self) -> int:
        """How many steps are done or skipped."""
        return sum(one.status.settled for one in self.steps)

    @property
    def next(self) -> StepReport | None:
        """The first step that is neither done nor skipped."""
        return next((one for one in self.steps if not one.status.settled), None)


def report_json(report: Report) -> dict[str, object]:
    """The documented JSON form (see `docs/reference/json.md`); times are ISO 8601 in UTC."""
    release = report.release
    return {
        "schema": SCHEMA,
        "version": release.version,
        "kind": release.kind.value,
        "prerelease": release.prerelease,
        "tag": release.tag,
        "previous_tag": release.previous_tag or None,
        "branch": release.branch,
        "base": report.release.base or None,
        "repository": report.repository,
        "guide_path": report.guide_path or None,
        "at": json_time(report.at),
        "tracker": None
        if report.tracker is None
        else {
            "number": report.tracker.number,
            "url": report.tracker.url,
            "state": report.tracker.state,
            "assignees": list(report.tracker.assignees),
        },
        "given_up": None if report.given_up is None else {"number": report.given_up.number, "url": report.given_up.url},
        "milestone": None
        if report.milestone is None
        else {
            "title": report.milestone.title,
            "url": report.milestone.url,
            "state": report.milestone.state,
            "open_issues": report.milestone.open_issues,
            "closed_issues": report.milestone.closed_issues,
            "due": json_time(report.milestone.due),
            "overdue": report.milestone.overdue,
        },
        "warnings": list(report.warnings),
        "progress": {"settled": report.settled, "total": len(report.steps)},
        "newly_ticked": None if report.newly_ticked is None else list(report.newly_ticked),
        "requests": report.requests,
        "guide": None if report.guide is None else _guide_json(report.guide),
        "steps": [_step_json(one) for one in report.steps],
    }


def _guide_json(news: GuideNews) -> dict[str, object]:
    return {
        "path": news.path,
        "recorded": news.recorded or None,
        "current": news.current or None,
        "problem": news.problem or None,
        "uncommitted": news.uncommitted,
        "to_agree": news.to_agree,
        "changes": [
            {
                "id": one.step_id or None,
                "how": one.how.value,
                "title": one.title or None,
                "parts": [{"part": part.part, "old": part.old or None, "new": part.new or None} for part in one.parts],
            }
            for one in news.changes
        ],
    }


def _step_json(one: StepReport) -> dict[str, object]:
    return {
        "id": one.step.id,
        "phase": one.phase,
        "title": one.title,
        "uses": one.step.uses or None,
        "role": one.step.role.value,
        "status": one.status.value,
        "summary": one.verdict.summary,
        "links": [{"text": link.text, "url": link.url} for link in one.verdict.links],
        "ticked": None
        if one.tick is None
        else {
            "by": one.tick.by or None,
            "at": json_time(one.tick.at),
            "note": one.tick.note or None,
            "skipped": one.tick.skipped,
        },
        "unverified": one.unverified,
        "decided": one.verdict.decided and one.tick is not None,
        "by_hand": one.by_hand,
        "needs": list(one.step.needs),
        "alone": None
        if one.verdict.alone is None
        else {"status": one.verdict.alone.status.value, "summary": one.verdict.alone.summary},
    }
