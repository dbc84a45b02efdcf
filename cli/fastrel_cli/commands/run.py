"""`fastrel-checklist run`."""

from __future__ import annotations

from pathlib import Path

import click

from fastrel_cli.completion import complete_answer, complete_run, complete_steps
from fastrel_cli.options import JSON, project, split


@click.command("run")
@click.argument("arguments", nargs=-1, metavar="[VERSION] [STEP...]", shell_complete=complete_run)
@click.option("--yes", is_flag=True, help="Confirm every effect. Decisions that belong to people stay open.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--until", default="", metavar="STEP", help="Stop after this step.", shell_complete=complete_steps)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="STEP=VALUE",
    shell_complete=complete_answer,
    help="Answer a step's question beforehand; may be repeated. `yes` agrees to what a step does and asks.",
)
@click.option("--defer-open", "open_work", flag_value="defer", hidden=True)
@click.option("--close-open", "open_work", flag_value="completed", hidden=True)
@click.option(
    "--notes-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Notes, which go above the list that GitHub generates.",
)
@click.option("--replace-notes", is_flag=True, help="With --notes-file: replace the existing notes.")
@click.option("--rerun-failed", is_flag=True, help="Re-run failed CI jobs, once.")
@click.option(
    "--interval", default=10.0, show_default=True, metavar="SECONDS", help="Time between two checks while waiting."
)
@click.option(
    "--timeout", default=60.0, show_default=True, metavar="MINUTES", help="How long to wait for CI, images and sites."
)
@project
@JSON
def command(
    arguments: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    until: str,
    answers: tuple[str, ...],
    open_work: str | None,
    notes_file: Path | None,
    replace_notes: bool,
    rerun_failed: bool,
    interval: float,
    timeout: float,
    guide: Path | None,
    repo: str,
    as_json: bool,
) -> int:
    """Go through the steps of a release in order: check, role, confirm, run, check again, tick.

    Without VERSION: the release in progress. With STEPs: only these. It can be stopped anywhere and continued later,
    on another machine or by another person, because it reads git and GitHub and keeps no state of its own.

    \b
    fastrel-checklist run 0.2.0 --dry-run
    fastrel-checklist run 0.2.0 --until push-tag
    fastrel-checklist run push-tag
    fastrel-checklist run --answer milestone-issues=defer
    fastrel-checklist run --rerun-failed --timeout 20
    """
    from fastrel.actions.questions.answers import read_answers
    from fastrel.engine.evaluate import unsettled
    from fastrel.errors import TrackerClosed
    from fastrel.running.reporter import Options
    from fastrel_cli.running import run_steps, show_finished
    from fastrel_cli.sessions import session_here
    from fastrel_cli.terminal.pick import picked_version
    from fastrel_cli.typed import typed

    version, steps = split(arguments)
    options = Options(
        steps=steps,
        until=until,
        dry_run=dry_run,
        unattended=yes,
        rerun_failed=int(rerun_failed),
        poll=max(interval, 0.01),
        patience=timeout * 60,
        answers=read_answers(answers),
        more=typed(*steps),
    )
    decisions = {"open-issue": open_work, "open-pull": "defer" if open_work == "defer" else None}
    session = session_here(guide, repo)
    version = picked_version(session, version)
    try:
        return run_steps(
            session,
            version,
            options,
            agreed=yes,
            decisions={topic: value for topic, value in decisions.items() if value},
            notes_file=notes_file,
            replace_notes=replace_notes,
            as_json=as_json,
        )
    except TrackerClosed:
        report = session.report(version)
        if unsettled(report.steps):
            raise
        return show_finished(report, as_json=as_json)
