"""What the version files say: at a commit, in a pull request, in the checkout."""

from __future__ import annotations

from fastrel.actions.action import Context
from fastrel.actions.changelog_files import changelog_steps
from fastrel.actions.release_range import (
    commit_since,
    merged_commit,
    next_message,
)
from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.github.model import PullRequest
from fastrel.guide.model import VersionFile
from fastrel.report.verdict import Link, Verdict, done, failed, skipped, todo
from fastrel.version_files.formats import with_version
from fastrel.version_files.reading import Read, Versions, read_versions


def versions_at(context: Context, revision: str) -> Versions:
    """What the configured version files say at a commit of the remote."""
    files = context.settings.version_files
    context.repository.client.concurrently(
        *[lambda path=file.path: context.repository.code.file(path, revision) for file in files]
    )
    return versions_of(context, lambda path: context.repository.code.file(path, revision))


def next_commit(context: Context) -> str:
    return commit_since(context, context.release.tag, next_message(context)) or merged_commit(
        context, context.release.dev_version
    )


def verdict_at(context: Context, version: str, sha: str) -> Verdict:
    versions = versions_at(context, sha)
    link = commit_link(context, sha)
    words = versions.words(f"at {sha[:7]}")
    return done(words, link) if versions.all_say(version) else failed(f"{words}, not {version}", link)


def verdict_in_pull(context: Context, version: str, pull: PullRequest) -> Verdict:
    versions = versions_at(context, pull.head_sha)
    link = Link(f"#{pull.number}", pull.url)
    if versions.all_say(version):
        return done(versions.words(f"in pull request #{pull.number}"), link)
    return failed(f"{versions.words(f'in pull request #{pull.number}')}, not {version}", link)


def no_next(context: Context) -> Verdict:
    return skipped(f"a hotfix leaves {context.settings.branch} as it is")


def verdict_before_commit(context: Context, version: str) -> Verdict:
    worktree = context.worktree
    if worktree is None:
        return todo(versions_at(context, context.head).words(f"on {context.release.branch}"))
    versions = versions_of(context, worktree.read)
    if versions.all_say(version):
        return done(versions.words("in the checkout"))
    return todo(versions.words("in the checkout"))


def versions_of(context: Context, read: Read) -> Versions:
    if not context.settings.version_files and (changelog_steps(context) or "files" in context.step.params):
        return Versions({})  # the version comes from the tag, and the commit brings the changelog
    return read_versions(context.settings.version_files, read)


def write_version(worktree: Worktree, file: VersionFile, version: str) -> None:
    text = worktree.read(file.path)
    if text is None:
        raise FastrelError(f"The version file {file.path} no longer exists.", done="It was not written.")
    worktree.write(file.path, with_version(file, text, version))


def commit_link(context: Context, sha: str) -> Link:
    return Link(sha[:7], f"{context.repository.facts().url}/commit/{sha}")
