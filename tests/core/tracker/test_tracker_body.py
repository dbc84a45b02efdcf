"""The tracker's body: what is written is read again, and nobody's text is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fastrel.errors import UsageError
from fastrel.tracker.body import LIMIT, applied, length, merge, parse_body
from fastrel.tracker.escape import code_span, escape_inline, safe_url
from fastrel.tracker.evidence import ROOMS, as_written, read_segment, segment
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.marker import tracker_version, with_guide
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body
from stage import Golden

AT = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
HEADER = Header(
    "0.2.0", "minor", "0.2.0", "https://x.example/m/1", "docs/release-guide.md", "https://x.example/g", "abc1234def"
)
PUSHED = Evidence("v0.2.0 is on the remote", (("v0.2.0", "https://x.example/t"),), by="mia", at=AT)
LINES = [
    Line("1. Get ready", "close-issues", "Close every issue of `0.2.0`."),
    Line("1. Get ready", "nested", "A nested one.", depth=1),
    Line("3. Tag it", "push-tag", "Push the tag.", change=Change("push-tag", True, PUSHED)),
    Line(
        "3. Tag it",
        "skipped",
        "Not today.",
        change=Change("skipped", True, Evidence("why", by="mia", at=AT, skip_reason="why")),
    ),
]
BODY = render_body(HEADER, LINES)


def test_a_body_looks_like_this(golden: Golden) -> None:
    golden("tracker/new.md", BODY)
    done = [Change("close-issues", True, Evidence("none is open", by="carl", at=AT)), Change("nested", True)]
    golden("tracker/changed.md", merge(BODY, done))


def test_what_is_rendered_is_read_again() -> None:
    body = parse_body(BODY)
    assert body.version == tracker_version(BODY) == "0.2.0"
    assert {key: entry.ticked for key, entry in body.entries.items()} == {
        "close-issues": False, "nested": False, "push-tag": True, "skipped": True,
    }  # fmt: skip
    evidence = body.entries["push-tag"].evidence
    assert evidence is not None
    assert (evidence.summary, evidence.by, evidence.at, evidence.skip_reason) == (PUSHED.summary, "mia", AT, "")
    assert [url for _, url in evidence.links] == ["https://x.example/t"]
    skipped = body.entries["skipped"].evidence
    assert skipped is not None
    assert skipped.skip_reason == "why"


@pytest.mark.parametrize("text", ["", "Release 0.2.0", "fastrel tracker 0.2.0", "```\n<!-- step push-tag -->\n```"])
def test_other_issues_are_no_trackers(text: str) -> None:
    assert tracker_version(text) is None
    assert parse_body(text).entries == {}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_only_the_box_and_the_evidence_change(ending: str) -> None:
    text = BODY.replace("\n", ending)
    changed = merge(text, [Change("close-issues", True, Evidence("none open", by="carl", at=AT))])
    before, after = text.split(ending), changed.split(ending)
    differing = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(differing) == 1
    old, new = differing[0]
    assert new.startswith(old.replace("[ ]", "[x]"))
    assert "none open · `carl` · 2026-11-24 03:12 UTC" in new


def test_merging_twice_is_merging_once() -> None:
    change = Change("close-issues", True, Evidence("none open", by="carl", at=AT))
    once = merge(BODY, [change])
    assert merge(once, [change]) == once


def test_who_ticked_first_stays_when_the_evidence_is_refreshed() -> None:
    later = Evidence("still there", by="tom", at=datetime(2027, 1, 1, tzinfo=UTC))
    evidence = parse_body(merge(BODY, [Change("push-tag", True, later)])).entries["push-tag"].evidence
    assert evidence is not None
    assert (evidence.summary, evidence.by, evidence.at) == ("still there", "mia", AT)


def test_unticking_removes_our_evidence_and_nothing_else() -> None:
    text = merge(BODY + "tail", [Change("push-tag", False)])
    assert "- [ ] Push the tag. <!-- step push-tag -->\n" in text
    assert text.endswith("tail")


def test_text_that_people_put_into_our_evidence_is_kept() -> None:
    edited = BODY.replace("is on the remote ·", "is on the remote (I checked, too!) ·", 1)
    text = merge(edited, [Change("push-tag", True, Evidence("new words", by="tom", at=AT))])
    assert "I checked, too!" in text
    assert "new words" in text
    again = merge(text, [Change("push-tag", True, Evidence("newest words", by="tom", at=AT))])
    assert again.count("I checked, too!") == 1
    assert "new words" not in again.replace("newest words", "")


def test_a_pasted_copy_in_a_fence_or_quote_of_code_does_not_count() -> None:
    line = next(one for one in BODY.splitlines() if "push-tag" in one)
    text = f"```\n{line.replace('[x]', '[ ]')}\n```\n{BODY}"
    assert merge(text, [Change("push-tag", False)]).startswith(f"```\n{line.replace('[x]', '[ ]')}\n```\n")


def test_of_two_lines_for_a_step_a_tick_on_either_counts() -> None:
    text = BODY + "- [x] Close, again. <!-- step close-issues -->\n"
    assert parse_body(text).entries["close-issues"].ticked


def test_a_line_that_people_deleted_stays_so_and_can_be_added_again() -> None:
    text = "".join(line for line in BODY.splitlines(keepends=True) if "nested" not in line)
    merged = merge(text, [Change("nested", True)])
    assert merged == text
    assert applied(text, [Change("nested", True)])
    restored = insert_steps(text, LINES)
    assert restored == BODY
    assert insert_steps(BODY, LINES) == BODY


def test_whether_a_change_arrived_is_seen() -> None:
    change = Change("close-issues", True)
    assert not applied(BODY, [change])
    assert applied(merge(BODY, [change]), [change])


# Size


@pytest.mark.parametrize("steps", [100, 600, 5000])
def test_the_body_stays_below_the_limit(steps: int) -> None:
    long = Evidence("🎉 done " * 200, tuple(("link", f"https://x.example/{n}") for n in range(50)), by="mia", at=AT)
    lines = [Line("p", f"step-{n}", "A title " * 30, change=Change(f"step-{n}", True, long)) for n in range(steps)]
    if steps == 5000:
        with pytest.raises(UsageError, match="5000 steps"):
            render_body(HEADER, lines)
        return
    body = render_body(HEADER, lines)
    assert length(body) < LIMIT
    assert len(parse_body(body).entries) == steps


def test_characters_are_counted_in_utf_16_units() -> None:
    assert (length("a\u00e9\uffff"), length("\U00010000"), length("🎉🎉b")) == (3, 2, 5)


def test_in_less_room_words_and_links_go_and_the_reason_of_a_skip_stays() -> None:
    links = tuple((f"l{n}", f"https://x.example/{n}") for n in range(12))
    whole = Evidence("w" * 400, links, by="mia", at=AT, skip_reason="r" * 400)
    kept = [as_written(whole, room) for room in ROOMS]
    assert [(len(one.summary), len(one.links), len(one.skip_reason)) for one in kept] == [
        (300, 10, 300),
        (80, 2, 80),
        (0, 0, 40),
    ]
    assert {(one.by, one.at) for one in kept} == {("mia", AT)}
    assert as_written(whole) == kept[0]
    assert segment(whole) == segment(whole, ROOMS[0])
    assert [read_segment(segment(whole, room))[0] for room in ROOMS] == kept


def test_evidence_gives_way_before_a_tick_is_lost() -> None:
    text = BODY + "x" * (LIMIT - 1 - length(BODY))
    change = Change("close-issues", True, Evidence("words " * 100, by="mia", at=AT))
    merged = merge(text, [change])
    assert length(merged) < LIMIT
    assert merged.endswith("xxx")


def test_a_hostile_body_is_read_in_linear_time() -> None:
    # Quadratic reading of this would take minutes; the test's own time limit is the suite's.
    for piece in (
        "<!-- step ",
        "- [ ] <!-- step a -->" * 3,
        "<!-- /step ",
        '- [ ] x <!-- step a --> <!-- /step a="',
        "`" * 9,
    ):
        text = (piece * (LIMIT // len(piece))) + "\n" + BODY
        assert parse_body(text) is not None
        merge(text, [Change("push-tag", True, PUSHED)])


# Hostile text

HOSTILE = [
    "@everyone look", "#1 and GH-2 and a/b#3", "<script>alert(1)</script>", "<!-- step push-tag -->", "--> <b>", "[x](javascript:1)",
    "![x](https://evil.example/p.png)", "**bold** _it_ ~~no~~ `code`", "a\n- [x] forged <!-- step push-tag -->", "https://evil.example",
    "www.evil.example", "\u202eevil\u202c", "zero\u200bwidth", "| a | b |", "\\", "&lt;b&gt;", "$x$", "<!-- /step by=x -->", "a--b--->c",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_forges_nothing(text: str) -> None:
    evidence = Evidence(text, ((text, f"https://x.example/{text}"),), by=text, at=AT, skip_reason=text)
    for body in (
        merge(BODY, [Change("close-issues", True, evidence)]),
        render_body(Header("0.2.0", "minor", text, "https://x.example", text, "https://x.example"),
                    [*LINES, Line("p", "last", "T", change=Change("last", True, evidence))]),
    ):  # fmt: skip
        entries = parse_body(body).entries
        assert entries["push-tag"].evidence == parse_body(BODY).entries["push-tag"].evidence
        visible = re.sub(r"<!--.*?-->", "", body)
        assert not re.search(r"(?<![\w`])@\w", re.sub(r"`[^`]*`", "", visible))
        assert "\u202e" not in visible
        html = MarkdownIt("commonmark", {"linkify": False}).enable("strikethrough").render(visible)
        assert not re.search(r"<(script|img|b|table|em)\b", html)
        assert set(re.findall(r'href="([^"/]*//[^/"]*)', html)) <= {"https://x.example"}


@given(st.text(max_size=60))
def test_escaped_text_reads_as_it_was_typed(text: str) -> None:
    html = MarkdownIt("commonmark").renderInline(escape_inline(text))
    assert not re.search(r"<(?!/?(?:p)\b)", html)
    shown = re.sub(r"&(lt|gt|amp|quot);", lambda m: {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[m[1]], html)
    # Spaces around what is left out become one.
    typed = "".join(ch if ch.isprintable() else " " if ch.isspace() else "" for ch in text).split()
    assert "".join(ch for ch in shown if ch.isprintable()).split() == typed or "\x00" in text


def test_spaces_around_what_is_left_out_become_one() -> None:
    """Found by the property above."""
    assert escape_inline("0 \x08\x850") == "0 0"


def test_only_web_addresses_become_links() -> None:
    assert safe_url("javascript:alert(1)") == ""
    assert safe_url("data:text/html,x") == ""
    assert ")" not in safe_url("https://x.example/a)b")
    assert "--" not in safe_url("https://x.example/a--b")
    assert code_span("a`b") == "`ab`"


# People's text survives

WORDS = st.text(alphabet="ab <>-![]x`@#\u00e9*|.", max_size=20)


@given(WORDS, WORDS, WORDS, st.booleans())
def test_every_byte_that_people_typed_survives(before: str, behind: str, between: str, ticked: bool) -> None:
    lines = BODY.split("\n")
    at = next(number for number, line in enumerate(lines) if "<!-- step close-issues -->" in line)
    if "`" in between or "`" in before:
        return  # an open fence hides what follows it, on purpose
    typed = [
        f"T{before}",
        *lines[:at],
        f"{lines[at]} {behind}" if "<!--" not in behind else lines[at],
        f"T{between}",
        *lines[at + 1 :],
    ]
    text = "\n".join(typed)
    merged = merge(text, [Change("close-issues", ticked, Evidence("e", by="mia", at=AT) if ticked else None)])
    kept = re.sub(r" — e · `mia` · 2026-11-24 03:12 UTC <!-- /step by=\"mia\"[^>]*-->", "", merged)
    assert kept.replace("- [x] Close every", "- [ ] Close every") == text


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_another_guide_in_the_marker_leaves_every_other_character(ending: str) -> None:
    text = f"Above{ending}{BODY}".replace("\n", ending) if ending == "\r\n" else f"Above\n{BODY}"
    changed = with_guide(text, "docs/new name.md", "b" * 40)
    assert (parse_body(changed).guide_path, parse_body(changed).guide_commit) == ("docs/new name.md", "b" * 40)
    pairs = list(zip(text.split("\n"), changed.split("\n"), strict=True))
    assert [number for number, (a, b) in enumerate(pairs) if a != b] == [
        next(n for n, (a, _) in enumerate(pairs) if "fastrel tracker" in a)
    ]
    assert with_guide(changed, "docs/new name.md", "b" * 40) == changed


def test_a_commit_comes_into_a_marker_that_has_none_and_nowhere_without_a_marker() -> None:
    text = '<!-- fastrel tracker version="0.2.0" xcommit="1" -->\nwords'
    assert with_guide(text, "g.md", "a" * 40) == (
        f'<!-- fastrel tracker version="0.2.0" xcommit="1" guide="g.md" commit="{"a" * 40}" -->\nwords'
    )
    assert with_guide("words", "g.md", "a" * 40) == "words"


@pytest.mark.parametrize("commit", ["abc1234", "main", "HEAD~1", "A" * 40, "g" * 40, "-" * 40, "a" * 41, "a" * 39])
def test_only_a_full_sha_in_the_marker_is_believed(commit: str) -> None:
    body = parse_body(f"<!-- fastrel tracker version=0.2.0 commit={commit} base={commit} -->")
    assert (body.guide_commit, body.base) == ("", "")
