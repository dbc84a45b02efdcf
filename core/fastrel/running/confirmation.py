"""Asks a person to confirm what an action has done, for `confirm=`."""

from __future__ import annotations

from fastrel.actions.action import Context, Plan
from fastrel.actions.questions.prompts import Prompter, PutOff, Question, Undecided
from fastrel.report.report import StepReport
from fastrel.running.reporter import Options


def require_somebody(one: StepReport, context: Context, options: Options, prompter: Prompter) -> None:
    """Undecided, in a run of all steps, when a script would run for nothing: without a person who confirms it the step
    is not settled, and the next run would run it again."""
    if options.steps or not one.step.confirm or one.step.uses or prompter.are_there():
        return
    version = context.release.version
    raise Undecided(
        f"A person must confirm: {context.render(one.step.confirm)}",
        done="Its script was not run.",
        next_step=f"In a terminal, `fastrel-checklist run {version} {one.step.id}` runs it and asks; or, "
        f"when it is so, `fastrel-checklist tick {one.step.id}`.",
    )


def confirmed(one: StepReport, context: Context, decision: str, prompter: Prompter) -> str:
    """What is recorded once a person has confirmed, where the step asks for that."""
    if not one.step.confirm:
        return decision
    question = Question("confirm", context.render(one.step.confirm), subject=one.title)
    try:
        agreed = prompter.agree(question)
    except Undecided as error:
        error.next_step = f"Confirm it with `fastrel-checklist tick {one.step.id}`."
        raise
    if not agreed:
        again = f"fastrel-checklist run {context.release.version} {one.step.id}"
        raise Undecided(f"Step {one.step.id} is not confirmed.", next_step=f"Fix it, then `{again}`.")
    return f"{decision}; confirmed" if decision else "confirmed"


def step_stays_open(plan: Plan) -> PutOff:
    """Why a step stays open of which a person has left something as it is."""
    return PutOff(plan.left, next_step="Settle what is left, or skip the step with a reason.")
