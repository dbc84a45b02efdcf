"""The actions that commit the version, and the next one, and bring it to the branch.

The commit is found again by its message among the commits since the previous release, or by the tag on it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.changelog_files import require_released, unnamed
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.ref_rules import commit_problems
from fastrel.actions.release_range import (
    comes_by_pull,
    commit_since,
    head_that_says,
    is_on_branch,
    is_our_commit,
    next_message,
    taken_back,
    version_branch,
    version_commit,
    version_message,
)
from fastrel.actions.version.commit_files import FILES, changelogs_of, extra_files, matches, merge, patterns_of, take
from fastrel.actions.version.files import (
    commit_link,
    next_commit,
    no_next,
    versions_at,
    versions_of,
    write_version,
)
from fastrel.actions.version.pull_request import (
    label_effect,
    pull_effects,
    pull_verdict,
    unlabelled_pull,
)
from fastrel.actions.version.uncommitted_files import left_out_notices, require_nothing_else
from fastrel.errors import FastrelError, GitError
from fastrel.git import commands
from fastrel.git.worktree import Worktree
from fastrel.report.verdict import Link, Verdict, blocked, done, todo


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
            return no_next(context)
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        return _verdict_on_commit(context, next_commit(context), next_message(context), context.release.dev_version)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        return _commit_and_push(
            context, context.release.dev_version, next_message(context), lambda: next_commit(context)
        )

    def taken_away(self, context: Context) -> str:
        branch = context.release.branch
        return "" if next_commit(context) else f"the commit “{next_message(context)}” on {branch}"

    def preconditions(self, context: Context) -> tuple[str, ...]:
        if context.release.base or (context.release.tag in context.repository.code.tags() and next_commit(context)):
            return ()
        return _refused_by_rules(context, context.release.dev_version, next_message(context))


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
    return done(f"{sha[:7]} {place} {branch}: {headline}{words}", commit_link(context, sha))


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
    return done(f"{context.release.branch} says {version} already ({sha[:7]})", commit_link(context, sha))


def _refused_by_rules(context: Context, version: str, message: str) -> tuple[str, ...]:
    """What the rules of the branches on the commit's way will refuse."""
    branches = [
        context.release.branch,
        *([version_branch(context.settings, version)] if comes_by_pull(context) else []),
    ]
    return tuple(dict.fromkeys(one for branch in branches for one in commit_problems(context, branch, message)))


def _commit_and_push(context: Context, version: str, message: str, found: Callable[[], str]) -> Plan:
    """Commit and push, unless `found` names the commit of somebody who did it at the same time."""
    worktree = context.checkout
    branch = context.release.branch
    remote = worktree.remote_of(*context.repository.place)
    own = versions_of(context, worktree.read).paths
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
        versions = versions_of(context, worktree.read)
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
        else (
            *notices,
            f"{branch} is protected: GitHub accepts this push only from users who can bypass the protection.",
        ),
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
        versions = versions_of(context, aside.read)
        for file in versions.said:
            write_version(aside, file, version)
        return list(dict.fromkeys([*versions.paths, *extra]))

    # What the step before wrote into the checkout is in the branch now, and comes back with its merge.
    paths = list(dict.fromkeys([*versions_of(context, worktree.read).paths, *extra]))
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
