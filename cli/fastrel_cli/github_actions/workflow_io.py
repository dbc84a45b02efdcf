"""What a workflow step reads and writes: the event; log, outputs and summary.

The runner executes lines of the log that look like its commands, so foreign text is printed in a form in which it is
none. Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from fastrel.bot.pending import RunId
from fastrel.errors import FastrelError, UsageError
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Guide
from fastrel.text.plain import plain
from fastrel.tracker.escape import one_line
from fastrel_cli.github_actions.escape_commands import EscapedStream

SUMMARY = 900_000
"""Characters of a summary; GitHub takes a megabyte."""


@dataclass(frozen=True, slots=True)
class Event:
    """What started the workflow."""

    name: str
    payload: Fields
    run: RunId
    repository: str
    """`OWNER/NAME` of the repository whose workflow this is; empty where the environment does not say."""
    workflow: str = ""
    """The path of the workflow's file, of the workflow that calls where one calls another; empty as above."""


def event_here() -> Event:
    """The event of this run. UsageError outside of GitHub Actions."""
    name, path = os.environ.get("GITHUB_EVENT_NAME", ""), os.environ.get("GITHUB_EVENT_PATH", "")
    if not name or not path:
        raise UsageError(
            "There is no event: GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not set.",
            done="Nothing was changed.",
            next_step="This command belongs into a workflow of GitHub Actions. By hand, type `fastrel-checklist sync`.",
        )
    try:
        payload = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The event cannot be read ({type(error).__name__}): {path}",
            done="Nothing was changed.",
            next_step="GITHUB_EVENT_PATH must name a file with the event's payload as JSON.",
        ) from None
    run = RunId(_number("GITHUB_RUN_ID"), _number("GITHUB_RUN_ATTEMPT"))
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    workflow = os.environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].removeprefix(f"{repository}/")
    return Event(name, Fields.of(payload), run, repository, workflow)


def waits_for_itself(event: Event, guide: Guide) -> str:
    """What to fix where this workflow is not the one that the guide leaves out of CI; empty when nothing is."""
    if event.workflow in ("", guide.settings.workflow_path):
        return ""
    if not any(name.startswith("ci.") for step in guide.steps() for name in step.actions):
        return ""
    return (
        f"What this workflow runs, {event.workflow}, counts as CI, so the checklist waits for itself. Write "
        f"`workflow: {event.workflow.rpartition('/')[2]}` under `fastrel:` in the guide. If this workflow also tests "
        "the project, move the checklist into a file of its own first: what the named one runs does not count."
    )


def say(text: str) -> None:
    """Print lines to the log, none of which is a command, whoever wrote it."""
    for line in text.splitlines() or [""]:
        click.echo(tame(line), err=True)


def tame(line: str) -> str:
    """A line that the runner does not take for a command: `::` counts at its beginning, `##[` anywhere."""
    shown = plain(line).replace("##[", "## [")
    return f"| {shown}" if shown.lstrip().startswith("::") else shown


def annotate(error: FastrelError) -> None:
    """Show an error on the page of the run; elsewhere nobody would read it."""
    if not os.environ.get("GITHUB_ACTIONS"):
        return
    _command("error", "\n".join(filter(None, [error.problem, error.done, error.next_step])))


def warn(text: str) -> None:
    """Show a warning on the page of the run, and in its log."""
    if os.environ.get("GITHUB_ACTIONS"):
        _command("warning", text)
    else:
        say(text)


def _command(name: str, text: str) -> None:
    escaped = plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    if isinstance(sys.stderr, EscapedStream):
        sys.stderr.command(f"::{name}::{escaped}\n")
    else:
        click.echo(f"::{name}::{escaped}", err=True)


def set_outputs(values: Mapping[str, str]) -> None:
    """Outputs of the step, each on one line."""
    lines = [f"{re.sub(r'[^a-z_]', '', name)}={one_line(value)}\n" for name, value in values.items()]
    _append("GITHUB_OUTPUT", "".join(lines))


def summarise(markdown: str) -> None:
    """Markdown for the page of the run; foreign text in it is escaped already."""
    _append("GITHUB_STEP_SUMMARY", markdown[:SUMMARY] + "\n")


def _append(variable: str, text: str) -> None:
    path = os.environ.get(variable, "")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def _number(variable: str) -> int:
    value = os.environ.get(variable, "")
    return int(value) if value.isascii() and value.isdecimal() else 0
