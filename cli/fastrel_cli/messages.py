"""Words for the terminal: errors, and foreign text without control characters."""

from __future__ import annotations

import unicodedata

import click

from fastrel.errors import FastrelError, WorkRemains

STAYS = "What was done before stays done, and the same command finds it there."
AGAIN = "Mend the cause, then type the same command again."
"""What is said where nobody knows more."""

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control, format (zero-width, direction-changing), surrogate, line and paragraph separator."""


def error_text(error: FastrelError) -> str:
    """One message: what is wrong, what was and was not done, what to type next."""
    kind = ("stopped", "yellow") if isinstance(error, WorkRemains) else ("error", "red")
    lines = [f"{click.style(kind[0], fg=kind[1], bold=True)}: {plain(error.problem)}"]
    lines.append(f"  done: {plain(error.done or STAYS)}")
    lines.append(f"  next: {plain(error.next_step or AGAIN)}")
    return "\n".join(lines)


def plain(text: str) -> str:
    """Foreign text that cannot move the cursor, colour the screen or turn the direction of writing."""
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in UNSEEN)


def plain_line(text: str) -> str:
    """Foreign text on one line, so that it cannot look like a line of ours."""
    return plain(" ".join(text.split()))
