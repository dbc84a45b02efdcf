"""Commands in messages, with the `--guide` and `--repo` of the command in progress."""

from __future__ import annotations

import re
import shlex

import click

_OURS = re.compile(r"`(fastrel-checklist ([a-z]+)[^`\n]*)`")
_WITHOUT = frozenset({"lint", "board", "completion", "twin"})
"""Commands that take neither."""
_given: dict[str, str] = {}


def forget_options() -> None:
    """Begin anew, such as for another command in the same process."""
    _given.clear()


def remember_option(context: click.Context, option: click.Parameter, value: object) -> object:
    """The callback of the two options."""
    if value:
        _given[option.opts[-1]] = str(value)
    return value


def with_given_options(text: str) -> str:
    """A text whose commands of ours, between backticks, have the options that were given."""

    def completed(found: re.Match[str]) -> str:
        words = found[1].split()
        lacking = [f"{name} {shlex.quote(value)}" for name, value in _given.items() if name not in words]
        return f"`{' '.join([found[1], *lacking])}`" if found[2] not in _WITHOUT else found[0]

    return _OURS.sub(completed, text)


def command_line(*words: str) -> str:
    """A command of ours as it is typed in this place."""
    return with_given_options(f"`{shlex.join(['fastrel-checklist', *words])}`").strip("`")
