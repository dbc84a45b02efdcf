"""Continuous integration: check runs, commit statuses and workflow runs, all keyed on the commit.

Source: https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/commits/statuses and
https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

from urllib.parse import quote

from fastrel.repository.client import Client, remembered
from fastrel.repository.fields import Fields
from fastrel.repository.model import CheckResult


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
            )
            for one in found
        )

    @remembered
    def workflow_runs(self, sha: str, ref: str) -> tuple[CheckResult, ...]:
        """The newest run of each workflow that a push of this tag or branch started at this commit."""
        found = self.client.get_all(f"{self._path}/actions/runs", key="workflow_runs", head_sha=sha)
        newest: dict[int, Fields] = {}
        for run in sorted(found, key=lambda one: (one.number("run_number"), one.number("run_attempt"))):
            if run.text("head_branch") == ref:
                newest[run.number("workflow_id")] = run
        return tuple(_result(run) for run in newest.values())


def _result(run: Fields) -> CheckResult:
    return CheckResult(run.text("name"), run.text("status"), run.text("conclusion"), run.text("html_url"))
