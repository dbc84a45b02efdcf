"""Continuous integration: check runs, commit statuses and workflow runs, all keyed on the commit.

Source: https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/commits/statuses and
https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from fastrel.errors import NotAllowed, NotAuthenticated, NotFound
from fastrel.github.check_results import of_newest_runs, of_others
from fastrel.github.client import Client, remembered
from fastrel.github.fields import Fields
from fastrel.github.model import CheckResult


class Continuous:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}"

    @remembered
    def check_runs(self, ref: str) -> tuple[CheckResult, ...]:
        """The latest check run of each name at a commit or branch."""
        found = self.client.get_all(f"{self._path}/commits/{quote(ref)}/check-runs", key="check_runs", filter="latest")
        return tuple(_result(run) for run in found)

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
        """The newest deployment of a commit to an environment, with its newest state; None when there is none.

        Source: https://docs.github.com/en/rest/deployments
        """
        found = self.client.get_all(f"{self._path}/deployments", sha=sha, environment=environment)
        if not found:
            return None
        newest = max(found, key=lambda one: one.number("id"))
        states = self.client.get_all(f"{self._path}/deployments/{newest.number('id')}/statuses")
        # The list begins with the newest state.
        state = states[0] if states else Fields({})
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
