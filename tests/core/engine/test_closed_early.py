"""A release issue that was closed before all its steps were done. Pure."""

from __future__ import annotations

import pytest

from fastrel.engine.closed_early import closed_early, closed_early_words, left_open
from fastrel.github.model import Issue
from fastrel.guide.parser import parse_guide

GUIDE = parse_guide(
    "<!-- checklist -->\n- [ ] a <!-- step a uses=tag.create -->\n- [ ] b <!-- step b -->\n- [ ] n <!-- step n -->\n"
    "- [ ] c <!-- step c uses=tracker.close -->\n<!-- /checklist -->\n"
)


def issue(ticked: str, version: str = "0.2.0", state: str = "closed", reason: str = "completed") -> Issue:
    lines = "".join(f"- [{'x' if one in ticked else ' '}] {one} <!-- step {one} -->\n" for one in "abc")
    body = f'<!-- fastrel tracker version="{version}" -->\n{lines}'
    return Issue(1, "t", f"https://x.example/{version}", state, body, "mia", (), False, False, 0, reason)


@pytest.mark.parametrize(
    ("tracker", "left"),
    [
        (issue(""), ["a", "b"]),
        (issue("a"), ["b"]),
        (issue("ab"), []),  # that it is closed may be ticked later
        (issue("abc"), []),
        (issue("c"), ["a", "b"]),
        (issue("", state="open", reason=""), []),
        (issue("", state="open", reason="reopened"), []),
        (issue("", reason="not_planned"), []),
        (issue("", reason="duplicate"), []),
        (issue("", reason=""), ["a", "b"]),
    ],
)
def test_the_steps_that_are_left(tracker: Issue, left: list[str]) -> None:
    assert [step.id for step in left_open(GUIDE, tracker)] == left


EARLY, DONE = issue("a", "0.3.0"), issue("abc", "0.2.0")


@pytest.mark.parametrize(
    ("found", "early"),
    [
        ([], None),
        ([DONE], None),
        ([EARLY, DONE], EARLY),
        ([DONE, EARLY], EARLY),
        ([issue("a", "0.9.0"), issue("abc", "0.10.0")], None),  # the highest version, not the highest text
        ([EARLY, issue("abc", "0.4.0", state="open", reason="")], None),
        ([EARLY, issue("abc", "0.4.0")], None),
        ([EARLY, issue("", "0.4.0", reason="not_planned")], None),
        ([EARLY, issue("abc", "no version")], EARLY),
    ],
)
def test_only_the_newest_release_is_named_and_only_while_none_is_open(found: list[Issue], early: Issue | None) -> None:
    assert closed_early(GUIDE, found) is early


def test_it_says_which_steps_are_left() -> None:
    words = "The release issue of 0.3.0 was closed before all its steps were done (b): https://x.example/0.3.0"
    assert closed_early_words(GUIDE, EARLY) == words
    assert "(a and 1 more)" in closed_early_words(GUIDE, issue(""))
