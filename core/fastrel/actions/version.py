"""The version in the project's files: setting it, and the commit that brings it to the branch.

The commit is found again by its message among the commits since the previous release, or by the tag on it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import partial

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.changelog_files import changelog_steps, require_released, unnamed
from fastrel.actions.commit_files import FILES, changelogs_of, extra_files, matches, merge, patterns_of, take
from fastrel.actions.left_out import left_out_notices, require_nothing_else, unseen_problem
from fastrel.actions.prompts import Prompter
from fastrel.actions.ref_rules import commit_problems
from fastrel.actions.release_range import (
    comes_by_pull,
    commit_since,
    head_that_says,
    is_on_branch,
    is_our_commit,
    merged_commit,
    next_message,
    taken_back,
    version_branch,
    version_commit,
    version_message,
)
from fastrel.actions.version_pull import (
    label_effect,
    pending_pull,
    pull_effects,
    pull_verdict,
    unlabelled_pull,
)
from fastrel.errors import FastrelError, GitError, UsageError
from fastrel.git import commands
from fastrel.git.worktree import Worktree
from fastrel.github.model import PullRequest
from fastrel.guide.model import VersionFile
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, skipped, todo
from fastrel.version_files.formats import with_version
from fastrel.version_files.reading import Read, Versions, read_versions
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
                return _verdict_at(context, version, sha)
            except UsageError:
                if not context.was_proved:
                    raise
                # A file was moved since, and the guide with it.
                return done(f"{version} was set at {sha[:7]}; the guide names other files by now")
        pull = pending_pull(context, version)
        if pull:
            return _verdict_in_pull(context, version, pull)
        return _verdict_before_commit(context, version)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        worktree = context.checkout
        return Plan(_edits(context, context.release.version, worktree.read))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return _unwritable(context, context.release.version)


class CommitVersion(Action):
    name = "version.commit"
    summary = (
        "Done when the commit `Bump version to X` (`version_message`) is on the remote branch, or the pull request "
        "that brings it is merged under another title, or the files of the branch say the version already. Commits "
        "the version files, the changelog that a step before it has released, and the files of `files=`, and pushes. "
        "Anything else that is changed in the checkout, and new files that steps have made, stop it."
    )
    needs_worktree = True
    parameters = {"files": FILES}

    def check(self, context: Context) -> Verdict:
        return _verdict_on_commit(context, version_commit(context), version_message(context), context.release.version)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        return _commit_and_push(
            context, context.release.version, version_message(context), lambda: version_commit(context)
        )

    def taken_away(self, context: Context) -> str:
        branch = context.release.branch
        return "" if version_commit(context) else f"the version of “{version_message(context)}” on {branch}"

    def preconditions(self, context: Context) -> tuple[str, ...]:
        if version_commit(context):
            return ()
        return _refused_by_rules(context, context.release.version, version_message(context))


class NextVersion(Action):
    name = "version.next"
    summary = "Done when the version files say the next development version. Edits exactly the version."
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        if context.release.base:
            return _no_next(context)
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        version = context.release.dev_version
        sha = _next_commit(context)
        if sha:
            return _verdict_at(context, version, sha)
        pull = pending_pull(context, version)
        if pull:
            return _verdict_in_pull(context, version, pull)
        versions = _versions(context, lambda path: context.repository.code.file(path, context.release.branch))
        if all(_is_beyond(one, context) for one in versions.said.values()):
            return done(f"{context.release.branch} has moved on: {versions.words()}")
        return _verdict_before_commit(context, version)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        code, branch = context.repository.code, context.release.branch
        # Before the version commit is made, a dry run says what the files will say by then.
        now = "" if version_commit(context) else context.release.version
        edits = _edits(context, context.release.dev_version, lambda path: code.file(path, branch), now)
        return Plan((*_catch_up(context), *edits))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return _unwritable(context, context.release.dev_version)


class CommitNext(Action):
    name = "version.commit-next"
    summary = (
        "Done when the commit `Start development on version X` (`next_message`) is on the remote branch. Commits and "
        "pushes."
    )
    needs_worktree = True
    parameters = {"files": FILES}

    def check(self, context: Context) -> Verdict:
        if context.release.base:
            return _no_next(context)
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        return _verdict_on_commit(context, _next_commit(context), next_message(context), context.release.dev_version)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        return _commit_and_push(
            context, context.release.dev_version, next_message(context), lambda: _next_commit(context)
        )

    def taken_away(self, context: Context) -> str:
        branch = context.release.branch
        return "" if _next_commit(context) else f"the commit “{next_message(context)}” on {branch}"

    def preconditions(self, context: Context) -> tuple[str, ...]:
        if context.release.base or (context.release.tag in context.repository.code.tags() and _next_commit(context)):
            return ()
        return _refused_by_rules(context, context.release.dev_version, next_message(context))


def versions_at(context: Context, revision: str) -> Versions:
    """What the configured version files say at a commit of the remote."""
    files = context.settings.version_files
    context.repository.client.concurrently(
        *[lambda path=file.path: context.repository.code.file(path, revision) for file in files]
    )
    return _versions(context, lambda path: context.repository.code.file(path, revision))


def _next_commit(context: Context) -> str:
    return commit_since(context, context.release.tag, next_message(context)) or merged_commit(
        context, context.release.dev_version
    )


def _verdict_at(context: Context, version: str, sha: str) -> Verdict:
    versions = versions_at(context, sha)
    link = _commit_link(context, sha)
    words = versions.words(f"at {sha[:7]}")
    return done(words, link) if versions.all_say(version) else failed(f"{words}, not {version}", link)


def _verdict_on_commit(context: Context, sha: str, message: str, version: str) -> Verdict:
    """Whether the commit is on the branch, or on its way there by a pull request; says so when it changes more."""
    branch = context.release.branch
    unlabelled = unlabelled_pull(context, version)
    if unlabelled:
        link = Link(f"#{unlabelled.number}", unlabelled.url)
        return todo(f"pull request #{unlabelled.number} has no label that keeps it out of the notes", link)
    if not sha:
        return (
            pull_verdict(context, version)
            or _said_already(context, version)
            or todo(f"no commit “{message}” on {branch}{_taken_back(context, message)}")
        )
    patterns = patterns_of(context)
    own = {file.path for file in context.settings.version_files} | changelogs_of(context)
    changed = set(context.repository.code.changed_files(sha)) - own
    more = {path for path in changed if not any(matches(path, one) for one in patterns)}
    words = f"; it also changes {', '.join(sorted(more)[:3])}" if more else ""
    place = "on" if is_on_branch(context, sha) else "not on"
    headline = context.repository.code.headline(sha)
    return done(f"{sha[:7]} {place} {branch}: {headline}{words}", _commit_link(context, sha))


def _taken_back(context: Context, message: str) -> str:
    """That a commit with this message was taken back by a later one; empty where that is not so."""
    before = commit_since(context, context.release.previous_tag, message)
    if not before or message != version_message(context) or not taken_back(context, before):
        return ""
    versions = versions_at(context, context.head)
    return f" that holds: {before[:7]} was taken back, {versions.words()}"


def _said_already(context: Context, version: str) -> Verdict | None:
    """The verdict where the branch says the version by other commits, so that there is nothing to commit."""
    sha = head_that_says(context, version)
    if not sha or unnamed(context, sha):
        return None
    return done(f"{context.release.branch} says {version} already ({sha[:7]})", _commit_link(context, sha))


def _verdict_in_pull(context: Context, version: str, pull: PullRequest) -> Verdict:
    versions = versions_at(context, pull.head_sha)
    link = Link(f"#{pull.number}", pull.url)
    if versions.all_say(version):
        return done(versions.words(f"in pull request #{pull.number}"), link)
    return failed(f"{versions.words(f'in pull request #{pull.number}')}, not {version}", link)


def _no_next(context: Context) -> Verdict:
    return skipped(f"a hotfix leaves {context.settings.branch} as it is")


def _verdict_before_commit(context: Context, version: str) -> Verdict:
    worktree = context.worktree
    if worktree is None:
        return todo(versions_at(context, context.head).words(f"on {context.release.branch}"))
    versions = _versions(context, worktree.read)
    if versions.all_say(version):
        return done(versions.words("in the checkout"))
    return todo(versions.words("in the checkout"))


def _versions(context: Context, read: Read) -> Versions:
    if not context.settings.version_files and (changelog_steps(context) or "files" in context.step.params):
        return Versions({})  # the version comes from the tag, and the commit brings the changelog
    return read_versions(context.settings.version_files, read)


def _is_beyond(said: str, context: Context) -> bool:
    """Whether a file says a version that comes after this release and its development version."""
    release, scheme = context.release, context.settings.naming.scheme
    return all(is_higher(said, one, scheme) for one in (release.version, release.dev_version))


def _unwritable(context: Context, version: str) -> tuple[str, ...]:
    """Why the version cannot be written into the checkout's files, known before anything is."""
    worktree = context.checkout
    try:
        for file in _versions(context, worktree.read).said:
            with_version(file, worktree.read(file.path) or "", version)
    except FastrelError as error:
        return (f"{error.problem} {error.next_step}".strip(),)
    unseen = unseen_problem(worktree, _versions(context, worktree.read).paths)
    return (unseen,) if unseen else ()


