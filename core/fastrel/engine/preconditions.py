"""Preconditions of a run, checked before its first effect: roles, checkout, and those of the steps.

Everything is collected and reported together; nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile

from fastrel.actions.action import Context
from fastrel.actions.changelog_files import released_in
from fastrel.actions.registry import action_of
from fastrel.actions.release_range import (
    comes_by_pull,
    commit_title,
    is_our_commit,
    merged_commit,
    next_message,
    version_message,
)
from fastrel.actions.shell import Shell
from fastrel.actions.version.commit_files import extra_files
from fastrel.engine.release_context import ReleaseContext
from fastrel.errors import FastrelError, OtherServer, UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.failures import UNARCHIVE
from fastrel.github.transport.limits import Allowance, moment_words
from fastrel.guide.model import Step, VersionFile
from fastrel.release import release_beyond
from fastrel.report.report import Report
from fastrel.version_files.formats import with_version

LOCK_LOOK = 1
"""Seconds after which a lock of git is looked for again."""
STEP_COST = 12
"""Requests that a step may need: looking, acting, looking again, ticking."""


def other_server(worktree: Worktree | None, repository: Repository) -> OtherServer | None:
    """What is wrong where the remote is on another server than the API that is asked. Without this, a namesake there
    would get the tracker and the release, and the remote the commits."""
    try:
        if worktree:
            worktree.remote_of(*repository.place)
    except OtherServer as error:
        return error
    except UsageError:
        pass  # whether the checkout is needed at all is another question
    return None


def problems_before(release_context: ReleaseContext, contexts: Sequence[Context]) -> list[str]:
    """What stands in the way of running these steps, in the order in which a person would fix it."""
    elsewhere = other_server(release_context.worktree, release_context.repository)
    problems = [f"{elsewhere.problem} {elsewhere.next_step}"] if elsewhere else []
    if release_context.repository.facts().archived:
        problems.append(f"{release_context.repository.name} is archived: GitHub takes no changes to it. {UNARCHIVE}")
    problems += _base_problems(release_context)
    acting = [one for one in contexts if action_of(one.step).needs_worktree]
    if acting:
        problems += _order_problems(release_context)
        problems += _checkout_problems(release_context, acting)
    for context in contexts:
        try:
            found = action_of(context.step).preconditions(context) if not (problems and context in acting) else ()
        except FastrelError as error:
            found = (error.problem,)
        problems += [f"{context.step.id}: {one}" for one in found]
    return list(dict.fromkeys(problems))


def _base_problems(release_context: ReleaseContext) -> list[str]:
    """The tracker, which names the commit that a hotfix starts from, is text that people can change."""
    base, branch = release_context.release.base, release_context.guide.settings.branch
    if not base or release_context.repository.code.relation(base, branch) in ("ahead", "identical"):
        return []
    return [f"The release issue says that the release starts from the commit {base[:7]}, which {branch} does not hold."]


def _order_problems(release_context: ReleaseContext) -> list[str]:
    """The tracker may be older than a later release, whose version the files of the branch say now."""
    release, settings, tags = (
        release_context.release,
        release_context.guide.settings,
        release_context.repository.code.tags(),
    )
    later = "" if release.base or release.tag in tags else release_beyond(release.version, tags, settings.naming)
    if not later:
        return []
    return [
        f"{later} is released, so {release.version} cannot come from {release.branch} any more. Give it up with "
        f"`fastrel-checklist abort {release.version}`; then `fastrel-checklist open {release.version} --commit SHA` "
        "starts it from an older commit."
    ]


def _checkout_problems(release_context: ReleaseContext, acting: Sequence[Context]) -> list[str]:
    worktree, branch = release_context.worktree, release_context.release.branch
    if worktree is None:
        names = ", ".join(one.step.id for one in acting[:3])
        return [f"This is not a git checkout of {release_context.repository.name}, which {names} need."]
    try:
        remote = worktree.remote_of(*release_context.repository.place)
    except UsageError as error:
        return [f"{error.problem} {error.next_step}"]
    problems = []
    current = worktree.branch()
    if current != branch:
        where = f"on branch {current}" if current else "on no branch (detached HEAD)"
        problems.append(f"The checkout is {where}, not on {branch}. Type `{_switch(release_context, worktree)}`.")
    dirty = _changed_by_others(release_context, worktree, acting)
    if dirty:
        problems.append(f"The checkout has uncommitted changes: {', '.join(dirty[:5])}. Commit or stash them.")
    if current == branch:
        problems += _distance_problems(release_context, worktree, remote, acting)
    problems += _lock_problems(release_context, worktree)
    if not worktree.identity():
        problems.append("Git does not know who you are. Set `git config user.name` and `user.email`.")
    return problems


def _lock_problems(release_context: ReleaseContext, worktree: Worktree) -> list[str]:
    """A git that was killed leaves a lock behind, at which a later commit or tag would fail; one at work takes it away
    in a moment."""
    release = release_context.release
    refs = (f"refs/heads/{release.branch}", f"refs/tags/{release.tag}")
    if worktree.lock_problem(*refs):
        release_context.pause(LOCK_LOOK)
    found = worktree.lock_problem(*refs)
    return [f"The checkout is locked. {found}."] if found else []


def _switch(release_context: ReleaseContext, worktree: Worktree) -> str:
    """The command that brings the checkout to the branch of the release."""
    branch, base = release_context.release.branch, release_context.release.base
    return f"git switch -c {branch} {base[:12]}" if base and not worktree.has_branch(branch) else f"git switch {branch}"


def _changed_by_others(release_context: ReleaseContext, worktree: Worktree, acting: Sequence[Context]) -> list[str]:
    """Changed files, without those that a version commit takes besides the version files, changelogs that name the
    version, and version files whose only change is the version that this release gives them."""
    extra = {path for context in acting for path in extra_files(context, worktree)}
    with suppress(UsageError):
        extra |= set(released_in(acting[0], worktree))
    ours = {release_context.release.version, release_context.release.dev_version}
    files = release_context.guide.settings.version_files
    changed = []
    for path in worktree.changed_files():
        own = [file for file in files if file.path == path]
        if path not in extra and (not own or not _only_versions_differ(own, worktree, ours)):
            changed.append(path)
    return changed


def _only_versions_differ(files: Sequence[VersionFile], worktree: Worktree, ours: set[str]) -> bool:
    """Whether a file is, but for the version in the places of its entries, as it was committed."""
    now, before = worktree.read(files[0].path), worktree.committed(files[0].path)
    if now is None or before is None:
        return False
    for version in ours:
        expected = before
        for file in files:
            with suppress(UsageError):
                expected = with_version(file, expected, version)
            if now == expected:  # an earlier run may have been stopped between two entries
                return True
    return False


def _distance_problems(
    release_context: ReleaseContext, worktree: Worktree, remote: str, acting: Sequence[Context]
) -> list[str]:
    branch, here = release_context.release.branch, worktree.head()
    there = worktree.remote_head(remote, branch)
    if not there and release_context.release.base:
        return _hotfix_problems(release_context, worktree, remote, here)
    if not there:
        return [f"{remote} has no branch {branch}."]
    if there == here:
        return []
    pull = f"git pull --ff-only {remote} {branch}"
    if worktree.has_commit(there) and worktree.is_ancestor(there, here):
        ahead = _not_ours(release_context, worktree, there, here)
        if not ahead:
            return []  # An earlier run committed and was stopped before it pushed.
        commits = f"{ahead} {'commit' if ahead == 1 else 'commits'}"
        return [f"The checkout is {commits} ahead of {remote}/{branch}. Push them or move them to a branch."]
    # GitHub knows how the two stand to each other, also when the newest commits are not here yet.
    relation = release_context.repository.code.relation(here, there)
    if relation == "ahead" and _comes_with_the_run(here, acting):
        return []
    if relation == "ahead":
        shallow = " It is a shallow clone; `git fetch --unshallow` brings the history." if worktree.is_shallow() else ""
        return [f"The checkout is behind {remote}/{branch}. Type `{pull}`.{shallow}"]
    return [
        f"The checkout and {remote}/{branch} have diverged: each has commits that the other lacks. "
        f"Type `git pull --rebase {remote} {branch}`."
    ]


def _comes_with_the_run(here: str, acting: Sequence[Context]) -> bool:
    """Whether the checkout lacks a version commit that came by the tool's own pull request, after which the run itself
    brings the checkout up to date. A script of the guide must not see the older files."""
    if any(isinstance(action_of(one.step), Shell) for one in acting) or not comes_by_pull(acting[0]):
        return False
    context = acting[0]
    commits = context.repository.code.new_commits(context.release.previous_tag, context.head)
    messages = (version_message(context), next_message(context))
    release = context.release
    merged = {merged_commit(context, release.version), merged_commit(context, release.dev_version)}
    lacking = takewhile(lambda one: one.sha != here, commits)
    return any(
        one.sha in merged or any(is_our_commit(one.headline, message) for message in messages) for one in lacking
    )


def _hotfix_problems(release_context: ReleaseContext, worktree: Worktree, remote: str, here: str) -> list[str]:
    """A hotfix's branch that is not on the remote yet may hold the version commit and nothing else."""
    base, branch = release_context.release.base, release_context.release.branch
    if not worktree.has_commit(base) or not worktree.is_ancestor(base, here):
        return [f"The branch {branch} does not start at {base[:7]}. Type `git switch -C {branch} {base[:12]}`."]
    if _not_ours(release_context, worktree, base, here):
        return [f"{remote} does not have your fixes yet. Type `git push {remote} {branch}`, and wait for its checks."]
    return []


def _not_ours(release_context: ReleaseContext, worktree: Worktree, older: str, newer: str) -> int:
    """How many commits in `older..newer`, when there are some that the tool did not make; else 0."""
    settings = release_context.guide.settings
    ours = (
        commit_title(settings, settings.version_message, release_context.release.version),
        commit_title(settings, settings.next_message, release_context.release.next_version),
    )
    ahead = worktree.headlines(older, newer)
    return 0 if all(headline in ours for headline in ahead) else len(ahead)


def with_allowance(report: Report, chosen: Sequence[Step], left: Allowance | None) -> Report:
    """The report, which also warns when GitHub may take fewer requests than a run of the chosen steps needs."""
    steps = sum(not report.of(step.id).status.settled for step in chosen)
    needed = report.requests + STEP_COST * steps
    if left is None or left.remaining >= needed:
        return report
    words = (
        f"{left.remaining} of {left.limit} requests are left until GitHub's rate limit is renewed "
        f"{moment_words(left.reset)}; this run may need about {needed}."
    )
    return replace(report, warnings=(*report.warnings, words))
