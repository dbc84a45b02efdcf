"""Which check results count for a commit. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.github.model import CheckResult

GREEN = frozenset({"success", "neutral", "skipped"})
"""Conclusions that do not stand in the way, as GitHub's own required checks have it:
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks"""


def of_others(checks: Sequence[CheckResult], runs: Sequence[CheckResult], workflow: str) -> tuple[CheckResult, ...]:
    """The check runs of a commit without those of one workflow, named by the path of its file.

    `runs` are the commit's workflow runs: what belongs together has the same check suite, whatever the jobs are called.
    """
    own = {run.suite for run in runs if run.file == workflow and run.suite}
    return tuple(one for one in checks if one.suite not in own)
