"""`fastrel-checklist skip`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import JSON, of_release, project


@click.command("skip", short_help="Skip a step, with a reason.")
@click.argument("step")
@click.option("--reason", required=True, help="Why; it stands in the tracker.")
@of_release
@project
@JSON
def command(step: str, reason: str, version: str, guide: Path | None, repo: str, as_json: bool) -> None:
    """Skip STEP with a reason that everybody can read in the tracker. `untick` takes it back.

    \b
    fastrel-checklist skip announce-forum --reason "a quiet patch"
    """
    from fastrel_cli.marking import show_marked
    from fastrel_cli.sessions import session_here

    show_marked(session_here(guide, repo).skip(version, step, reason), step, as_json=as_json)
