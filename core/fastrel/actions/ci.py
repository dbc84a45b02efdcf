"""Continuous integration on the branch and on the tag. Nothing to run: the runner waits while a check is waiting."""

from __future__ import annotations

from fastrel.actions.action import Action, Context
from fastrel.ci import judge
from fastrel.verdict import Verdict, blocked, done

REQUIRED = {"required": "names of checks that must be there, separated by commas"}


class BranchIsGreen(Action):
    name = "ci.branch"
    summary = (
        "Done when every check run and commit status of the branch's newest commit is successful, neutral or "
        "skipped. `run` waits."
    )
    parameters = REQUIRED

    def check(self, context: Context) -> Verdict:
        branch = context.release.branch
        if context.release.tag in context.repository.code.tags():
            return done(f"{context.release.tag} is tagged; the checks of {branch} no longer matter")
        ci = context.repository.ci
        context.repository.client.concurrently(
            lambda: context.repository.code.head(branch), lambda: ci.check_runs(branch), lambda: ci.statuses(branch)
        )
        sha = context.repository.code.head(branch)
        results = (*ci.check_runs(branch), *ci.statuses(branch))
        return judge(
            results, f"{branch} ({sha[:7]})", f"{context.repository.facts().url}/commit/{sha}", _names(context)
        )


class TagIsGreen(Action):
    name = "ci.tag"
    summary = "Done when the newest run of every workflow that the tag's push has started is green. `run` waits."
    parameters = {"required": "names of workflows that must have run, separated by commas"}

    def check(self, context: Context) -> Verdict:
        tag = context.repository.code.tags().get(context.release.tag)
        if tag is None:
            return blocked(f"{context.release.tag} is not on the remote yet")
        sha = context.repository.code.commit_of(tag)
        runs = context.repository.ci.workflow_runs(sha, tag.name)
        return judge(runs, tag.name, f"{context.repository.facts().url}/commits/{tag.name}", _names(context))


def _names(context: Context) -> list[str]:
    return [name.strip() for name in context.parameter("required").split(",") if name.strip()]
