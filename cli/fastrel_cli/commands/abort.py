"""`fastrel-checklist abort`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from fastrel_cli.options import JSON, REASON, VERSION, project


@click.command("abort")
@VERSION
@REASON
@click.option("--delete-draft", is_flag=True, help="Delete the draft release, too. A published one always stays.")
@click.option("--delete-tag", is_flag=True, help="Delete the local tag, too. A pushed one always stays.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@project
@JSON
def command(
    version: str,
    reason: str | None,
    delete_draft: bool,
    delete_tag: bool,
    yes: bool,
    dry_run: bool,
    guide: Path | None,
    repo: str,
    as_json: bool,
) -> None:
    """Give up a release: its release issue is closed with the reason, and what exists of it is listed with the
    command that removes it. Nothing that is public is removed.

    \b
    fastrel-checklist abort 0.2.0 --reason "0.2.1 takes its place"
    fastrel-checklist abort --reason "wrong version" --delete-draft --delete-tag
    """
    from fastrel.actions.questions.prompts import Undecided
    from fastrel.engine.abort import abandonment
    from fastrel.errors import UsageError
    from fastrel.text.plain import plain
    from fastrel_cli.sessions import session_here
    from fastrel_cli.streams.verbosity import say
    from fastrel_cli.terminal.pick import asked_reason, picked_version

    session = session_here(guide, repo)
    version = picked_version(session, version)
    reason = asked_reason(reason, f"Why is {f'release {version}' if version else 'the release'} given up?")
    if not reason.strip():
        raise UsageError("Giving up a release needs a reason.", done="Nothing was changed.", next_step="Add --reason.")
    plan = abandonment(session, version, reason.strip(), delete_draft=delete_draft, delete_tag=delete_tag)
    click.echo(f"Release {plan.release.version}, release issue {plan.tracker.url}", err=True)
    for one in plan.left:
        click.echo(f"  stays: {plain(one.words)} ({plain(one.advice)})", err=True)
    for effect in plan.effects:
        click.echo(f"  {'would ' if dry_run else '→ '}{plain(effect.words)}", err=True)
    if not dry_run:
        if not yes and not sys.stdin.isatty():
            raise Undecided("Nobody is there to confirm this.", done="Nothing was changed.", next_step="Add --yes.")
        if not yes and not click.confirm("Do this?", default=False, err=True):
            raise Undecided("Nothing was changed.")
        for effect in plan.effects:
            effect.apply()
        say(f"Release {plan.release.version} is given up.")
    if as_json:
        left = [{"what": one.words, "advice": one.advice} for one in plan.left]
        fields = {"version": plan.release.version, "tracker": plan.tracker.url, "left": left}
        click.echo(json.dumps({**fields, "effects": [one.words for one in plan.effects], "dry_run": dry_run}))
