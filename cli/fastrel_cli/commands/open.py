"""`fastrel-checklist open`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastrel_cli.options import JSON, VERSION, project

if TYPE_CHECKING:
    from fastrel.engine.session import Session


@click.command("open")
@VERSION
@click.option("--commit", default="", metavar="SHA", help="Start from this commit of the branch: a hotfix.")
@click.option("--yes", is_flag=True, help="Without VERSION: take the version that is proposed.")
@project
@JSON
def command(version: str, commit: str, yes: bool, guide: Path | None, repo: str, as_json: bool) -> None:
    """Create the release issue of VERSION from the guide, or find the one that exists. Prints its address.

    VERSION may be `patch`, `minor` or `major`. Without it, a terminal shows what was merged since the last release and
    asks which version to open. With --commit, the release starts from an older commit, on a branch of its own.

    \b
    fastrel-checklist open
    fastrel-checklist open minor
    fastrel-checklist open 0.2.1 --commit 1a2b3c4
    """
    from fastrel.engine.next_versions import version_of_word
    from fastrel.engine.open_release import open_release
    from fastrel.text.plain import plain
    from fastrel_cli.sessions import session_here
    from fastrel_cli.streams.verbosity import say

    session = session_here(guide, repo)
    session.require_login()
    version = version_of_word(session, version) if version else _chosen(session, yes=yes)
    opened = open_release(session, version, commit)
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


def _chosen(session: Session, *, yes: bool) -> str:
    """The version that a person chooses, or the proposed one. Undecided when nobody is there to ask."""
    from fastrel.actions.questions.prompts import Undecided
    from fastrel.engine.next_versions import next_versions
    from fastrel_cli.terminal.spinner import reading
    from fastrel_cli.terminal.version_menu import chosen_version

    if yes or not sys.stdin.isatty():
        proposal = session.proposal()
        if yes:
            return proposal
        raise Undecided(
            f"The next version would be {proposal}; nobody is there to say so.",
            next_step=f"Type `fastrel-checklist open {proposal}`, or another version.",
        )
    with reading("GitHub"):
        found = next_versions(session)
    return chosen_version(found)
