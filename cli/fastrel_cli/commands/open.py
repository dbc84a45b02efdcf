"""`fastrel-checklist open`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fastrel_cli.options import JSON, REQUIRED_VERSION, project


@click.command("open", short_help="Create the tracking issue of a release, or find it.")
@REQUIRED_VERSION
@project
@JSON
def command(version: str, guide: Path | None, repo: str, as_json: bool) -> None:
    """Create the tracking issue of VERSION from the guide, or find the one that exists. Prints its address.

    \b
    fastrel-checklist open 0.2.0
    """
    from fastrel_cli.sessions import session_here

    tracker, created = session_here(guide, repo).open(version)
    if as_json:
        click.echo(
            json.dumps({"number": tracker.number, "url": tracker.url, "state": tracker.state, "created": created})
        )
        return
    if not created:
        state = "" if tracker.state == "open" else f" ({tracker.state})"
        click.echo(f"The tracker exists already{state}:", err=True)
    click.echo(tracker.url)
