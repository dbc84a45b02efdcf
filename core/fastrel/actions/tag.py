"""The annotated tag on the commit that carries the version. A tag that exists elsewhere is never moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.changelog_files import require_named
from fastrel.actions.checks.workflow_dispatch import dispatch_call, is_actions, not_started, workflows
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.ref_rules import tag_problems
from fastrel.actions.release_range import belongs, head_that_says, is_our_commit, version_commit, version_message
from fastrel.actions.version.files import versions_at
from fastrel.errors import FastrelError, GitError, UsageError
from fastrel.git import commands
from fastrel.git.worktree import Worktree
from fastrel.report.verdict import Link, Verdict, done, failed, todo

LONGEST_MESSAGE = 60
"""Characters of another message that a summary shows."""
UNMADE = "COMMIT"
"""What a dry run says for a commit that is not made yet."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A tag that exists, and where."""

    commit: str
    annotated: bool
    message: str
    where: str


class CreateTag(Action):
    name = "tag.create"
    summary = (
        "Done when the annotated tag is on the version commit. Without `version_files`, any commit of the branch is "
        "accepted. After publication, the commit need not be on the branch. Creates the tag. A tag on another commit "
        "is an error; it is never moved."
    )
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        name = context.release.tag
        remote = context.repository.code.tags().get(name)
        if remote is not None:
            code = context.repository.code
            found = _Found(code.commit_of(remote), remote.annotated, code.message_of(remote), "on the remote")
            return _verdict(context, found, f"git push --delete {_remote(context)} {name}")
        local = context.worktree.tag(name) if context.worktree else None
        if local is not None and context.worktree is not None:
            message = context.worktree.tag_message(name) if local.annotated else ""
            found = _Found(local.commit, local.annotated, message, "in the checkout")
            return _verdict(context, found, f"git tag --delete {name}")
        return todo(f"there is no tag {name}")

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        worktree = context.checkout
        name, message = context.release.tag, _message(context)
        expected = _commit_to_tag(context)
        if expected:
            require_named(context, expected)
        later = _commits_after(context, expected)
        moved = (
            f"{context.release.branch} has moved on since: {later} newer {'commit is' if later == 1 else 'commits are'}"
        )
        notices = (f"{moved} not in {name}.",) if later else ()

        def create() -> None:
            commit = _commit_to_tag(context)
            if not commit:
                raise FastrelError(
                    f"No commit on {context.release.branch} carries version {context.release.version}.",
                    done="No tag was made.",
                    next_step="Run the steps that set and commit the version first. If no step commits it, give "
                    "the one that should `uses=version.commit`.",
                )
            require_named(context, commit)
            if not worktree.has_commit(commit):
                worktree.fetch(worktree.remote_of(*context.repository.place), context.release.branch)
            worktree.create_tag(name, commit, message)

        named = "the version commit" if context.settings.version_files else f"the newest commit of {context.head},"
        place = f"{named} {expected[:7]}" if expected else named
        effect = Effect(
            f"make the annotated tag {name} on {place}: “{message}”",
            create,
            calls=(commands.typed(commands.tag(name, expected or UNMADE, message)),),
            public=False,
        )
        return Plan((effect,), notices=notices)

    def preconditions(self, context: Context) -> tuple[str, ...]:
        verdict = self.check(context)
        return (verdict.summary,) if verdict.status == "failed" else ()


class PushTag(Action):
    name = "tag.push"
    summary = (
        "Done when the remote has that same tag object. Pushes it, never with force. A tag that is pushed with the "
        "`GITHUB_TOKEN` of GitHub Actions starts no workflow; then those of `dispatch=` are started."
    )
    parameters = {"dispatch": "files of workflows to start where the push of the tag starts none, separated by commas"}
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        name = context.release.tag
        remote = context.repository.code.tags().get(name)
        if remote is None:
            return todo(f"{name} is not on the remote")
        local = context.worktree.tag(name) if context.worktree else None
        link = Link(name, f"{context.repository.facts().url}/releases/tag/{name}")
        if local is not None and local.sha != remote.sha:
            if _made_by_two(context):
                return todo(f"{name} is on the remote, made by somebody else at the same time as the local one", link)
            return failed(f"the remote's {name} is another object ({remote.sha[:7]}) than the local one", link)
        left = not_started(context, context.repository.code.commit_of(remote), name)
        if left:
            return todo(f"{name} is on the remote, but {', '.join(left)} did not start", link)
        return done(f"{name} is on the remote ({remote.sha[:7]})", link)

    def taken_away(self, context: Context) -> str:
        name = context.release.tag
        return "" if name in context.repository.code.tags() else f"tag {name}"

    def preconditions(self, context: Context) -> tuple[str, ...]:
        return () if context.release.tag in context.repository.code.tags() else tag_problems(context)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        worktree = context.checkout
        remote = worktree.remote_of(*context.repository.place)
        name = context.release.tag
        push = Effect(
            f"push tag {name} to {remote}",
            partial(_push, context, worktree, remote),
            calls=(commands.typed(commands.push_tag(remote, name)),),
        )
        if _made_by_two(context):
            words = f"take {remote}'s tag {name}, on the same commit, for the local one, which was never pushed"
            take = commands.typed(commands.take_tag(remote, name))
            push = Effect(words, lambda: worktree.take_tag(remote, name), calls=(take,), public=False)
        if not is_actions(context):
            return Plan((push,))
        files = workflows(context)
        notice = (
            f"GitHub starts no workflow for a tag that is pushed with the GITHUB_TOKEN of Actions{_consequence(files)}"
        )
        starts = (
            Effect(f"start {one} on {name}", partial(_start, context, one), calls=(dispatch_call(context, one),))
            for one in files
        )
        return Plan((push, *starts), notices=(notice,))


