"""`fastrel-checklist react`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from fastrel_cli.options import project


@click.command("react")
@click.option(
    "--task",
    type=click.Choice(["all", "sync", "answer"]),
    default="all",
    show_default=True,
    help="Only bring ticks up to date, or only answer comments.",
)
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Also write the state to this file, for the docs site. Its folder is created.",
)
@click.option(
    "--interval", default=10.0, show_default=True, metavar="SECONDS", help="Time between two checks while waiting."
)
@click.option(
    "--timeout", default=5.0, show_default=True, metavar="MINUTES", help="How long to wait for CI, images and sites."
)
@project
def command(task: str, snapshot: Path | None, interval: float, timeout: float, guide: Path | None, repo: str) -> int:
    """React to the event that started a workflow: bring the release issues' ticks up to date, and execute the commands
    that people write as comments on a release issue, each with its author's role. The reply is a comment, too.

    Reads GITHUB_EVENT_NAME and GITHUB_EVENT_PATH. Sets the outputs `changed`, `version` and `snapshot`.

    \b
    /status               /run                 /run STEP...
    /tick STEP NOTE       /untick STEP         /skip STEP REASON

    \b
    fastrel-checklist react
    fastrel-checklist react --task sync --snapshot site/fastrel.json
    """
    from fastrel.errors import FastrelError
    from fastrel_cli.github_actions.workflow_io import annotate, say
    from fastrel_cli.streams.messages import error_text

    try:
        return _react(task, snapshot, interval, timeout, guide, repo)
    except FastrelError as error:
        # Not by the ordinary way: what it says may hold foreign text, which the runner must not take for a command.
        say(click.unstyle(error_text(error)))
        annotate(error)
        return error.exit_code


def _react(task: str, snapshot: Path | None, interval: float, timeout: float, guide: Path | None, repo: str) -> int:
    from fastrel.bot.answers import words
    from fastrel.bot.events import Nothing, reaction_to
    from fastrel.bot.perform import WorkflowRun
    from fastrel.bot.react import TASKS, Reacted, react
    from fastrel.engine.agreements import NoAgreements
    from fastrel.errors import FastrelError
    from fastrel_cli.commands.snapshot import write_snapshot
    from fastrel_cli.github_actions.run_log import RunLog
    from fastrel_cli.github_actions.workflow_io import (
        annotate,
        event_here,
        say,
        set_outputs,
        summarise,
        waits_for_itself,
        warn,
    )
    from fastrel_cli.sessions import session_here

    event = event_here()
    # Whoever starts this, it acts for others, who see none of it: nobody is there to agree.
    session = replace(session_here(guide, repo), agreements=NoAgreements())
    reaction = reaction_to(event.name, event.payload, session.settled_guide().settings)
    if event.repository and event.repository.casefold() != session.repository.name.casefold():
        reaction = Nothing(f"This is {event.repository}; the guide is that of {session.repository.name}.")
        snapshot = None
    say(f"{event.name}: {reaction.reason if isinstance(reaction, Nothing) else type(reaction).__name__.lower()}")
    if warning := waits_for_itself(event, session.guide):
        warn(warning)
    tasks = TASKS if task == "all" else (task,)
    workflow = WorkflowRun(event.run, say, RunLog, max(interval, 0.01), timeout * 60)
    done = react(session, reaction, tasks, workflow)
    versions = session.guide.settings.naming.scheme
    outputs = {
        "changed": "true" if any(one.changed for one in done) else "false",
        "version": next((one.version for one in done if versions.parse(one.version)), ""),
    }
    if snapshot is not None:
        try:
            write_snapshot(session, "", snapshot, make_folder=True)
            outputs["snapshot"] = str(snapshot)
        except FastrelError as failed:  # what was done before is said all the same
            done.append(Reacted(f"The snapshot: {words(failed.problem)}", error=failed))
    set_outputs(outputs)
    summarise("\n\n".join(one.summary for one in done))
    errors = [one.error for one in done if one.error]
    for error in errors:
        annotate(error)
    return errors[0].exit_code if errors else 0
