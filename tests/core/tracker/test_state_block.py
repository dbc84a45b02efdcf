"""The state below the marker of a tracker's body."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from fastrel.tracker.body import LIMIT, length, merge, parse_body
from fastrel.tracker.marker import tracker_version
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body
from fastrel.tracker.state import with_state, without_state

AT = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
LINES = [Line("One", name, f"Do {name}.") for name in ("main-ci", "constructor", "tag")]
BODY = render_body(Header("0.2.0", "minor"), LINES)


def state_of(text: str) -> dict[str, object]:
    """As a page reads it."""
    opening = "<!-- fastrel state "
    lines = [line for line in text.splitlines() if line.startswith(opening)]
    assert len(lines) == 1
    found = json.loads(lines[0][len(opening) : lines[0].index(" -->")])
    assert isinstance(found, dict)
    return found


def ticked(step: str, evidence: Evidence | None = None, body: str = BODY) -> str:
    return merge(body, [Change(step, True, evidence)])


def test_the_state_says_the_version_and_each_ticked_step() -> None:
    evidence = Evidence("green", (("main", "https://example.org/1"),), by="ada", at=AT)
    found = state_of(with_state(ticked("main-ci", evidence)))
    links = [["https://example.org/1", "https://example.org/1"]]
    assert found["schema"] == "fastrel.state/1"
    assert found["version"] == "0.2.0"
    assert found["steps"] == {
        "main-ci": {"by": "ada", "at": "2026-11-28T07:00:00Z", "summary": "green", "links": links}
    }


def test_a_skip_a_doubt_and_a_bare_tick_are_told_apart() -> None:
    body = ticked("tag", Evidence("no need", by="ada", skip_reason="no need"))
    body = ticked("main-ci", Evidence("unverified: it is red", by="mia"), body)
    steps = state_of(with_state(body.replace("[ ] Do constructor", "[x] Do constructor")))["steps"]
    assert steps == {
        "tag": {"by": "ada", "summary": "no need", "skipped": True},
        "main-ci": {"by": "mia", "summary": "it is red", "unverified": True},
        "constructor": {},
    }


def test_boxes_in_code_and_in_comments_are_not_in_the_state() -> None:
    fake = "\n```\n- [x] Do tag. <!-- step tag -->\n```\n<!--\n- [x] Do tag. <!-- step tag -->\n"
    assert state_of(with_state(BODY + fake))["steps"] == {}


def test_the_body_below_the_state_stays_as_it_is_and_is_a_trackers() -> None:
    for body in (
        BODY,
        BODY.replace("\n", "\r\n"),
        f"Words above.\n\n{BODY}",
        f"{BODY}\n```\nopen",
        f"```\n{BODY}```\n{BODY}",
    ):
        stamped = with_state(body)
        assert without_state(stamped) == body
        assert with_state(stamped) == stamped
        assert tracker_version(stamped) == "0.2.0"
        assert parse_body(stamped) == parse_body(body)


def test_an_old_state_that_somebody_moved_or_copied_is_replaced() -> None:
    stamped = with_state(BODY)
    moved = f"Words.\n{stamped}\n{stamped.splitlines()[1]}\n"
    again = with_state(ticked("tag", body=moved))
    assert again.startswith("Words.\n<!-- fastrel tracker ")
    assert again.count("<!-- fastrel state ") == 1
    assert state_of(again)["steps"] == {"tag": {}}


def test_a_text_that_is_no_trackers_gets_no_state() -> None:
    for text in ("Words.", '<!-- fastrel tracker guide="g.md" -->\n- [x] a <!-- step a -->\n'):
        assert with_state(text) == text


def test_the_longest_state_that_leaves_the_body_below_the_limit_is_written() -> None:
    body = ticked("tag", Evidence("w" * 300, (("a", "https://example.org/1"),), by="ada", at=AT))
    seen, left = [], 5_000
    while True:
        full = body + "\n" + "p" * (LIMIT - length(body) - 1 - left)
        stamped = with_state(full)
        size = length(stamped) - length(full)
        if not size:
            break
        seen.append(state_of(stamped)["steps"])
        # With one more character than it takes it is there; with none, a shorter one is.
        assert length(with_state(body + "\n" + "p" * (LIMIT - length(body) - 1 - (size + 1)))) == LIMIT - 1
        left = size
    who = {"by": "ada", "at": "2026-11-28T07:00:00Z"}
    links = {"links": [["https://example.org/1", "https://example.org/1"]]}
    assert [one.get("tag") for one in seen if isinstance(one, dict)] == [
        {**who, "summary": "w" * 300, **links},
        {**who, "summary": "w" * 119 + "…"},
        who,
        {},
    ]


def test_where_room_is_short_the_ticks_stay_and_words_go() -> None:
    body = ticked("tag", Evidence("w" * 300, (("a", "https://example.org/1"),), by="ada", at=AT))
    sizes = []
    for left in (1000, 400, 250, 160, 20):
        full = body + "\n" + "p" * (LIMIT - length(body) - left)
        stamped = with_state(full)
        assert length(stamped) < LIMIT
        assert without_state(stamped) == full
        if stamped != full:
            assert "tag" in state_of(stamped)["steps"]  # type: ignore[operator]  # a value of any JSON
        sizes.append(len(stamped) - len(full))
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 300
    assert sizes[-1] == 0


@given(st.text(max_size=80), st.text(max_size=40))
def test_no_words_end_the_state(words: str, name: str) -> None:
    stamped = with_state(ticked("tag", Evidence(f"{words}--> `", by=name, skip_reason=words)))
    line = stamped.splitlines()[1]
    assert line.endswith("}} -->")
    assert "-->" not in line[:-3]
    assert "--" not in line[len("<!-- ") : -len(" -->")]  # HTML before version 5 ends a comment there
    assert "tag" in state_of(stamped)["steps"]  # type: ignore[operator]  # a value of any JSON
    assert parse_body(stamped).entries["tag"].ticked
