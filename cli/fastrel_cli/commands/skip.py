"""`fastrel-checklist skip`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.options import JSON, REASON, STEP, of_release, project, version_and_step


@click.command("skip")
@STEP
@REASON
@of_release
@project
@JSON
def command(
    arguments: tuple[str, ...], reason: str | None, version: str, guide: Path | None, repo: str, as_json: bool
) -> None:
    """Skip STEP with a reason that everybody can read in the release issue. `untick` takes it back.

    Skipping needs the role that the step needs.

    \b
    fastrel-checklist skip announce-forum --reason "a quiet patch"
    """
    from fastrel.engine.tick import skip
    from fastrel_cli.sessions import session_here
    from fastrel_cli.terminal.pick import asked_reason, picked_step, picked_version
    from fastrel_cli.terminal.tick_result import show_marked

    session = session_here(guide, repo)
    version, step = version_and_step(arguments, version)
    version = picked_version(session, version)
    step = picked_step(session, version, step, ticked=False)
    reason = asked_reason(reason, f"Why is {session.guide.step(step).id} skipped?")
    show_marked(skip(session, version, step, reason), step, as_json=as_json)
