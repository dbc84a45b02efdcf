"""A dry run: the plan that a run of this person would follow, step by step, with what would stop it. Changes nothing.

A step that would be run counts as done for those after it, so that what they wait for is what a run waits for, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from fastrel.actions.action import Plan
from fastrel.actions.questions.prompts import Prompter, Undecided
from fastrel.actions.registry import action_of, parts_of
from fastrel.engine.evaluate import in_order
from fastrel.errors import FastrelError
from fastrel.guide.model import Step
from fastrel.report.report import StepReport
from fastrel.report.verdict import Status, Verdict, done
from fastrel.running.answers import prompter_of
from fastrel.running.confirmation import step_stays_open
from fastrel.running.polling import Watch
from fastrel.running.reporter import Options, Reporter, Walked

STOPS = "A run stops here."


class DryRun:
    """One pass over the steps, in words."""

    def __init__(
        self,
        watch: Watch,
        options: Options,
        prompter: Prompter,
        reporter: Reporter,
        refusal: Callable[[Step], str],
        before: Sequence[str],
    ) -> None:
        """`before` are the requests and git commands that were made for the report."""
        self.watch = watch
        self.guide = watch.release_context.guide
        self.options = options
        self.prompter = prompter
        self.reporter = reporter
        self.refusal = refusal
        self.before = before
        self.planned: list[str] = []
        """The calls of the effects so far."""
        self._shown: set[str] = set()
        self.verdicts: dict[str, Verdict] = {
            one.step.id: one.verdict.alone or one.verdict for one in watch.report.steps
        }
        """What each step's own check finds now, or would find after the plan so far."""
        self.walked: dict[str, Walked] = {}

    def plan(self, steps: Sequence[Step]) -> dict[str, Walked]:
        """Go through the steps up to where a run would stop."""
        of_steps = {call for one in self.watch.report.steps for call in one.reads}
        self._reads([call for call in self.before if call not in of_steps])
        for step in steps:
            verdict = in_order(self.guide, self.verdicts)[step.id]
            one = replace(self.watch.report.of(step.id), verdict=verdict)
            self.walked[step.id] = Walked(step.id, one.status, one.status)
            self.reporter.reaches(one)
            self._reads(one.reads)
            if not self._goes_on_after(one):
                break
        return self.walked

    def _reads(self, calls: Sequence[str]) -> None:
        """Tell of reads that were not told of before: a read is made once, for the first step that needs it."""
        new = sorted(set(calls) - self._shown)  # they were made at the same time
        self._shown.update(new)
        if new:
            self.reporter.reads(new)

    def _goes_on_after(self, one: StepReport) -> bool:
        """Plan one step; whether a run would come to the next one."""
        step, status = one.step, one.status
        if status.settled:
            return True
        if status is Status.BLOCKED and not self._is_free_by_then(one):
            if not self.options.steps:
                return True
            # Who asks for a step by its name wants to know what it would do once it is free.
            self.reporter.hinders(f"Step {step.id} is blocked: {one.verdict.summary.rstrip('.')}. {STOPS}")
            return self._planned(one)
        if status is Status.WAITING:
            self._count_as_done(step)
            return True
        if status in (Status.FAILED, Status.UNKNOWN):
            self.reporter.hinders(f"Step {step.id}: {one.verdict.summary.rstrip('.')}. {STOPS}")
            return False
        if (problem := self.refusal(step)) and not self.options.steps:
            self.reporter.hinders(f"{problem} {STOPS}")
            return False
        if action_of(step).settled_by_decision and self.watch.context(step).decided:
            self._count_as_done(step)
            return True
        return self._planned(one)

    def _is_free_by_then(self, one: StepReport) -> bool:
        """Whether a step that its own check finds blocked now would be free after what is planned before it."""
        if one.verdict.alone is not None:
            return False  # a step before it stays open
        others = [verdict for step_id, verdict in self.verdicts.items() if step_id != one.step.id]
        if action_of(one.step).last:
            return all(verdict.status.settled for verdict in others)
        return any(walked.effects for walked in self.walked.values())

    def _planned(self, one: StepReport) -> bool:
        step = one.step
        try:
            plans = self._plans(step)
        except Undecided as error:
            self.reporter.needs(one, error)
            if not self.options.unattended:
                self._count_as_done(step)  # somebody will be there to decide
            return not self.options.steps or not self.options.unattended
        except FastrelError as error:
            self.reporter.hinders(error.problem)
            if any(walked.effects for walked in self.walked.values()):
                self._count_as_done(step)  # it may lack what a step before it would make
                return True
            return False
        for plan in plans:
            calls = [call for effect in plan.effects for call in effect.calls]
            self.planned += calls
            self.walked[step.id].calls += calls
            self.walked[step.id].effects += [effect.words for effect in plan.effects]
            if plan.effects:
                self.reporter.plans(one, plan)
        if left := next((plan for plan in plans if plan.left), None):
            self.reporter.needs(one, step_stays_open(left))
            return True  # the step stays open, and the run goes on
        self._count_as_done(step)
        return True

    def _plans(self, step: Step) -> list[Plan]:
        context = replace(self.watch.context(step), planned=tuple(self.planned))
        prompter = prompter_of(context, self.options, self.prompter)
        if step.confirm and self.options.unattended and not prompter.are_there():
            question = context.render(step.confirm)
            raise Undecided(f"A person must confirm: {question}", asks=question)
        return [action_of(part).plan(replace(context, step=part), prompter) for part in parts_of(step)]

    def _count_as_done(self, step: Step) -> None:
        self.verdicts[step.id] = done("would be done")
