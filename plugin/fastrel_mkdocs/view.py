"""The values that the page shows of a report, read from its JSON form: from GitHub, the cache or a snapshot file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastrel.errors import UsageError
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Settings
from fastrel.release import Release, release_of, require_version
from fastrel.report.schema import SCHEMA
from fastrel.report.verdict import Link, Status

DRAFT = re.compile(r"/releases/(?:tag/untagged-|edit/)")
"""In the address of a draft, which readers without write access cannot open."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as the page shows it. All text is foreign and not yet escaped."""

    id: str
    phase: str
    status: Status
    summary: str
    links: tuple[Link, ...] = ()
    title: str = ""
    """As plain text."""
    role: str = "write"
    by_hand: bool = False
    """Whether only a person can say that it is done."""
    ticked: bool = False
    by: str = ""
    at: datetime | None = None
    skipped: bool = False
    """Whether the step was skipped, not ticked."""
    unverified: bool = False
    decided: bool = False
    """Whether only the tick makes it done or skipped."""
    needs: tuple[str, ...] = ()
    alone: Status | None = None
    """While earlier steps block it: what its own check says."""
    alone_summary: str = ""

    @property
    def contradicted(self) -> bool:
        """Whether it is ticked and GitHub shows something else."""
        return self.ticked and self.unverified

    def command(self, version: str) -> str:
        """The command that does it, for this release."""
        if self.by_hand:
            return f"fastrel-checklist tick {self.id} --version {version}"
        return f"fastrel-checklist run {version} {self.id}"


ANY_BRANCH = "BRANCH"
"""What stands for a branch that is not known."""


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """The milestone of the release."""

    link: Link
    open: int
    closed: int
    due: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class TickView:
    """A tick of a past release."""

    step_id: str
    phase: str
    by: str
    at: datetime
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class PastView:
    """A past release."""

    version: str
    tracker: Link
    given_up: bool
    opened: datetime
    closed: datetime
    phases: tuple[tuple[str, datetime], ...] = ()
    ticks: tuple[TickView, ...] = ()
    published: str = ""
    compare: str = ""

    def seconds_of(self, step_id: str) -> float | None:
        """How long a step took: from the tick before it to its own; None when that is not known."""
        before = self.opened
        for tick in self.ticks:
            if tick.step_id == step_id:
                return (tick.at - before).total_seconds()
            before = tick.at
        return None


