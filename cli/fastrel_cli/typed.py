"""What was typed behind a command, so that a message can tell how to continue in the same way."""

from __future__ import annotations

import shlex

import click
from click.core import ParameterSource

LEFT_OUT = frozenset({"version", "yes", "dry_run"})
"""The version stands before the rest; what was agreed to beforehand, or only looked at, is not said again."""


def typed(*before: str) -> str:
    """Some arguments, then the options of the command in progress that were given, each as it is typed."""
    context = click.get_current_context()
    words = list(before)
    for one in context.command.params:
        name = one.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and isinstance(one, click.Option) and name not in LEFT_OUT:
            words += _words(one, context.params.get(name))
    return shlex.join(words)


def _words(option: click.Option, value: object) -> list[str]:
    if option.is_flag:
        return [option.opts[-1]] if value in (True, option.flag_value) else []
    return [option.opts[-1], f"{value:g}" if isinstance(value, float) else str(value)]
