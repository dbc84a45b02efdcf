"""`fastrel-checklist tick`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import JSON, STEP, of_release, project, version_and_step


@click.command("tick")
@STEP
@of_release
@click.option("--note", default="", help="What to write behind the tick, such as a decision and its reason.")
@project
@JSON
def command(arguments: tuple[str, ...], version: str, note: str, guide: Path | None, repo: str, as_json: bool) -> None:
    """Tick STEP in the release issue by hand.

    If the tool can check the step, the tick is shown as unverified until the
    check confirms it. Ticking needs the role that the step needs.

    \b
    fastrel-checklist tick 0.2.0 edit-notes
    fastrel-checklist tick open-bugs --note "ship: both are cosmetic"
    """
    from fastrel.engine.tick import tick
    from fastrel_cli.sessions import session_here
    from fastrel_cli.terminal.pick import picked_step, picked_version
    from fastrel_cli.terminal.tick_result import show_marked

    session = session_here(guide, repo)
    version, step = version_and_step(arguments, version)
    version = picked_version(session, version)
    step = picked_step(session, version, step, ticked=False)
    show_marked(tick(session, version, step, note), step, as_json=as_json)
