"""The version in the project's files: setting it, and the commit that brings it to the branch.

The commit is found again by its message among the commits since the previous release, or by the tag on it.
"""

from __future__ import annotations

from collections.abc import Callable

from semver import Version

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.errors import FastrelError, GuideError
from fastrel.guide.model import VersionFile
from fastrel.people import People
from fastrel.verdict import Link, Verdict, blocked, done, failed, todo
from fastrel.version_file import place_of_version, with_version
from fastrel.worktree import Worktree


class SetVersion(Action):
    name = "version.set"
    summary = (
        "Done when every configured version file says the version: on the version commit, or in the checkout "
        "before it is made. Edits exactly the version."
    )
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        version = context.release.version
        sha = version_commit(context)
        if sha:
            return _verdict_at(context, version, sha)
        return _verdict_before_commit(context, version)

    def plan(self, context: Context, people: People) -> Plan:
        return Plan(_edits(context, context.release.version))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return _unreadable(context)


class CommitVersion(Action):
    name = "version.commit"
    summary = (
        "Done when the commit `Bump version to X` is on the remote branch. Commits exactly the version files "
        "and pushes."
    )
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        sha = version_commit(context)
        if not sha:
            return todo(f"no commit “{version_message(context)}” on {context.release.branch}")
        return done(f"{sha[:7]} on {context.release.branch}: {version_message(context)}", _commit_link(context, sha))

    def plan(self, context: Context, people: People) -> Plan:
        return _commit_and_push(context, context.release.version, version_message(context))


class NextVersion(Action):
    name = "version.next"
    summary = "Done when the version files say the next development version. Edits exactly the version."
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        version = context.release.dev_version
        sha = _next_commit(context)
        if sha:
            return _verdict_at(context, version, sha)
        said = _versions(context, lambda file: context.repository.code.file(file.path, context.release.branch))
        if all(_is_beyond(one, context) for one in said.values()):
            return done(f"{context.release.branch} has moved on: {_words(said)}")
        return _verdict_before_commit(context, version)

    def plan(self, context: Context, people: People) -> Plan:
        return Plan(_edits(context, context.release.dev_version))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return _unreadable(context)


class CommitNext(Action):
    name = "version.commit-next"
    summary = "Done when the commit `Start development on version X` is on the remote branch. Commits and pushes."
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        sha = _next_commit(context)
        message = next_message(context)
        if not sha:
            return todo(f"no commit “{message}” on {context.release.branch}")
        return done(f"{sha[:7]} on {context.release.branch}: {message}", _commit_link(context, sha))

    def plan(self, context: Context, people: People) -> Plan:
        return _commit_and_push(context, context.release.dev_version, next_message(context))


def version_message(context: Context) -> str:
    return f"Bump version to {context.release.version}"


def next_message(context: Context) -> str:
    return f"Start development on version {context.release.next_version}"


def is_our_commit(headline: str, message: str) -> bool:
    """Whether a commit is the one with this message; a squash merge adds the pull request's number."""
    return headline == message or headline.startswith(f"{message} (#")


def version_commit(context: Context) -> str:
    """SHA of the commit on the remote branch that carries the version; empty when there is none yet."""
    tag = context.repository.code.tags().get(context.release.tag)
    if tag is not None:
        return context.repository.code.commit_of(tag)
    return _commit_since(context, context.release.previous_tag, version_message(context))


def versions_at(context: Context, revision: str) -> dict[str, str]:
    """What the configured version files say at a commit of the remote, by path."""
    files = context.settings.version_files
    context.repository.client.concurrently(
        *[lambda path=file.path: context.repository.code.file(path, revision) for file in files]
    )
    return _versions(context, lambda file: context.repository.code.file(file.path, revision))


def _next_commit(context: Context) -> str:
    return _commit_since(context, context.release.tag, next_message(context))


def _commit_since(context: Context, tag: str, message: str) -> str:
    commits = context.repository.code.commits_since(tag, context.release.branch)
    return next((one.sha for one in commits if is_our_commit(one.headline, message)), "")


