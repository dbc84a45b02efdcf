"""`fastrel-checklist untick`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import JSON, STEPS, of_release, project, version_and_steps


@click.command("untick")
@STEPS
@of_release
@project
@JSON
def command(arguments: tuple[str, ...], version: str, guide: Path | None, repo: str, as_json: bool) -> None:
    """Take back the tick of STEP, or of several. Only the boxes change; what the steps did stays done.

    It needs the role that the steps need.

    \b
    fastrel-checklist untick edit-notes
    """
    from fastrel.engine.tick import untick
    from fastrel_cli.sessions import session_here
    from fastrel_cli.terminal.pick import picked_step, picked_version
    from fastrel_cli.terminal.tick_result import show_marked

    session = session_here(guide, repo)
    version, steps = version_and_steps(arguments, version)
    version = picked_version(session, version)
    steps = steps or (picked_step(session, version, "", ticked=True),)
    report = untick(session, version, *steps)
    for step in steps[-1:] if as_json else steps:
        show_marked(report, step, as_json=as_json)
