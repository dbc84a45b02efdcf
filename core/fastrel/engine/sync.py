"""Evaluating a release and ticking what is verified."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastrel.engine.issue_text import header_of, lines_as_in_the_guide
from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.engine.session import Session
from fastrel.github.model import Issue
from fastrel.report.report import Report
from fastrel.tracker.model import Change
from fastrel.tracker.new_body import Line
from fastrel.tracker.state import with_state
from fastrel.tracker.ticks import changes_for, line_for


def sync(session: Session, version: str = "") -> Report:
    """Evaluate, and tick in the tracker what is verified."""
    session.repository.fresh()
    login = session.require_login()
    context = session.in_progress(version)
    report = session.report_of(context)
    written = write_ticks(session, context, report, login)
    after = session.report_of(context.reread()) if written.changed else report
    return replace(after, newly_ticked=written.ticked)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written into a tracker."""

    tracker: Issue | None
    """As it is then; None where there is none."""
    ticked: tuple[str, ...] = ()
    """The steps that are newly ticked there."""
    changed: bool = False
    """Whether it is other than it was read."""


def write_ticks(session: Session, context: ReleaseContext, report: Report, login: str) -> Written:
    """Write what the report of a release shows into its tracker, also lines for steps that the guide gained since."""
    if report.tracker is None:
        return Written(None)
    tracker = session.repository.issues.anew(report.tracker.number)
    before = tracker.body
    # A tick that does not count is taken back first, so that the new one is seen to be somebody else's.
    doubted = [one.step.id for one in report.steps if one.doubt and one.status.settled]
    if doubted:
        away = [Change(step_id, False) for step_id in doubted]
        tracker = session.change_tracker(tracker.number, away)
    entries = entries_of(tracker)
    changes = changes_for(report.steps, entries, login, session.now())
    new = _lines_missing(context, report, set(entries), login)
    if changes or new or with_state(tracker.body) != tracker.body:
        tracker = session.change_tracker(tracker.number, changes, new, read=tracker)
    ticked = [one.step_id for one in changes] + [line.step_id for line in new if line.step_id not in entries]
    settled = {one.step.id for one in report.steps if one.status.settled}
    new_ticks = (one for one in ticked if one in settled and not (one in entries and entries[one].ticked))
    return Written(tracker, tuple(new_ticks), tracker.body != before)


def _lines_missing(context: ReleaseContext, report: Report, known: set[str], login: str) -> list[Line]:
    """All lines, as the guide has them, when the tracker lacks some, so that each new one finds its predecessor; else
    none."""
    lines = [line_for(one, login, report.at) for one in report.steps]
    if all(line.step_id in known for line in lines):
        return []
    return lines_as_in_the_guide(lines, header_of(context, report), context)
