"""Which steps are blocked by which; pure."""

from __future__ import annotations

from fastrel.engine.evaluate import in_order
from fastrel.guide.parser import parse_guide
from fastrel.report.verdict import Status, Verdict, done, failed, manual, skipped, todo, waiting

GUIDE = parse_guide(
    "## One\n<!-- checklist -->\n- [ ] a <!-- step a -->\n- [ ] b <!-- step b -->\n<!-- /checklist -->\n"
    "## Two\n<!-- checklist -->\n- [ ] c <!-- step c -->\n- [ ] d <!-- step d needs=c -->\n<!-- /checklist -->\n"
)


def statuses(**verdicts: Verdict) -> dict[str, str]:
    return {name: verdict.status.value for name, verdict in in_order(GUIDE, verdicts).items()}


def test_earlier_phases_and_needs_come_first() -> None:
    def blocked(*left: str) -> dict[str, str]:
        found = in_order(GUIDE, {one: todo("x") if one in left else done("x") for one in "abcd"})
        return {one: found[one].summary for one in left if found[one].status is Status.BLOCKED}

    assert blocked("b") == {}
    assert blocked("c", "d") == {"d": "after c"}
    assert blocked("a", "d") == {"d": "after a"}
    assert blocked("a", "c", "d") == {"c": "after a", "d": "after a and 1 more"}
    assert blocked(*"abcd") == {"c": "after a and 1 more", "d": "after a and 2 more"}


def test_steps_of_one_phase_do_not_wait_for_each_other() -> None:
    assert statuses(a=manual("?"), b=todo("x"), c=todo("x"), d=todo("x")) == {
        "a": "manual", "b": "todo", "c": "blocked", "d": "blocked",
    }  # fmt: skip


def test_skipped_counts_as_done() -> None:
    assert statuses(a=done("x"), b=skipped("why"), c=todo("x"), d=todo("x")) == {
        "a": "done", "b": "skipped", "c": "todo", "d": "blocked",
    }  # fmt: skip


def test_what_is_done_waiting_or_failed_is_never_hidden() -> None:
    found = in_order(GUIDE, {"a": todo("x"), "b": done("x"), "c": waiting("CI runs"), "d": failed("red")})
    assert [found[one].status for one in "abcd"] == [Status.TODO, Status.DONE, Status.WAITING, Status.FAILED]
    assert found["c"].summary == "CI runs"


def test_a_blocked_step_names_what_comes_first() -> None:
    found = in_order(GUIDE, {"a": todo("x"), "b": todo("x"), "c": todo("x"), "d": todo("x")})
    assert found["c"].summary == "after a and 1 more"
