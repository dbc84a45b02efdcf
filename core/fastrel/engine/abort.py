"""Giving up a release: what exists of it, what of that may be removed, and the commands for the rest.

What is public is never removed: a published release and a pushed tag stay, because users may have taken them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fastrel.actions.action import Effect
from fastrel.actions.release_range import commit_title, is_our_commit, version_branch
from fastrel.engine.release_context import ReleaseContext
from fastrel.engine.session import Session
from fastrel.errors import FastrelError
from fastrel.github.gateway import Repository
from fastrel.github.model import Issue
from fastrel.release import Release
from fastrel.tracker.escape import escape_inline


@dataclass(frozen=True, slots=True)
class Remnant:
    """Something that exists of a release. `advice` says how to remove it; `effect` is given when the tool may."""

    words: str
    advice: str
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Abandonment:
    """What giving up a release removes and leaves."""

    release: Release
    tracker: Issue
    remnants: tuple[Remnant, ...]
    closing: Effect

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The removals that were asked for, then the closing of the tracker."""
        return (*(one.effect for one in self.remnants if one.effect), self.closing)

    @property
    def left(self) -> tuple[Remnant, ...]:
        """What stays."""
        return tuple(one for one in self.remnants if one.effect is None)


def abandonment(
    session: Session, version: str, reason: str, *, delete_draft: bool = False, delete_tag: bool = False
) -> Abandonment:
    """What giving up would do. UsageError when there is no open tracker of the version."""
    session.require_login()
    context = session.in_progress(version, to_go_on=False)
    release, repository, tracker = context.release, context.repository, context.open_tracker
    remnants = [
        *_releases(context, delete_draft=delete_draft),
        *_tag(context, delete_tag=delete_tag),
        *_commits(context),
        *_branches(context),
    ]
    left = [one for one in remnants if one.effect is None]
    closing = Effect(
        f"close the release issue #{tracker.number} as not planned, with the reason",
        lambda: _close(repository, tracker, reason, left),
    )
    return Abandonment(release, tracker, tuple(remnants), closing)


def _releases(context: ReleaseContext, *, delete_draft: bool) -> list[Remnant]:
    repository, release, found = context.repository, context.release, []
    for entry in repository.releases.of_tag(release.tag):
        if not entry.draft:
            found.append(Remnant(f"published release {release.tag}: {entry.url}", "it is public and stays"))
            continue
        words = f"delete the draft release for {release.tag}"
        effect = Effect(words, partial(_delete_draft, repository, entry.id))
        advice = "`--delete-draft` deletes it"
        found.append(Remnant(f"draft release for {release.tag}: {entry.url}", advice, effect if delete_draft else None))
    return found


def _delete_draft(repository: Repository, number: int) -> None:
    repository.fresh()
    entry = next((one for one in repository.releases.all() if one.id == number), None)
    if entry is None:
        return
    if not entry.draft:
        raise FastrelError(f"{entry.tag} was published in the meantime: {entry.url}", done="It was not deleted.")
    repository.releases.delete(entry)


def _tag(context: ReleaseContext, *, delete_tag: bool) -> list[Remnant]:
    name, worktree = context.release.tag, context.worktree
    if name in context.repository.code.tags():
        advice = f"users may have it; if it must go: `git push --delete REMOTE {name}`"
        return [Remnant(f"tag {name} on the remote", advice)]
    if worktree is None or worktree.tag(name) is None:
        return []
    effect = Effect(f"delete the local tag {name}", lambda: worktree.delete_tag(name)) if delete_tag else None
    return [Remnant(f"local tag {name}, not pushed", "`--delete-tag` deletes it", effect)]


def _commits(context: ReleaseContext) -> list[Remnant]:
    repository, release = context.repository, context.release
    head = release.branch
    if release.base and not repository.code.has_branch(head):
        return []
    message = commit_title(context.guide.settings, context.guide.settings.version_message, release.version)
    commits = repository.code.commits_since(release.previous_tag, head)
    found = next((one for one in commits if is_our_commit(one.headline, message)), None)
    if found is None:
        return []
    return [Remnant(f"commit {found.sha[:7]} on {head}: {message}", f"`git revert {found.sha[:12]}`, then push")]


def _branches(context: ReleaseContext) -> list[Remnant]:
    repository, release, found = context.repository, context.release, []
    pull = repository.pulls.of_branch(version_branch(context.guide.settings, release.version), release.branch)
    if pull and pull.state == "open":
        found.append(Remnant(f"pull request #{pull.number}: {pull.url}", "close it on GitHub"))
    for branch in (version_branch(context.guide.settings, release.version), release.branch if release.base else ""):
        if branch and repository.code.has_branch(branch):
            found.append(Remnant(f"branch {branch} on the remote", f"`git push --delete REMOTE {branch}`"))
    return found


def _close(repository: Repository, tracker: Issue, reason: str, left: list[Remnant]) -> None:
    marker = "<!-- fastrel abort -->"
    if not any(one.marked(marker) for one in repository.issues.comments(tracker.number)):
        rows = "".join(f"\n- {escape_inline(one.words, 300)} ({escape_inline(one.advice, 200)})" for one in left)
        stays = f"\n\nWhat exists of it:\n{rows}" if rows else "\n\nNothing of it is left."
        text = f"This release is given up: {escape_inline(reason, 500)}{stays}\n\n{marker}"
        repository.issues.comment(tracker.number, text)
    repository.issues.change(tracker.number, {"state": "closed", "state_reason": "not_planned"})
