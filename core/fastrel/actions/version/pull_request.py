"""The version commit by way of a pull request, where the branch takes no pushes or the guide wants it so.

The pull request is found again by its branch, whose name follows from the version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastrel.actions.action import Context, Effect
from fastrel.actions.calls import UNKNOWN, request
from fastrel.actions.pulls import notes_configuration
from fastrel.actions.release_range import comes_by_pull, version_branch
from fastrel.errors import FastrelError, GitError
from fastrel.git import commands
from fastrel.git.worktree import Worktree
from fastrel.github.model import PullRequest
from fastrel.github.transport.failures import Invalid
from fastrel.report.verdict import Link, Verdict, failed, waiting


def pending_pull(context: Context, version: str) -> PullRequest | None:
    """The open pull request that brings a version; None when there is none."""
    found = _newest(context, version) if comes_by_pull(context) else None
    return found if found and found.state == "open" else None


def pull_verdict(context: Context, version: str) -> Verdict | None:
    """What the pull request says of a version commit that is not on the branch; None when there is none."""
    if not comes_by_pull(context):
        return None
    pull = _newest(context, version)
    if pull is None:
        return None
    link = Link(f"#{pull.number}", pull.url)
    if pull.state == "open":
        return waiting(f"pull request #{pull.number} waits to be reviewed and merged", link)
    if pull.merged:
        return waiting(f"pull request #{pull.number} is merged; {context.release.branch} does not show it yet", link)
    if not context.repository.code.has_branch(version_branch(context.settings, version)):
        return None  # given up and tidied away, so the way is free for another one
    return failed(
        f"pull request #{pull.number} was closed without merging; reopen it, or delete its branch to start again", link
    )


def unlabelled_pull(context: Context, version: str) -> PullRequest | None:
    """The pull request of a version that the notes would list, because an interrupted run has not labelled it."""
    pull = _newest(context, version) if comes_by_pull(context) else None
    if pull is None or (pull.state != "open" and not pull.merged):
        return None
    labels = _excluded_labels(context)
    return pull if labels and not set(labels) & set(pull.labels) else None


def label_effect(context: Context, pull: PullRequest) -> Effect:
    """Label a pull request as one that the notes leave out."""
    return Effect(
        f"label #{pull.number} so that the notes leave it out",
        lambda: _label(context, pull),
        calls=_label_calls(context, str(pull.number)),
        public=False,
    )


def pull_effects(
    context: Context, version: str, message: str, edit: Callable[[Worktree], Sequence[str]], paths: Sequence[str]
) -> tuple[Effect, Effect]:
    """Push a branch with the commit, and open a pull request of it, in this order. `paths` are those that `edit` will
    return."""
    worktree, target = context.checkout, context.release.branch
    remote = worktree.remote_of(*context.repository.place)
    branch = version_branch(context.settings, version)

    def push() -> None:
        # A branch that an interrupted run has pushed is taken as it is.
        if context.repository.code.has_branch(branch):
            worktree.remove_aside()
        else:
            worktree.fetch(remote, target)
            try:
                worktree.push_commit(remote, worktree.remote_head(remote, target), branch, edit, message)
            except GitError:
                context.repository.fresh()
                if not context.repository.code.has_branch(branch):  # somebody else was faster
                    raise

    def open_pull() -> None:
        found = _newest(context, version)
        if found is None or found.state != "open":
            found = _open(context, branch, message)
        _label(context, found)

    return (
        Effect(
            f"push branch {branch} with the commit “{message}” to {remote}",
            push,
            calls=tuple(
                commands.typed(one)
                for one in (
                    commands.fetch(remote, target),
                    commands.add(paths),
                    commands.commit(paths, message),
                    commands.push_branch(remote, branch),
                )
            ),
        ),
        Effect(
            f"open a pull request of it into {target}",
            open_pull,
            calls=(request(context, "POST", "pulls"), *_label_calls(context, UNKNOWN)),
        ),
    )


def _label(context: Context, pull: PullRequest) -> None:
    """The notes are about what users get; a version commit is not."""
    labels = _excluded_labels(context)
    if labels:
        context.repository.issues.add_label(pull.number, labels[0])


def _label_calls(context: Context, number: str) -> tuple[str, ...]:
    return (request(context, "POST", f"issues/{number}/labels"),) if _excluded_labels(context) else ()


def _excluded_labels(context: Context) -> tuple[str, ...]:
    configuration = notes_configuration(context)
    return configuration.excluded_labels if configuration else ()


def _open(context: Context, branch: str, message: str) -> PullRequest:
    tracker = f"\n\nPart of #{context.tracker.number}." if context.tracker else ""
    body = f"Step `{context.step.id}` of release {context.release.version}.{tracker}"
    try:
        return context.repository.pulls.open(branch, context.release.branch, message, body)
    except Invalid as error:
        # Somebody else has opened it at the same moment, or the branch says nothing new.
        context.repository.fresh()
        found = context.repository.pulls.of_branch(branch, context.release.branch)
        if found and found.state == "open":
            return found
        raise FastrelError(
            f"The pull request of {branch} could not be opened: {error.problem}",
            next_step=f"Look at the branch {branch} on GitHub; delete it to start again.",
        ) from None


def _newest(context: Context, version: str) -> PullRequest | None:
    return context.repository.pulls.of_branch(version_branch(context.settings, version), context.release.branch)