def _commit_to_tag(context: Context) -> str:
    """SHA of the commit that carries the version; of the newest one, where no file states the version and no step
    commits a changelog."""
    if context.settings.version_files:
        return version_commit(context) or head_that_says(context, context.release.version)
    if any("version.commit" in one.actions and not context.skip(one) for one in context.guide.steps()):
        return version_commit(context)
    return context.repository.code.head(context.head)


def _message(context: Context) -> str:
    return f"Release version {context.release.version}"


def _push(context: Context, worktree: Worktree, remote: str) -> None:
    try:
        worktree.push_tag(remote, context.release.tag)
    except GitError:
        context.repository.fresh()
        if not _made_by_two(context):
            raise
        worktree.take_tag(remote, context.release.tag)


def _made_by_two(context: Context) -> bool:
    """Whether the remote's tag and the local one are both ours: annotated, on the same commit, with our message. Then
    two operators made it at the same time, and the one on the remote counts. A signed local tag is never given up."""
    remote = context.repository.code.tags().get(context.release.tag)
    local = context.worktree.tag(context.release.tag) if context.worktree else None
    if remote is None or local is None or context.worktree is None or not (remote.annotated and local.annotated):
        return False
    if local.sha == remote.sha or context.repository.code.commit_of(remote) != local.commit:
        return False
    unsigned = context.repository.code.message_of(remote).partition("\n-----BEGIN ")[0]
    return context.worktree.tag_message(context.release.tag).strip() == unsigned.strip() == _message(context)


def _verdict(context: Context, found: _Found, deletion: str) -> Verdict:
    """What to say of a tag that exists; `deletion` is the command that would remove it."""
    name, commit = context.release.tag, found.commit
    link = Link(name, f"{context.repository.facts().url}/releases/tag/{name}")
    place = f"{commit[:7]} {found.where}"
    commits = context.repository.code.new_commits(context.release.previous_tag, context.head)
    expected = [one.sha for one in commits if is_our_commit(one.headline, version_message(context))]
    if expected and commit not in expected:
        moved = f"the version commit is {expected[0][:7]}; nothing was moved{_way_out(context, deletion)}"
        return failed(f"{name} is on {place}, but {moved}", link)
    if not found.annotated:
        way = _way_out(context, deletion)
        return failed(f"{name} on {place} is a lightweight tag, not an annotated one{way}", link)
    if not expected:
        if not belongs(context, commit):
            branch = context.release.branch
            mend = f"bring that commit to {branch}, or delete the tag: `{deletion}`"
            return failed(f"{name} is on {place}, which is not on GitHub's {branch}; {mend}", link)
        if context.settings.version_files and not versions_at(context, commit).all_say(context.release.version):
            return failed(f"{name} is on {place}, where the files do not say {context.release.version}", link)
    return done(f"annotated tag {name} on {place}{_other_message(context, found.message)}", link)


def _way_out(context: Context, deletion: str) -> str:
    """How to go on with a tag that is wrong. Without its tag, GitHub makes a published release a draft again."""
    if any(not one.draft for one in context.repository.releases.of_tag(context.release.tag)):
        return "; its release is published, so keep it and skip the step with a reason"
    return f"; delete it with `{deletion}` to create it again, or skip the step to keep it"


def _other_message(context: Context, message: str) -> str:
    """A note where the tag's message begins with something else than ours; empty when it does not."""
    first = message.strip().partition("\n")[0].strip()
    if first == _message(context):
        return ""
    shown = first if len(first) <= LONGEST_MESSAGE else f"{first[: LONGEST_MESSAGE - 1]}…"
    return f"; its message is “{shown}”"


def _remote(context: Context) -> str:
    try:
        return context.worktree.remote_of(*context.repository.place) if context.worktree else "origin"
    except UsageError:
        return "origin"


def _commits_after(context: Context, commit: str) -> int:
    """How many commits the branch has beyond this one."""
    commits = context.repository.code.new_commits(context.release.previous_tag, context.head)
    return next((position for position, one in enumerate(commits) if one.sha == commit), 0)


def _start(context: Context, workflow: str) -> None:
    tag = context.repository.code.tags().get(context.release.tag)
    if tag is not None and workflow in not_started(context, context.repository.code.commit_of(tag), tag.name):
        context.repository.ci.dispatch(workflow, context.release.tag)


def _consequence(files: list[str]) -> str:
    if files:
        return ", so they are started one by one."
    return (
        ": no image is built. Use the token of an app or a person, or name the workflows with `dispatch=` in the guide."
    )
