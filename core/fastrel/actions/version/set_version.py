"""The actions that write the version, and the next one, into the project's files."""

from __future__ import annotations

from functools import partial

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.release_range import (
    version_commit,
)
from fastrel.actions.version.files import (
    next_commit,
    no_next,
    verdict_at,
    verdict_before_commit,
    verdict_in_pull,
    versions_of,
    write_version,
)
from fastrel.actions.version.pull_request import (
    pending_pull,
)
from fastrel.actions.version.uncommitted_files import unseen_problem
from fastrel.errors import FastrelError, UsageError
from fastrel.git import commands
from fastrel.report.verdict import Verdict, blocked, done
from fastrel.version_files.formats import with_version
from fastrel.version_files.reading import Read
from fastrel.versions.compare import is_higher


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
            try:
                return verdict_at(context, version, sha)
            except UsageError:
                if not context.was_proved:
                    raise
                # A file was moved since, and the guide with it.
                return done(f"{version} was set at {sha[:7]}; the guide names other files by now")
        pull = pending_pull(context, version)
        if pull:
            return verdict_in_pull(context, version, pull)
        return verdict_before_commit(context, version)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        worktree = context.checkout
        return Plan(_edits(context, context.release.version, worktree.read))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return _unwritable(context, context.release.version)


class NextVersion(Action):
    name = "version.next"
    summary = "Done when the version files say the next development version. Edits exactly the version."
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        if context.release.base:
            return no_next(context)
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        version = context.release.dev_version
        sha = next_commit(context)
        if sha:
            return verdict_at(context, version, sha)
        pull = pending_pull(context, version)
        if pull:
            return verdict_in_pull(context, version, pull)
        versions = versions_of(context, lambda path: context.repository.code.file(path, context.release.branch))
        if all(_is_beyond(one, context) for one in versions.said.values()):
            return done(f"{context.release.branch} has moved on: {versions.words()}")
        return verdict_before_commit(context, version)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        code, branch = context.repository.code, context.release.branch
        # Before the version commit is made, a dry run says what the files will say by then.
        now = "" if version_commit(context) else context.release.version
        edits = _edits(context, context.release.dev_version, lambda path: code.file(path, branch), now)
        return Plan((*_catch_up(context), *edits))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return _unwritable(context, context.release.dev_version)


def _is_beyond(said: str, context: Context) -> bool:
    """Whether a file says a version that comes after this release and its development version."""
    release, scheme = context.release, context.settings.naming.scheme
    return all(is_higher(said, one, scheme) for one in (release.version, release.dev_version))


def _unwritable(context: Context, version: str) -> tuple[str, ...]:
    """Why the version cannot be written into the checkout's files, known before anything is."""
    worktree = context.checkout
    try:
        for file in versions_of(context, worktree.read).said:
            with_version(file, worktree.read(file.path) or "", version)
    except FastrelError as error:
        return (f"{error.problem} {error.next_step}".strip(),)
    unseen = unseen_problem(worktree, versions_of(context, worktree.read).paths)
    return (unseen,) if unseen else ()


def _edits(context: Context, version: str, read: Read, now: str = "") -> tuple[Effect, ...]:
    """Effects that write the version into the checkout's files; `read` tells what they say before."""
    worktree = context.checkout

    return tuple(
        Effect(
            f"write {version} into {file.name} (now {now or said})",
            partial(write_version, worktree, file, version),
            public=False,
        )
        for file, said in versions_of(context, read).said.items()
        if (now or said) != version
    )


def _catch_up(context: Context) -> tuple[Effect, ...]:
    """Bring the checkout to the head of the remote branch, when others have come there since the version commit."""
    worktree, branch = context.checkout, context.release.branch
    remote = worktree.remote_of(*context.repository.place)
    if worktree.remote_head(remote, branch) == worktree.head():
        return ()
    paths = versions_of(context, worktree.read).paths

    def catch_up() -> None:
        worktree.restore(paths)
        worktree.fast_forward(remote, branch)

    restore = [commands.add_names(paths), commands.restore(paths)] if paths else []
    steps = (*restore, commands.fetch(remote, branch), commands.fast_forward())
    return (
        Effect(
            f"bring the checkout to the newest commit of {branch} on {remote}",
            catch_up,
            calls=tuple(map(commands.typed, steps)),
            public=False,
        ),
    )
