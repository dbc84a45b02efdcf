"""People edit the tracker while the tool does: what they typed survives, what they ticked stays ticked."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastrel.tracker.body import LIMIT, applied, length, merge, parse_body
from fastrel.tracker.escape import one_line
from fastrel.tracker.evidence import ROOMS, read_segment, segment, without_segments
from fastrel.tracker.layout import layout, split_lines
from fastrel.tracker.marker import tracker_version
from fastrel.tracker.model import UNVERIFIED, Change, Entry, Evidence
from fastrel.tracker.new_body import Header, Line, render_body

AT = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
DONE = Evidence("v0.2.0 is on the remote", (("v0.2.0", "https://x.example/t"),), by="mia", at=AT)
HEADER = Header(
    "0.2.0", "minor", guide_path="docs/guide.md", guide_url="https://x.example/g", guide_commit="abc1234def" * 4
)
STEPS = ("one", "two", "three")
BODY = render_body(HEADER, [Line("1. Get ready", step, f"Do {step}.") for step in STEPS])
EVIDENCE = st.builds(
    Evidence,
    st.sampled_from(["found", f"{UNVERIFIED} not found", "words " * 80, "@mia <!-- step two -->"]),
    st.sampled_from([(), (("v0.2.0", "https://x.example/t"),), (("x", "javascript:1"),)]),
    by=st.sampled_from(["", "mia", "carl"]),
    at=st.sampled_from([None, AT, LATER]),
    skip_reason=st.sampled_from(["", "not today", "a reason " * 60]),
)
CHANGES = st.lists(
    st.builds(Change, st.sampled_from([*STEPS, "gone"]), st.just(True), st.none() | EVIDENCE)
    | st.builds(Change, st.sampled_from([*STEPS, "gone"]), st.just(False)),
    max_size=4,
)
TYPED = st.lists(
    st.sampled_from(
        ["- [x] ", "- [ ] ", "  ", "> ", "```", "~~~", "`", "words", "é🎉", "<!-- step two -->", "<!-- step one", "-->", "<!--",
         "<!-- /step by=\"x\" sum=0 -->", "<!-- /step ", "\t", "<details>", "\n", "\r\n", "\n\n", " — found ", "###### ", "* "]
    ),
    max_size=6,
).map("".join)  # fmt: skip


def edited(text: str, places: list[tuple[int, str]]) -> str:
    """A text after a person has typed something at some places, and perhaps deleted as much."""
    for place, typed in places:
        at = place % (len(text) + 1)
        text = text[:at] + typed + text[at + place % 3 * len(typed) :]
    return text


EDITS = st.lists(st.tuples(st.integers(0, 10**4), TYPED), max_size=5)


def without_ours(text: str) -> list[str]:
    """The lines without what belongs to the tool: ticks of steps and evidence behind their markers."""
    page = layout(text)
    lines = list(page.lines)
    for row in page.rows:
        lines[row.number] = f"{row.before}?{row.middle}{without_segments(row.rest)}{row.ending}"
    return lines


# Any edits, any changes


@given(CHANGES, EDITS, CHANGES, EDITS, CHANGES)
def test_whatever_people_type_between_our_writes_stays(
    first: list[Change],
    edits: list[tuple[int, str]],
    second: list[Change],
    more: list[tuple[int, str]],
    third: list[Change],
) -> None:
    text = merge(BODY, first)
    for typed, changes in ((edits, second), (more, third)):
        text = edited(text, typed)
        merged = merge(text, changes)
        assert without_ours(merged) == without_ours(text)
        before, after = parse_body(text).entries, parse_body(merged).entries
        assert before.keys() == after.keys()
        unticked = {change.step_id for change in changes if not change.ticked}
        assert all(after[step].ticked for step, entry in before.items() if entry.ticked and step not in unticked)
        text = merged


@given(CHANGES, EDITS, CHANGES, st.sampled_from([0, 200, 700, 1500]))
def test_merging_twice_is_merging_once_also_when_there_is_hardly_room(
    first: list[Change], edits: list[tuple[int, str]], second: list[Change], room: int
) -> None:
    text = edited(merge(BODY, first), edits)
    if room:
        text += "\n\n" + "x" * (LIMIT - 3 - room - length(text))
    once = merge(text, second)
    assert merge(once, second) == once
    assert applied(once, second)
    assert length(once) < LIMIT
    entries = parse_body(once).entries
    for change in {one.step_id: one for one in second if one.step_id in entries}.values():
        # Only a skip whose reason does not fit is not made.
        left = room and change.evidence and change.evidence.skip_reason and not has_reason(entries[change.step_id])
        assert left or entries[change.step_id].ticked == change.ticked


def has_reason(entry: Entry) -> bool:
    return bool(entry.evidence and entry.evidence.skip_reason)


@given(st.text(max_size=200) | TYPED, CHANGES)
def test_any_text_at_all_can_be_read_and_merged(text: str, changes: list[Change]) -> None:
    assert "".join(split_lines(text)) == text
    assert set(parse_body(merge(text, changes)).entries) == set(parse_body(text).entries)


def test_evidence_that_nothing_proved_is_nobody_elses() -> None:
    """Found by the property above: who did a step was put on a later tick without proof, and taken off again."""
    proven = merge(BODY, [Change("one", True, Evidence("found", (), by="mia"))])
    unproven = [Change("one", True, Evidence(f"{UNVERIFIED} not found", ()))]
    once = merge(proven, unproven)
    assert merge(once, unproven) == once
    evidence = parse_body(once).entries["one"].evidence
    assert evidence
    assert not evidence.by


# Ticks and evidence


def test_a_persons_tick_is_kept_and_gets_its_evidence() -> None:
    text = BODY.replace("[ ] Do one", "[X] Do one")
    merged = merge(text, [Change("one", True, DONE)])
    assert "- [X] Do one. <!-- step one --> — v0.2.0 is on the remote" in merged
    assert merge(text, [Change("one", True)]) == text


@pytest.mark.parametrize(
    ("new", "summary", "by"),
    [
        (replace(DONE, by="carl", at=LATER), "v0.2.0 is on the remote", "mia"),
        (replace(DONE, summary="moved", by="carl", at=LATER), "moved", "mia"),
        (replace(DONE, skip_reason="not today", by="carl", at=LATER), "v0.2.0 is on the remote", "carl"),
    ],
)
def test_the_first_to_tick_stays_named_until_the_step_is_skipped(new: Evidence, summary: str, by: str) -> None:
    once = merge(BODY, [Change("one", True, DONE)])
    evidence = parse_body(merge(once, [Change("one", True, new)])).entries["one"].evidence
    assert evidence is not None
    assert (evidence.summary, evidence.by, evidence.at) == (summary, by, AT if by == "mia" else LATER)


def test_who_proves_a_doubted_tick_is_named() -> None:
    doubted = merge(BODY, [Change("one", True, Evidence(f"{UNVERIFIED} no tag", by="mia", at=AT))])
    evidence = parse_body(merge(doubted, [Change("one", True, replace(DONE, by="carl"))])).entries["one"].evidence
    assert evidence is not None
    assert evidence.by == "carl"


def test_evidence_that_a_person_edited_stays_as_it_is_while_there_is_nothing_new() -> None:
    text = merge(BODY, [Change("one", True, DONE)]).replace("is on the remote ·", "is on the remote, yes ·", 1)
    assert merge(text, [Change("one", True, DONE), Change("two", True)]) == text.replace("[ ] Do two", "[x] Do two")


def test_unticking_takes_every_copy_back_and_leaves_what_people_wrote() -> None:
    ticked = merge(BODY, [Change("one", True, DONE)])
    line = next(one for one in split_lines(ticked) if "step one" in one)
    text = ticked.replace(line, line.replace(" -->\n", " --> by hand\n").replace("is on", "IS ON", 1) + line)
    unticked = merge(text, [Change("one", False)])
    assert "[x]" not in unticked
    assert "IS ON" in unticked
    assert "by hand\n" in unticked
    assert "/step" not in unticked


def test_a_write_that_lost_its_evidence_is_seen() -> None:
    ticked = BODY.replace("[ ] Do one", "[x] Do one")
    assert not applied(ticked, [Change("one", True, DONE)])
    assert applied(merge(ticked, [Change("one", True, DONE)]), [Change("one", True, DONE)])


def test_a_skip_keeps_a_reason_even_when_the_body_is_nearly_full() -> None:
    skip = Evidence("because " * 50, by="mia", at=AT, skip_reason="because " * 50)
    text = BODY + "x" * (LIMIT - 300 - length(BODY))
    evidence = parse_body(merge(text, [Change("one", True, skip)])).entries["one"].evidence
    assert evidence is not None
    assert evidence.skip_reason.startswith("because")


# What is a step's line


@pytest.mark.parametrize(
    ("around", "counts"),
    [
        ("{}", True),
        ("{}\r\n", True),
        ("Words.\n{}", True),
        ("> {}", True),
        ("1. outer\n   {}", True),
        ("```inline``` code\n{}", True),
        ("- item\n  ```\n  never closed\n{}", True),
        ("> ```\n> never closed\n\n{}", True),
        ("<details>\n\n{}\n\n</details>", True),
        ("```\n{}\n```", False),
        ("~~~\n```\n{}", False),
        ("> ```\n> {}\n> ```", False),
        ("- item\n\n  ```\n  {}\n  ```", False),
        ("Words.\n\n    {}", False),
        ("<details>\n{}\n</details>", False),
        ("<!--\n{}\n", False),
        ("Words {}", False),
        ("`{}`", False),
    ],
)
def test_only_what_github_shows_as_a_box_counts(around: str, counts: bool) -> None:
    body = parse_body(around.format("- [x] Push. <!-- step push-tag -->"))
    assert ("push-tag" in body.entries) == counts


@pytest.mark.parametrize("mark", ["- [x]", "- [X]", "* [x]", "+ [x]", "1. [x]", "10) [x]", "  -   [x]"])
def test_a_tick_is_recognised_however_it_is_written(mark: str) -> None:
    assert parse_body(f"{mark} Push. <!-- step a -->").entries["a"].ticked


@pytest.mark.parametrize(
    "line",
    ["- [y] P. <!-- step a -->", "- [] P. <!-- step a -->", "-[x] P. <!-- step a -->", "- [x] P. <!-- step A -->",
     "- [x] P. <!-- step a", "- [x] P. <! -- step a -->", "- P. <!-- step a -->", "- [x]P. <!-- step a -->"],
)  # fmt: skip
def test_a_mangled_line_is_left_alone(line: str) -> None:
    merged = merge(line, [Change("a", True, DONE)])
    assert merged == line


# The tracker's own marker


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (BODY, "0.2.0"),
        (f"Words above.\n\n{BODY}", "0.2.0"),
        (BODY.replace("\n", "\r\n"), "0.2.0"),
        ("<!-- fastrel tracker version=0.3.0 -->", "0.3.0"),
        (f"```\n{BODY}\n```", None),
        (f"Words.\n\n    {BODY}", None),
        (f"> {BODY}", None),
        ("<!-- fastrel tracker version=0.3.0", None),
        ("<!-- fastrel tracker -->", None),
    ],
)
def test_a_tracker_is_known_by_its_marker_outside_of_code(text: str, version: str | None) -> None:
    assert tracker_version(text) == version


def test_the_guides_commit_is_read_from_the_marker() -> None:
    assert parse_body(BODY).guide_commit == "abc1234def" * 4


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_marker_holds_any_version_and_path(version: str, path: str) -> None:
    text = render_body(replace(HEADER, version=version, guide_path=path), [])
    assert (tracker_version(text) or "") == one_line(version)


# Time

PATHOLOGICAL = {
    "openings": "<!-- step ",
    "opening lines": "<!-- step \n",
    "lines of one step": "- [ ] t <!-- step one -->\n",
    "evidence in one line": '- [x] t <!-- step one --> — a <!-- /step by="a" sum=1 -->',
    "closings": "<!-- /step x -->",
    "quotes": '<!-- /step a="',
    "boxes": "- [ ] ",
    "quoted": "> ",
    "quoted lines": "> - [ ] t <!-- step one -->\n",
    "fences": "```\n",
    "backticks": "`",
    "items": "- a\n\n",
    "blank": "\n",
    "carriage returns": "\r",
    "brackets": "[",
    "markers": "<!-- fastrel tracker ",
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_full_body_of_anything_is_read_and_merged_in_linear_time(name: str) -> None:
    def seconds(size: int) -> float:
        text = ("- [x] t <!-- step two -->" + PATHOLOGICAL[name] * size)[:size]
        start = time.process_time()
        tracker_version(text)
        applied(text, [Change("one", True, DONE), Change("two", False)])
        parse_body(text)
        return time.process_time() - start

    # Eight times the text: 8 times the time when linear, 64 times when quadratic. Small times are noise.
    # A busy machine makes single measurements long, never short: the best of some counts.
    small, full = (min(seconds(size) for _ in range(3)) for size in (LIMIT // 8, LIMIT - 1))
    assert full < max(24 * small, 0.5)


def test_evidence_that_fits_a_room_is_not_longer_in_a_smaller_one() -> None:
    long = Evidence("words " * 100, tuple((f"link {n}", f"https://x.example/{n}") for n in range(20)), by="mia", at=AT)
    sizes = [length(segment(long, room)) for room in ROOMS]
    assert sizes == sorted(sizes, reverse=True)
    assert [len(read[0].links) if (read := read_segment(segment(long, room)))[0] else -1 for room in ROOMS] == [
        10,
        2,
        0,
    ]
