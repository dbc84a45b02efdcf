"""The comments of a thread that are still to be answered. Pure.

GitHub keeps only one waiting run for each concurrency group, so a run answers all that is unanswered: the comment whose
run was dropped is answered by the next one. What was answered is known from the answers in the thread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastrel.bot.commands import Command, read_commands
from fastrel.bot.events import Heard
from fastrel.github.model import Comment

FRESH = timedelta(days=1)
"""How old an unanswered command may be and still be executed."""
ABANDONED = timedelta(hours=2)
"""After what time a run that did not finish its answer is given up; more than a job may take."""
RERUN = "This is a new run of an old event, and its answer is gone, so nothing was executed again."
_MARKER = re.compile(r"<!-- fastrel answer (\d{1,20})(?: working (\d{1,20})/(\d{1,9}))? -->")


@dataclass(frozen=True, slots=True)
class RunId:
    """A run of a workflow, and which attempt of it."""

    number: int = 0
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Our answer to a comment, perhaps unfinished; `run` is the workflow run that writes it, None when finished."""

    id: int
    answers: int
    created: datetime | None
    run: RunId | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A comment to be answered. With a `problem`, its commands are not executed; `stale` are answers that broke off."""

    comment: int
    author: str
    commands: tuple[Command, ...]
    stale: tuple[int, ...] = ()
    problem: str = ""
    late: bool = False
    """Whether another event started the run, so that the guide may be a newer one than its author knew."""


def marker(comment: int, run: RunId | None = None) -> str:
    """The first line of the answer to a comment; with a run, of one that is not finished."""
    return f"<!-- fastrel answer {comment}{f' working {run.number}/{run.attempt}' if run else ''} -->"


def claims(thread: Sequence[Comment], login: str) -> list[Claim]:
    """The answers in a thread, oldest first. Only our own comments count, and only their first characters, so that
    nobody can forge one."""
    found = []
    for one in sorted(thread, key=lambda comment: comment.id):
        matched = _MARKER.match(one.body) if one.author == login else None
        if matched:
            run = RunId(int(matched[2]), int(matched[3])) if matched[2] else None
            found.append(Claim(one.id, int(matched[1]), one.created, run))
    return found


def since(heard: Heard | None, now: datetime) -> datetime:
    """From when on comments matter; a minute more, since clocks differ."""
    moments = [now - FRESH, heard.created if heard and heard.created else now]
    return min(moments) - timedelta(minutes=1)


def pending(
    thread: Sequence[Comment], login: str, run: RunId, now: datetime, heard: Heard | None = None
) -> list[Pending]:
    """The comments to be answered, oldest first.

    A comment that was edited is none: somebody else may have put words into its author's mouth. When it is the one that
    started the run, its author is told, as when it was deleted.
    """
    answers = claims(thread, login)
    # Answered are all comments before the newest one that is: an answer that somebody deletes is not given again.
    passed = max((one.answers for one in answers if one.run is None), default=0)
    found: list[Pending] = []
    for one in sorted(thread, key=lambda comment: comment.id):
        started = heard is not None and one.id == heard.id
        if one.id < passed and not (started and run.attempt <= 1) and not any(one.id == own.answers for own in answers):
            continue
        if started and run.attempt > 1 and not any(own.answers == one.id for own in answers):
            commands = read_commands(heard.body if heard else "")
            found.append(Pending(one.id, one.author, commands, (), RERUN))
            continue
        commands = read_commands(one.body)
        edited = one.edited or (heard is not None and started and _lines(one.body) != _lines(heard.body))
        if started and heard:
            commands = read_commands(heard.body)
        elif edited or one.created is None or now - one.created > FRESH:
            continue
        if one.bot or not commands:
            continue
        stale = _stale(one.id, answers, run, now)
        if stale is not None:
            problem = "The comment was edited before it was read, so nothing was executed." if edited else ""
            found.append(Pending(one.id, one.author, commands, stale, problem, late=not started))
    if heard and all(one.id != heard.id for one in thread):
        stale = _stale(heard.id, answers, run, now)
        if stale is not None:
            problem = "The comment was deleted before it was read, so nothing was executed."
            found.append(Pending(heard.id, heard.author, read_commands(heard.body), stale, problem))
    return found


def wins(mine: int, comment: int, thread: Sequence[Comment], login: str) -> bool:
    """Whether our claim is the first one. Of runs that claim a comment at the same moment only one may answer it.

    The listing may lag behind, and lack our own claim; it is there all the same.
    """
    return mine <= min((one.id for one in claims(thread, login) if one.answers == comment), default=mine)


def _stale(comment: int, answers: Sequence[Claim], run: RunId, now: datetime) -> tuple[int, ...] | None:
    """The broken-off answers to a comment; None when it is answered, or another run is about to."""
    stale = []
    for claim in answers:
        if claim.answers != comment:
            continue
        # An attempt of a run begins after the one before has ended.
        retried = claim.run is not None and claim.run.number == run.number and claim.run.attempt < run.attempt
        old = claim.created is None or now - claim.created > ABANDONED
        if claim.run is None or not (retried or old):
            return None
        stale.append(claim.id)
    return tuple(stale)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
