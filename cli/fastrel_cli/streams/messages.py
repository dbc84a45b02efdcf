"""Error messages for the terminal."""

from __future__ import annotations

import click

from fastrel.errors import FastrelError, WorkRemains
from fastrel.process import changes
from fastrel.text.plain import plain
from fastrel_cli.command_hints import with_given_options

AGAIN = "Fix the cause, then type the same command again."
"""What is said where nobody knows more."""


def error_text(error: FastrelError) -> str:
    """One message: what is wrong, what was and was not done, what to type next."""
    kind = ("stopped", "yellow") if isinstance(error, WorkRemains) else ("error", "red")
    lines = [f"{click.style(kind[0], fg=kind[1], bold=True)}: {with_given_options(plain(error.problem))}"]
    lines.append(f"  done: {with_given_options(plain(error.done or changes.words()))}")
    lines.append(f"  next: {with_given_options(plain(error.next_step or AGAIN))}")
    return "\n".join(lines)
