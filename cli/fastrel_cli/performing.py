"""Executing one command of a thread, with the role of whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastrel.audience import Options
from fastrel.errors import FastrelError, NotAllowed, RemoteError, RoleUnknown, UsageError
from fastrel.guide.model import Role
from fastrel.marks import skip, tick, untick
from fastrel.runner import run
from fastrel.session import Session
from fastrel.thread.answers import Result, of_report, of_run
from fastrel.thread.commands import Command, Verb
from fastrel_cli.people import Nobody
from fastrel_cli.recorded import Recorded

UNCHANGED = "Nothing was changed."
_MARKS = frozenset({Verb.TICK, Verb.UNTICK, Verb.SKIP})


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds: between two looks at something outside, and until giving up."""

    poll: float = 10.0
    patience: float = 300.0


def perform(session: Session, version: str, command: Command, wait: Wait) -> Result:
    """Do what a command asks for. The session acts on behalf of whoever wrote it. Errors are in the result."""
    try:
        return _performed(session, version, command, wait)
    except FastrelError as error:
        # A change may have been made although its answer was lost.
        lost = isinstance(error, RemoteError) and not error.done and command.verb in _MARKS
        error.done = error.done or ("The tracker may have been changed." if lost else UNCHANGED)
        return Result(command, error=error, changed=lost)


def _performed(session: Session, version: str, command: Command, wait: Wait) -> Result:
    if command.problem:
        raise UsageError(command.problem, done=UNCHANGED, next_step="Comment `/help` to see the commands.")
    if command.verb is Verb.HELP:
        return Result(command, help=True)
    session.repository.fresh()
    role = _role(session)
    if role.rank < command.verb.role.rank:
        raise NotAllowed(
            f"/{command.verb} needs role {command.verb.role}; {session.on_behalf_of} has {role}.",
            done=UNCHANGED,
            next_step="Ask somebody who may.",
        )
    if command.version and command.version != version:
        raise UsageError(
            f"This is the tracker of {version}, not of {command.version}.",
            done=UNCHANGED,
            next_step="Write it without a version, or in the other tracker.",
        )
    if command.verb is Verb.RUN:
        return _run(session, version, command, wait)
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


def _run(session: Session, version: str, command: Command, wait: Wait) -> Result:
    audience = Recorded()
    options = Options(
        steps=command.steps,
        rerun_failed=int("--rerun-failed" in command.options),
        poll=wait.poll,
        patience=wait.patience,
    )
    ways = {"--defer-open": "defer", "--close-open": "completed"}
    chosen = next((ways[one] for one in command.options if one in ways), "")
    decisions = {"open-issue": chosen, "open-pull": chosen if chosen == "defer" else ""}
    people = Nobody({topic: value for topic, value in decisions.items() if value}, where="on your own machine")
    return of_run(command, run(session, version, options, people, audience), audience.log)


def _mark(session: Session, version: str, command: Command) -> Result:
    step = session.step(command.steps[0])
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
