"""Verifies that git or GitHub shows the result of an effect."""

from __future__ import annotations

import time
from collections.abc import Sequence

from fastrel.actions.action import Effect
from fastrel.actions.registry import action_of
from fastrel.actions.shell import Shell
from fastrel.engine.evaluate import check_action
from fastrel.errors import FastrelError
from fastrel.guide.model import Step
from fastrel.running.polling import Watch


def shows(watch: Watch, step: Step, effect: Effect) -> bool:
    """Whether the effect is there, in spite of an error. A decision of a person proves no effect, so the step is looked
    at without one."""
    if isinstance(action_of(step), Shell):
        return False
    try:
        if effect.shows:
            watch.release_context.repository.fresh()
            return effect.shows()
        return check_action(watch.context(step)).status.settled
    except FastrelError:
        return False


def require_shown(watch: Watch, step: Step, effects: Sequence[Effect]) -> None:
    """A decision is recorded only when what was done by it is there. GitHub may need a moment to show it."""
    began = time.monotonic()
    for effect in effects:
        while effect.shows and not shows(watch, step, effect):
            if time.monotonic() - began > watch.options.lag:
                raise FastrelError(
                    f"GitHub does not show what step {step.id} did: {effect.words}.",
                    done=f"{step.id} is not ticked.",
                    next_step=f"Look at it, then {watch.again}; what is done already is not done twice.",
                )
            watch.sleep(min(watch.options.poll, 2))
