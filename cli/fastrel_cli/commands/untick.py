"""`fastrel-checklist untick`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import JSON, STEP, of_release, project, version_and_step


@click.command("untick")
@STEP
@of_release
@project
@JSON
def command(arguments: tuple[str, ...], version: str, guide: Path | None, repo: str, as_json: bool) -> None:
    """Take back the tick of STEP. Only the box changes; what the step did stays done.

    It needs the role that the step needs.

    \b
    fastrel-checklist untick edit-notes
    """
    from fastrel.engine.tick import untick
    from fastrel_cli.sessions import session_here
    from fastrel_cli.terminal.pick import picked_step, picked_version
    from fastrel_cli.terminal.tick_result import show_marked

    session = session_here(guide, repo)
    version, step = version_and_step(arguments, version)
    version = picked_version(session, version)
    step = picked_step(session, version, step, ticked=True)
    show_marked(untick(session, version, step), step, as_json=as_json)
