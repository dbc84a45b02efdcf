"""Open bugs: a person decides, with a reason, whether the release ships with them."""

from __future__ import annotations

from fastrel.actions.action import Action, Context, Plan
from fastrel.errors import FastrelError
from fastrel.people import Option, People, Question
from fastrel.repository.model import Issue
from fastrel.verdict import Link, Verdict, done, manual

SHOWN = 5
OPTIONS = (Option("ship", "ship with them, and say why"), Option("fix", "fix them first"))


class DecideOnBugs(Action):
    name = "bugs.decide"
    summary = (
        "Done when no open issue has the bug label, or a person's decision to ship, with its reason, is "
        "recorded in the tracker."
    )

    def check(self, context: Context) -> Verdict:
        bugs = _bugs(context)
        links = [Link(f"#{bug.number}", bug.url) for bug in bugs[:SHOWN]]
        if not bugs:
            return done(f"no open issue is labelled {context.settings.bug_label}")
        if context.decided:
            return done(context.decided, *links)
        return manual(f"{_count(bugs)}: fix first, or ship with a reason", *links)

    def plan(self, context: Context, people: People) -> Plan:
        bugs = _bugs(context)
        subject = ", ".join(f"#{bug.number} {bug.title}" for bug in bugs)
        if people.choose(Question("open-bugs", f"{_count(bugs)}. What now?", subject), OPTIONS) == "fix":
            raise FastrelError(f"{_count(bugs)} must be fixed first.", done="The step is not ticked.")
        reason = people.answer(Question("ship-reason", "Why can the release ship with them?", subject))
        if not reason.strip():
            raise FastrelError("A decision to ship with open bugs needs a reason.", done="The step is not ticked.")
        return Plan(decision=f"ship with {_count(bugs)}: {reason.strip()}")


def _bugs(context: Context) -> list[Issue]:
    return list(context.repository.issues.labelled(context.settings.bug_label))


def _count(bugs: list[Issue]) -> str:
    return f"{len(bugs)} open bug{'' if len(bugs) == 1 else 's'}"
