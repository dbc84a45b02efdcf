"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from fastrel_cli.completion import complete_steps, complete_versions

F = TypeVar("F", bound=Callable[..., Any])

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, and nothing else there.")
VERSION = click.argument("version", required=False, default="", shell_complete=complete_versions)
REASON = click.option("--reason", help="Why; it stands in the release issue. At a terminal it is asked for.")
STEP = click.argument("step", required=False, default="", shell_complete=complete_steps)


def project(command: F) -> F:
    """`--guide` and `--repo`: where the guide and the repository are."""
    repo = click.option(
        "--repo", metavar="OWNER/NAME", default="", help="The repository; else the guide's, else the origin remote's."
    )
    guide = click.option(
        "--guide",
        type=click.Path(path_type=Path),
        default=None,
        help="The guide; else the page under docs/ whose front matter has `fastrel:`.",
    )
    return guide(repo(command))


def of_release(command: F) -> F:
    """`--version`: the release, for commands whose argument is a step."""
    option = click.option(
        "--version",
        default="",
        help="The release; needed only when several are in progress.",
        metavar="VERSION",
        shell_complete=complete_versions,
    )
    return option(command)
