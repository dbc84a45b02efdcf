"""Open bugs: a person decides, with a reason, whether the release ships with them.

The decision covers the bugs that are open then; the tracker's evidence holds their numbers. A box that somebody ticks
on GitHub without a word covers those that are open when the tick is first written down.
"""

from __future__ import annotations

from dataclasses import replace

from fastrel.actions.action import Action, Context, Plan
from fastrel.actions.questions.prompts import Option, Prompter, Question
from fastrel.errors import FastrelError
from fastrel.github.model import Issue
from fastrel.report.verdict import Link, Verdict, decided, done, manual

SHOWN = 5
OPTIONS = (Option("ship", "ship with them, and say why"), Option("fix", "fix them first"))


class DecideOnBugs(Action):
    name = "bugs.decide"
    summary = (
        "Done when no open issue has the bug label, or a person's decision to ship, with its reason, is "
        "recorded in the release issue and covers all that are open now. Bugs that came since are asked about again."
    )

    def check(self, context: Context) -> Verdict:
        bugs = _bugs(context)
        if not bugs:
            return done(f"no open issue is labelled {context.settings.bug_label}")
        covered = _covered(context)
        new = [bug for bug in bugs if str(bug.number) not in covered]
        if not new:
            return replace(decided(context.decided, *_links(bugs)), covers=covered)
        if covered:
            return manual(f"{_names(new)} came since the decision: fix first, or ship with a reason", *_links(new))
        return manual(f"{_count(bugs)}: fix first, or ship with a reason", *_links(bugs))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        bugs = _bugs(context)
        subject = ", ".join(f"#{bug.number} {bug.title}" for bug in bugs)
        if prompter.choose(Question("open-bugs", "ship with them, or fix them first?", subject), OPTIONS) == "fix":
            raise FastrelError(f"{_count(bugs)} must be fixed first.", done="The step is not ticked.")
        reason = prompter.answer(Question("ship-reason", "Why can the release ship with them?", subject))
        if not reason.strip():
            raise FastrelError("A decision to ship with open bugs needs a reason.", done="The step is not ticked.")
        seen = self.covers(context)
        context.repository.fresh()  # somebody may have thought for an hour
        new = [bug for bug in _bugs(context) if str(bug.number) not in seen]
        if new:
            raise FastrelError(f"{_names(new)} came while this was decided.", done="The step is not ticked.")
        return Plan(decision=f"ship with {_count(bugs)}: {reason.strip()}")

    def answers(self, context: Context) -> tuple[str, ...]:
        return ("ship: REASON", "fix")

    def covers(self, context: Context) -> tuple[str, ...]:
        return tuple(str(bug.number) for bug in _bugs(context))


def _bugs(context: Context) -> list[Issue]:
    return list(context.repository.issues.labelled(context.settings.bug_label))


def _covered(context: Context) -> tuple[str, ...]:
    """The numbers that the decision covers; none where there is no decision."""
    if not context.decided:
        return ()
    evidence = context.entry.evidence if context.entry else None
    if context.decision or evidence is None:
        return tuple(str(bug.number) for bug in _bugs(context))
    return evidence.covers


def _links(bugs: list[Issue]) -> list[Link]:
    return [Link(f"#{bug.number}", bug.url) for bug in bugs[:SHOWN]]


def _names(bugs: list[Issue]) -> str:
    more = f" and {len(bugs) - SHOWN} more" if len(bugs) > SHOWN else ""
    return ", ".join(f"#{bug.number}" for bug in bugs[:SHOWN]) + more


def _count(bugs: list[Issue]) -> str:
    return f"{len(bugs)} open bug{'' if len(bugs) == 1 else 's'}"
