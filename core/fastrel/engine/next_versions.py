"""The versions that may be released next, and what was merged since the last release."""

from __future__ import annotations

from dataclasses import dataclass

from fastrel.actions.pulls import merged_pulls
from fastrel.engine.selection import in_progress
from fastrel.engine.session import Session
from fastrel.errors import FastrelError, UsageError
from fastrel.github.model import MergedPull, Milestone
from fastrel.release import KINDS, may_follow, release_of, released_versions


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may come next."""

    version: str
    word: str
    """`patch`, `minor` or `major`."""
    milestone: Milestone | None = None
    """The one of this version, when it is open."""


@dataclass(frozen=True, slots=True)
class NextVersions:
    """The candidates, ascending, and what a release would bring."""

    candidates: tuple[Candidate, ...]
    proposed: str
    since: str
    """Tag of the last release; empty before the first one."""
    merged: tuple[MergedPull, ...] | None
    """The pull requests that were merged since; None where that cannot be read."""
    in_progress: tuple[str, ...] = ()
    """The releases that are not finished yet."""


def next_versions(session: Session) -> NextVersions:
    """Read what a person chooses the next version from."""
    proposed = session.proposal()
    candidates = candidates_of(session)
    context = next(iter(session.context(proposed).contexts().values()), None)
    merged = None
    if context is not None and session.repository.client.authenticated:
        try:
            merged = tuple(merged_pulls(context))
        except FastrelError:
            merged = None
    since = context.release.previous_tag if context else ""
    going_on = tuple(map(str, in_progress(session.repository, session.guide.settings)))
    return NextVersions(candidates, proposed, since, merged, going_on)


def candidates_of(session: Session) -> tuple[Candidate, ...]:
    """The versions that may come next, each with its word."""
    settings, tags = session.guide.settings, session.repository.code.tags()
    found = []
    for version in may_follow(released_versions(tags, settings.naming), settings.naming):
        release = release_of(str(version), tags, settings.naming)
        milestone = session.repository.milestones.named(release.milestone) if release.milestone else None
        is_open = milestone is not None and milestone.state == "open"
        found.append(Candidate(str(version), release.kind.value, milestone if is_open else None))
    return tuple(found)


def version_of_word(session: Session, word: str) -> str:
    """The version that `patch`, `minor` or `major` means now; another text as it is. UsageError when none of the
    versions that may follow is of that kind."""
    if word not in KINDS[:3]:
        return word
    candidates = candidates_of(session)
    found = next((one.version for one in candidates if one.word == word), "")
    if not found:
        named = ", ".join(f"{one.version} ({one.word})" for one in candidates)
        raise UsageError(
            f"No {word} release may come next; what may: {named}.",
            done="Nothing was changed.",
            next_step=f"Name one of them, such as `fastrel-checklist open {candidates[0].version}`.",
        )
    return found
