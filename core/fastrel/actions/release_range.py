"""The commits of a release: those since the previous one, up to its tag or, before there is one, its version commit.

What comes to the branch later is of the next release.
"""

from __future__ import annotations

import re

from fastrel.actions.action import Context
from fastrel.errors import UsageError
from fastrel.git.ancestry import held_by
from fastrel.github.model import Commit
from fastrel.guide.model import Settings
from fastrel.version_files.reading import read_versions
from fastrel.versions.compare import is_higher

DEFAULT = Settings()


def version_message(context: Context) -> str:
    """The title of the commit that sets the version."""
    return commit_title(context.settings, context.settings.version_message, context.release.version)


def next_message(context: Context) -> str:
    """The title of the commit that sets the next development version."""
    return commit_title(context.settings, context.settings.next_message, context.release.next_version)


def commit_title(settings: Settings, template: str, version: str) -> str:
    """The title of a commit by its template. Where the guide is that of one package and names no template of its own,
    the package is in it: another package may have the same version."""
    usual = settings.path and template in (DEFAULT.version_message, DEFAULT.next_message)
    return template.replace("{version}", f"{version} of {settings.path}" if usual else version)


def is_of_the_tool(title: str, settings: Settings) -> bool:
    """Whether a title is that of a version commit, of any version."""
    for template in (settings.version_message, settings.next_message):
        before, _, after = template.partition("{version}")
        if title.startswith(before) and re.match(r"\d", title[len(before) :]) and after in title[len(before) :]:
            return True
    return False


def comes_by_pull(context: Context) -> bool:
    """Whether version commits of this release come by pull requests."""
    bump = context.settings.bump
    if bump == "auto":
        return not context.repository.code.rules(context.release.branch).takes_pushes
    return bump == "pull-request"


def version_branch(settings: Settings, version: str) -> str:
    """The branch of the pull request that brings a version."""
    package = f"{settings.path}-" if settings.path else ""
    return f"fastrel/version-{package}{version}"


def merged_commit(context: Context, version: str) -> str:
    """SHA of the commit by which the tool's own pull request of a version was merged, under whatever title; empty when
    it is not on the branch, or the files do not say the version there."""
    if not comes_by_pull(context):
        return ""
    pull = context.repository.pulls.of_branch(version_branch(context.settings, version), context.release.branch)
    sha = pull.merge_commit if pull and pull.merged else ""
    return sha if sha and is_on_branch(context, sha) and _says(context, sha, version) else ""


def head_that_says(context: Context, version: str) -> str:
    """SHA of the newest commit of the remote branch where its version files say a version already, whoever wrote it
    there under whatever title; else empty."""
    sha = context.repository.code.head(context.head) if context.settings.version_files else ""
    return sha if sha and _says(context, sha, version, context.head) else ""


def _says(context: Context, sha: str, version: str, ref: str = "") -> bool:
    """Whether the version files say a version at a commit. GitHub is asked where the checkout has no such commit: for a
    ref that is there, whose files other steps read, too."""
    code, worktree = context.repository.code, context.worktree
    here = worktree if worktree and worktree.has_commit(sha) else None
    try:
        said = read_versions(
            context.settings.version_files,
            lambda path: here.committed(path, sha) if here else code.file(path, ref or sha),
        )
    except UsageError:
        return False
    return said.all_say(version)


def is_our_commit(headline: str, message: str) -> bool:
    """Whether a commit is the one with this message; a squash merge adds the pull request's number."""
    return headline == message or headline.startswith(f"{message} (#")


def version_commit(context: Context) -> str:
    """SHA of the commit on the remote branch that carries the version; empty when there is none yet."""
    return (
        tagged_commit(context)
        or _in_force(context, commit_since(context, context.release.previous_tag, version_message(context)))
        or _in_force(context, merged_commit(context, context.release.version))
    )


def _in_force(context: Context, sha: str) -> str:
    """The version commit, unless it was taken back before it was tagged, so that the branch says a lower version."""
    return "" if sha and taken_back(context, sha) else sha


def taken_back(context: Context, sha: str) -> bool:
    """Whether the version files of the branch say a lower version than the release since its version commit."""
    code, files = context.repository.code, context.settings.version_files
    if not files or context.release.tag in code.tags() or code.head(context.head) == sha:
        return False
    try:
        said = read_versions(files, lambda path: code.file(path, context.head)).said.values()
    except UsageError:
        return False
    return any(is_higher(context.release.version, one, context.settings.naming.scheme) for one in said)


def tagged_commit(context: Context) -> str:
    """SHA of the commit that the remote's tag of the release marks; empty when there is none yet, or when it is none of
    the release's."""
    tag = context.repository.code.tags().get(context.release.tag)
    commit = context.repository.code.commit_of(tag) if tag else ""
    return commit if commit and belongs(context, commit) else ""


def belongs(context: Context, commit: str) -> bool:
    """Whether the tag may be on a commit: the release's branch has it, or what is there was published, after which
    branches are deleted and renamed."""
    published = any(not one.draft for one in context.repository.releases.of_tag(context.release.tag))
    return published or is_on_branch(context, commit)


def is_on_branch(context: Context, commit: str) -> bool:
    """Whether the release's branch on the remote has a commit. One request more only where it is not new there."""
    code, head = context.repository.code, context.head
    new = code.new_commits(context.release.previous_tag, head)
    return any(one.sha == commit for one in new) or code.relation(commit, head) in ("ahead", "identical")


def commit_since(context: Context, tag: str, message: str) -> str:
    """SHA of the newest commit since a tag that is the one with this message; empty when there is none."""
    commits = context.repository.code.new_commits(tag, context.head)
    return next((one.sha for one in commits if is_our_commit(one.headline, message)), "")


def released_commits(context: Context) -> tuple[Commit, ...]:
    """The commits that the release brings, newest first; those that touch the guide's `path`, where it names one."""
    commits, path = _commits_of_range(context), context.settings.path
    if not path or not commits or not context.repository.client.authenticated:
        return commits
    code = context.repository.code
    touching = code.touching(path, code.head(context.head), frozenset(one.sha for one in commits))
    return tuple(one for one in commits if one.sha in touching)


def _commits_of_range(context: Context) -> tuple[Commit, ...]:
    code, previous = context.repository.code, context.release.previous_tag
    commits = code.commits_since(previous, context.head)
    end = version_commit(context)
    if not end:
        return commits
    # A tag is not among them when the previous release holds it, or the branch of a hotfix is gone.
    return held_by(end, commits) or code.commits_since(previous, end)