def _verdict_at(context: Context, version: str, sha: str) -> Verdict:
    said = versions_at(context, sha)
    link = _commit_link(context, sha)
    if set(said.values()) == {version}:
        return done(f"{_words(said)} at {sha[:7]}", link)
    return failed(f"{_words(said)} at {sha[:7]}, not {version}", link)


def _verdict_before_commit(context: Context, version: str) -> Verdict:
    worktree = context.worktree
    if worktree is None:
        said = versions_at(context, context.release.branch)
        return todo(f"{_words(said)} on {context.release.branch}")
    said = _versions(context, lambda file: worktree.read(file.path))
    if set(said.values()) == {version}:
        return done(f"{_words(said)} in the checkout")
    return todo(f"{_words(said)} in the checkout")


def _versions(context: Context, read: Callable[[VersionFile], str | None]) -> dict[str, str]:
    files = context.settings.version_files
    if not files:
        raise GuideError(
            "The guide names no version_files.", next_step="Add `version_files:` under `fastrel:` in its front matter."
        )
    return {file.path: place_of_version(file, _text(file, read(file))).value for file in files}


def _is_beyond(said: str, context: Context) -> bool:
    """Whether a file says a version that comes after this release and its development version."""
    if not Version.is_valid(said) or said == context.release.version:
        return False
    return Version.parse(said) > max(Version.parse(context.release.version), Version.parse(context.release.dev_version))


def _text(file: VersionFile, text: str | None) -> str:
    if text is None:
        raise GuideError(
            f"The version file {file.path} does not exist.",
            next_step="Correct `version_files:` under `fastrel:` in the guide's front matter.",
        )
    return text


def _unreadable(context: Context) -> tuple[str, ...]:
    try:
        _versions(context, lambda file: context.checkout.read(file.path))
    except FastrelError as error:
        return (f"{error.problem} {error.next_step}".strip(),)
    return ()


def _edits(context: Context, version: str) -> tuple[Effect, ...]:
    worktree = context.checkout
    said = _versions(context, lambda file: worktree.read(file.path))

    def edit(file: VersionFile) -> None:
        worktree.write(file.path, with_version(file, _text(file, worktree.read(file.path)), version))

    return tuple(
        Effect(f"write {version} into {file.path} (now {said[file.path]})", lambda file=file: edit(file))  # type: ignore[misc]
        for file in context.settings.version_files
        if said[file.path] != version
    )


def _commit_and_push(context: Context, version: str, message: str) -> Plan:
    worktree = context.checkout
    branch = context.release.branch
    remote = worktree.remote_of(context.repository.name)
    paths = [file.path for file in context.settings.version_files]

    def commit() -> None:
        if _committed_already(worktree, remote, branch, message):
            return
        said = _versions(context, lambda file: worktree.read(file.path))
        if set(said.values()) != {version}:
            raise FastrelError(
                f"The checkout does not say {version}: {_words(said)}.",
                done="Nothing was committed.",
                next_step="Run the step that sets the version first.",
            )
        worktree.commit(paths, message)

    return Plan(
        (
            Effect(f"commit {', '.join(paths)}: “{message}”", commit),
            Effect(f"push the commit to {branch} on {remote}", lambda: worktree.push_branch(remote, branch)),
        )
    )


def _committed_already(worktree: Worktree, remote: str, branch: str, message: str) -> bool:
    """Whether an earlier, interrupted run has made the commit without pushing it."""
    base = worktree.remote_head(remote, branch)
    if not base or not worktree.has_commit(base) or not worktree.is_ancestor(base, "HEAD"):
        return False
    return any(is_our_commit(headline, message) for headline in worktree.headlines(base, "HEAD"))


def _commit_link(context: Context, sha: str) -> Link:
    return Link(sha[:7], f"{context.repository.facts().url}/commit/{sha}")


def _words(said: dict[str, str]) -> str:
    """`setup.cfg and pyproject.toml say 0.2.0`, or each file with its own version when they differ."""
    if len(set(said.values())) == 1:
        version = next(iter(said.values()))
        return f"{' and '.join(said)} {'says' if len(said) == 1 else 'say'} {version}"
    return ", ".join(f"{path} says {version}" for path, version in said.items())
