"""Past releases, read from their trackers. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastrel.board.history import history_of
from fastrel.github.model import Issue
from fastrel.guide.parser import parse_guide
from fastrel.tracker.body import Header, Line, render_body
from fastrel.tracker.model import Change, Evidence

GUIDE = parse_guide(
    "# Guide\n\n## One\n\n<!-- checklist -->\n- [ ] A. <!-- step a -->\n- [ ] B. <!-- step b -->\n<!-- /checklist -->\n\n"
    "## Two\n\n<!-- checklist -->\n- [ ] C. <!-- step c -->\n<!-- /checklist -->\n"
)
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def days(number: float) -> datetime:
    return BEGAN + timedelta(days=number)


def tracker(
    number: int, ticks: dict[str, datetime | None], *, state: str = "closed", reason: str = "completed"
) -> Issue:
    lines = [
        Line("One", step, step, change=Change(step, True, Evidence("found", (), by="mia", at=ticks[step])) if step in ticks else None)
        for step in ("a", "b", "c")
    ]  # fmt: skip
    body = render_body(Header(f"0.{number}.0", "minor"), lines)
    closed = days(number + 5) if state == "closed" else None
    return Issue(number, "t", f"https://x.example/{number}", state, body, "mia", (), False, False, 0, reason, days(number), closed)  # fmt: skip


def test_a_phase_ends_with_its_last_tick() -> None:
    (one,) = history_of([tracker(1, {"a": days(3), "b": days(2), "c": days(5)})], GUIDE)
    assert (one.version, one.number, one.given_up) == ("0.1.0", 1, False)
    assert one.phases == (("One", days(3)), ("Two", days(5)))
    assert one.closed - one.opened == timedelta(days=5)


def test_open_trackers_and_doubles_are_no_past_releases_and_given_up_ones_say_so() -> None:
    found = history_of(
        [
            tracker(1, {"a": days(2)}),
            tracker(2, {}, state="open"),
            tracker(3, {}, reason="duplicate"),
            tracker(4, {}, reason="not_planned"),
        ],
        GUIDE,
    )
    assert [(one.number, one.given_up) for one in found] == [(4, True), (1, False)]


def test_times_that_people_wrote_into_a_tracker_are_not_believed() -> None:
    (one,) = history_of([tracker(1, {"a": days(-400), "b": days(400), "c": None})], GUIDE)
    assert one.phases == ()
