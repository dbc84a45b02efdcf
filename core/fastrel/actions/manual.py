"""Steps without an action: a person does them and says so."""

from __future__ import annotations

from fastrel.actions.action import Action, Context, Plan
from fastrel.actions.questions.prompts import Prompter, Question, Undecided
from fastrel.report.verdict import Verdict, decided, manual


class Manual(Action):
    name = ""
    summary = "Done when a person has ticked the step."

    def check(self, context: Context) -> Verdict:
        if context.decided:
            return decided(context.decided)
        return manual("a person does this and ticks it")

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        question = Question("manual", "Is this done?", subject=context.render(context.step.title))
        if prompter.agree(question):
            return Plan(decision="done by hand")
        raise Undecided(f"Step {context.step.id} is not done yet.", next_step="Do it, then run the step again.")
