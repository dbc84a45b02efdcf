"""What a release holds: the commits since the previous one, up to its tag or, before there is one, its version commit.

What comes to the branch later is of the next release.
"""

from __future__ import annotations

from fastrel.actions.action import Context
from fastrel.ancestry import held_by
from fastrel.repository.model import Commit


def version_message(context: Context) -> str:
    return f"Bump version to {context.release.version}"


def is_our_commit(headline: str, message: str) -> bool:
    """Whether a commit is the one with this message; a squash merge adds the pull request's number."""
    return headline == message or headline.startswith(f"{message} (#")


def version_commit(context: Context) -> str:
    """SHA of the commit on the remote branch that carries the version; empty when there is none yet."""
    return tagged_commit(context) or commit_since(context, context.release.previous_tag, version_message(context))


def tagged_commit(context: Context) -> str:
    """SHA of the commit that the remote's tag of the release marks; empty when there is none yet."""
    tag = context.repository.code.tags().get(context.release.tag)
    return context.repository.code.commit_of(tag) if tag else ""


def commit_since(context: Context, tag: str, message: str) -> str:
    """SHA of the newest commit since a tag that is the one with this message; empty when there is none."""
    commits = context.repository.code.commits_since(tag, context.head)
    return next((one.sha for one in commits if is_our_commit(one.headline, message)), "")


def released_commits(context: Context) -> tuple[Commit, ...]:
    """The commits that the release brings, newest first."""
    code, previous = context.repository.code, context.release.previous_tag
    commits = code.commits_since(previous, context.head)
    end = version_commit(context)
    if not end:
        return commits
    # A tag is not among them when the previous release holds it, or the branch of a hotfix is gone.
    return held_by(end, commits) or code.commits_since(previous, end)
