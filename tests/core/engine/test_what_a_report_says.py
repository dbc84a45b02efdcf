"""What a report takes from the release issue, and when it warns of GitHub's rate limit. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fastrel.engine.evaluate import tick_of, tracker_state
from fastrel.engine.preconditions import STEP_COST, with_allowance
from fastrel.engine.warnings import not_today
from fastrel.github.model import Issue
from fastrel.github.transport.limits import Allowance
from fastrel.guide.parser import parse_guide
from fastrel.release import release_of
from fastrel.report.report import Report, StepReport, Tick
from fastrel.report.verdict import Verdict, done, manual, skipped, todo, waiting
from fastrel.tracker.model import Entry, Evidence
from fastrel.versions.naming import scheme_of

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "tick"),
    [
        (None, None),
        (Entry("a", False, None), None),
        (Entry("a", False, Evidence("green", by="mia", at=AT)), None),
        (Entry("a", True, None), Tick()),
        (Entry("a", True, Evidence("green", by="mia", at=AT)), Tick("mia", AT, "green", skipped=False)),
        (Entry("a", True, Evidence("x", by="mia", at=AT, skip_reason="why")), Tick("mia", AT, "why", skipped=True)),
    ],
)
def test_a_tick_is_shown_with_who_when_and_why(entry: Entry | None, tick: Tick | None) -> None:
    assert tick_of(entry) == tick


def test_without_a_release_issue_there_is_no_state_of_one() -> None:
    assert tracker_state(None) is None
    issue = Issue(38, "t", "u", "open", "", "mia", (), False, False, 0, assignees=("ada",))
    state = tracker_state(issue)
    assert state
    assert (state.number, state.url, state.state, state.assignees) == (38, "u", "open", ("ada",))


STEPS = parse_guide(
    "<!-- checklist -->\n- [ ] a <!-- step a -->\n- [ ] b <!-- step b -->\n<!-- /checklist -->\n"
).steps()
A, B = STEPS


@pytest.mark.parametrize(
    ("verdicts", "open_steps"),
    [
        ((todo("x"), todo("x")), 2),
        ((done("x"), manual("x")), 1),
        ((skipped("x"), waiting("x")), 1),
        ((done("x"), skipped("x")), 0),
    ],
)
def test_a_run_for_which_too_few_requests_are_left_is_warned_of(
    verdicts: tuple[Verdict, Verdict], open_steps: int
) -> None:
    rows = tuple(StepReport(step, "One", step.id, one) for step, one in zip((A, B), verdicts, strict=True))
    report = Report(release_of("0.2.0", ["v0.1.0"]), "a/b", AT, rows, warnings=("before",), requests=9)
    needed = 9 + STEP_COST * open_steps
    assert with_allowance(report, (A, B), None) == report
    assert with_allowance(report, (A, B), Allowance(needed, 5000, AT)) == report
    warned = with_allowance(report, (A, B), Allowance(needed - 1, 5000, AT))
    before, words = warned.warnings
    assert before == "before"
    assert words.startswith(
        f"{needed - 1} of 5000 requests are left until GitHub's rate limit is renewed at 2026-11-28"
    )
    assert words.endswith(f"this run may need about {needed}.")
    # Of the steps that were not chosen none is run.
    assert with_allowance(report, (), Allowance(9, 5000, AT)) == report


@pytest.mark.parametrize(
    ("version", "pattern", "ahead"),
    [
        ("2026.11", "YYYY.MM", False),
        ("2027.1", "YYYY.MM", False),  # as far as a plan reaches
        ("2027.2", "YYYY.MM", True),
        ("2126.11", "YYYY.MM", True),
        ("2020.1", "YYYY.MM", False),
        ("2026.99", "YYYY.MICRO", False),
        ("nonsense", "YYYY.MM", False),
    ],
)
def test_a_version_of_a_far_day_of_the_calendar_is_warned_of(version: str, pattern: str, ahead: bool) -> None:
    found = not_today(scheme_of("calver", pattern), version, AT)
    assert found == ((f"{version} is a version of the future: today is 2026-11-28.",) if ahead else ())
    assert not_today(scheme_of("semver"), "3000.1.0", AT) == ()
