"""One of several things that are listed with numbers, typed as its number or its name."""

from __future__ import annotations

from collections.abc import Sequence

import click

from fastrel.text.plain import plain_line


def pick(question: str, names: Sequence[Sequence[str]], *, default: int | None = None) -> int:
    """The index of what a person types, its number or one of its names; an index as default. Asks again until it is
    one of them."""

    def index(typed: str) -> int:
        typed = typed.strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(names):
            return int(typed) - 1
        alike = [n for n, known in enumerate(names) if typed.casefold() in (name.casefold() for name in known)]
        if len(alike) == 1:
            return alike[0]
        said = f"“{plain_line(typed)}” is none of them." if typed else "Nothing was typed."
        raise click.UsageError(f"{said} Type a number from 1 to {len(names)}, or what stands behind it.")

    proposed = "" if default is None else str(default + 1)
    return int(click.prompt(question, default=proposed, show_default=bool(proposed), value_proc=index, err=True))