def _refused_by_rules(context: Context, version: str, message: str) -> tuple[str, ...]:
    """What the rules of the branches on the commit's way will refuse."""
    branches = [
        context.release.branch,
        *([version_branch(context.settings, version)] if comes_by_pull(context) else []),
    ]
    return tuple(dict.fromkeys(one for branch in branches for one in commit_problems(context, branch, message)))


def _edits(context: Context, version: str, read: Read, now: str = "") -> tuple[Effect, ...]:
    """Effects that write the version into the checkout's files; `read` tells what they say before."""
    worktree = context.checkout

    return tuple(
        Effect(
            f"write {version} into {file.name} (now {now or said})",
            partial(_write, worktree, file, version),
            public=False,
        )
        for file, said in _versions(context, read).said.items()
        if (now or said) != version
    )


def _write(worktree: Worktree, file: VersionFile, version: str) -> None:
    text = worktree.read(file.path)
    if text is None:
        raise FastrelError(f"The version file {file.path} does not exist any more.", done="It was not written.")
    worktree.write(file.path, with_version(file, text, version))


def _catch_up(context: Context) -> tuple[Effect, ...]:
    """Bring the checkout to the head of the remote branch, when others have come there since the version commit."""
    worktree, branch = context.checkout, context.release.branch
    remote = worktree.remote_of(*context.repository.place)
    if worktree.remote_head(remote, branch) == worktree.head():
        return ()
    paths = _versions(context, worktree.read).paths

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


