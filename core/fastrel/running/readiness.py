"""What hinders a run, before its first effect."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.engine.preconditions import problems_before
from fastrel.engine.release_context import ReleaseContext
from fastrel.engine.taken_away import taken_away_problems
from fastrel.errors import PreconditionError
from fastrel.report.report import StepReport


def problems_before_run(context: ReleaseContext, steps: Sequence[StepReport]) -> list[str]:
    """Preconditions of the steps that do not hold, and what was deleted of what they have made."""
    contexts = context.contexts()
    return [
        *problems_before(context, [contexts[one.step.id] for one in steps]),
        *taken_away_problems(context.release.version, steps, contexts),
    ]


def require_none(problems: Sequence[str], again: str) -> None:
    """PreconditionError that lists the problems; `again` is the command that starts the run."""
    if not problems:
        return
    lines = "\n".join(f"  - {problem}" for problem in problems)
    raise PreconditionError(
        f"The run cannot start ({len(problems)} problem{'s' if len(problems) > 1 else ''}):\n{lines}",
        done="Nothing was changed.",
        next_step=f"Fix this, then {again}.",
    )
