"""A step that uses several actions: done when all are, and run one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastrel.actions.action import Action, Context, Plan
from fastrel.actions.questions.prompts import Prompter
from fastrel.github.role import Role
from fastrel.guide.model import Step
from fastrel.report.verdict import Link, Status, Verdict


class InOrder(Action):
    """`uses=tag.create,tag.push`. Its methods call those of the first part that is not done."""

    name = ""

    def __init__(self, parts: Sequence[Action], steps: Sequence[Step]) -> None:
        self._parts = tuple(zip(parts, steps, strict=True))
        for field in ("needs_worktree", "last", "of_head"):
            setattr(self, field, any(getattr(part, field) for part in parts))

    def check(self, context: Context) -> Verdict:
        found: list[Verdict] = []
        for part, step in self._parts:
            verdict = part.check(replace(context, step=step))
            if not verdict.status.settled:
                done = "; ".join(one.summary for one in found)
                return replace(verdict, summary=f"{done}; {verdict.summary}") if done else verdict
            found.append(verdict)
        links: dict[Link, None] = {}
        for one in found:
            links.update(dict.fromkeys(one.links))
        covers = tuple(dict.fromkeys(name for one in found for name in one.covers))
        summary = "; ".join(one.summary for one in found)
        return replace(found[-1], status=Status.DONE, summary=summary, links=tuple(links), covers=covers)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        part, own = self._first_open(context)
        return part.plan(own, prompter)

    def repair(self, context: Context) -> Plan:
        part, own = self._first_open(context)
        return part.repair(own)

    def expectation(self, context: Context) -> float | None:
        part, own = self._first_open(context)
        return part.expectation(own)

    def covers(self, context: Context) -> tuple[str, ...]:
        found = (name for part, step in self._parts for name in part.covers(replace(context, step=step)))
        return tuple(dict.fromkeys(found))

    def answers(self, context: Context) -> tuple[str, ...]:
        found = (form for part, step in self._parts for form in part.answers(replace(context, step=step)))
        return tuple(dict.fromkeys(found))

    def needed_role(self, context: Context) -> Role:
        roles = [part.needed_role(replace(context, step=step)) for part, step in self._parts]
        return max(roles, key=lambda one: one.rank)

    def taken_away(self, context: Context) -> str:
        found = (part.taken_away(replace(context, step=step)) for part, step in self._parts)
        return next(filter(None, found), "")

    def preconditions(self, context: Context) -> tuple[str, ...]:
        found = (one for part, step in self._parts for one in part.preconditions(replace(context, step=step)))
        return tuple(dict.fromkeys(found))

    def _first_open(self, context: Context) -> tuple[Action, Context]:
        for part, step in self._parts:
            own = replace(context, step=step)
            if not part.check(own).status.settled:
                return part, own
        return self._parts[-1][0], replace(context, step=self._parts[-1][1])
