"""`fastrel-checklist status`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from fastrel_cli.options import JSON, VERSION, project


@click.command("status")
@VERSION
@click.option("--all", "whole", is_flag=True, help="Every step, with its evidence and who ticked it.")
@project
@JSON
def command(version: str, whole: bool, guide: Path | None, repo: str, as_json: bool) -> None:
    """Show where a release stands: a line for each finished phase, for each open step, and for what waits.

    Without VERSION: the release in progress, else the next milestone's, else the next minor. Changes nothing.

    \b
    fastrel-checklist status
    fastrel-checklist status --all
    fastrel-checklist status 0.2.0 --json \\
      | jq '.steps[] | select(.status == "failed")'
    """
    from fastrel_cli.sessions import session_here
    from fastrel_cli.streams.json_output import print_json
    from fastrel_cli.terminal.report import show_report
    from fastrel_cli.terminal.spinner import reading
    from fastrel_cli.typed import retyped

    with reading("GitHub"):
        session = session_here(guide, repo)
        report = session.report(version, known=True)
    others = [] if version else session.others_in_progress(report.release.version)
    if others:
        words = f"In progress, too: {', '.join(others)}. Type `{retyped(others[0])}` to see {others[0]}."
        report = replace(report, warnings=(*report.warnings, words))
    if as_json:
        print_json(report)
    else:
        show_report(report, whole=whole)
