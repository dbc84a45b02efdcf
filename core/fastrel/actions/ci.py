"""Continuous integration on the branch and on the tag: the runner waits while a check is waiting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.check_verdict import expected, judge
from fastrel.actions.prompts import Prompter
from fastrel.actions.release_range import tagged_commit
from fastrel.actions.workflow_dispatch import not_started
from fastrel.github.check_results import GREEN
from fastrel.github.model import CheckResult
from fastrel.report.verdict import Verdict, blocked, done, failed, skipped, todo, waiting


class BranchIsGreen(Action):
    name = "ci.branch"
    of_head = True
    summary = (
        "Done when every check run and commit status of the branch's newest commit is successful, neutral or "
        "skipped, and none that the branch requires is missing. What the checklist's own workflow runs does not count. "
        "`run` waits; `--rerun-failed` runs red jobs again. A commit that is pushed with the `GITHUB_TOKEN` of GitHub "
        "Actions starts no workflow; then those of `dispatch=` are started."
    )
    parameters = {
        "dispatch": "files of workflows to start where the push of a commit starts none, separated by commas",
        "required": "names of checks that must be there, separated by commas, besides those that the branch requires",
        "none": "`done` where the repository has no checks at all; otherwise a commit without any is waited for",
    }

    def check(self, context: Context) -> Verdict:
        branch, code, ci = context.release.branch, context.repository.code, context.repository.ci
        if tagged_commit(context):
            # What was proved before the tag stays; what came to the branch since is of the next release.
            if context.proved and context.entry and context.entry.evidence:
                return done(context.entry.evidence.summary)
            return skipped(f"not judged: {context.release.tag} was tagged before")
        # A hotfix is judged by the commit that it starts from.
        ref = context.release.base or branch
        context.repository.client.concurrently(
            lambda: code.head(ref), lambda: ci.check_runs(ref), lambda: ci.statuses(ref), lambda: code.rules(branch)
        )
        sha = code.head(ref)
        if context.release.base and code.relation(sha, context.settings.branch) not in ("ahead", "identical"):
            # The tracker, which names the commit, is text that people can change.
            return failed(f"{context.settings.branch} does not hold the commit {sha[:7]}")
        if any(run.sha != sha for run in ci.check_runs(ref)):
            return waiting(f"{branch} is moving just now")
        results = ci.results(ref, sha, _own(context))
        required = [*_names(context), *code.rules(branch).checks]
        if not results and not required and context.parameter("none") == "done":
            return done(f"{branch} ({sha[:7]}) has no checks, as the guide says")
        left = [] if results else not_started(context, sha, branch)
        if left:
            return todo(f"nothing runs on {branch} ({sha[:7]}); {', '.join(left)} did not start")
        subject = f"the commit {sha[:7]}" if context.release.base else f"{branch} ({sha[:7]})"
        return judge(results, subject, f"{context.repository.facts().url}/commit/{sha}", required)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        branch = context.release.branch

        def start(workflow: str) -> None:
            if workflow in not_started(context, context.repository.code.head(branch), branch):
                context.repository.ci.dispatch(workflow, branch)

        sha = context.repository.code.head(branch)
        left = not_started(context, sha, branch)
        return Plan(tuple(Effect(f"start {one} on {branch}", partial(start, one)) for one in left))

    def expectation(self, context: Context) -> float | None:
        ref, ci, own = context.release.base or context.release.branch, context.repository.ci, _own(context)
        sha = context.repository.code.head(ref)
        if any(not one.conclusion and not one.of_actions for one in ci.results(ref, sha, own)):
            return None  # nobody knows how long the checks of others take
        runs = ci.runs_of(context.settings.branch)
        return expected([one for one in runs if one.sha == sha and one.file != own], runs, context.now)

    def repair(self, context: Context) -> Plan:
        sha = context.repository.code.head(context.release.base or context.release.branch)
        return _rerun(context, context.repository.ci.workflow_runs(sha, context.release.branch, _own(context)))


class TagIsGreen(Action):
    name = "ci.tag"
    summary = (
        "Done when the newest run of every workflow that the tag's push has started is green, without the checklist's "
        "own, and so is every commit status of the tagged commit. GitHub registers them one by one: name in "
        "`required=` those that there must be, or the first that is "
        "green may be taken for all. `run` waits; `--rerun-failed` runs red jobs again."
    )
    parameters = {"required": "names of workflows that must have run, separated by commas, as their files say `name:`"}

    def check(self, context: Context) -> Verdict:
        tag = context.repository.code.tags().get(context.release.tag)
        if tag is None:
            return blocked(f"{context.release.tag} is not on the remote yet")
        ci, sha = context.repository.ci, context.repository.code.commit_of(tag)
        context.repository.client.concurrently(lambda: _tag_runs(context), lambda: ci.statuses(sha))
        runs, statuses = _tag_runs(context), ci.statuses(sha)
        # The commit has statuses from before it was tagged, so green ones alone do not show that the tag was checked.
        told = [one for one in statuses if one.conclusion not in GREEN or _is_after(context, one)]
        results = (*runs, *statuses) if runs or told else ()
        return judge(results, tag.name, f"{context.repository.facts().url}/commits/{tag.name}", _names(context))

    def expectation(self, context: Context) -> float | None:
        before = context.release.previous_tag
        return expected(_tag_runs(context), context.repository.ci.runs_of(before), context.now) if before else None

    def repair(self, context: Context) -> Plan:
        return _rerun(context, _tag_runs(context))


def _is_after(context: Context, status: CheckResult) -> bool:
    """Whether a status was told after the tag was made."""
    tagged = context.repository.code.tagged_at(context.repository.code.tags()[context.release.tag])
    return tagged is not None and status.began is not None and status.began >= tagged


def _tag_runs(context: Context) -> Sequence[CheckResult]:
    tag = context.repository.code.tags()[context.release.tag]
    return context.repository.ci.workflow_runs(context.repository.code.commit_of(tag), tag.name, _own(context))


def _rerun(context: Context, runs: Sequence[CheckResult]) -> Plan:
    ci = context.repository.ci
    red = [run for run in runs if run.conclusion and run.conclusion not in GREEN]
    return Plan(tuple(Effect(f"run the failed jobs of {run.name} again", partial(ci.rerun_failed, run)) for run in red))


def _own(context: Context) -> str:
    """The file of the workflow by which the checklist runs. It is no check of the project: it would wait for itself,
    and of its runs GitHub cancels those that a later one replaces."""
    return context.settings.workflow_path


def _names(context: Context) -> list[str]:
    return [name.strip() for name in context.parameter("required").split(",") if name.strip()]
