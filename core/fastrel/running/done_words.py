"""The `done` line of a message: what a run has done so far. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.errors import FastrelError

SHOWN = 4
"""How many effects and ticks are named."""
UNCHANGED = "Nothing was changed."


def done_words(effects: Sequence[str], ticked: Sequence[str]) -> str:
    """The effects that were applied and the steps that were ticked, in words; that nothing was changed, if there are
    none."""
    parts = []
    if effects:
        parts.append("; ".join(_few(effects)))
    if ticked:
        parts.append(f"ticked: {', '.join(_few(ticked))}")
    return f"{'; '.join(parts)}." if parts else UNCHANGED


def complete(error: FastrelError, effects: Sequence[str], ticked: Sequence[str]) -> None:
    """Put what the run has done before an error's own words about the step at which it stopped."""
    before = done_words(effects, ticked)
    if before == UNCHANGED:
        error.done = error.done or UNCHANGED
    elif not error.done or error.done == UNCHANGED:
        error.done = before
    else:
        error.done = f"{before} {error.done}"


def _few(words: Sequence[str]) -> list[str]:
    left = len(words) - SHOWN
    return [*words] if left <= 1 else [f"{left} changes before", *words[-SHOWN:]]
