"""What a set of check results means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fastrel.actions.checks.check_verdict import expected, judge
from fastrel.github.check_results import of_newest_runs, of_others
from fastrel.github.model import CheckResult
from fastrel.report.verdict import Status


def result(name: str, conclusion: str = "") -> CheckResult:
    return CheckResult(name, "completed" if conclusion else "in_progress", conclusion, f"https://ci.example/{name}")


@pytest.mark.parametrize(
    ("results", "required", "status"),
    [
        ([], (), Status.WAITING),
        ([result("a", "success")], (), Status.DONE),
        ([result("a", "success"), result("b", "neutral"), result("c", "skipped")], (), Status.DONE),
        ([result("a", "success"), result("b")], (), Status.WAITING),
        ([result("a", "failure"), result("b")], (), Status.FAILED),
        ([result("a", "success"), result("b", "cancelled")], (), Status.FAILED),
        ([result("a", "timed_out")], (), Status.FAILED),
        ([result("a", "some_new_conclusion")], (), Status.FAILED),
        ([result("a", "success")], ("b",), Status.WAITING),
        ([result("a", "success"), result("b", "success")], ("b",), Status.DONE),
    ],
)
def test_checks_are_judged(results: list[CheckResult], required: tuple[str, ...], status: Status) -> None:
    assert judge(results, "main", "https://x.example", required).status is status


def test_a_red_check_is_named_with_its_address() -> None:
    verdict = judge([result("docs", "failure"), result("tests", "success")], "main", "https://x.example")
    assert verdict.summary == "red on main: docs (failure)"
    assert [link.url for link in verdict.links] == ["https://ci.example/docs"]


OWN = ".github/workflows/release-checklist.yml"


def run_of(suite: int, file: str) -> CheckResult:
    return CheckResult("", "completed", "success", "", suite=suite, file=file)


@pytest.mark.parametrize(
    ("runs", "left"),
    [
        ([], [0, 1, 2]),
        ([run_of(1, OWN)], [0, 2]),
        ([run_of(1, OWN), run_of(2, OWN)], [0]),
        ([run_of(1, ".github/workflows/tests.yml")], [0, 1, 2]),
        ([run_of(1, f"octo/rules/{OWN}")], [0, 1, 2]),  # a workflow that an organisation requires
        ([run_of(0, OWN)], [0, 1, 2]),  # a server that does not say what belongs together
    ],
)
def test_what_the_checklists_own_workflow_runs_is_left_out(runs: list[CheckResult], left: list[int]) -> None:
    checks = [CheckResult("any", "completed", "failure", "", suite=suite) for suite in (0, 1, 2)]
    assert [one.suite for one in of_others(checks, runs, OWN)] == left


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def going(workflow: int, minutes: float) -> CheckResult:
    """A workflow run that has been going on for so many minutes."""
    return CheckResult("", "in_progress", "", "", workflow=workflow, began=NOW - timedelta(minutes=minutes))


def ended(workflow: int, minutes: float | None) -> CheckResult:
    """An earlier workflow run that took so many minutes; None: one that was not green at once."""
    return CheckResult(
        "", "completed", "success", "", workflow=workflow, began=NOW, seconds=None if minutes is None else minutes * 60
    )


@pytest.mark.parametrize(
    ("runs", "earlier", "minutes"),
    [
        ([going(1, 2)], [ended(1, 10)], 8),
        ([going(1, 2)], [ended(1, 10), ended(1, 12), ended(1, 300)], 10),
        ([going(1, 2), going(2, 2)], [ended(1, 10), ended(2, 30)], 28),
        ([going(1, 2), ended(2, 30)], [ended(1, 10), ended(2, 30)], 8),
        ([going(1, 2)], [], None),
        ([going(1, 2)], [ended(1, None), ended(2, 10)], None),
        ([going(1, 2), going(2, 2)], [ended(1, 10)], None),
        ([going(1, 12)], [ended(1, 10)], None),
        ([ended(1, 10)], [ended(1, 10)], None),
        ([], [ended(1, 10)], None),
    ],
)
def test_runs_take_as_long_as_those_of_the_same_workflow_usually_do(
    runs: list[CheckResult], earlier: list[CheckResult], minutes: float | None
) -> None:
    assert expected(runs, earlier, NOW) == (None if minutes is None else minutes * 60)


def test_a_run_whose_beginning_is_not_known_has_no_end_to_expect() -> None:
    assert expected([CheckResult("", "queued", "", "", workflow=1)], [ended(1, 10)], NOW) is None


def run(number: int, workflow: int) -> CheckResult:
    return CheckResult("", "completed", "", "", id=number, suite=number * 10, workflow=workflow)


def check(name: str, of_run: int, conclusion: str) -> CheckResult:
    page = "https://github.com/a/b/actions/runs/1/job/2"
    return CheckResult(name, "completed" if conclusion else "queued", conclusion, page, suite=of_run * 10)


@pytest.mark.parametrize(
    ("checks", "left"),
    [
        ([check("a", 1, "cancelled"), check("a", 2, "success")], [1]),
        ([check("a", 1, "failure"), check("a", 2, "success")], [1]),
        ([check("a", 1, "success"), check("a", 2, "failure")], [1]),
        ([check("a", 1, "success"), check("a", 2, "")], [1]),
        ([check("b", 1, "cancelled"), check("a", 2, "success")], [1]),
        ([check("b", 1, "failure"), check("a", 2, "success")], [0, 1]),  # nothing newer says anything about b
        ([check("a", 1, "cancelled"), check("a", 2, "cancelled")], [1]),
        ([check("a", 3, "cancelled"), check("a", 2, "success")], [0, 1]),  # of another workflow
        ([check("a", 9, "cancelled"), check("a", 2, "success")], [0, 1]),  # of no run that is known
    ],
)
def test_what_a_newer_run_of_the_workflow_has_replaced_does_not_count(
    checks: list[CheckResult], left: list[int]
) -> None:
    runs = [run(2, 7), run(1, 7), run(3, 8)]
    assert of_newest_runs(checks, runs) == tuple(checks[number] for number in left)
