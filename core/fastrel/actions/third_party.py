"""Wraps an action of another package: its unexpected exceptions become errors that name the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from fastrel.actions.action import Action, Context, Plan
from fastrel.actions.questions.prompts import Prompter
from fastrel.errors import FastrelError
from fastrel.git.made_files import MadeFiles
from fastrel.github.role import Role
from fastrel.report.verdict import Verdict

T = TypeVar("T")


class Guarded(Action):
    name = ""

    def __init__(self, action: Action, package: str) -> None:
        self._action = action
        self._package = package
        # What the class of an action says of itself, this one says of the action that it holds.
        for field in ("name", "summary", "parameters", "needs_worktree", "last", "of_head"):
            setattr(self, field, getattr(action, field))

    def check(self, context: Context) -> Verdict:
        return self._guarded(Verdict, "check", lambda: self._action.check(context))

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        return self._with_guarded_effects(
            self._guarded(Plan, "plan", lambda: self._action.plan(context, prompter)), context
        )

    def repair(self, context: Context) -> Plan:
        return self._with_guarded_effects(self._guarded(Plan, "repair", lambda: self._action.repair(context)), context)

    def covers(self, context: Context) -> tuple[str, ...]:
        return self._guarded(tuple, "covers", lambda: self._action.covers(context))

    def answers(self, context: Context) -> tuple[str, ...]:
        return self._guarded(tuple, "answers", lambda: self._action.answers(context))

    def needed_role(self, context: Context) -> Role:
        return self._guarded(Role, "needed_role", lambda: self._action.needed_role(context))

    def taken_away(self, context: Context) -> str:
        return self._guarded(str, "taken_away", lambda: self._action.taken_away(context))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return self._guarded(tuple, "preconditions", lambda: self._action.preconditions(context))

    def _with_guarded_effects(self, plan: Plan, context: Context) -> Plan:
        guarded = [
            replace(
                one,
                apply=partial(self._applied, one.apply, context),
                shows=one.shows and partial(self._guarded, bool, "effect", one.shows),
            )
            for one in plan.effects
        ]
        return replace(plan, effects=tuple(guarded))

    def _applied(self, apply: Callable[[], object], context: Context) -> object:
        if context.worktree is None:
            return self._guarded(object, "effect", apply)
        with MadeFiles(context.worktree, context.release.version).by(context.step.id):
            return self._guarded(object, "effect", apply)

    def _guarded(self, kind: type[T], what: str, work: Callable[[], T]) -> T:
        try:
            result = work()
        except FastrelError:
            raise
        except Exception as error:  # a mistake in foreign code must not end in a traceback
            raise self._mistake(f"{what} failed: {type(error).__name__}: {error}") from error
        if not isinstance(result, kind):
            raise self._mistake(f"{what} returned {type(result).__name__}, not {kind.__name__}")
        return result

    def _mistake(self, words: str) -> FastrelError:
        return FastrelError(
            f"The action {self._action.name} of the package {self._package} has a mistake: its {words}.",
            next_step=f"Tell the authors of {self._package}.",
        )