@dataclass(frozen=True, slots=True)
class GuideView:
    """A report as the page shows it."""

    version: str
    kind: str
    repository: str
    previous_tag: str
    base: str
    at: datetime | None
    branch: str = ""
    """The branch that the release comes from; empty in a state of an older version."""
    source: str = "live"
    """`live`, `cached`, `offline` or `snapshot`: how the state was read."""
    tracker: Link | None = None
    tracker_number: int = 0
    tracker_open: bool = False
    given_up: Link | None = None
    """The release issue that was given up, where there is no other one of the version."""
    assignees: tuple[str, ...] = ()
    guide_path: str = ""
    milestone: MilestoneView | None = None
    published: Link | None = None
    """The release on GitHub, once it is published."""
    warnings: tuple[str, ...] = ()
    steps: Mapping[str, StepView] = field(default_factory=dict)
    """By id, in the order of the guide."""
    past: tuple[PastView, ...] = ()

    @property
    def settled(self) -> int:
        return sum(step.status.settled for step in self.steps.values())

    @property
    def next(self) -> StepView | None:
        """The first step that is neither done nor skipped."""
        return next((step for step in self.steps.values() if not step.status.settled), None)

    @property
    def contradicted(self) -> int:
        """How many ticks GitHub contradicts."""
        return sum(step.contradicted for step in self.steps.values())

    def is_about(self, ids: Iterable[str]) -> bool:
        """Whether it is about these steps and no others."""
        return set(ids) == set(self.steps)

    def before(self, phase: str) -> list[StepView]:
        """The steps of the phases before one that are neither done nor skipped."""
        found: list[StepView] = []
        for step in self.steps.values():
            if step.phase == phase:
                break
            if not step.status.settled:
                found.append(step)
        return found

    def usual_seconds(self, step_id: str) -> float | None:
        """How long a step took in the past, the middle of all times."""
        times = [time for one in self.past if not one.given_up and (time := one.seconds_of(step_id)) is not None]
        return sorted(times)[len(times) // 2] if times else None

    def phases(self) -> dict[str, tuple[int, int]]:
        """For each phase, how many of its steps are done or skipped, and how many there are."""
        found: dict[str, tuple[int, int]] = {}
        for step in self.steps.values():
            settled, total = found.get(step.phase, (0, 0))
            found[step.phase] = settled + step.status.settled, total + 1
        return found

    def release(self, settings: Settings) -> Release:
        """The release, for `{{ }}` in the page."""
        branch = self.branch or (settings.branch if settings.branch_given else "") or ANY_BRANCH
        tags = [self.previous_tag] if self.previous_tag else []
        return release_of(self.version, tags, settings.naming, branch=branch)


def view_of(data: object, source: str) -> GuideView:
    """The view of a report in its JSON form. UsageError when it is none of ours."""
    report = Fields.of(data)
    if report.text("schema") != SCHEMA:
        raise UsageError(f"This is not a report of schema {SCHEMA}.")
    require_version(report.text("version"))
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", report.text("repository")):  # `{{ repository }}` becomes part of the page
        raise UsageError("This report does not say of which repository it is.")
    tracker, milestone = report.sub("tracker"), report.sub("milestone")
    steps = report.items("steps")
    return GuideView(
        version=report.text("version"),
        kind=report.text("kind"),
        repository=report.text("repository"),
        previous_tag=report.text("previous_tag"),
        base=report.text("base"),
        at=report.time("at"),
        branch=found if re.fullmatch(r"[\w./+-]+", found := report.text("branch")) else "",
        source=source,
        tracker=Link(f"#{tracker.number('number')}", tracker.text("url")) if tracker.data else None,
        tracker_number=tracker.number("number") if tracker.data else 0,
        tracker_open=tracker.text("state") == "open",
        given_up=_given_up(report.sub("given_up")) if not tracker.data else None,
        assignees=tracker.texts("assignees"),
        guide_path=report.text("guide_path"),
        milestone=_milestone(milestone) if milestone.data else None,
        published=next((_published(step) for step in steps if step.text("uses") == "release.publish"), None),
        warnings=report.texts("warnings"),
        steps={step.text("id"): _step(step) for step in steps},
        past=tuple(past for one in report.items("releases") if (past := _past(one))),
    )


def _given_up(issue: Fields) -> Link | None:
    return Link(f"#{issue.number('number')}", issue.text("url")) if issue.data else None


def _published(step: Fields) -> Link | None:
    if step.text("status") != Status.DONE:
        return None
    return next((Link(link.text("text"), link.text("url")) for link in step.items("links")), None)


def _step(step: Fields) -> StepView:
    status = step.text("status")
    ticked, alone = step.sub("ticked"), step.sub("alone")
    found = Status(status) if status in set(Status) else Status.UNKNOWN
    return StepView(
        step.text("id"),
        step.text("phase"),
        found,
        step.text("summary"),
        tuple(
            Link(link.text("text"), link.text("url"))
            for link in step.items("links")
            if not DRAFT.search(link.text("url"))
        ),
        title=plain_title(step.text("title")),
        role=step.text("role"),
        by_hand=step.flag("by_hand") if "by_hand" in step.data else found is Status.MANUAL and not step.text("uses"),
        ticked=bool(ticked.data),
        by=ticked.text("by"),
        at=ticked.time("at"),
        skipped=ticked.flag("skipped"),
        unverified=step.flag("unverified"),
        decided=step.flag("decided"),
        needs=step.texts("needs"),
        alone=Status(alone.text("status")) if alone.text("status") in set(Status) else None,
        alone_summary=alone.text("summary"),
    )


def plain_title(markdown: str) -> str:
    """A title without the marks of Markdown and without a full stop, for a line of its own."""
    text = re.sub(r"!?\[([^\]\n]*)\]\([^)\n]*\)", r"\1", markdown)
    return re.sub(r"[`*]|~~", "", text).strip().removesuffix(".")


def _milestone(milestone: Fields) -> MilestoneView:
    due = milestone.time("due")
    return MilestoneView(
        Link(milestone.text("title"), milestone.text("url")),
        milestone.number("open_issues"),
        milestone.number("closed_issues"),
        due,
        milestone.flag("overdue"),
    )


def _past(one: Fields) -> PastView | None:
    opened, closed = one.time("opened"), one.time("closed")
    if opened is None or closed is None:
        return None
    phases = [(phase.text("name"), ended) for phase in one.items("phases") if (ended := phase.time("ended"))]
    tracker = Link(f"#{one.number('number')}", one.text("url"))
    ticks = [
        TickView(tick.text("id"), tick.text("phase"), tick.text("by"), at, tick.flag("skipped"))
        for tick in one.items("ticks")
        if (at := tick.time("at"))
    ]
    return PastView(
        one.text("version"),
        tracker,
        one.flag("given_up"),
        opened,
        closed,
        tuple(phases),
        tuple(ticks),
        one.text("published"),
        one.text("compare"),
    )
