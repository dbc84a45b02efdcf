"""Warnings that a report has beside its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastrel.actions.action import Context
from fastrel.actions.pulls import merged_pulls
from fastrel.engine.closed_early import closed_early, closed_early_words, left_open, reopen_words
from fastrel.engine.guide_changes import is_inside
from fastrel.engine.release_context import ReleaseContext
from fastrel.errors import FastrelError
from fastrel.github.transport.failures import UNARCHIVE
from fastrel.github.transport.limits import duration
from fastrel.release import Kind, strangers
from fastrel.tracker.issue import doubles, strange_trackers, trackers
from fastrel.tracker.marker import tracker_version
from fastrel.version_files.reading import stated_in
from fastrel.versions.calendar import Calendar
from fastrel.versions.compare import is_higher
from fastrel.versions.version import Scheme

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


def release_warnings(release_context: ReleaseContext, contexts: Mapping[str, Context]) -> tuple[str, ...]:
    """What a person should know before the release goes on."""
    return (
        *_archived(release_context),
        *_foreign_tags(release_context),
        *_going_back(release_context),
        *not_today(release_context.guide.settings.naming.scheme, release_context.release.version, release_context.now),
        *_more_than_fixes(release_context, contexts),
    )


def _archived(release_context: ReleaseContext) -> tuple[str, ...]:
    """That no step can be run, since the repository takes no changes."""
    repository = release_context.repository
    if not repository.facts().archived:
        return ()
    return (f"{repository.name} is archived: GitHub takes no changes to it. {UNARCHIVE}",)


def _foreign_tags(release_context: ReleaseContext) -> tuple[str, ...]:
    """That the guide's `tag:` fits no tag, but some look like those of releases."""
    template = release_context.guide.settings.tag
    found = strangers(release_context.repository.code.tags(), release_context.guide.settings.naming)
    if not found:
        return ()
    named = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    return (
        f"No tag is like the guide's `tag: {template}`, but {named} {'look' if len(found) > 1 else 'looks'} like a "
        "version. Correct `tag:` if these are releases of this project; otherwise the notes begin at its first commit.",
    )


def _going_back(release_context: ReleaseContext) -> tuple[str, ...]:
    """That the files state a higher version than the release, as where the clone has no tags. What is read here, the
    step that sets the version reads, too."""
    release, settings, code = release_context.release, release_context.guide.settings, release_context.repository.code
    sets = any("version.set" in step.actions for step in release_context.guide.steps())
    if release.base or not sets or release.tag in code.tags():
        return ()
    worktree = release_context.worktree
    read = worktree.read if worktree else lambda path: code.file(path, release.branch)
    higher = {
        file.name: said
        for file, said in stated_in(settings.version_files, read).items()
        if is_higher(said, release.version, settings.naming.scheme)
    }
    if not higher:
        return ()
    name, said = next(iter(higher.items()))
    return (f"{release.version} goes back: {name} says {said}, which is higher.",)


def not_today(scheme: Scheme, version: str, now: datetime) -> tuple[str, ...]:
    """That a version of the calendar names a day that is far from today."""
    parsed = scheme.parse(version)
    if isinstance(scheme, Calendar) and parsed and scheme.is_ahead(parsed, now.date()):
        return (f"{parsed} is a version of the future: today is {now:%Y-%m-%d}.",)
    return ()


def _more_than_fixes(release_context: ReleaseContext, contexts: Mapping[str, Context]) -> tuple[str, ...]:
    """What speaks against the kind of the release: a PATCH that holds more than fixes."""
    release, client = release_context.release, release_context.repository.client
    context = next(iter(contexts.values()), None)
    if release.kind is not Kind.PATCH or context is None or not client.authenticated:
        return ()
    labels = {one.casefold() for one in release_context.guide.settings.feature_labels}
    try:
        pulls = [one for one in merged_pulls(context) if labels & {label.casefold() for label in one.labels}]
    except FastrelError:
        return ()
    if not pulls:
        return ()
    named = ", ".join(f"#{one.number}" for one in pulls[:5]) + (f" and {len(pulls) - 5} more" if len(pulls) > 5 else "")
    plural = len(pulls) > 1
    return (
        f"A PATCH holds fixes only, but {named} {'are' if plural else 'is'} labelled as "
        f"{'features or breaking changes' if plural else 'a feature or a breaking change'}; {release.next_minor} would "
        f"be the version for {'them' if plural else 'it'}.",
    )
