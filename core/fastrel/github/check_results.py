"""The check results that count for a commit. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.github.model import CheckResult

GREEN = frozenset({"success", "neutral", "skipped"})
"""Conclusions that do not stand in the way, as GitHub's own required checks have it:
https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks"""


def of_newest_runs(checks: Sequence[CheckResult], runs: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """The check runs of a commit without those that a newer run of the same workflow has replaced.

    GitHub keeps them all: a run that was started again as a whole, or that waited in a `concurrency` group, leaves the
    older check suite with what was cancelled there. What only an older run has, and what failed there, still counts.
    Source: https://github.com/wechuli/allcheckspassed/issues/102
    """
    run_of = {run.suite: run for run in runs if run.suite}
    newest: dict[tuple[int, str], CheckResult] = {}
    for run in sorted(runs, key=lambda one: one.id):
        newest[run.workflow, run.file] = run
    names: dict[int, set[str]] = {}
    for one in checks:
        names.setdefault(one.suite, set()).add(one.name)

    def replaced(one: CheckResult) -> bool:
        run = run_of.get(one.suite)
        later = newest[run.workflow, run.file] if run else None
        if run is None or later is None or later.id == run.id:
            return False
        return one.conclusion == "cancelled" or one.name in names.get(later.suite, ())

    return tuple(one for one in checks if not replaced(one))


def of_others(checks: Sequence[CheckResult], runs: Sequence[CheckResult], workflow: str) -> tuple[CheckResult, ...]:
    """The check runs of a commit without those of one workflow, named by the path of its file.

    `runs` are the commit's workflow runs: what belongs together has the same check suite, whatever the jobs are called.
    """
    own = {run.suite for run in runs if run.file == workflow and run.suite}
    return tuple(one for one in checks if one.suite not in own)
