"""What an action in another package may import. These names stay as they are within a minor version.

`docs/extend.md` shows a whole package; `fastrel.actions.milestone` is a longer example.
"""

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.questions.prompts import Brought, Option, Prompter, Question, Undecided
from fastrel.errors import FastrelError
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, manual, skipped, todo, waiting

__all__ = [
    "Action",
    "Brought",
    "Context",
    "Effect",
    "FastrelError",
    "Link",
    "Option",
    "Plan",
    "Prompter",
    "Question",
    "Undecided",
    "Verdict",
    "blocked",
    "done",
    "failed",
    "manual",
    "skipped",
    "todo",
    "waiting",
]
