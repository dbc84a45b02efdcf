"""Whether a run may still go on: its tracker is open and the same, and what it relies on is still ticked and true."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from fastrel.actions.registry import action_of
from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.errors import FastrelError, WorkRemains
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.guide.model import Step
from fastrel.running.polling import Watch
from fastrel.running.stop_reasons import undone
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import GIVEN_UP, LAG


class Ground:
    """What a run relies on. Each method raises WorkRemains when that does not hold any more."""

    def __init__(self, watch: Watch, tracker: Issue, ticked: Collection[str]) -> None:
        self.watch = watch
        self.tracker = tracker
        self.ticked = ticked
        """Steps that the tracker shows as ticked; the run adds to them."""

    def require(self, step: Step) -> None:
        """The tracker as it was read last is open, the same, and ticked before this step."""
        relied_on = [one.id for one in self._before(step) if one.id in self.ticked]
        problem = ground_problem(self.tracker, self.watch.release_context, relied_on)
        for seconds in LAG if problem else ():
            # Whoever writes at the same moment may have taken ticks away, and brings them back.
            if not unticked(self.watch.release_context, relied_on):
                break
            self.watch.release_context.pause(seconds)
            self.watch.reread()
            problem = ground_problem(self.tracker, self.watch.release_context, relied_on)
        if problem and not (action_of(step).last and self._is_completed()):
            raise WorkRemains(
                problem,
                done=f"{step.id} was not run.",
                next_step=f"When the release is to go on, reopen or tick it, then {self.watch.again}.",
            )

    def require_anew(self, step: Step) -> None:
        """Between the answer and the effects: the tracker is read again, and before what only a maintainer may do and
        before the last step also every step that comes before."""
        self.watch.reread()
        self.require(step)
        last = action_of(step).last
        if (
            last
            or self.watch.report.of(step.id).step.role.rank >= Role.MAINTAIN.rank
            or "release.publish" in step.actions
        ):
            found = self.watch.undone(self._before(step), strictly=last)
            if found:
                raise undone(found, self.watch.again)

    def require_nothing_undone(self, step: Step) -> None:
        """What a step has done to others of its kind is said at once, such as notes that lack a part now."""
        nouns = _nouns(step)
        steps = self.watch.release_context.guide.steps()
        others = [one for one in steps if one.id != step.id and nouns & _nouns(one)]
        if not others:
            return
        self.watch.reread()
        found = self.watch.undone(others, strictly=False)
        if found:
            raise undone(found, self.watch.again, step.id)

    def _is_completed(self) -> bool:
        """Whether somebody else, at the same last step, was the first to close the tracker as completed."""
        now = self.watch.release_context.tracker
        same = now is not None and now.number == self.tracker.number and now.state == "closed"
        return same and now is not None and now.state_reason not in GIVEN_UP

    def _before(self, step: Step) -> list[Step]:
        """The steps that come before one; before the last one, all others."""
        steps = list(self.watch.release_context.guide.steps())
        if action_of(step).last:
            return [one for one in steps if one.id != step.id]
        return steps[: next(place for place, one in enumerate(steps) if one.id == step.id)]


def _nouns(step: Step) -> set[str]:
    """What a step's actions are about, such as `release`."""
    return {name.partition(".")[0] for name in step.actions}


def ground_problem(before: Issue, now: ReleaseContext, relied_on: Collection[str]) -> str:
    """What has changed in the tracker since a run began, with who and when; empty when the run may go on. `relied_on`
    are ids of steps that the tracker showed as ticked."""
    tracker = now.tracker
    if tracker is None or tracker.number != before.number or tracker.state != "open":
        return _gone(before, now)
    if parse_body(tracker.body).base != parse_body(before.body).base:
        return f"The commit that the release starts from was changed in release issue #{before.number}{_edited(now)}."
    gone = unticked(now, relied_on)
    if not gone:
        return ""
    named = ", ".join(gone[:3]) + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
    return f"{named} {'was' if len(gone) == 1 else 'were'} unticked in release issue #{before.number}{_edited(now)}."


def unticked(now: ReleaseContext, relied_on: Collection[str]) -> list[str]:
    """Those of the steps that the tracker does not show as ticked."""
    entries = entries_of(now.tracker)
    return [one for one in relied_on if one in entries and not entries[one].ticked]


def _gone(before: Issue, now: ReleaseContext) -> str:
    """Why there is no open tracker any more."""
    issue, version = now.repository.issues.one(before.number), now.release.version
    if issue.state == "open":
        words = "its label or its first line has changed"
        return f"Issue #{before.number} is no longer a release issue of {version}: {words}."
    how = "is given up" if issue.state_reason == "not_planned" else "does not go on"
    return f"Release {version} {how}: release issue #{before.number} is closed{_who(issue.closed_by, issue.closed)}."


def _edited(now: ReleaseContext) -> str:
    """Who has edited the tracker last, and when."""
    assert now.tracker is not None, "asked of a release issue that is there"
    try:
        revisions = now.repository.issues.text(now.tracker.number).revisions or ()
    except FastrelError:
        return ""
    return _who(revisions[0].by, revisions[0].at) if revisions else ""


def _who(login: str, at: datetime | None) -> str:
    return (f" by {login}" if login else "") + (f", {at:%Y-%m-%d %H:%M} UTC" if at else "")
