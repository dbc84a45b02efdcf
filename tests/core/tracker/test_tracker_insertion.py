"""Lines for steps that the guide gained, or that people deleted, find their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastrel.tracker.body import LIMIT, length, parse_body
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.layout import split_lines
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body
from stage import Golden

HEADER = Header("0.2.0", "minor")
READY = [Line("1. Get ready", step, f"Do {step}.") for step in ("a", "b", "c")]
TAG = [Line("2. Tag", step, f"Do {step}.") for step in ("d", "e")]
AFTER = [Line("3. After", "f", "Do f.")]
GUIDE = [*READY, *TAG, *AFTER]
BODY = render_body(HEADER, GUIDE)


def without(*steps: str) -> str:
    return "".join(line for line in split_lines(BODY) if not any(f"step {step} -->" in line for step in steps))


@pytest.mark.parametrize("gone", [("a",), ("b",), ("c",), ("a", "b"), ("b", "c"), ("a", "c", "d"), ("d",), ("e",), ()])
def test_a_step_comes_back_to_its_place_among_the_others_of_its_phase(gone: tuple[str, ...]) -> None:
    assert insert_steps(without(*gone), GUIDE) == BODY


def test_a_phase_without_a_line_gets_its_own_section_behind_the_one_before(golden: Golden) -> None:
    body = render_body(HEADER, [*READY, *AFTER]) + "\nWords of a person.\n"
    golden("tracker/new-section.md", insert_steps(body, GUIDE))


def test_what_people_wrote_below_a_step_stays_below_it() -> None:
    note = "  I asked Ben.\nHe agreed.\n\n  - and so did Ann\n"
    body = without("b").replace("<!-- step a -->\n", f"<!-- step a -->\n{note}")
    assert insert_steps(body, GUIDE) == BODY.replace("<!-- step a -->\n", f"<!-- step a -->\n{note}")


def test_a_new_line_is_ticked_when_its_step_is_done() -> None:
    change = Change("b", True, Evidence("found", by="mia"))
    lines = [Line("1. Get ready", "b", "Do b.", change=change) if line.step_id == "b" else line for line in GUIDE]
    entry = parse_body(insert_steps(without("b"), lines)).entries["b"]
    assert entry.ticked
    assert entry.evidence == Evidence("found", by="mia")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_new_lines_end_as_the_others_do(ending: str) -> None:
    assert insert_steps(without("b").replace("\n", ending), GUIDE) == BODY.replace("\n", ending)


def test_a_blanked_body_gets_all_lines_again() -> None:
    assert list(parse_body(insert_steps("", GUIDE)).entries) == [line.step_id for line in GUIDE]


@pytest.mark.parametrize("text", ["```\nnever closed\n", "<!-- never closed\n", "x" * (LIMIT - 20)])
def test_a_body_that_cannot_show_new_lines_is_left_alone(text: str) -> None:
    assert insert_steps(text, GUIDE) == text


def test_a_deeply_nested_step_without_its_parent_is_still_a_box() -> None:
    lines = [Line("p", "x", "X", depth=0), Line("p", "y", "Y", depth=3)]
    assert "y" in parse_body(render_body(HEADER, lines)).entries
    assert "y" in parse_body(insert_steps("Words.\n", [lines[1]])).entries


TYPED = st.lists(
    st.sampled_from(["words\n", "\n", "  words\n", "> quote\n", "```\n", "- item\n", "### heading\n", "<div>\n", "end", "\r\n", "    code\n"]),
    max_size=4,
).map("".join)  # fmt: skip


@given(st.sets(st.sampled_from("abcdef")), st.lists(st.tuples(st.integers(0, 30), TYPED), max_size=4))
def test_lines_are_only_added_and_only_once(gone: set[str], edits: list[tuple[int, str]]) -> None:
    lines = list(split_lines(without(*gone)))
    for place, typed in edits:
        lines.insert(place % (len(lines) + 1), typed)
    text = "".join(lines)
    inserted = insert_steps(text, GUIDE)
    assert insert_steps(inserted, GUIDE) == inserted
    assert length(inserted) < LIMIT
    rest = iter(inserted)
    assert all(character in rest for character in text)  # what was there is there, in its order
    if inserted != text:
        assert set(parse_body(inserted).entries) == set("abcdef")
