"""Many decisions in an editor: what is written is read again, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastrel.actions.questions.prompts import Option
from fastrel_cli.terminal.decision_list import decision_list, read_decisions

OPTIONS = [Option("defer", "move it on"), Option("completed", "close it"), Option("not_planned", "close it, too")]
SUBJECTS = ["#29 Support # signs", "#30 Fix", "#31 defer the defer"]


def test_the_list_explains_itself() -> None:
    assert decision_list("What about these?", SUBJECTS[:2], OPTIONS, "defer") == (
        "defer        #29 Support # signs\n"
        "defer        #30 Fix\n"
        "\n"
        "# What about these?\n"
        "#\n"
        "# The first word of each line says what happens:\n"
        "#\n"
        "#   defer        move it on\n"
        "#   completed    close it\n"
        "#   not_planned  close it, too\n"
        "#\n"
        "# Lines stay in their order. Save to decide. Delete everything to stop without a decision.\n"
    )


def test_words_are_read_where_a_person_changed_them() -> None:
    text = decision_list("?", SUBJECTS, OPTIONS, "defer").replace("defer        #30", "completed #30")
    assert read_decisions(text, SUBJECTS, OPTIONS) == ["defer", "completed", "defer"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("defer        #30", "close #30"), "“close” is not one of defer, completed, not_planned"),
        (("defer        #30 Fix\n", ""), "there are 2 lines for 3 subjects"),
        (("#30 Fix", "#3 Fix"), "the line “defer #3 Fix” should be about #30 Fix"),
        (("defer        #30 Fix", "defer"), "the line “defer” should be about #30 Fix"),
    ],
)
def test_what_is_not_understood_is_said(change: tuple[str, str], problem: str) -> None:
    text = decision_list("?", SUBJECTS, OPTIONS, "defer").replace(*change)
    assert read_decisions(text, SUBJECTS, OPTIONS) == problem
    assert decision_list("?", SUBJECTS, OPTIONS, "defer", problem).count(f"# PROBLEM: {problem}\n") == 1


TITLES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60)


@given(st.lists(st.tuples(st.integers(1, 99999), TITLES), min_size=1, max_size=8), st.data())
def test_any_titles_and_any_decisions_come_back(titles: list[tuple[int, str]], data: st.DataObject) -> None:
    subjects = [f"#{number} {title}" for number, title in titles]
    default = data.draw(st.sampled_from([one.value for one in OPTIONS]))
    text = decision_list("What?", subjects, OPTIONS, default)
    assert read_decisions(text, subjects, OPTIONS) == [default] * len(subjects)
