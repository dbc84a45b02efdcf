"""Marking a step in the tracker on somebody's word: a tick, its taking back, a skip. Each needs the step's role."""

from __future__ import annotations

from dataclasses import replace

from fastrel.actions.registry import action_of
from fastrel.engine.evaluate import needed_role
from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.engine.roles import role_problem
from fastrel.engine.session import Session
from fastrel.engine.tick_authors import ticks_that_do_not_count
from fastrel.errors import RoleTooLow, UsageError
from fastrel.guide.model import Step
from fastrel.report.report import Report
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.ticks import changes_for


def tick(session: Session, version: str, step_id: str, note: str = "") -> Report:
    """Tick a step by hand, as the person's word for it."""
    step = session.guide.step(step_id)
    context = _allowed(session, version, step)
    covers = action_of(step).covers(context.at(step))
    evidence = Evidence(note or "ticked by hand", by=session.require_login(), at=context.now, covers=covers)
    marked = _marked(session, context, Change(step.id, True, evidence))
    report = session.report_of(marked)
    _write_doubt(session, marked, report, step)
    return report


def untick(session: Session, version: str, *step_ids: str) -> Report:
    """Take back ticks: all of them, or none. Only the boxes are changed; what the steps did stays done."""
    context = _allowed(session, version, *map(session.guide.step, step_ids))
    session.change_tracker(context.open_tracker.number, [Change(one, False) for one in step_ids])
    return session.report_of(context.reread())


def skip(session: Session, version: str, step_id: str, reason: str) -> Report:
    """Skip a step with a reason. UsageError without one."""
    if not reason.strip():
        raise UsageError("Skipping a step needs a reason.", done="Nothing was changed.", next_step="Add --reason.")
    step = session.guide.step(step_id)
    context = _allowed(session, version, step)
    evidence = Evidence(reason.strip(), by=session.require_login(), at=context.now, skip_reason=reason.strip())
    return session.report_of(_marked(session, context, Change(step.id, True, evidence)))


def _write_doubt(session: Session, context: ReleaseContext, report: Report, step: Step) -> None:
    """Write at once that GitHub contradicts a tick, so that no page shows it as done until the next `sync`."""
    one, tracker = report.of(step.id), context.tracker
    if tracker is None or not one.unverified:
        return
    changes = changes_for([one], entries_of(tracker), session.require_login(), report.at, proved=False)
    if changes:
        session.change_tracker(tracker.number, changes)


def _allowed(session: Session, version: str, *steps: Step) -> ReleaseContext:
    """The release in whose tracker this person may mark the steps. RoleTooLow or UsageError when that is not so."""
    login = session.require_login()
    context = session.in_progress(version)
    tracker, entries = context.open_tracker, entries_of(context.tracker)
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
                next_step=f"Type `fastrel-checklist sync {context.release.version}`, which adds missing lines.",
            )
    return context


def _marked(session: Session, context: ReleaseContext, change: Change) -> ReleaseContext:
    """The release with the change in its tracker."""
    tracker = context.open_tracker
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
    return context.reread()