def _commit_and_push(context: Context, version: str, message: str, found: Callable[[], str]) -> Plan:
    """Commit and push, unless `found` names the commit of somebody who did it at the same time."""
    worktree = context.checkout
    branch = context.release.branch
    remote = worktree.remote_of(*context.repository.place)
    own = _versions(context, worktree.read).paths
    # Those that a dry run finds unchanged, because the step before has not released them, belong to it, too.
    extra = tuple(dict.fromkeys([*sorted(changelogs_of(context)), *extra_files(context, worktree)]))
    paths = [*own, *(path for path in extra if path not in own)]
    require_nothing_else(context, worktree, paths)
    notices = left_out_notices(context, worktree, paths)
    if comes_by_pull(context):
        return _commit_by_pull(context, version, message, extra, notices)

    def commit() -> None:
        require_nothing_else(context, worktree, paths)
        if found():
            return
        if _committed_already(worktree, remote, branch, message):
            _sign_if_wanted(worktree, message)
            return
        require_released(context, worktree)
        versions = _versions(context, worktree.read)
        if versions.said and not versions.all_say(version):
            raise FastrelError(
                f"The checkout does not say {version}: {versions.words()}.",
                done="Nothing was committed.",
                next_step=_first(context),
            )
        if set(paths).isdisjoint(worktree.changed_files(new=True)):
            raise FastrelError(
                f"{branch} says {version} already, by a commit that is not called “{message}”, so there is nothing to "
                "commit.",
                done="Nothing was committed.",
                next_step="Make an empty one that is called so: "
                f"`git commit --allow-empty -m {shlex.quote(message)} && git push {remote} {shlex.quote(branch)}`, "
                "then type the same command again.",
            )
        worktree.commit(paths, message)

    def push() -> None:
        if not found():
            try:
                worktree.push_branch(remote, branch)
                return
            except GitError:
                context.repository.fresh()
                if not found():
                    raise
        _without_double(worktree, remote, branch, message, paths)

    return Plan(
        (
            Effect(
                f"commit {', '.join(paths)}: “{message}”",
                commit,
                calls=(commands.typed(commands.add(paths)), commands.typed(commands.commit(paths, message))),
                public=False,
            ),
            Effect(
                f"push the commit to {branch} on {remote}",
                push,
                calls=(commands.typed(commands.push_branch(remote, branch)),),
            ),
        ),
        notices=notices
        if context.repository.code.rules(branch).takes_pushes
        else (*notices, f"{branch} is protected; GitHub takes this push only from somebody who may bypass that."),
    )


