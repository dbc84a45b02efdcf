"""A step whose action `init` has proposed: nothing is done or ticked before a person confirms the action."""

from __future__ import annotations

from dataclasses import replace

from fastrel.actions.action import YES, Action, Context, Plan
from fastrel.actions.questions.prompts import Prompter, Question, Undecided
from fastrel.github.role import Role
from fastrel.report.verdict import Status, Verdict, manual

CONFIRMED = "the proposed action is confirmed"


class Proposed(Action):
    """Wraps an action: a person must confirm it first."""

    name = ""

    def __init__(self, action: Action) -> None:
        self._action = action
        for field in ("needs_worktree", "last", "of_head"):
            setattr(self, field, getattr(action, field))

    def check(self, context: Context) -> Verdict:
        found = self._action.check(_own(context))
        if context.decided or found.status is Status.SKIPPED:
            return found
        words = f"{context.step.uses} is proposed for this step, and nobody has confirmed it ({found.summary})"
        return replace(manual(words), links=found.links)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        if not context.decided:
            words = f"Is {context.step.uses} what this step means?"
            if not prompter.agree(Question("proposed", words, subject=context.render(context.step.title))):
                raise Undecided(
                    f"{context.step.uses} is not what step {context.step.id} means.",
                    done="This step changed nothing.",
                    next_step="Correct its comment in the guide, or do it and tick it.",
                )
        own = _own(context)
        if self._action.check(own).status.settled:
            return Plan(decision=CONFIRMED)
        plan = self._action.plan(own, prompter)
        return replace(plan, decision=plan.decision or CONFIRMED)

    def repair(self, context: Context) -> Plan:
        return self._action.repair(_own(context))

    def expectation(self, context: Context) -> float | None:
        return self._action.expectation(_own(context))

    def covers(self, context: Context) -> tuple[str, ...]:
        return self._action.covers(_own(context))

    def answers(self, context: Context) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._action.answers(_own(context)), YES)))

    def needed_role(self, context: Context) -> Role:
        return self._action.needed_role(_own(context))

    def taken_away(self, context: Context) -> str:
        return self._action.taken_away(_own(context))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return self._action.preconditions(_own(context))


def _own(context: Context) -> Context:
    """The context for the action itself: that it is the right one is no decision of its own."""
    return replace(context, decision="") if context.decision == CONFIRMED else context
