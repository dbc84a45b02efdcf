"""What was not named is asked for at a terminal: the release, when several are in progress, the step, the reason.

Without a terminal nobody is asked, and the command fails as it does when an argument is missing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from fastrel.engine.evaluate import title_of
from fastrel.engine.release_context import entries_of
from fastrel.engine.selection import in_progress
from fastrel.engine.session import Session
from fastrel.errors import UsageError, WorkRemains
from fastrel.text.plain import plain
from fastrel.tracker.issue import find_tracker
from fastrel.tracker.progress import Progress, progress_of
from fastrel_cli.streams.wrap import echo_folded
from fastrel_cli.terminal.ask import pick
from fastrel_cli.terminal.report_parts import title_words


def picked_version(session: Session, version: str) -> str:
    """The version that was given, or the one that a person picks where several releases are in progress; else empty."""
    if version or not _somebody_is_there():
        return version
    still_open = _in_progress(session)
    if len(still_open) < 2:
        return version
    rows = [f"{plain(name)}  ({progress.settled} of {progress.total} steps)" for name, progress in still_open]
    names = [name for name, _ in still_open]
    return names[_pick("Which release?", names, rows)]


def picked_step(session: Session, version: str, step: str, *, ticked: bool) -> str:
    """The step that was given, or the one that a person picks among those that are ticked, or not."""
    if step:
        return step
    if not _somebody_is_there():
        raise _missing("arguments", "'STEP'")
    version = session.require_version(version)
    entries = entries_of(session.require_tracker(version))
    steps = [one for one in session.guide.steps() if one.id in entries and entries[one.id].ticked is ticked]
    if not steps:
        raise UsageError(f"No step of {version} is {'ticked' if ticked else 'open'}.", done="Nothing was changed.")
    release_context = session.context(version)
    ids = [one.id for one in steps]
    return ids[_pick("Which step?", ids, [f"{one.id}: {title_words(title_of(one, release_context))}" for one in steps])]


def asked_reason(reason: str | None, question: str) -> str:
    """The reason that was given, or the one that a person types; empty when they type none."""
    if reason is not None:
        return reason
    if not _somebody_is_there():
        raise _missing("reason")
    return str(click.prompt(question, default="", show_default=False, err=True))


def _in_progress(session: Session) -> list[tuple[str, Progress]]:
    repository, settings = session.repository, session.guide.settings
    versions = map(str, in_progress(repository, settings))
    return [(one, progress_of(found.body)) for one in versions if (found := find_tracker(repository, settings, one))]


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _missing(name: str, hint: str | None = None) -> click.MissingParameter:
    context = click.get_current_context()
    parameter = next(one for one in context.command.params if one.name == name)
    return click.MissingParameter(ctx=context, param=parameter, param_hint=hint)


def _pick(question: str, names: Sequence[str], rows: Sequence[str]) -> int:
    """The index of the row whose number or name a person types."""
    for number, row in enumerate(rows, start=1):
        echo_folded(f"  {number:>2}. {row}", sys.stderr)
    found = pick(f"{question} Number or name", [(name,) for name in names])
    if not isinstance(found, int):
        raise WorkRemains("Stopped.", done="Nothing was changed.")
    return found
