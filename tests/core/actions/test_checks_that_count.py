"""Which checks count, and what the verdict says of the others. Pure."""

from __future__ import annotations

import pytest

from fastrel.actions.check_verdict import judge, listed, without
from fastrel.github.model import CheckResult


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
