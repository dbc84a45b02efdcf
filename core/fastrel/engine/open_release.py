"""Opening a release: its release issue, created unless it exists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from fastrel.engine.closed_early import closed_early_words, left_open, reopen_words
from fastrel.engine.evaluate import evaluate
from fastrel.engine.guide_changes import is_uncommitted
from fastrel.engine.issue_text import header_of, lines_as_in_the_guide
from fastrel.engine.preconditions import other_server
from fastrel.engine.selection import in_progress
from fastrel.engine.session import Session
from fastrel.errors import RoleTooLow, UsageError
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.guide.changes import UNCOMMITTED
from fastrel.release import require_may_follow, require_one_spelling
from fastrel.tracker.issue import CannotBeAssigned, close_double, doubles, find_tracker, open_tracker
from fastrel.tracker.marker import tracker_version
from fastrel.tracker.new_body import render_body
from fastrel.tracker.ticks import line_for


@dataclass(frozen=True, slots=True)
class Opened:
    """A tracker, whether it was created now, and what to know about its release."""

    tracker: Issue
    created: bool
    warnings: tuple[str, ...] = ()


def open_release(session: Session, version: str, commit: str = "") -> Opened:
    """The tracker of a version, created unless it exists. UsageError when the version may not follow.

    With a commit that is not the head of the branch, the release is a hotfix: it starts there, on a branch of its
    own. UsageError when the branch does not hold it, or the tracker that exists starts elsewhere; OtherServer when
    the checkout is that of another server's repository.
    """
    if problem := other_server(session.worktree, session.repository):
        raise problem
    login = session.require_login()
    release = session.release(version)
    session.repository.require_writable()
    found = find_tracker(session.repository, session.guide.settings, release.version)
    base = _base(session, commit) if commit else ""
    if found:
        if commit and base != release.base:
            begins = f"at {release.base[:7]}" if release.base else f"at the head of {release.branch}"
            raise UsageError(
                f"The release issue of {release.version} exists, and its release begins {begins}: {found.url}",
                done="Nothing was changed.",
                next_step=f"Go on with it, or give it up first: `fastrel-checklist abort {release.version}`.",
            )
        early = left_open(session.guide, found)
        words = (f"{closed_early_words(session.guide, found)}. {reopen_words(found)}",) if early else ()
        return Opened(found, False, (*words, *_without_doubles(session, found)))
    session.require_labelled(release)
    _require_labels(session, login)
    require_may_follow(release.version, session.repository.code.tags(), session.guide.settings.naming, base=base)
    settings = session.guide.settings
    others = in_progress(session.repository, settings)
    require_one_spelling(release.version, session.repository.code.tags(), settings.naming, map(str, others))
    if base:
        release = session.release_at(version, base)
    context = session.context_of(release)
    report = evaluate(context)
    milestone = session.repository.milestones.named(release.milestone) if release.milestone else None
    lines = [line_for(one, login, context.now) for one in report.steps]
    header = header_of(context, report)
    body = render_body(header, lines_as_in_the_guide(lines, header, context))
    created, unassigned = _create_tracker(
        session, release.version, body, milestone.number if milestone and milestone.state == "open" else 0, login
    )
    # Two people may open at the same moment; the oldest tracker wins, whoever made it.
    session.repository.fresh()
    first = find_tracker(session.repository, session.guide.settings, release.version) or created
    if first.number != created.number:
        close_double(session.repository, first, created, believes=session.believes, pause=session.pause)
        return Opened(first, False)
    warnings = (*report.warnings, *unassigned)
    if release.milestone and milestone is None:
        warnings += (f"There is no milestone {release.milestone} yet; create it before its steps are run.",)
    if is_uncommitted(session.guide, session.worktree):
        warnings += (f"{UNCOMMITTED} The release issue names the commit without them.",)
    return Opened(created, True, warnings)


def _require_labels(session: Session, login: str) -> None:
    """RoleTooLow for who may not set labels: GitHub would leave the label out without a word, and the release issue
    would never be found again. Source: https://docs.github.com/en/rest/issues/issues#create-an-issue"""
    role = session.repository.role()
    if role is not None and role.rank < Role.TRIAGE.rank:
        raise RoleTooLow(
            f"Opening a release needs role triage, since its issue gets a label; {login} has {role}.",
            done="Nothing was changed.",
            next_step="Ask somebody with role triage or a higher one to open it.",
        )


def _create_tracker(
    session: Session, version: str, body: str, milestone: int, login: str
) -> tuple[Issue, tuple[str, ...]]:
    """The new tracker, and what to know about its assignees. GitHub Actions and other apps are none, unless the
    guide names them."""
    settings = session.guide.settings
    people = settings.assignees or (() if login.endswith("[bot]") else (login,))
    create = partial(open_tracker, session.repository, settings, version, body, milestone=milestone)
    try:
        return create(assignees=people), ()
    except CannotBeAssigned as error:
        if settings.assignees:
            raise
        warning = f"{', '.join(error.logins)} cannot be assigned to issues here, so the release issue has no assignee."
        return create(assignees=()), (warning,)


def _without_doubles(session: Session, tracker: Issue) -> tuple[str, ...]:
    """Close what is left of two that opened at the same moment, when the later one was killed before it did so."""
    if tracker.state != "open":
        return ()
    version = tracker_version(tracker.body) or ""
    found = doubles(session.repository, session.guide.settings, version)
    for one in found:
        close_double(session.repository, tracker, one, believes=session.believes, pause=session.pause)
    kept = "Its ticks by people with the step's role are kept."
    return tuple(f"{one.url} was a second release issue of {version} and is closed. {kept}" for one in found)


def _base(session: Session, commit: str) -> str:
    """The full SHA of the commit that a hotfix starts from; empty when that is the head of the branch."""
    branch, code = session.settled_guide().settings.branch, session.repository.code
    if not re.fullmatch(r"[0-9a-f]{7,40}", commit):
        raise UsageError(
            f"“{commit}” is not the SHA of a commit.", done="Nothing was changed.", next_step="Give 7 to 40 digits."
        )
    relation = code.relation(commit, branch)
    if relation == "identical":
        return ""
    if relation != "ahead":
        raise UsageError(
            f"{branch} does not hold the commit {commit}.",
            done="Nothing was changed.",
            next_step=f"Name a commit of {branch} on GitHub: `git log {branch}`.",
        )
    return code.head(commit)
