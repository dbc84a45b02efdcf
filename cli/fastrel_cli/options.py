"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from fastrel_cli.command_hints import remember_option
from fastrel_cli.completion import complete_run, complete_versions

F = TypeVar("F", bound=Callable[..., Any])

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, and nothing else there.")
VERSION = click.argument("version", required=False, default="", shell_complete=complete_versions)
REASON = click.option("--reason", help="Why; it stands in the release issue. At a terminal it is asked for.")
STEP = click.argument("arguments", nargs=-1, metavar="[VERSION] STEP", shell_complete=complete_run)
"""The order that all commands have; `split` takes it apart."""
STEPS = click.argument("arguments", nargs=-1, metavar="[VERSION] STEP...", shell_complete=complete_run)
_VERSION = re.compile(r"v?\d+(\.\S*)?")


def project(command: F) -> F:
    """`--guide` and `--repo`: where the guide and the repository are."""
    repo = click.option(
        "--repo",
        metavar="OWNER/NAME",
        default="",
        callback=remember_option,
        help="The repository; else the guide's, else the origin remote's.",
    )
    guide = click.option(
        "--guide",
        type=click.Path(path_type=Path),
        default=None,
        callback=remember_option,
        help="The guide; else the page under docs/ whose front matter has `fastrel:`.",
    )
    return guide(repo(command))


def of_release(command: F) -> F:
    """`--version`: how the release of a step was named before it stood in front of the step."""
    return click.option("--version", default="", hidden=True)(command)


def split(arguments: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The version, when the first argument looks like one, and the steps."""
    if arguments and _VERSION.fullmatch(arguments[0]):
        return arguments[0], arguments[1:]
    return "", arguments


def version_and_step(arguments: tuple[str, ...], version: str) -> tuple[str, str]:
    """The version and the one step; both may be empty. UsageError when there are more, or two versions."""
    version, steps = version_and_steps(arguments, version, most=1)
    return version, steps[0] if steps else ""


def version_and_steps(arguments: tuple[str, ...], version: str, most: int | None = None) -> tuple[str, tuple[str, ...]]:
    """The version and the steps; both may be empty. UsageError when there are more, or two versions."""
    first, steps = split(arguments)
    if (most and len(steps) > most) or (first and version and first != version):
        context = click.get_current_context()
        raise click.UsageError(f"{context.info_name} takes a version and {'one step' if most else 'steps'}.", context)
    return first or version, steps
