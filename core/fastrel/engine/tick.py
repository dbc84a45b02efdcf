"""Marking a step in the tracker on somebody's word: a tick, its taking back, a skip. Each needs the step's role."""

from __future__ import annotations

from dataclasses import replace

from fastrel.actions.registry import action_of
from fastrel.engine.evaluate import needed_role
from fastrel.engine.proof import ticks_that_do_not_count
from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.engine.roles import role_problem
from fastrel.engine.session import Session
from fastrel.errors import RoleTooLow, UsageError
from fastrel.github.model import Issue
from fastrel.guide.model import Step
from fastrel.report.report import Report
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.ticks import changes_for


def tick(session: Session, version: str, step_id: str, note: str = "") -> Report:
    """Tick a step by hand, as the person's word for it."""
    step = session.step(step_id)
    tracker, context = _allowed(session, version, step)
    covers = action_of(step).covers(context.at(step))
    evidence = Evidence(note or "ticked by hand", by=session.require_login(), at=context.now, covers=covers)
    report = _mark(session, tracker, context, Change(step.id, True, evidence))
    return _with_doubt(session, report, step)


def untick(session: Session, version: str, *step_ids: str) -> Report:
    """Take back ticks: all of them, or none. Only the boxes are changed; what the steps did stays done."""
    tracker, context = _allowed(session, version, *map(session.step, step_ids))
    session.change_tracker(tracker.number, [Change(one, False) for one in step_ids])
    return session.report(context.release.version)


def skip(session: Session, version: str, step_id: str, reason: str) -> Report:
    """Skip a step with a reason. UsageError without one."""
    if not reason.strip():
        raise UsageError("Skipping a step needs a reason.", done="Nothing was changed.", next_step="Add --reason.")
    step = session.step(step_id)
    tracker, context = _allowed(session, version, step)
    evidence = Evidence(reason.strip(), by=session.require_login(), at=context.now, skip_reason=reason.strip())
    return _mark(session, tracker, context, Change(step.id, True, evidence))


def _with_doubt(session: Session, report: Report, step: Step) -> Report:
    """Write at once that GitHub contradicts a tick, so that no page shows it as done until the next `sync`."""
    one = report.of(step.id)
    tracker = session.require_tracker(report.release.version, to_go_on=False) if one.unverified else None
    if tracker is None:
        return report
    changes = changes_for([one], entries_of(tracker), session.require_login(), report.at, proved=False)
    if changes:
        session.change_tracker(tracker.number, changes)
    return report


def _allowed(session: Session, version: str, *steps: Step) -> tuple[Issue, ReleaseContext]:
    """The tracker in which this person may mark the steps, and the context of its release. RoleTooLow or UsageError
    when that is not so."""
    login, version = session.require_login(), session.require_version(version)
    tracker = session.require_tracker(version)
    context, entries = session.context(version), entries_of(tracker)
    for step in steps:
        # A tick or a skip settles a step for good, so it needs no less than running it.
        needed = replace(step, role=needed_role(context.at(step)))
        refused = role_problem(needed, login, session.require_role(), session.guide.settings)
        if refused:
            raise RoleTooLow(refused, done="Nothing was changed.", next_step="Ask a maintainer to do it.")
        if step.id not in entries:
            raise UsageError(
                f"The release issue #{tracker.number} has no line for step {step.id}.",
                done="Nothing was changed.",
                next_step=f"Type `fastrel-checklist sync {version}`, which adds missing lines.",
            )
    return tracker, context


def _mark(session: Session, tracker: Issue, context: ReleaseContext, change: Change) -> Report:
    if change.step_id in ticks_that_do_not_count(context):
        # Taken back first, so that the new tick is seen to be somebody else's.
        session.change_tracker(tracker.number, [Change(change.step_id, False)])
    changed = session.change_tracker(tracker.number, [change])
    wanted, entry = change.evidence, entries_of(changed).get(change.step_id)
    if wanted and wanted.skip_reason and entry and not (entry.evidence and entry.evidence.skip_reason):
        raise UsageError(
            f"The release issue #{tracker.number} has no room for the skip of {change.step_id} and its reason: "
            f"{tracker.url}",
            done="Nothing was changed.",
            next_step="Make its text shorter, then type the same command again.",
        )
    return session.report(context.release.version)
