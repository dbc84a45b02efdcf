"""Past releases, read from their trackers. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fastrel.board.history import history_of
from fastrel.github.model import Issue, ReleaseEntry
from fastrel.guide.parser import parse_guide
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body

GUIDE = parse_guide(
    "# Guide\n\n## One\n\n<!-- checklist -->\n- [ ] A. <!-- step a -->\n- [ ] B. <!-- step b -->\n<!-- /checklist -->\n\n"
    "## Two\n\n<!-- checklist -->\n- [ ] C. <!-- step c -->\n<!-- /checklist -->\n"
)
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def days(number: float) -> datetime:
    return BEGAN + timedelta(days=number)


RENEWED = parse_guide(
    "# Guide\n\n## One\n\n<!-- checklist -->\n- [ ] A. <!-- step a uses=ci.branch -->\n- [ ] B. <!-- step b -->\n<!-- /checklist -->\n\n"
    "## Two\n\n<!-- checklist -->\n- [ ] C. <!-- step c uses=version.set -->\n<!-- /checklist -->\n"
)


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


def test_a_phase_ends_when_its_steps_were_first_all_done_not_at_a_renewed_tick() -> None:
    """The checks of the branch run again after the version commit, and their tick is written anew then."""
    (one,) = history_of([tracker(1, {"a": days(4.5), "b": days(2), "c": days(3)})], RENEWED)
    assert one.phases == (("One", days(3)), ("Two", days(3)))
    assert [ended for _, ended in one.phases] == sorted(ended for _, ended in one.phases)


def test_a_tick_that_was_found_at_the_opening_ends_no_phase_before_it() -> None:
    (one,) = history_of([tracker(1, {"a": days(4), "b": days(2), "c": days(1)})], RENEWED)
    assert one.phases == (("One", days(4)), ("Two", days(4)))


def test_who_did_what_when_is_told() -> None:
    (one,) = history_of([tracker(1, {"a": days(3), "b": days(2)})], GUIDE)
    assert [(tick.step_id, tick.phase, tick.by, tick.at) for tick in one.ticks] == [
        ("b", "One", "mia", days(2)),
        ("a", "One", "mia", days(3)),
    ]


def test_a_past_release_names_its_notes_and_what_has_changed() -> None:
    entry = ReleaseEntry(1, "v0.2.0", "0.2.0", "", False, False, "https://x.example/r", "", days(4))
    (one,) = history_of(
        [tracker(2, {"a": days(3)})],
        GUIDE,
        releases=[entry],
        tags=["v0.1.0", "v0.2.0"],
        repository_url="https://x.example/a/b",
    )
    assert (one.published, one.compare) == ("https://x.example/r", "https://x.example/a/b/compare/v0.1.0...v0.2.0")


def test_the_releases_of_another_guide_are_left_out() -> None:
    mine = tracker(1, {"a": days(3)})
    body = mine.body.replace("<!-- fastrel tracker ", '<!-- fastrel tracker guide="docs/hotfix.md" ')
    other = replace(mine, number=2, body=body)
    assert [one.number for one in history_of([mine, other], GUIDE, "docs/release-guide.md")] == [1]
    assert {one.number for one in history_of([mine, other], GUIDE, "hotfix.md")} == {1, 2}
