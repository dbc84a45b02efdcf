"""The annotated tag on the commit that carries the version. A tag that exists elsewhere is never moved."""

from __future__ import annotations

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.version import is_our_commit, version_commit, version_message, versions_at
from fastrel.errors import FastrelError
from fastrel.people import People
from fastrel.verdict import Link, Verdict, done, failed, todo


class CreateTag(Action):
    name = "tag.create"
    summary = (
        "Done when the annotated tag is on the commit that carries the version. Makes it there; a tag "
        "elsewhere is an error and is never moved."
    )
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        name = context.release.tag
        remote = context.repository.code.tags().get(name)
        if remote is not None:
            return _verdict(context, context.repository.code.commit_of(remote), remote.annotated, "on the remote")
        local = context.worktree.tag(name) if context.worktree else None
        if local is not None:
            return _verdict(context, local.commit, local.annotated, "in the checkout")
        return todo(f"there is no tag {name}")

    def plan(self, context: Context, people: People) -> Plan:
        worktree = context.checkout
        name, message = context.release.tag, f"Release version {context.release.version}"

        def create() -> None:
            commit = version_commit(context)
            if not commit:
                raise FastrelError(
                    f"No commit on {context.release.branch} carries version {context.release.version}.",
                    done="No tag was made.",
                    next_step="Run the steps that set and commit the version first.",
                )
            if not worktree.has_commit(commit):
                worktree.fetch(worktree.remote_of(context.repository.name), context.release.branch)
            worktree.create_tag(name, commit, message)

        return Plan((Effect(f"make the annotated tag {name} on the version commit: “{message}”", create),))

    def preconditions(self, context: Context) -> tuple[str, ...]:
        verdict = self.check(context)
        return (verdict.summary,) if verdict.status == "failed" else ()


class PushTag(Action):
    name = "tag.push"
    summary = "Done when the remote has that same tag object. Pushes it, never with force."
    needs_worktree = True

    def check(self, context: Context) -> Verdict:
        name = context.release.tag
        remote = context.repository.code.tags().get(name)
        if remote is None:
            return todo(f"{name} is not on the remote")
        local = context.worktree.tag(name) if context.worktree else None
        link = Link(name, f"{context.repository.facts().url}/releases/tag/{name}")
        if local is not None and local.sha != remote.sha:
            return failed(f"the remote's {name} is another object ({remote.sha[:7]}) than the local one", link)
        return done(f"{name} is on the remote ({remote.sha[:7]})", link)

    def plan(self, context: Context, people: People) -> Plan:
        worktree = context.checkout
        remote = worktree.remote_of(context.repository.name)
        push = Effect(
            f"push tag {context.release.tag} to {remote}", lambda: worktree.push_tag(remote, context.release.tag)
        )
        return Plan((push,))


def _verdict(context: Context, commit: str, annotated: bool, where: str) -> Verdict:
    name = context.release.tag
    link = Link(name, f"{context.repository.facts().url}/releases/tag/{name}")
    place = f"{commit[:7]} {where}"
    commits = context.repository.code.commits_since(context.release.previous_tag, context.release.branch)
    expected = next((one.sha for one in commits if is_our_commit(one.headline, version_message(context))), "")
    if expected and commit != expected:
        return failed(f"{name} is on {place}, but the version commit is {expected[:7]}; nothing was moved", link)
    if not annotated:
        return failed(f"{name} on {place} is a lightweight tag, not an annotated one", link)
    if not expected:
        said = versions_at(context, commit)
        if set(said.values()) != {context.release.version}:
            return failed(f"{name} is on {place}, where the files do not say {context.release.version}", link)
    return done(f"annotated tag {name} on {place}", link)
