"""Continuous integration on the branch and on the tag: the runner waits while a check is waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.calls import request
from fastrel.actions.checks.check_verdict import expected, judge, listed, without
from fastrel.actions.checks.workflow_dispatch import dispatch_call, not_started
from fastrel.actions.later_release import unless_superseded
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.release_range import tagged_commit, version_commit
from fastrel.github.check_results import GREEN
from fastrel.github.model import CheckResult
from fastrel.github.transport.permissions import CHECKS
from fastrel.report.verdict import Status, Verdict, blocked, done, failed, skipped, todo, waiting

IGNORE = (
    "names or patterns of checks that do not count, separated by commas, such as `codecov/*`; the verdict names them"
)


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
        "ignore": IGNORE,
        "none": "`done` where the repository has no checks at all; otherwise a commit without any is waited for",
    }

    def check(self, context: Context) -> Verdict:
        branch, code, ci = context.release.branch, context.repository.code, context.repository.ci
        if tagged_commit(context):
            # What was proved before the tag stays; what came to the branch since is of the next release.
            if context.proved and context.entry and context.entry.evidence:
                return done(context.entry.evidence.summary)
            return skipped(f"not judged: {context.release.tag} was tagged before")
        ref = _judged(context)
        context.repository.client.concurrently(
            lambda: code.head(ref), lambda: ci.check_runs(ref), lambda: ci.statuses(ref), lambda: code.rules(branch)
        )
        sha = code.head(ref)
        if context.release.base and code.relation(sha, context.settings.branch) not in ("ahead", "identical"):
            # The tracker, which names the commit, is text that people can change.
            return failed(f"{context.settings.branch} does not hold the commit {sha[:7]}")
        if any(run.sha != sha for run in ci.check_runs(ref)):
            return waiting(f"{branch} is moving just now")
        required = [*_required(context), *code.rules(branch).checks]
        results, left_out = without(ci.results(ref, sha, _own(context)), _ignored(context), required)
        if not results and not required and context.parameter("none") == "done":
            return done(f"{branch} ({sha[:7]}) has no checks, as the guide says")
        left = [] if results else not_started(context, sha, branch)
        if left:
            return todo(f"nothing runs on {branch} ({sha[:7]}); {', '.join(left)} did not start")
        subject = f"{branch} ({sha[:7]})" if ref == branch else f"the commit {sha[:7]}"
        url = f"{context.repository.facts().url}/commit/{sha}"
        verdict = judge(results, subject, url, required, left_out)
        return verdict if ci.sees_all_checks(ref) else _of_actions_alone(verdict, results, required)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        branch = context.release.branch

        def start(workflow: str) -> None:
            if workflow in not_started(context, context.repository.code.head(branch), branch):
                context.repository.ci.dispatch(workflow, branch)

        sha = context.repository.code.head(branch)
        left = not_started(context, sha, branch)
        return Plan(
            tuple(
                Effect(f"start {one} on {branch}", partial(start, one), calls=(dispatch_call(context, one),))
                for one in left
            )
        )

    def expectation(self, context: Context) -> float | None:
        ref, ci, own = _judged(context), context.repository.ci, _own(context)
        sha = context.repository.code.head(ref)
        if any(not one.conclusion and not one.of_actions for one in ci.results(ref, sha, own)):
            return None  # nobody knows how long the checks of others take
        runs = ci.runs_of(context.settings.branch)
        return expected([one for one in runs if one.sha == sha and one.file != own], runs, context.now)

    def repair(self, context: Context) -> Plan:
        sha = context.repository.code.head(_judged(context))
        return _rerun(context, context.repository.ci.workflow_runs(sha, context.release.branch, _own(context)))


class TagIsGreen(Action):
    name = "ci.tag"
    summary = (
        "Done when the newest run of every workflow that the tag's push has started is green, without the checklist's "
        "own, and so is every commit status of the tagged commit. GitHub registers them one by one: list "
        "the required ones in `required=`, else the step may be done when only the first has succeeded. `run` waits; "
        "`--rerun-failed` runs failed jobs again."
    )
    parameters = {
        "required": "names of workflows that must have run, separated by commas, as their files say `name:`",
        "ignore": IGNORE,
    }

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
        counted, left_out = without(results, _ignored(context), _required(context))
        url = f"{context.repository.facts().url}/commits/{tag.name}"
        return unless_superseded(context, judge(counted, tag.name, url, _required(context), left_out), "green on")

    def expectation(self, context: Context) -> float | None:
        before = context.release.previous_tag
        return expected(_tag_runs(context), context.repository.ci.runs_of(before), context.now) if before else None

    def repair(self, context: Context) -> Plan:
        return _rerun(context, _tag_runs(context))


def _is_after(context: Context, status: CheckResult) -> bool:
    """Whether a status was told after the tag was made."""
    tagged = context.repository.code.tagged_at(context.repository.code.tags()[context.release.tag])
    return tagged is not None and status.began is not None and status.began >= tagged


def _judged(context: Context) -> str:
    """What is judged: the branch, or its commit that carries the version, when others have pushed newer ones since. A
    hotfix is judged by the commit that it starts from."""
    if context.release.base:
        return context.release.base
    branch = context.release.branch
    commit = version_commit(context) if context.settings.version_files else ""
    return commit if commit and commit != context.repository.code.head(branch) else branch


def _tag_runs(context: Context) -> Sequence[CheckResult]:
    tag = context.repository.code.tags()[context.release.tag]
    return context.repository.ci.workflow_runs(context.repository.code.commit_of(tag), tag.name, _own(context))


def _rerun(context: Context, runs: Sequence[CheckResult]) -> Plan:
    ci = context.repository.ci
    runs, _ = without(runs, _ignored(context), _required(context))
    red = [run for run in runs if run.conclusion and run.conclusion not in GREEN]
    return Plan(
        tuple(
            Effect(
                f"run the failed jobs of {run.name} again",
                partial(ci.rerun_failed, run),
                calls=(request(context, "POST", f"actions/runs/{run.id}/rerun-failed-jobs"),),
                public=False,
            )
            for run in red
        )
    )


def _own(context: Context) -> str:
    """The file of the workflow by which the checklist runs. It is no check of the project: it would wait for itself,
    and of its runs GitHub cancels those that a later one replaces."""
    return context.settings.workflow_path


def _required(context: Context) -> list[str]:
    return listed(context.parameter("required"))


def _ignored(context: Context) -> list[str]:
    return listed(context.parameter("ignore"))


def _of_actions_alone(verdict: Verdict, results: Sequence[CheckResult], required: Sequence[str]) -> Verdict:
    """What the verdict is worth where the token reads the checks of GitHub Actions alone."""
    missing = sorted(set(required) - {one.name for one in results})
    if verdict.status is Status.WAITING and missing and all(one.conclusion for one in results):
        words = (
            f"this token cannot read whether {', '.join(missing)} passed: it sees the checks of GitHub Actions alone"
        )
        return replace(verdict, status=Status.UNKNOWN, summary=f"{words}. {CHECKS}", patience=None)
    alone = "; only those of GitHub Actions, as this token may not read the checks of other apps"
    return replace(verdict, summary=f"{verdict.summary}{alone}")
