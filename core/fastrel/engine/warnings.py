"""Warnings that a report has beside its steps."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastrel.engine.closed_early import closed_early, closed_early_words, left_open, reopen_words
from fastrel.engine.guide_changes import is_inside
from fastrel.engine.release_context import ReleaseContext
from fastrel.github.transport.limits import duration
from fastrel.tracker.issue import doubles, strange_trackers, trackers
from fastrel.tracker.marker import tracker_version

TOLD_SKEW = timedelta(minutes=10)


def warnings_of(context: ReleaseContext, here: datetime) -> tuple[str, ...]:
    """What to know about a release beside its steps. `here` is what this computer's clock says."""
    return (
        *_closed_early(context),
        *_doubled(context),
        *_strange(context),
        *_outside(context),
        *_wrong_clock(context, here),
    )


def _closed_early(context: ReleaseContext) -> tuple[str, ...]:
    """That the tracker, or where there is none that of the release before, was closed before all steps were done."""
    guide, tracker = context.guide, context.tracker
    if tracker is None:
        early = closed_early(guide, trackers(context.repository, guide.settings))
    else:
        early = tracker if left_open(guide, tracker) else None
    return (f"{closed_early_words(guide, early)}. {reopen_words(early)}",) if early else ()


def _doubled(context: ReleaseContext) -> tuple[str, ...]:
    """That there are several open trackers of the version."""
    version = context.release.version
    more = ", ".join(f"#{one.number}" for one in doubles(context.repository, context.guide.settings, version))
    closes = f"`fastrel-checklist open {version}` brings its ticks into the oldest one and closes it"
    return (f"There is more than one open release issue of {version}: {more}, too; {closes}.",) if more else ()


def _strange(context: ReleaseContext) -> tuple[str, ...]:
    """That somebody who does not belong to the repository opened an issue that looks like a tracker."""
    found = strange_trackers(context.repository, context.guide.settings)
    return tuple(
        f"{one.url} looks like a release issue of {tracker_version(one.body)}, but {one.author}, who opened it, does "
        "not belong to the repository. It is left out."
        for one in found[:3]
    )


def _outside(context: ReleaseContext) -> tuple[str, ...]:
    """That nobody can have reviewed the guide, since it is not in the repository."""
    if context.worktree is None or is_inside(context.guide, context.worktree):
        return ()
    words = "its steps and roles are those of whoever wrote it, and nobody can have reviewed them"
    return (f"The guide {context.guide.path} lies outside of the repository: {words}.",)


def _wrong_clock(context: ReleaseContext, here: datetime) -> tuple[str, ...]:
    """That the clock of this computer is far from GitHub's, which counts then."""
    there = context.repository.client.server_now()
    if there is None or abs(there - here) < TOLD_SKEW:
        return ()
    way = "behind" if there > here else "ahead of"
    off = duration(abs(there - here).total_seconds())
    return (f"The clock of this computer is {off} {way} GitHub's, which counts here.",)
