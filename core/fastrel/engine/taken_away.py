"""Results of a release that somebody has removed since: a run makes them again only when a person says so.

To say so is to take back the tick: then the step is one that was never done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastrel.actions.action import Context
from fastrel.actions.registry import action_of
from fastrel.report.report import StepReport
from fastrel.report.verdict import Status

OPEN = frozenset({Status.TODO, Status.MANUAL, Status.BLOCKED})


def taken_away(reports: Sequence[StepReport], contexts: Mapping[str, Context]) -> dict[str, list[str]]:
    """The steps whose ticks are contradicted since what they made is gone, by what that is."""
    found: dict[str, list[str]] = {}
    for one in reports:
        context = contexts[one.step.id]
        if one.status not in OPEN or not context.was_proved:
            continue
        what = action_of(one.step).taken_away(context)
        if what:
            found.setdefault(what, []).append(one.step.id)
    return found


def taken_away_problems(version: str, reports: Sequence[StepReport], contexts: Mapping[str, Context]) -> list[str]:
    """Why a run of these steps does not begin or go on, with what to type."""
    return [_words(version, what, steps) for what, steps in taken_away(reports, contexts).items()]


def _words(version: str, what: str, steps: Sequence[str]) -> str:
    them, others = ("the step", "") if len(steps) == 1 else ("the steps", ", and so on for the others")
    return (
        f"{_few(steps)} {'is' if len(steps) == 1 else 'are'} ticked, but GitHub no longer shows {what}. `run` does not "
        f"create it again by itself. To create it again, untick {them}: `fastrel-checklist untick {version} "
        f"{' '.join(steps)}`. To continue without it: `fastrel-checklist skip {version} {steps[0]} "
        f"--reason WHY`{others}."
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
