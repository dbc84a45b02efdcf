"""`fastrel-checklist sync`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import JSON, VERSION, project


@click.command("sync")
@VERSION
@project
@JSON
def command(version: str, guide: Path | None, repo: str, as_json: bool) -> None:
    """Evaluate every step and tick in the release issue what is verified. Executes nothing.

    \b
    fastrel-checklist sync
    """
    from fastrel.engine.sync import sync
    from fastrel_cli.sessions import session_here
    from fastrel_cli.streams.json_output import print_json
    from fastrel_cli.streams.verbosity import say
    from fastrel_cli.terminal.pick import picked_version
    from fastrel_cli.terminal.report import show_report
    from fastrel_cli.terminal.spinner import reading

    session = session_here(guide, repo)
    version = picked_version(session, version)
    with reading("GitHub"):
        report = sync(session, version)
    if as_json:
        print_json(report)
    else:
        show_report(report)
        ticked = ", ".join(report.newly_ticked or ())
        say(f"Ticked: {ticked}." if ticked else "There was nothing new to tick.")
