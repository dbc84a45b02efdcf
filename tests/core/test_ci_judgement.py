"""What a set of check results means."""

from __future__ import annotations

import pytest

from fastrel.ci import judge
from fastrel.repository.model import CheckResult
from fastrel.verdict import Status


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
