"""Evaluation: what every step's check says, put in the order that the guide demands.

The checks read at the same time; what they find is then judged by pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from fastrel.actions.action import Context
from fastrel.actions.manual import Manual
from fastrel.actions.registry import action_of
from fastrel.engine.finished_release import final_verdicts
from fastrel.engine.guide_changes import guide_path
from fastrel.engine.release_context import ReleaseContext, entries_of
from fastrel.engine.tick_authors import ticks_that_do_not_count
from fastrel.engine.warnings import release_warnings
from fastrel.errors import FastrelError
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.guide.model import Guide, Step
from fastrel.guide.template import LITERAL, render
from fastrel.process.reads import noted
from fastrel.report.report import MilestoneState, Report, StepReport, Tick, TrackerState
from fastrel.report.verdict import Status, Verdict, manual, skipped
from fastrel.tracker.model import Entry

NAMED = 1
"""How many steps a `blocked` summary names."""


def evaluate(release_context: ReleaseContext) -> Report:
    """The report: a verdict for every step. What cannot be read becomes the status `unknown`."""
    contexts = release_context.contexts()
    final = final_verdicts(release_context.guide, release_context.tracker)
    verdicts, doubts, reads = _checked(release_context, contexts)
    ticks = entries_of(release_context.tracker)
    if final is not None:
        # What is done to this day is told as GitHub shows it, such as the address of what was a draft once.
        verdicts = {one: verdicts[one] if verdicts[one].status is was.status else was for one, was in final.items()}
    return Report(
        release_context.release,
        release_context.repository.name,
        release_context.now,
        tuple(
            StepReport(
                _with_role(contexts[step.id]),
                phase.title,
                title_of(step, release_context),
                verdicts[step.id],
                tick_of(ticks.get(step.id)),
                doubt=doubts.get(step.id, ""),
                reads=reads.get(step.id, ()),
            )
            for phase in release_context.guide.phases
            for step in phase.steps
        ),
        tracker=tracker_state(release_context.tracker),
        milestone=_milestone(release_context),
        given_up=tracker_state(release_context.given_up),
        warnings=(*_doubted(doubts), *release_warnings(release_context, contexts)) if final is None else (),
        requests=release_context.repository.client.requests - release_context.requests_before,
        guide_path=guide_path(release_context.guide, release_context.worktree),
        guide=release_context.guide_news,
    )


def _checked(
    release_context: ReleaseContext, contexts: dict[str, Context]
) -> tuple[dict[str, Verdict], Mapping[str, str], Mapping[str, tuple[str, ...]]]:
    """What git, GitHub and the others show of every step now, why some ticks do not count, and what was read for it."""
    reads: dict[str, tuple[str, ...]] = {}

    def looked(context: Context) -> Verdict:
        with noted() as found:
            verdict = check(context)
        reads[context.step.id] = tuple(dict.fromkeys(found))
        return verdict

    ordinary = {step_id: one for step_id, one in contexts.items() if not action_of(one.step).last}
    # A step by hand asks nobody; in a long guide, a thread for each of them would take longer than all else.
    by_hand = {step_id: check(one) for step_id, one in ordinary.items() if isinstance(action_of(one.step), Manual)}
    asking = {step_id: one for step_id, one in ordinary.items() if step_id not in by_hand}
    asked: list[Mapping[str, str] | FastrelError] = []
    found = release_context.repository.client.each(
        lambda one: looked(one) if one else asked.append(_doubts(release_context)), [None, *asking.values()]
    )
    alone = {**by_hand, **{key: one for key, one in zip(asking, found[1:], strict=True) if one}}
    doubts = _with_doubts(release_context, contexts, alone, asked[0])
    verdicts = in_order(release_context.guide, alone)
    for step_id, context in contexts.items():
        if step_id not in ordinary:
            left = tuple(one for one in ordinary if not verdicts[one].status.settled)
            verdicts[step_id] = check(replace(context, unsettled=left))
    return verdicts, doubts, reads


def _doubts(release_context: ReleaseContext) -> Mapping[str, str] | FastrelError:
    """The ticks that do not count, or why that cannot be read."""
    if release_context.doubts is not None:
        return release_context.doubts
    try:
        return ticks_that_do_not_count(release_context)
    except FastrelError as error:
        return error


def _with_doubts(
    release_context: ReleaseContext,
    contexts: dict[str, Context],
    verdicts: dict[str, Verdict],
    asked: Mapping[str, str] | FastrelError,
) -> Mapping[str, str]:
    """Correct what was found by ticks that do not count; returns the reasons by step. What relies on a tick is unknown
    where GitHub cannot be asked about it."""
    reasons = asked if isinstance(asked, Mapping) else dict.fromkeys(entries_of(release_context.tracker), asked.problem)
    if not reasons:
        return {}
    without = replace(release_context, doubts=reasons).contexts()
    relying = [
        key
        for key, one in contexts.items()
        if one.skip(one.step) != without[key].skip(one.step) or one.decided != without[key].decided
    ]
    for key in relying:
        if isinstance(asked, Mapping):
            contexts[key] = without[key]
            if key in verdicts:
                verdicts[key] = check(without[key])
        elif key in verdicts:
            verdicts[key] = Verdict(Status.UNKNOWN, f"who ticked it is not known: {asked.problem}")
    return {key: reasons[key] for key in relying if key in reasons} if isinstance(asked, Mapping) else {}


def _doubted(doubts: Mapping[str, str]) -> tuple[str, ...]:
    """What to know of ticks that do not count."""
    steps = {reason: [step for step, one in doubts.items() if one == reason] for reason in doubts.values()}
    return tuple(f"{_ticks(found)} not count: {reason}." for reason, found in list(steps.items())[:5])


def _ticks(steps: Sequence[str]) -> str:
    if len(steps) == 1:
        return f"The tick of {steps[0]} does"
    return f"The ticks of {', '.join(steps[:5])}{f' and {len(steps) - 5} more' if len(steps) > 5 else ''} do"


def check(context: Context) -> Verdict:
    """The verdict of one step, without regard to other steps."""
    step = context.step
    reason = context.skip(step)
    if reason:
        return replace(skipped(reason), decided=context.release.is_for(step.kinds))
    verdict = check_action(context)
    if step.confirm and verdict.status is Status.DONE and not context.decided:
        return replace(manual(f"{verdict.summary}; {context.render(step.confirm)}"), links=verdict.links)
    return replace(verdict, decided=True) if step.confirm and verdict.status is Status.DONE else verdict


def _with_role(context: Context) -> Step:
    """The step with the role that it really needs."""
    return replace(context.step, role=needed_role(context))


def needed_role(context: Context) -> Role:
    """The role that the step needs: the guide's, or a higher one that GitHub demands."""
    try:
        return action_of(context.step).needed_role(context)
    except FastrelError:
        return context.step.role


