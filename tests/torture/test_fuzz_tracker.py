"""Any title, evidence and body: what the tracker is given it gives back, and nobody forges a line of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from fastrel.errors import UsageError
from fastrel.tracker.body import LIMIT, applied, length, merge, parse_body
from fastrel.tracker.escape import code_span, escape_inline, one_line, safe_url
from fastrel.tracker.evidence import ROOMS, as_written, read_segment
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.layout import layout, split_lines
from fastrel.tracker.marker import tracker_version
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body, step_line
from hostile import FOREIGN, PAGE, PAYLOADS, case, costly_fuzz, fuzz

MOMENTS = st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
LINKS = st.lists(st.tuples(FOREIGN, st.builds("https://x.example/{}".format, FOREIGN) | FOREIGN), max_size=3)
EVIDENCE = st.builds(Evidence, FOREIGN, LINKS.map(tuple), by=FOREIGN, at=MOMENTS, skip_reason=st.just("") | FOREIGN)
CHANGE = st.none() | st.tuples(st.booleans(), st.none() | EVIDENCE)
IDS = st.lists(st.from_regex(r"[a-z]{1,4}(-[a-z0-9]{1,3})?", fullmatch=True), min_size=1, max_size=6, unique=True)
HEADER = st.builds(
    Header, st.just("0.2.0"), FOREIGN, FOREIGN, FOREIGN, FOREIGN, st.just("https://x.example/g") | FOREIGN, FOREIGN
)


@st.composite
def lines_of_a_guide(draw: st.DrawFn) -> list[Line]:
    """Steps with any titles and phases, some of them done."""
    lines = []
    for step_id in draw(IDS):
        drawn = draw(CHANGE)
        change = Change(step_id, drawn[0], drawn[1] if drawn[0] else None) if drawn else None
        lines.append(
            Line(
                draw(st.sampled_from(["", "1. Get ready", *PAYLOADS.values()])),
                step_id,
                draw(FOREIGN),
                draw(st.integers(0, 4)),
                change,
            )
        )
    return lines


@costly_fuzz
@given(HEADER, lines_of_a_guide())
def test_a_body_gives_back_what_it_was_given(header: Header, lines: list[Line]) -> None:
    with case():
        body = render_body(header, lines)
        read = parse_body(body)
        assert tracker_version(body) == read.version == "0.2.0"
        assert list(read.entries) == [line.step_id for line in lines]
        assert body.count("<!-- fastrel tracker ") == 1
        for line in lines:
            entry, change = read.entries[line.step_id], line.change
            assert entry.ticked == bool(change and change.ticked)
            evidence = change.evidence if change else None
            assert entry.evidence in ([as_written(evidence, room) for room in ROOMS] if evidence else [None])
        assert insert_steps(body, lines) == body


@costly_fuzz
@given(lines_of_a_guide(), st.lists(st.tuples(st.integers(0, 5), CHANGE), max_size=4))
def test_merging_changes_exactly_what_it_was_asked_for(
    lines: list[Line], drawn: list[tuple[int, tuple[bool, Evidence | None] | None]]
) -> None:
    with case():
        body = render_body(Header("0.2.0", "minor"), lines)
        asked = {lines[at % len(lines)].step_id: one for at, one in drawn if one}
        changes = [
            Change(step_id, ticked, evidence if ticked else None) for step_id, (ticked, evidence) in asked.items()
        ]
        merged = merge(body, changes)
        assert merge(merged, changes) == merged
        assert applied(merged, changes)
        before, after = parse_body(body).entries, parse_body(merged).entries
        assert list(before) == list(after)
        for step_id, entry in before.items():
            assert after[step_id].ticked == (asked[step_id][0] if step_id in asked else entry.ticked)
            if step_id not in asked:
                assert after[step_id] == entry


@costly_fuzz
@given(lines_of_a_guide(), st.integers(0, 2**6), PAGE)
def test_lines_come_back_and_what_people_wrote_stays(lines: list[Line], gone: int, typed: str) -> None:
    with case():
        body = render_body(Header("0.2.0", "minor"), lines)
        missing = {line.step_id for number, line in enumerate(lines) if gone >> number & 1}
        text = "".join(part for part in split_lines(body) if not any(f"<!-- step {one} -->" in part for one in missing))
        assert set(parse_body(insert_steps(text, lines)).entries) == {line.step_id for line in lines}
        around = f"{text}\n{typed}"
        inserted = insert_steps(around, lines)
        assert insert_steps(inserted, lines) == inserted
        rest = iter(inserted)
        assert all(character in rest for character in around)


@costly_fuzz
@given(PAGE, lines_of_a_guide(), EVIDENCE)
def test_any_body_is_read_and_merged(text: str, lines: list[Line], evidence: Evidence) -> None:
    with case():
        assert "".join(split_lines(text)) == text
        read = parse_body(text)
        tracker_version(text)
        changes = [Change(line.step_id, True, evidence) for line in lines] + [Change("a", False)]
        merged = merge(text, changes)
        assert merge(merged, changes) == merged
        assert list(parse_body(merged).entries) == list(read.entries)
        assert len(layout(merged).lines) == len(layout(text).lines)


@fuzz
@given(FOREIGN, st.one_of(st.none(), EVIDENCE))
def test_a_line_is_one_line_of_one_step_whatever_its_title(title: str, evidence: Evidence | None) -> None:
    with case():
        line = step_line(Line("", "push-tag", title, change=Change("push-tag", evidence is not None, evidence)))
        assert len(split_lines(line)) == 1
        assert list(parse_body(f"{line}\n- [ ] other <!-- step other -->\n").entries) == ["push-tag", "other"]
        assert parse_body(line).entries["push-tag"].ticked == (evidence is not None)


@fuzz
@given(PAGE)
def test_any_text_behind_a_marker_is_read(text: str) -> None:
    with case():
        evidence, edited, tail = read_segment(text)
        if evidence is None:
            assert (edited, tail) == ("", text)
        else:
            shown = [evidence.summary, evidence.by, evidence.skip_reason, *(url for _, url in evidence.links)]
            assert all(one == one_line(one) for one in shown)
            assert text.endswith(tail)


@fuzz
@given(FOREIGN)
@example("@\\0")  # a backslash stands between the two on GitHub, too
def test_escaping_leaves_nothing_that_github_acts_on(text: str) -> None:
    with case():
        escaped = escape_inline(text)
        assert len(split_lines(escaped)) <= 1
        assert not re.search(r"[<>]|(?<!\\)[`*_\[\]~|$]|@\w|://|www\.", escaped.replace("\\\\", " "))
        assert "\n" not in code_span(text)
        assert set(code_span(text)[1:-1]).isdisjoint("`<>")
        url = safe_url(text)
        assert (
            not url or url.startswith(("http://", "https://", "HTTP", "Http", "hTTP")) or url.lower().startswith("http")
        )
        assert set(url).isdisjoint(' <>"`\\[]()@\n')


@costly_fuzz
@given(lines_of_a_guide(), st.integers(LIMIT - 3_000, LIMIT - 1))
def test_a_body_never_grows_beyond_the_limit(lines: list[Line], size: int) -> None:
    with case():
        try:
            body = render_body(Header("0.2.0", "minor"), lines)
        except UsageError:
            return
        text = body + "x" * max(size - length(body), 0)
        changes = [Change(line.step_id, True, Evidence("words " * 60, by="mia")) for line in lines]
        merged = merge(text, changes)
        assert length(merged) < LIMIT or merged == text
        assert all(entry.ticked for entry in parse_body(merged).entries.values())
