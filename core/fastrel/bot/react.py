"""Reacts to an event: syncs trackers, and answers comments."""

from __future__ import annotations

from dataclasses import dataclass

from fastrel.bot.answers import Result, answer_body, claim_body, progress, rendered, words
from fastrel.bot.commands import Verb
from fastrel.bot.events import Answer, Heard, Nothing, Reaction, Sweep, Sync
from fastrel.bot.pending import Pending, RunId, pending, since, wins
from fastrel.bot.perform import WorkflowRun, on_behalf, perform
from fastrel.engine.guide_changes import guide_news
from fastrel.engine.session import Session
from fastrel.engine.sync import sync
from fastrel.errors import FastrelError
from fastrel.github.model import Issue
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import find_tracker, trackers
from fastrel.tracker.marker import tracker_version

TASKS = ("sync", "answer")
"""The two things that a reaction may consist of; a job with few permissions does only the first."""


@dataclass(frozen=True, slots=True)
class Reacted:
    """The result for one tracker or comment: Markdown for the page of the run, whether something changed, and what went
    wrong. What a command is refused for is no error of the reaction: it is answered."""

    summary: str
    changed: bool = False
    version: str = ""
    error: FastrelError | None = None


def react(session: Session, reaction: Reaction, tasks: tuple[str, ...], workflow: WorkflowRun) -> list[Reacted]:
    """Do what the event asks for, as far as it belongs to the tasks. Every tracker and every comment is tried."""
    if isinstance(reaction, Nothing):
        return [Reacted(f"Nothing to do: {words(reaction.reason)}")]
    done: list[Reacted] = []
    if isinstance(reaction, Sync | Sweep) and "sync" in tasks:
        done += _sync(session, reaction.version if isinstance(reaction, Sync) else "", workflow)
    if isinstance(reaction, Answer) and "answer" in tasks:
        done += _answer(session, reaction.tracker, reaction.comment, workflow)
    if isinstance(reaction, Sweep) and "answer" in tasks:
        for tracker in _open(session):
            done += _answer(session, tracker.number, None, workflow)
    return done or [Reacted("Nothing to do.")]


def _open(session: Session, version: str = "") -> list[Issue]:
    """The open trackers, of copies of a version's only the one that counts."""
    found = [one for one in trackers(session.repository, session.guide.settings) if one.state == "open"]
    first = {tracker_version(one.body) or "": one for one in reversed(found)}
    return [one for one in found if one in first.values() and version in ("", tracker_version(one.body))]


def _sync(session: Session, version: str, workflow: WorkflowRun) -> list[Reacted]:
    session.repository.fresh()
    found = _open(session, version)
    if not found:
        return [
            Reacted("No release is in progress." if not version else f"There is no open release issue for {version}.")
        ]
    return [_synced(session, one, workflow) for one in found]


def _synced(session: Session, tracker: Issue, workflow: WorkflowRun) -> Reacted:
    version = tracker_version(tracker.body) or ""
    try:
        report = sync(session, version)
        changed = session.repository.issues.one(tracker.number).body != tracker.body
    except FastrelError as error:
        return Reacted(f"Release issue #{tracker.number}: {words(error.problem)}", version=version, error=error)
    workflow.say(f"Release issue #{tracker.number}: {progress(report)}{'' if changed else ' Nothing new.'}")
    return Reacted(f"Release issue #{tracker.number}: {words(progress(report))}", changed, version)


def _answer(session: Session, number: int, heard: Heard | None, workflow: WorkflowRun) -> list[Reacted]:
    """Answer what is unanswered in the thread of a tracker, oldest first."""
    done: list[Reacted] = []
    seen: set[int] = set()
    try:
        # Whatever is written meanwhile is found by the next look.
        while one := _next(session, number, heard, workflow.id, seen):
            seen.add(one.comment)
            done.append(_answered(session, number, one, heard, workflow))
    except FastrelError as error:
        done.append(Reacted(f"Comments on #{number}: {words(error.problem)}", error=error))
    return done


def _next(session: Session, number: int, heard: Heard | None, run: RunId, seen: set[int]) -> Pending | None:
    session.repository.fresh()
    login, now = session.require_login(), session.now()
    thread = session.repository.issues.thread(number, since(heard, now))
    left = (one for one in pending(thread, login, run, now, heard) if one.comment not in seen)
    return next(left, None)


def _answered(session: Session, number: int, one: Pending, heard: Heard | None, workflow: WorkflowRun) -> Reacted:
    issues, login = session.repository.issues, session.require_login()
    for stale in one.stale:
        issues.delete_comment(stale)
    claim = issues.comment(number, claim_body(one.comment, one.author, workflow.id)).id
    session.repository.fresh()
    if not wins(claim, one.comment, issues.thread(number, since(heard, session.now())), login):
        issues.delete_comment(claim)
        return Reacted(f"Comment {one.comment} is answered by another run.")
    results = _results(session, number, one, workflow)
    issues.change_comment(claim, answer_body(one.comment, one.author, results))
    version = tracker_version(issues.one(number).body) or ""
    summary = rendered(f"Answer to a comment on #{number}:\n", one.author, results)
    return Reacted(summary, any(result.changed for result in results), version)


def _results(session: Session, number: int, one: Pending, workflow: WorkflowRun) -> list[Result]:
    if one.problem:
        error = FastrelError(one.problem, done="Nothing was changed.", next_step="Write it again, in a new comment.")
        return [Result(one.commands[0], error=error)]
    acting = on_behalf(session, one.author)
    if one.late and any(command.verb is Verb.RUN for command in one.commands) and (news := _new_guide(session, number)):
        error = FastrelError(news, done="Nothing was changed.", next_step="Read the guide, then write it again.")
        return [Result(one.commands[0], error=error)]
    results: list[Result] = []
    for command in one.commands:
        workflow.say(f"{one.author}: {command.line}")
        try:
            # Looked at for each command, since the one before may have closed it.
            version = _version(session, number)
        except FastrelError as error:
            result = Result(command, error=error)
        else:
            result = perform(acting, version, command, workflow)
        if result.error:
            workflow.say(result.error.problem)
        results.append(result)
    return results


def _new_guide(session: Session, number: int) -> str:
    """That the guide is not the one that the tracker names; empty when it is. A command counts for the guide that its
    author could read."""
    session.repository.fresh()
    body = parse_body(session.repository.issues.one(number).body)
    news = guide_news(session.guide, body, session.repository, session.worktree)
    if news is None:
        return ""
    return "The guide may have changed since this was written: it is not the one that the release issue names."


def _version(session: Session, number: int) -> str:
    """The version of an open tracker. FastrelError that says why the issue is none."""
    session.repository.fresh()
    issue = session.repository.issues.one(number)
    version = tracker_version(issue.body)
    unchanged = "Nothing was changed."
    if issue.state != "open":
        raise FastrelError(
            "The release issue is closed.", done=unchanged, next_step="Reopen it if the release is not finished."
        )
    labelled = session.guide.settings.label.casefold() in {one.casefold() for one in issue.labels}
    if version is None or not labelled:
        raise FastrelError(
            "This issue is no longer a release issue: its label or its hidden first line is gone.",
            done=unchanged,
            next_step="Put it back, or open another one with `fastrel-checklist open`.",
        )
    first = find_tracker(session.repository, session.guide.settings, version)
    if first is not None and first.number != number:
        raise FastrelError(
            f"The release issue of {version} is issue {first.number}.", done=unchanged, next_step="Write it there."
        )
    return version
