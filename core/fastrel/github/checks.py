"""Continuous integration: check runs, commit statuses and workflow runs, all keyed on the commit.

Source: https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/commits/statuses and
https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from fastrel.errors import NotAllowed, NotAuthenticated, NotFound
from fastrel.github.check_results import of_newest_runs, of_others
from fastrel.github.code import Code
from fastrel.github.model import CheckResult
from fastrel.github.transport.client import Client
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.remembered import remembered


class Checks:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}"

    def check_runs(self, ref: str) -> tuple[CheckResult, ...]:
        """The latest check run of each name at a commit or branch. Where the token may not read checks: the jobs of
        GitHub Actions, which are its check runs."""
        found = self._check_runs(ref)
        return self._jobs(ref, found) if isinstance(found, NotAllowed) else found

    def sees_all_checks(self, ref: str) -> bool:
        """Whether `check_runs` are those of all apps, and not only of GitHub Actions."""
        return not isinstance(self._check_runs(ref), NotAllowed)

    @remembered
    def _check_runs(self, ref: str) -> tuple[CheckResult, ...] | NotAllowed:
        path = f"{self._path}/commits/{quote(ref)}/check-runs"
        try:
            return tuple(map(_result, self.client.get_all(path, key="check_runs", filter="latest")))
        except NotAllowed as refusal:
            return refusal

    @remembered
    def _jobs(self, ref: str, refusal: NotAllowed) -> tuple[CheckResult, ...]:
        """The jobs of the newest run of each workflow and event at a commit or branch.

        Source: https://docs.github.com/en/rest/actions/workflow-jobs
        """
        sha = Code(self.client, self.name).head(ref)
        try:
            runs = self._runs_at(sha)
        except (NotAllowed, NotFound) as error:
            needs = f"{refusal.next_step} {error.next_step}".strip()
            raise NotAllowed(f"{refusal.problem[:-1]}, and neither workflow runs.", next_step=needs) from None
        newest: dict[tuple[int, str, str], Fields] = {}
        for run in sorted(runs, key=lambda one: (one.number("run_number"), one.number("run_attempt"))):
            newest[run.number("workflow_id"), run.text("event"), run.text("head_branch")] = run
        return tuple(job for run in newest.values() for job in self._jobs_of(run))

    def _jobs_of(self, run: Fields) -> list[CheckResult]:
        path = f"{self._path}/actions/runs/{run.number('id')}/jobs"
        jobs = self.client.get_all(path, key="jobs", filter="latest")
        return [replace(_result(job), suite=run.number("check_suite_id")) for job in jobs]

    @remembered
    def statuses(self, ref: str) -> tuple[CheckResult, ...]:
        """The latest commit status of each context at a commit or branch."""
        found = self.client.get_all(f"{self._path}/commits/{quote(ref)}/status", key="statuses")
        return tuple(
            CheckResult(
                one.text("context"),
                "pending" if one.text("state") == "pending" else "completed",
                "" if one.text("state") == "pending" else one.text("state"),
                one.text("target_url"),
                began=one.time("updated_at"),
            )
            for one in found
        )

    def results(self, ref: str, sha: str, besides: str) -> tuple[CheckResult, ...]:
        """Check runs and commit statuses at a commit or branch, without the check runs of one workflow, named by the
        path of its file, and without those that a newer run of their workflow has replaced. `sha` is the commit that
        the reference stands for."""
        checks = self.check_runs(ref)
        if any(one.of_actions for one in checks):
            runs = [_workflow_run(run) for run in self._runs_at(sha)]
            checks = of_newest_runs(of_others(checks, runs, besides), runs)
        return (*checks, *self.statuses(ref))

    def workflow_runs(self, sha: str, ref: str, besides: str) -> tuple[CheckResult, ...]:
        """The newest run of each workflow that a push of this tag or branch started at this commit, without those of
        one workflow, named by the path of its file."""
        newest: dict[int, CheckResult] = {}
        for run in sorted(self._runs_at(sha), key=lambda one: (one.number("run_number"), one.number("run_attempt"))):
            if run.text("head_branch") == ref and _file(run) != besides:
                newest[run.number("workflow_id")] = _workflow_run(run)
        return tuple(newest.values())

    @remembered
    def runs_of(self, ref: str) -> tuple[CheckResult, ...]:
        """The hundred newest workflow runs of a branch or tag, whatever their commits."""
        found = self.client.get(f"{self._path}/actions/runs", branch=ref, per_page="100")
        return tuple(_workflow_run(run) for run in found.items("workflow_runs"))

    @remembered
    def permissions(self) -> Fields | None:
        """Whether Actions are on and which may run; None where the token may not see it, which takes an admin."""
        return self._for_admins("permissions")

    @remembered
    def token_permissions(self) -> Fields | None:
        """What a workflow's token may do by default; None where the token may not see it, which takes an admin."""
        return self._for_admins("permissions/workflow")

    def _for_admins(self, path: str) -> Fields | None:
        try:
            return self.client.get(f"{self._path}/actions/{path}")
        except (NotAllowed, NotFound, NotAuthenticated):
            return None

    def rerun_failed(self, run: CheckResult) -> None:
        """Run the failed jobs of a workflow run again."""
        self.client.send("POST", f"{self._path}/actions/runs/{run.id}/rerun-failed-jobs")

    def dispatch(self, workflow: str, ref: str) -> None:
        """Start a workflow, named by its file, on a branch or tag. NotFound when there is no such file."""
        self.client.send("POST", f"{self._path}/actions/workflows/{quote(workflow)}/dispatches", {"ref": ref})

    @remembered
    def dispatched(self, sha: str, ref: str) -> frozenset[str]:
        """File names of the workflows that run or ran on a branch or tag at a commit."""
        found = [run for run in self._runs_at(sha) if run.text("head_branch") == ref]
        return frozenset(_file(run).rpartition("/")[2] for run in found)

    @remembered
    def _runs_at(self, sha: str) -> list[Fields]:
        """The workflow runs of a commit, whatever started them."""
        return self.client.get_all(f"{self._path}/actions/runs", key="workflow_runs", head_sha=sha)

    @remembered
    def deployment(self, sha: str, environment: str) -> CheckResult | None:
        """How the deployment of a commit to an environment ended; None when there is none. One that was successful once
        stays so: GitHub marks it as `inactive` when the next one takes its place, and a later one of the same commit
        that fails leaves what is there.

        Source: https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status (`auto_inactive`)
        """
        found = self.client.get_all(f"{self._path}/deployments", sha=sha, environment=environment)
        newest_first = sorted(found, key=lambda one: one.number("id"), reverse=True)
        results = (self._deployed(one.number("id"), environment) for one in newest_first)
        first = next(results, None)
        if first is None or first.conclusion == "success":
            return first
        return next((one for one in results if one.conclusion == "success"), first)

    def _deployed(self, deployment: int, environment: str) -> CheckResult:
        """The success of a deployment if it had one, else its newest state."""
        states = self.client.get_all(f"{self._path}/deployments/{deployment}/statuses")
        # The list begins with the newest state.
        state = next((one for one in states if one.text("state") == "success"), states[0] if states else Fields({}))
        ended = state.text("state") not in ("", "pending", "queued", "in_progress", "waiting")
        page = state.text("environment_url") or state.text("target_url")
        return CheckResult(environment, "completed" if ended else "pending", state.text("state") if ended else "", page)


def _workflow_run(run: Fields) -> CheckResult:
    began, ended, seconds = run.time("run_started_at"), run.time("updated_at"), None
    # A later attempt repeats a part of the jobs only.
    if began and ended and run.text("conclusion") == "success" and run.number("run_attempt") == 1:
        seconds = (ended - began).total_seconds()
    return replace(
        _result(run),
        id=run.number("id"),
        suite=run.number("check_suite_id"),
        workflow=run.number("workflow_id"),
        file=_file(run),
        began=began,
        seconds=seconds,
    )


def _file(run: Fields) -> str:
    """The path of a workflow's file, which may come with a reference."""
    return run.text("path").partition("@")[0]


def _result(run: Fields) -> CheckResult:
    return CheckResult(
        run.text("name"),
        run.text("status"),
        run.text("conclusion"),
        run.text("html_url"),
        sha=run.text("head_sha"),
        suite=run.sub("check_suite").number("id"),
    )
