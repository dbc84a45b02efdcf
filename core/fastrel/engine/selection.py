"""Selects the release where none is named."""

from __future__ import annotations

from collections.abc import Callable

from fastrel.engine.closed_early import closed_early, closed_early_words, reopen_words
from fastrel.errors import UsageError
from fastrel.github.gateway import Repository
from fastrel.guide.model import Guide, Settings
from fastrel.release import Version, next_version, released_versions
from fastrel.tracker.issue import trackers
from fastrel.tracker.marker import tracker_version
from fastrel.version_files.reading import stated_in


def current_version(repository: Repository, settings: Settings) -> str:
    """The guide's own version; else the highest in progress, else the one that comes next."""
    if settings.version:
        return settings.version
    versions = in_progress(repository, settings)
    return str(max(versions)) if versions else coming_version(repository, settings)


def coming_version(repository: Repository, settings: Settings) -> str:
    """The version that comes next: the open milestone's, else the next minor, else what the version files prepare."""
    planned = [one.title for one in repository.milestones.all() if one.state == "open"]
    released = released_versions(repository.code.tags(), settings.naming)
    stated = ""
    if not released:
        branch = settings.branch if settings.branch_given else repository.facts().default_branch
        said = stated_in(settings.version_files, lambda path: repository.code.file(path, branch))
        stated = next(iter(said.values()), "")
    return next_version(released, planned, settings.naming, stated=stated)


def only_version(repository: Repository, guide: Guide, retyped: Callable[[str], str] | None) -> str:
    """The one version in progress. UsageError when there are none or several, with what to type, which `retyped` tells
    for a version."""
    settings = guide.settings
    versions = list(map(str, in_progress(repository, settings)))
    if len(versions) == 1:
        return versions[0]
    if not versions:
        problem, hint = "No release is in progress.", "Open one with `fastrel-checklist open VERSION`."
        early = closed_early(guide, trackers(repository, settings))
        if early:
            problem, hint = f"{problem} {closed_early_words(guide, early)}", reopen_words(early)
    else:
        problem = f"{len(versions)} releases are in progress: {', '.join(versions)}."
        hint = f"Name one: `{retyped(versions[0])}`, for example." if retyped else "Name the version."
    raise UsageError(problem, done="Nothing was changed.", next_step=hint)


def in_progress(repository: Repository, settings: Settings) -> list[Version]:
    """Those of the open trackers. Their markers are text that people can change: what is no version is no release."""
    still_open = [tracker_version(one.body) or "" for one in trackers(repository, settings) if one.state == "open"]
    return [version for text in dict.fromkeys(still_open) if (version := settings.naming.scheme.parse(text))]
