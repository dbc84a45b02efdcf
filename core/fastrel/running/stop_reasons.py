"""The errors by which a run stops: what is wrong, what was and was not done, what to type next. Pure.

`again` is what continues the run, between backticks.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.errors import FastrelError, RemoteError, WorkRemains
from fastrel.report.report import StepReport
from fastrel.report.verdict import Status
from fastrel.running.reporter import Options

IN_REHEARSAL = "Correct the guide where it lacks something; `fastrel-checklist lint` checks it."
"""What helps where a rehearsal typed again would end in the same way."""


def stop_of(one: StepReport, again: str, rerun: str, *, rehearsed: bool = False) -> FastrelError:
    """Why a step that is not settled stops the run; `rerun` is what runs red jobs again, empty for nothing."""
    if one.status is Status.FAILED:
        rerun = f" Or run the red jobs again: {rerun}." if rerun else ""
        return FastrelError(
            f"Step {one.step.id} needs repair: {one.verdict.summary}.",
            done=f"{one.step.id} is not ticked.",
            next_step=f"Repair it, then {again}.{rerun}",
        )
    if one.status is Status.UNKNOWN:
        return RemoteError(
            f"Step {one.step.id} cannot be read: {one.verdict.summary}",
            done=f"{one.step.id} is not ticked.",
            next_step=f"A rehearsal reaches nothing outside of this machine. {IN_REHEARSAL}"
            if rehearsed
            else f"When it can be reached, {again}.",
        )
    return FastrelError(
        f"Step {one.step.id} was run, but its check does not find it done: {one.verdict.summary}.",
        done=f"{one.step.id} is not ticked.",
        next_step=IN_REHEARSAL if rehearsed else f"Look at it, then {again}; what is done already is not done twice.",
    )


def undone(found: Sequence[StepReport], again: str, after: str = "") -> WorkRemains:
    """Why a run does not go on: steps that were done are not done any more; `after` names the step that did it."""
    first = found[0]
    names = _few([one.step.id for one in found])
    since = f" since {after}" if after else ""
    return WorkRemains(
        f"{names} {'is' if len(found) == 1 else 'are'} not done any more{since}: {first.verdict.summary}.",
        next_step=f"Look at it, then {again}.",
    )


def gave_up(one: StepReport, elapsed: float, again: str, *, rehearsed: bool = False) -> WorkRemains:
    """Why waiting for a step ends, after so many seconds."""
    words = f"Step {one.step.id} is still waiting after {elapsed:.0f} seconds: {one.verdict.summary}."
    next_step = f"Continue later with {again}."
    if rehearsed:
        next_step = f"Nothing in the rehearsal brings what the step waits for. {IN_REHEARSAL}"
    elif one.verdict.patience is not None and elapsed > one.verdict.patience:
        next_step = (
            "See whether something should have started, and start it; or, if nothing will come, "
            f"`fastrel-checklist skip {one.step.id} --reason WHY`."
        )
    return WorkRemains(words, done=f"{one.step.id} is not ticked.", next_step=next_step)


def what_remains(
    left: Sequence[StepReport], total: int, undecided: Sequence[str], again: str, options: Options
) -> WorkRemains | None:
    """What a run that went through so many steps has left to do; None when that is nothing. Those that are undecided
    have said before what they need."""
    if not left:
        return None
    first = left[0]
    hint = f"{again}."
    if options.is_rehearsal:  # typing it again would change nothing
        hint = IN_REHEARSAL
    elif first.status is Status.MANUAL and len(left) == 1:
        hint = f"`fastrel-checklist tick {first.step.id}` when it is done, then {again}."
    elif undecided:
        hint = f"{again}, once a person has decided, as said at each step: {_few(undecided)}."
    return WorkRemains(
        f"Not done yet: {_few([one.step.id for one in left])}.",
        done=f"{total - len(left)} of the {total} steps of this run are done and ticked.",
        next_step=hint,
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
