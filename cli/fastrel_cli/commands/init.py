"""`fastrel-checklist init`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fastrel_cli.options import JSON, project


@click.command("init")
@click.option(
    "--action",
    default="",
    metavar="OWNER/NAME@REF",
    help="The fastrel-checklist that the workflow calls; a tag is replaced by its commit SHA.",
)
@click.option(
    "--path",
    "package",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FOLDER",
    help="The package to release, in a repository of several.",
)
@click.option("--offline", is_flag=True, help="Ask nothing of GitHub.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@project
@JSON
def command(
    action: str,
    package: Path | None,
    offline: bool,
    yes: bool,
    dry_run: bool,
    guide: Path | None,
    repo: str,
    as_json: bool,
) -> None:
    """Look at this repository and propose a guide, the entry in mkdocs.yml and a workflow file, as one diff; write them
    after a yes.

    If the repository has a release checklist, it becomes the guide: comments are added, and no word is changed. Use
    --guide if it is not found. Otherwise a short guide is written, with the steps that make sense here. Existing files
    are never overwritten, and the same command again changes nothing.

    Each item that publishes something needs your yes. With --yes nobody is asked: these steps are marked `proposed`,
    and ask before they do anything.

    \b
    fastrel-checklist init --dry-run
    fastrel-checklist init --guide RELEASING.md
    fastrel-checklist init --path packages/core
    """
    from fastrel.actions.questions.prompts import Undecided
    from fastrel.adopt.writing import require_writable, write_changes
    from fastrel_cli.adopting import adoption_json, ask, find, show_adoption, show_diff, show_next
    from fastrel_cli.streams.verbosity import say

    known = find(guide, repo, action, offline=offline, package=package)
    worktree, found = known.worktree, known.adoption()
    show_adoption(found)
    if not yes and not dry_run and sys.stdin.isatty() and found.items:
        found = known.adoption(ask(found))
    if found.changes:
        require_writable(worktree.root, found.changes)
        if not as_json:
            show_diff(found.changes)
    else:
        say("Nothing to do.")
    if found.changes and dry_run:
        say("\nDry run: nothing was written.")
    elif found.changes:
        if not yes and not sys.stdin.isatty():
            raise Undecided("Nobody is there to confirm this.", done="Nothing was changed.", next_step="Add --yes.")
        count = len(found.changes)
        if not yes and not click.confirm(
            f"Write {'this file' if count == 1 else f'these {count} files'}?", default=False, err=True
        ):
            raise Undecided("Nothing was changed.")
        write_changes(worktree.root, found.changes)
        show_next(found)
    if as_json:
        click.echo(adoption_json(found, written=bool(found.changes) and not dry_run))