def _first(context: Context) -> str:
    """What sets the version that is to be committed."""
    setting = "version.next" if "version.commit-next" in context.step.actions else "version.set"
    if any(setting in one.actions for one in context.guide.steps()):
        return "Run the step that sets the version first."
    return f"No step of the guide sets it: give the one that should `uses={setting}`."


def _commit_by_pull(
    context: Context, version: str, message: str, extra: Sequence[str], notices: tuple[str, ...]
) -> Plan:
    worktree, changelogs = context.checkout, changelogs_of(context)

    def edit(aside: Worktree) -> list[str]:
        require_released(context, worktree)
        merged = [path for path in extra if path in changelogs and merge(aside, worktree, path)]
        take(aside, [path for path in extra if path not in merged], worktree)
        versions = _versions(context, aside.read)
        for file in versions.said:
            _write(aside, file, version)
        return list(dict.fromkeys([*versions.paths, *extra]))

    # What the step before wrote into the checkout is in the branch now, and comes back with its merge.
    paths = list(dict.fromkeys([*_versions(context, worktree.read).paths, *extra]))
    restore = Effect(
        f"take the edits of {' and '.join(paths)} out of the checkout",
        lambda: worktree.restore(paths),
        calls=(commands.typed(commands.add_names(paths)), commands.typed(commands.restore(paths))),
        public=False,
    )
    reason = (
        "the guide wants it" if context.settings.bump == "pull-request" else f"{context.release.branch} is protected"
    )
    unlabelled = unlabelled_pull(context, version)
    if unlabelled:
        return Plan((label_effect(context, unlabelled),))
    # The pull request comes last: once it is there, the step only waits, and would not come back to the checkout.
    push, open_pull = pull_effects(context, version, message, edit, paths)
    return Plan(
        (push, restore, open_pull),
        notices=(
            *notices,
            f"{reason[0].upper()}{reason[1:]}: the version comes by a pull request that somebody must merge.",
        ),
    )


def _committed_already(worktree: Worktree, remote: str, branch: str, message: str) -> bool:
    """Whether an earlier, interrupted run has made the commit without pushing it."""
    base = worktree.remote_head(remote, branch)
    if not base or not worktree.has_commit(base) or not worktree.is_ancestor(base, "HEAD"):
        return False
    return any(is_our_commit(headline, message) for headline in worktree.headlines(base, "HEAD"))


def _sign_if_wanted(worktree: Worktree, message: str) -> None:
    """Make the unpushed commit anew where git signs commits by now: the remote may have refused it for lacking that."""
    newest = worktree.commits("-1")[0][1]
    if is_our_commit(newest, message) and worktree.signs_commits() and not worktree.is_signed():
        worktree.commit_anew()


def _without_double(worktree: Worktree, remote: str, branch: str, message: str, paths: Sequence[str]) -> None:
    """Where somebody else has pushed the same commit first, ours is left out of the checkout, which takes theirs.

    Only when it is the newest here, was never pushed, and says in the version files what theirs says.
    """
    worktree.fetch(remote, branch)
    there = worktree.remote_head(remote, branch)
    ours, theirs = (worktree.commits(f"{one}..{other}") for one, other in ((there, "HEAD"), ("HEAD", there)))
    double = double_of(ours, theirs, message)
    if (
        double
        and set(worktree.files_of("HEAD")) <= set(paths)
        and all(worktree.committed(path) == worktree.committed(path, double) for path in paths)
    ):
        worktree.replace_head(remote, branch)


def double_of(ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]], message: str) -> str:
    """Of commits, as SHA and title: theirs that is the version commit, where ours is one such commit and nothing else;
    empty where there is none."""
    if len(ours) != 1 or ours[0][1] != message:
        return ""
    return next((sha for sha, headline in theirs if is_our_commit(headline, message)), "")


def _commit_link(context: Context, sha: str) -> Link:
    return Link(sha[:7], f"{context.repository.facts().url}/commit/{sha}")
