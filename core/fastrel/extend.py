"""The names that an action in another package may import. They stay as they are within a minor version.

`docs/extend.md` shows a whole package.
"""

from fastrel.actions.action import YES, Action, Context, Effect, Output, Plan
from fastrel.actions.questions.prompts import Brought, Option, Prompter, Question, Undecided
from fastrel.errors import FastrelError
from fastrel.github.role import Role
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, manual, skipped, todo, waiting

__all__ = [
    "YES",
    "Action",
    "Brought",
    "Context",
    "Effect",
    "FastrelError",
    "Link",
    "Option",
    "Output",
    "Plan",
    "Prompter",
    "Question",
    "Role",
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
