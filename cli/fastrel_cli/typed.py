"""The arguments of the command in progress as they were typed, for messages that tell how to continue."""

from __future__ import annotations

import shlex

import click
from click.core import ParameterSource

LEFT_OUT = frozenset({"version", "dry_run"})
"""The version stands before the rest; what was only looked at is done when it is typed again."""


def typed(*before: str) -> str:
    """Some arguments, then the options of the command in progress that were given, each as it is typed."""
    return shlex.join([*before, *_options(LEFT_OUT)])


def retyped(version: str) -> str:
    """The whole command in progress, with a version where it takes one."""
    context = click.get_current_context()
    words = context.command_path.split()
    for one in context.command.params:
        if not isinstance(one, click.Argument):
            continue
        value = version if one.name == "version" else context.params.get(one.name or "")
        words += [version, *value] if isinstance(value, tuple) else [str(value)] if value else []
    return shlex.join([*words, *_options(frozenset({"version"}))])


def _options(left_out: frozenset[str]) -> list[str]:
    """The options that were given, each as it is typed."""
    context = click.get_current_context()
    words: list[str] = []
    for one in _option_parameters():
        name = one.name or ""
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE and name not in left_out:
            words += _words(one, context.params.get(name))
    return words


def _option_parameters() -> list[click.Option]:
    return [one for one in click.get_current_context().command.params if isinstance(one, click.Option)]


def _words(option: click.Option, value: object) -> list[str]:
    if option.is_flag:
        return [option.opts[-1]] if value in (True, option.flag_value) else []
    if isinstance(value, tuple):
        return [word for one in value for word in (option.opts[-1], str(one))]
    return [option.opts[-1], f"{value:g}" if isinstance(value, float) else str(value)]
