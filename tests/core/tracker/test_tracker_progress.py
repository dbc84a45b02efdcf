"""How far a release is, read from nothing but its tracker. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fastrel.tracker.body import parse_body
from fastrel.tracker.model import UNVERIFIED, Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body
from fastrel.tracker.progress import progress_of

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def ticked(
    phase: str, step: str, words: str = "found", *, by: str = "mia", at: datetime | None = NOW, skip: str = ""
) -> Line:
    return Line(phase, step, step, change=Change(step, True, Evidence(words, by=by, at=at, skip_reason=skip)))


def body(*lines: Line) -> str:
    return render_body(Header("0.2.0", "minor"), lines)


def test_phases_are_counted_and_the_next_step_is_the_first_open_one() -> None:
    found = progress_of(body(ticked("1. Get ready", "a"), Line("1. Get ready", "b", "B"), ticked("2. Tag", "c"), Line("2. Tag", "d", "D")))  # fmt: skip
    assert [(one.name, one.settled, one.total) for one in found.phases] == [("1. Get ready", 1, 2), ("2. Tag", 1, 2)]
    assert (found.settled, found.total) == (2, 4)
    assert (found.next_step, found.next_phase) == ("b", "1. Get ready")


def test_skips_and_ticks_that_the_world_contradicts_are_counted() -> None:
    found = progress_of(
        body(ticked("P", "a", skip="no need"), ticked("P", "b", f"{UNVERIFIED} 3 issues are open"), ticked("P", "c"))
    )
    assert (found.skipped, found.unverified, found.next_step) == (1, 1, "b")
    assert (found.settled, found.total) == (2, 3)  # as `status` counts them


def test_the_last_tick_tells_who_and_when_and_times_that_cannot_be_are_not_believed() -> None:
    day = timedelta(days=1)
    lines = [ticked("P", "a", by="carl", at=NOW - 2 * day), ticked("P", "b", by="zoe", at=NOW + 400 * day),
             ticked("P", "c", by="old", at=NOW - 400 * day), ticked("P", "d", by="mia", at=NOW - day)]  # fmt: skip
    found = progress_of(body(*lines), since=NOW - 10 * day, until=NOW)
    assert (found.ticked_by, found.ticked_at) == ("mia", NOW - day)


def test_evidence_without_a_tick_or_a_time_is_none_of_the_last_tick() -> None:
    text = body(ticked("P", "a", by="mia", at=NOW - timedelta(days=1)), ticked("P", "b", by="zoe", skip="no need"))
    taken_back = "- [ ] ".join(text.rsplit("- [x] ", 1))
    assert taken_back != text
    found = progress_of(taken_back)
    assert (found.settled, found.skipped, found.ticked_by) == (1, 0, "mia")
    timeless = progress_of(body(ticked("P", "a", by="mia", at=None), ticked("P", "b", by="zoe", at=None)))
    assert (timeless.settled, timeless.ticked_by, timeless.ticked_at) == (2, "", None)
    limits = body(ticked("P", "a", by="mia", at=NOW))
    assert progress_of(limits, since=NOW, until=NOW).ticked_by == "mia"
    assert progress_of(limits, since=NOW + timedelta(seconds=1)).ticked_by == ""
    assert progress_of(limits, until=NOW - timedelta(seconds=1)).ticked_by == ""


def test_of_copies_of_a_line_a_tick_on_any_counts_once() -> None:
    text = body(Line("One", "a", "A"), Line("Two", "b", "B"))
    copied = text + "\n- [x] A again <!-- step a -->\n"
    found = progress_of(copied)
    assert [(one.name, one.settled, one.total) for one in found.phases] == [("One", 1, 1), ("Two", 0, 1)]


def test_a_text_without_steps_has_no_progress() -> None:
    assert progress_of("Hello\n\n```\n- [x] code <!-- step a -->\n```\n").total == 0


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=60).map(
    lambda name: " ".join(name.split())
)


@given(NAMES.filter(bool))
def test_the_name_of_a_phase_is_read_as_it_was_written(name: str) -> None:
    (phase,) = progress_of(body(Line(name, "a", "A"))).phases
    assert phase.name == name


@given(st.text(max_size=400))
def test_any_text_is_read_and_the_boxes_are_those_of_the_tracker(text: str) -> None:
    found, parsed = progress_of(text), parse_body(text)
    assert found.total == len(parsed.entries)
    assert found.settled == sum(one.ticked for one in parsed.entries.values())