def check_action(context: Context) -> Verdict:
    """What the step's own check finds, whether or not a person has confirmed it."""
    try:
        return action_of(context.step).check(context)
    except FastrelError as error:
        return Verdict(Status.UNKNOWN, f"{error.problem} {error.next_step}".strip())


def in_order(guide: Guide, verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts with what could run now turned to `blocked` where an earlier phase or a needed step is not done."""
    result = dict(verdicts)
    left = {step_id for step_id, verdict in verdicts.items() if not verdict.status.settled}
    earlier: dict[str, None] = {}
    """What is left of the phases before, in order."""
    for phase in guide.phases:
        for step in phase.steps:
            verdict = verdicts.get(step.id)
            needed = [one for one in dict.fromkeys(step.needs) if one in left and one not in earlier]
            count = len(earlier) + len(needed)
            if verdict and count and verdict.status in (Status.TODO, Status.MANUAL, Status.BLOCKED):
                named = ", ".join([*islice(earlier, NAMED), *needed][:NAMED])
                more = f" and {count - NAMED} more" if count > NAMED else ""
                result[step.id] = replace(verdict, status=Status.BLOCKED, summary=f"after {named}{more}", alone=verdict)
        earlier.update(dict.fromkeys(step.id for step in phase.steps if step.id in left))
    return result


def title_of(step: Step, release_context: ReleaseContext) -> str:
    """The step's title with the release's values; as the guide has it when it cannot be rendered."""
    try:
        literal = release_context.guide.settings.placeholders == LITERAL
        return render(step.title, release_context.release.values(release_context.repository.name), literal=literal)
    except FastrelError:
        return step.title


def tick_of(entry: Entry | None) -> Tick | None:
    """How the tracker shows the step, None when it is not ticked there."""
    if entry is None or not entry.ticked:
        return None
    evidence = entry.evidence
    if evidence is None:
        return Tick()
    reason = evidence.skip_reason
    return Tick(evidence.by, evidence.at, reason or evidence.summary, skipped=bool(reason))


def tracker_state(tracker: Issue | None) -> TrackerState | None:
    return TrackerState(tracker.number, tracker.url, tracker.state, tracker.assignees) if tracker else None


def _milestone(release_context: ReleaseContext) -> MilestoneState | None:
    try:
        found = (
            release_context.repository.milestones.named(release_context.release.milestone)
            if release_context.release.milestone
            else None
        )
    except FastrelError:
        return None
    if found is None:
        return None
    # GitHub counts the tracker among the issues of its milestone.
    own = (
        release_context.tracker
        if release_context.tracker and release_context.tracker.milestone == found.number
        else None
    )
    still_open = found.open_issues - (own is not None and own.state == "open")
    closed = found.closed_issues - (own is not None and own.state != "open")
    late = found.is_overdue(release_context.now)
    return MilestoneState(found.title, found.url, found.state, still_open, closed, found.due, late)


def unsettled(reports: Sequence[StepReport]) -> list[StepReport]:
    """The steps that are neither done nor skipped."""
    return [one for one in reports if not one.status.settled]
