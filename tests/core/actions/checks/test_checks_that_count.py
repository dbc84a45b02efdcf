"""Which checks count, and what the verdict says of the others. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fastrel.actions.checks.check_verdict import REGISTERED, expected, judge, listed, without
from fastrel.github.model import CheckResult
from fastrel.report.verdict import Status


def result(name: str, conclusion: str = "success") -> CheckResult:
    return CheckResult(name, "completed" if conclusion else "in_progress", conclusion, f"https://x.example/{name}")


GREEN, RED = result("tests"), result("codecov/patch", "failure")


def verdict(ignore: str, required: str = "", *more: CheckResult) -> tuple[str, str]:
    results, left_out = without([GREEN, RED, *more], listed(ignore), listed(required))
    found = judge(results, "main (abc)", "", listed(required), left_out)
    return str(found.status), found.summary


def test_a_red_check_that_nobody_requires_is_ignored_and_named() -> None:
    assert verdict("")[0] == "failed"
    assert verdict("codecov/*") == ("done", "1 check is green on main (abc); not counted: codecov/patch (failure)")


@pytest.mark.parametrize("pattern", ["codecov/patch", "other, codecov/*", "*/patch", "codecov/[pq]*"])
def test_patterns_are_globs_over_names(pattern: str) -> None:
    assert verdict(pattern)[0] == "done"


@pytest.mark.parametrize("pattern", ["codecov", "Codecov/*", "tests", "", ","])
def test_what_no_pattern_fits_counts(pattern: str) -> None:
    assert verdict(pattern)[0] == "failed"


def test_a_name_with_brackets_is_taken_as_it_is() -> None:
    assert verdict("codecov/*, build [linux]", "", result("build [linux]", "failure"))[0] == "done"


def test_what_is_required_counts_also_when_a_pattern_fits_it() -> None:
    assert verdict("codecov/*", "codecov/patch")[0] == "failed"
    assert verdict("codecov/*", "lint")[0] == "waiting"


def test_an_ignored_check_that_runs_is_not_waited_for() -> None:
    assert verdict("codecov/*", "", result("codecov/project", ""))[0] == "done"


def test_when_all_are_ignored_none_is_registered() -> None:
    assert verdict("*")[0] == "waiting"


def test_one_red_result_fails_whatever_still_runs_and_links_lead_to_the_red_ones() -> None:
    reds = [result(f"r{number}", "failure") for number in range(5)]
    nowhere = replace(result("r", "timed_out"), url="")
    found = judge([GREEN, result("slow", ""), nowhere, *reds], "main", "https://x.example/main")
    assert found.status is Status.FAILED
    assert found.summary == "red on main: r (timed_out), r0 (failure), r1 (failure) and 3 more"
    assert [one.text for one in found.links] == ["r0", "r1"]
    assert judge(reds[:3], "main", "").summary == "red on main: r0 (failure), r1 (failure), r2 (failure)"


def test_what_runs_is_counted_and_what_lacks_is_waited_for_so_long() -> None:
    running = judge([GREEN, result("a", ""), result("b", "")], "main", "https://x.example/main", ["lint"])
    assert (running.status, running.part, running.patience) == (Status.WAITING, (1, 3), None)
    assert running.summary == "2 of 3 still running on main: a (in_progress), b (in_progress)"
    lacking = judge([GREEN], "main", "u", ["tests", "lint", "docs"])
    assert (lacking.status, lacking.summary) == (Status.WAITING, "not registered yet on main: docs, lint")
    assert lacking.patience == judge([], "main", "u").patience == REGISTERED
    done = judge([GREEN, result("x", "skipped"), result("y", "neutral")], "main", "https://x.example/main")
    assert (done.status, done.summary) == (Status.DONE, "3 checks are green on main")
    assert [(one.text, one.url) for one in done.links] == [("main", "https://x.example/main")]


NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def run(workflow: int, minutes: float | None, conclusion: str = "", seconds: float | None = None) -> CheckResult:
    began = None if minutes is None else NOW - timedelta(minutes=minutes)
    return CheckResult("w", "x", conclusion, "u", workflow=workflow, began=began, seconds=seconds)


EARLIER = [run(1, 0, "success", seconds) for seconds in (300, 900, 600)] + [run(2, 0, "success", 1200)]


@pytest.mark.parametrize(
    ("runs", "left"),
    [
        ([], None),
        ([run(1, 1)], 540),
        ([run(1, 1), run(2, 1)], 1140),  # the longest
        ([run(1, 1), run(2, 1, "success")], 540),  # what has ended is not waited for
        ([run(3, 1, "failure")], None),
        ([run(1, 1), run(3, 1)], None),  # nobody knows how long it takes
        ([run(1, 1), run(2, None)], None),  # nor when it began
        ([run(1, 10)], None),  # longer than usual already
        ([run(1, 11)], None),
        ([run(1, 11), run(2, 1)], 1140),
    ],
)
def test_how_long_running_checks_will_take_is_told_where_it_is_known_of_each(
    runs: list[CheckResult], left: float | None
) -> None:
    assert expected(runs, EARLIER, NOW) == left


def test_runs_that_were_not_green_at_once_say_nothing_of_how_long_it_takes() -> None:
    assert expected([run(1, 1)], [run(1, 0, "failure")], NOW) is None
