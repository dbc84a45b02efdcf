"""`fastrel-checklist open`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from fastrel_cli.options import JSON, VERSION, project


@click.command("open")
@VERSION
@click.option("--commit", default="", metavar="SHA", help="Start from this commit of the branch: a hotfix.")
@click.option("--yes", is_flag=True, help="Without VERSION: take the version that is proposed.")
@project
@JSON
def command(version: str, commit: str, yes: bool, guide: Path | None, repo: str, as_json: bool) -> None:
    """Create the release issue of VERSION from the guide, or find the one that exists. Prints its address.

    Without VERSION, the next one is proposed: that of the next open milestone, else the next minor. With --commit, the
    release starts from an older commit, on a branch of its own.

    \b
    fastrel-checklist open
    fastrel-checklist open 0.2.0
    fastrel-checklist open 0.2.1 --commit 1a2b3c4
    """
    from fastrel.engine.open_release import open_release
    from fastrel.text.plain import plain
    from fastrel_cli.sessions import session_here
    from fastrel_cli.terminal.verbosity import say

    session = session_here(guide, repo)
    session.require_login()
    opened = open_release(session, version or _agreed(session.proposal(), yes=yes), commit)
    for warning in opened.warnings:
        click.echo(f"{click.style('warning', fg='yellow', bold=True)}: {plain(warning)}", err=True)
    tracker = opened.tracker
    if as_json:
        fields = {"number": tracker.number, "url": tracker.url, "state": tracker.state, "created": opened.created}
        click.echo(json.dumps({**fields, "warnings": list(opened.warnings)}))
        return
    if not opened.created:
        state = "" if tracker.state == "open" else f" ({tracker.state})"
        say(f"The release issue exists already{state}:")
    click.echo(tracker.url)


def _agreed(proposal: str, *, yes: bool) -> str:
    """The proposed version, when the person agrees to it. Undecided when nobody is there to ask."""
    from fastrel.actions.prompts import Undecided
    from fastrel.errors import WorkRemains

    again = f"Type `fastrel-checklist open {proposal}`, or another version."
    if yes:
        return proposal
    if not sys.stdin.isatty():
        raise Undecided(f"The next version would be {proposal}; nobody is there to say so.", next_step=again)
    if not click.confirm(f"Open release {proposal}?", default=True, err=True):
        raise WorkRemains("Nothing was opened, as you wished.", next_step=again)
    return proposal
