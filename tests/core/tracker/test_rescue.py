"""Two write at once: whatever one of them typed, ticked or unticked is there afterwards, wherever the lines are then."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastrel.tracker.body import merge, parse_body
from fastrel.tracker.layout import layout, split_lines
from fastrel.tracker.marker import tracker_version
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body
from fastrel.tracker.rescue import not_overruled, rescued, set_back, with_recent
from fastrel.tracker.three_way import common_parts, merged_text
from tracker_editors import Person

AT = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
DONE = Evidence("v0.2.0 is on the remote", (("v0.2.0", "https://x.example/t"),), by="mia", at=AT)
STEPS = ("one", "two", "three", "four")
BODY = render_body(
    Header("0.2.0", "minor"),
    [Line("1. Get ready" if step in STEPS[:2] else "2. Go", step, f"Do `{step}` well.") for step in STEPS],
)


SEEDS = st.tuples(st.integers(0, 10**6), st.integers(0, 4), st.integers(0, 4))


@given(SEEDS, st.sampled_from([(), ("one",), ("one", "three")]))
def test_nothing_that_either_of_two_did_is_lost(drawn: tuple[int, int, int], done: tuple[str, ...]) -> None:
    seed, often, more = drawn
    base = merge(BODY, [Change(step, True, DONE) for step in done])
    amy, ben = Person("amy", seed), Person("ben", seed)
    mine, current = amy.edits(base, often), ben.edits(base, more)
    result = rescued(base, mine, current)
    again = rescued(base, mine, result)
    for person, text in ((amy, mine), (ben, current)):
        lost = [word for word in person.typed if word in text and (word not in result or word not in again)]
        assert lost == []
    before, ours, now, after = (parse_body(one).entries for one in (base, mine, current, result))
    for step, entry in after.items():
        flips = [one[step].ticked for one in (ours, now) if step in one and one[step].ticked != before[step].ticked]
        assert entry.ticked == (flips[0] if flips else before[step].ticked), step
        assert (entry.evidence is not None) == (step in done), step
    assert set(after) >= set(before) - amy.deleted - ben.deleted
    copies = Counter(row.step_id for row in layout(result).rows)
    assert max(copies.values(), default=1) == 1
    assert tracker_version(result) == "0.2.0"
    assert result.count("<!-- fastrel tracker ") == 1
    # Two may bring back the same: no line of a step comes twice, and no box flips back.
    twice = parse_body(again).entries
    assert set(after) - amy.deleted - ben.deleted <= set(twice) <= set(after)
    assert all(entry.ticked == after[step].ticked for step, entry in twice.items())
    assert len(layout(again).rows) == len(twice)


@given(SEEDS)
def test_what_only_one_of_them_changed_is_taken_to_the_letter(drawn: tuple[int, int, int]) -> None:
    seed, often, _ = drawn
    mine = Person("amy", seed).edits(BODY, often)
    assert rescued(BODY, mine, BODY) == mine
    assert rescued(BODY, BODY, mine) == mine
    assert rescued(BODY, mine, mine) == mine


@given(st.text("ab \n", max_size=40), st.text("abc \n", max_size=40), st.text("abd \n", max_size=40))
def test_any_three_texts_merge_and_new_letters_stay(base: str, one: str, other: str) -> None:
    merged = merged_text(base, one, other)
    assert merged_text(base, one, base) == one
    assert merged_text(base, base, other) == other
    assert merged.count("c") >= one.count("c")
    assert merged.count("d") >= other.count("d")


def line_of(text: str, step: str) -> str:
    return next(line for line in split_lines(text) if f"<!-- step {step} -->" in line)


def test_a_tick_goes_to_its_step_wherever_that_is_now() -> None:
    mine = BODY.replace("[ ] Do `one`", "[x] Do `one`")
    moved = BODY.replace(line_of(BODY, "one"), "").replace(
        line_of(BODY, "four"), line_of(BODY, "four") + line_of(BODY, "one")
    )
    result = rescued(BODY, mine, moved)
    assert result == moved.replace("[ ] Do `one`", "[x] Do `one`")


def test_both_tick_a_step_and_one_evidence_stays() -> None:
    mine = merge(BODY, [Change("one", True, DONE)])
    other = merge(BODY, [Change("one", True, Evidence("found, too", by="carl", at=AT))])
    result = rescued(BODY, mine, other)
    assert result.count("/step") == 1
    evidence = parse_body(result).entries["one"].evidence
    assert evidence
    assert evidence.by == "mia"


def test_words_behind_the_evidence_and_words_in_it_stay_with_one_evidence() -> None:
    base = merge(BODY, [Change("one", True, DONE)])
    other = base.replace("sum=", "SUM=", 1).replace(" is on the remote", " is ON the remote", 1).replace("SUM", "sum")
    later = Evidence("moved", by="carl", at=AT, skip_reason="moved")
    mine = merge(base, [Change("one", True, later)]).replace(" -->\n- [ ] Do `two`", " --> amy\n- [ ] Do `two`")
    for result in (rescued(base, mine, other), rescued(base, other, mine)):
        assert result.count("/step") == 1
        assert "ON the remote" in line_of(result, "one")
        assert line_of(result, "one").rstrip().endswith("amy")
        entry = parse_body(result).entries["one"]
        assert entry.evidence
        assert entry.evidence.skip_reason == "moved"


def test_a_line_that_both_moved_is_there_once_and_what_was_typed_on_it_stays() -> None:
    line = line_of(BODY, "one")
    without = BODY.replace(line, "")
    mine = without.replace(line_of(BODY, "three"), line.replace("well", "WELL") + line_of(BODY, "three"))
    other = without + line
    result = rescued(BODY, mine, other)
    assert Counter(row.step_id for row in layout(result).rows)["one"] == 1
    assert "WELL" in result


def test_a_line_that_one_deleted_and_the_other_wrote_on_stays() -> None:
    deleted = BODY.replace(line_of(BODY, "one"), "")
    written = BODY.replace("<!-- step one -->", "<!-- step one --> see #7")
    ticked = merge(BODY, [Change("one", True, DONE)])
    for mine, current in ((deleted, written), (written, deleted)):
        assert "see #7" in rescued(BODY, mine, current)
    for mine, current in ((deleted, ticked), (ticked, deleted)):
        assert rescued(BODY, mine, current) == deleted


@pytest.mark.parametrize(
    ("before", "after", "change", "stays"),
    [
        ("[ ]", "[ ]", Change("one", True, DONE), True),
        ("[ ]", "[x]", Change("one", True, DONE), True),
        ("[x]", "[ ]", Change("one", True, DONE), False),
        ("[ ]", "[x]", Change("one", False), False),
        ("[x]", "[x]", Change("one", False), True),
    ],
)
def test_who_flips_a_box_in_between_wins(before: str, after: str, change: Change, stays: bool) -> None:
    base, theirs = (BODY.replace("[ ] Do `one`", f"{box} Do `one`") for box in (before, after))
    assert not_overruled(base, theirs, [change]) == ([change] if stays else [])


def test_a_marker_that_either_of_two_changed_is_there_changed() -> None:
    marker = BODY.splitlines()[0]
    named = marker.replace(" -->", ' commit="' + "a" * 40 + '" -->')
    typed, other = BODY.replace("Do `two` well.", "Do `two` well, I say."), BODY.replace(marker, named)
    for mine, current in ((other, typed), (typed, other), (other.replace("two", "2"), other)):
        result = rescued(BODY, mine, current)
        assert result.splitlines()[0] == named
    assert "I say." in rescued(BODY, other, typed)


def test_the_parts_that_two_sequences_share_are_found_in_order() -> None:
    assert common_parts([*"abXcdeYf"], [*"abZcdeWf"]) == {0: 0, 1: 1, 3: 3, 4: 4, 5: 5, 7: 7}
    assert common_parts([*"aXbc"], [*"abYcZ"]) == {0: 0, 2: 1, 3: 3}
    assert common_parts([*"ab"], [*"ab"]) == {0: 0, 1: 1}
    assert common_parts([*"aa"], [*"a"]) == {0: 0}
    assert common_parts([], [*"a"]) == {}


@pytest.mark.parametrize("ticked", [True, False])
def test_a_change_of_a_line_that_somebody_removed_or_brought_back_stays(ticked: bool) -> None:
    change = Change("one", ticked, DONE)
    for base in (BODY, BODY.replace("[ ] Do `one`", "[x] Do `one`")):
        without = "".join(line for line in base.splitlines(keepends=True) if "step one" not in line)
        assert not_overruled(base, without, [change]) == [change]
        assert not_overruled(without, base, [change]) == [change]
        assert not_overruled(without, without, [change]) == [change]


def test_what_was_written_over_is_made_again_and_what_a_person_took_back_is_not() -> None:
    change = Change("one", True, DONE)
    ours = merge(BODY, [change])
    assert set_back(BODY, ours, BODY.replace("three", "3"), [change]) == [change]
    assert set_back(BODY, ours, ours + "words", [change]) == []
    unticked = ours.replace("- [x] Do `one`", "- [ ] Do `one`")
    assert set_back(BODY, ours, unticked, [change]) == []
    taken_back = [Change("one", False)]
    assert set_back(ours, BODY, ours, taken_back) == taken_back
    assert set_back(ours, BODY, BODY.replace("[ ] Do `one`", "[x] Do `one`"), taken_back) == []


def test_a_box_that_somebody_unticks_while_typing_in_its_evidence_stays_unticked() -> None:
    ticked = merge(BODY, [Change("one", True, DONE)])
    taken = ticked.replace("- [x] Do `one`", "- [ ] Do `one`").replace("v0.2.0 is on", "v0.2.0 was never on", 1)
    assert with_recent(BODY, ticked, taken, [taken]) == taken


def test_a_tick_that_is_taken_back_with_its_evidence_stays_taken_back() -> None:
    ticked = merge(BODY, [Change("one", True, DONE), Change("two", True, DONE)])
    taken = merge(ticked, [Change("one", False)])
    assert with_recent(BODY, ticked, taken, [taken]) == taken
    later = merge(taken, [Change("three", True, DONE)])
    assert with_recent(BODY, ticked, later, [taken, later]) == later
    # Without the revision that says so, it may have been written over.
    assert parse_body(with_recent(BODY, ticked, later, [later])).entries["one"].ticked


def test_words_that_the_one_who_is_brought_back_had_written_over_stay() -> None:
    older = BODY.replace("Release **", "Release by amy **", 1)
    read = merge(BODY, [Change("one", True, DONE)])  # by somebody who had not read what amy wrote
    taken = merge(older, [Change("two", True, DONE)])
    result = with_recent(older, read, taken, [taken])
    assert "Release by amy **" in result
    entries = parse_body(result).entries
    assert (entries["one"].ticked, entries["two"].ticked) == (True, True)


def test_a_tick_that_a_third_one_wrote_over_comes_back() -> None:
    ticked = merge(BODY, [Change("one", True, DONE)])
    third = merge(BODY, [Change("two", True, DONE)])
    entries = parse_body(with_recent(BODY, ticked, third, [third])).entries
    assert (entries["one"].ticked, entries["two"].ticked) == (True, True)
