"""Executes one command of a comment, with the role of whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.bot.answers import Result, of_report, of_run
from fastrel.bot.commands import Command, Verb
from fastrel.bot.pending import RunId
from fastrel.engine.session import Session
from fastrel.engine.tick import skip, tick, untick
from fastrel.errors import FastrelError, RemoteError, RoleTooLow, RoleUnknown, UsageError
from fastrel.github.role import Role
from fastrel.running.reporter import Options, Reporter
from fastrel.running.run import run

UNCHANGED = "Nothing was changed."
_MARKS = frozenset({Verb.TICK, Verb.UNTICK, Verb.SKIP})


class RunLog(Reporter, Protocol):
    """A reporter that keeps what it reported, for the answer."""

    @property
    def log(self) -> str: ...


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """The workflow run that executes commands: its log, and how long it waits."""

    id: RunId
    say: Callable[[str], None]
    """Prints to the log of the workflow run."""
    new_log: Callable[[], RunLog]
    poll: float = 10.0
    """Seconds between two looks at something outside."""
    patience: float = 300.0
    """Seconds until giving up."""


def perform(session: Session, version: str, command: Command, workflow: WorkflowRun) -> Result:
    """Do what a command asks for. The session acts on behalf of whoever wrote it. Errors are in the result."""
    try:
        return _performed(session, version, command, workflow)
    except FastrelError as error:
        # A change may have been made although its answer was lost.
        lost = isinstance(error, RemoteError) and not error.done and command.verb in _MARKS
        error.done = error.done or ("The release issue may have been changed." if lost else UNCHANGED)
        return Result(command, error=error, changed=lost)


def _performed(session: Session, version: str, command: Command, workflow: WorkflowRun) -> Result:
    if command.problem:
        raise UsageError(command.problem, done=UNCHANGED, next_step="Comment `/help` to see the commands.")
    if command.verb is Verb.HELP:
        return Result(command, help=True)
    session.repository.fresh()
    role = _role(session)
    if role.rank < command.verb.role.rank:
        raise RoleTooLow(
            f"/{command.verb} needs role {command.verb.role}; {session.on_behalf_of} has {role}.",
            done=UNCHANGED,
            next_step="Ask somebody who may.",
        )
    if command.version and command.version != version:
        raise UsageError(
            f"This is the release issue of {version}, not of {command.version}.",
            done=UNCHANGED,
            next_step="Write it without a version, or in the other release issue.",
        )
    if command.verb is Verb.RUN:
        return _run(session, version, command, workflow)
    if command.verb is Verb.STATUS:
        return of_report(command, session.report(version))
    return _mark(session, version, command)


def _role(session: Session) -> Role:
    role = session.role()
    if role is None:
        raise RoleUnknown(
            f"GitHub does not say that {session.on_behalf_of} has a role in {session.repository.name}.",
            done=UNCHANGED,
            next_step="Ask somebody who has one.",
        )
    return role


def _run(session: Session, version: str, command: Command, workflow: WorkflowRun) -> Result:
    reporter = workflow.new_log()
    options = Options(
        steps=command.steps,
        rerun_failed=int("--rerun-failed" in command.options),
        poll=workflow.poll,
        patience=workflow.patience,
    )
    ways = {"--defer-open": "defer", "--close-open": "completed"}
    chosen = next((ways[one] for one in command.options if one in ways), "")
    decisions = {"open-issue": chosen, "open-pull": chosen if chosen == "defer" else ""}
    prompter = NonInteractive(
        {topic: value for topic, value in decisions.items() if value}, where="on your own machine"
    )
    return of_run(command, run(session, version, options, prompter, reporter), reporter.log)


def _mark(session: Session, version: str, command: Command) -> Result:
    step = session.guide.step(command.steps[0])
    if command.verb is Verb.TICK:
        report = tick(session, version, step.id, command.words)
    elif command.verb is Verb.UNTICK:
        report = untick(session, version, step.id)
    else:
        report = skip(session, version, step.id, command.words)
    return of_report(command, report, only=step.id)


def on_behalf(session: Session, login: str) -> Session:
    """The session with the role and the name of somebody else."""
    return replace(session, on_behalf_of=login)
