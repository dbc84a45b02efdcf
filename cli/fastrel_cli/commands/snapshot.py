"""`fastrel-checklist snapshot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastrel_cli.options import VERSION, project

if TYPE_CHECKING:
    from fastrel.engine.session import Session


@click.command("snapshot")
@VERSION
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    required=True,
    help="The file, such as site/fastrel.json; `-` for standard output. Its folder must exist.",
)
@project
def command(version: str, output: Path, guide: Path | None, repo: str) -> None:
    """Write the report and the past releases in their JSON form to a file that the docs site publishes, so that its
    pages show newer state without a build and without asking GitHub.

    What the token may see stands in the file: use one that sees no more than the readers of the site.

    \b
    fastrel-checklist snapshot --output site/fastrel.json
    """
    from fastrel_cli.sessions import session_here
    from fastrel_cli.streams.verbosity import say

    written = write_snapshot(session_here(guide, repo), version, output)
    if str(output) != "-":
        say(f"{output}: release {written}")


def write_snapshot(session: Session, version: str, output: Path, *, make_folder: bool = False) -> str:
    """Write the file; returns the version that it is about. UsageError when it cannot be written.

    In a workflow its folder is made: the checkout is fresh, and nobody is there to make it.
    """
    from fastrel_cli.streams.json_output import json_text
    from fastrel_cli.streams.output_file import write_output

    snapshot = session.snapshot(version)
    write_output(output, json_text(snapshot) + "\n", make_folder=make_folder)
    return str(snapshot["version"])
