"""Foreign text in the tracker is shown as typed and does nothing, on GitHub's terms."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fastrel.tracker.body import parse_body
from fastrel.tracker.escape import code_span, escape_inline, one_line, safe_url, shorten
from fastrel.tracker.evidence import ROOMS, as_written, read_segment, segment
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import Line, step_line

AT = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
GITHUB = MarkdownIt("commonmark").enable(["strikethrough", "table"])
HARMLESS = {"text", "text_special", "softbreak"}

HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("@#<>!-`*_[]()\\|~$&;:/. \n\r\t\x00\x1b\u200b\u202e\u2028\ud800x1"),
        st.characters(),
    ),
    max_size=40,
) | st.lists(
    st.sampled_from(
        ["<!-- step push-tag -->", "<!-- /step sum=0 -->", "-->", "@octocat", "#12", "GH-3", "www.", "https://", "[a](", ")",
         "&#64;", "&lt;", "`", "**", "~~", "](x)", "![", "- [x] ", "\n", " ", ":tada:", "a/b#1"]
    ),
    max_size=8,
).map("".join)  # fmt: skip


@given(HOSTILE)
@example("`")
@example("&#64;octocat")
@example("<https://x.example>")
def test_escaped_text_is_text_and_nothing_else(text: str) -> None:
    escaped = escape_inline(text)
    (inline,) = GITHUB.parseInline(f"before {escaped} behind")
    assert {token.type for token in inline.children or ()} <= HARMLESS
    shown = "".join(token.content for token in inline.children or ())
    assert one_line(shown) == one_line(f"before {text} behind")


@given(HOSTILE)
def test_after_rendering_nothing_is_left_that_github_would_link(text: str) -> None:
    # GitHub looks for these in the rendered text, where backslashes and entities are gone (github/cmark-gfm#181).
    (inline,) = GITHUB.parseInline(escape_inline(text))
    shown = "".join(token.content for token in inline.children or ())
    for pattern in (r"@\w", r"#\d", r"\bGH-\d", r"://", r"\bwww\.", r":[\w+-]+:"):
        assert not re.search(pattern, shown, re.IGNORECASE), pattern


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words, 12:30, a-b (c) 100%!", "plain words, 12:30, a-b (c) 100%!"),
        ("2 checks are green on main", "2 checks are green on main"),
        ("0.2.0-rc.1", "0.2.0-rc.1"),
        ("ask @mia", "ask @&#8203;mia"),
        ("fixes #12", "fixes \\#&#8203;12"),
        ("gh-12", "gh-&#8203;12"),
        ("see https://x.example", "see https:&#8203;//x.example"),
        ("see www.x.example", "see www&#8203;.x.example"),
        (":tada:", ":&#8203;tada:"),
        ("a_b *c* `d`", "a\\_b \\*c\\* \\`d\\`"),
        ("<b> & co", "&lt;b&gt; &amp; co"),
        ("one\r\ntwo\u2028three\tfour", "one two three four"),
        ("\u202eright\u200b to \x1b[31mleft", "right to \\[31mleft"),
    ],
)
def test_what_people_read_stays_readable_in_the_source(text: str, escaped: str) -> None:
    assert escape_inline(text) == escaped


def test_long_text_is_cut_before_it_is_escaped() -> None:
    assert escape_inline("@" * 10, 4) == "@@@…"
    assert escape_inline("four", 4) == "four"


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "data:text/html,x", "//x.example", "http://", "https:///x", "http://[bad", "ftp://x.example",
     "https://\ud800.example/\ud800"],
)  # fmt: skip
def test_other_addresses_than_those_of_the_web_are_dropped(url: str) -> None:
    assert safe_url(url) == ""


@given(st.text(max_size=40))
@example(') "title" <b>')
@example("--> --- ]( @octocat")
def test_an_address_can_end_neither_its_link_nor_our_comment(path: str) -> None:
    url = safe_url(f"https://x.example/{path}")
    assert not re.search(r"--|[\s()<>\"`\\\[\]@$*]", url)
    assert safe_url(url) == url
    if url:
        (inline,) = GITHUB.parseInline(f"[a]({url})b")
        assert [token.type for token in inline.children or ()] == ["link_open", "text", "link_close", "text"]


@given(HOSTILE)
def test_a_name_is_code_or_nothing(name: str) -> None:
    span = code_span(name)
    if span:
        (inline,) = GITHUB.parseInline(f"a {span} b")
        assert [token.type for token in inline.children or ()] == ["text", "code_inline", "text"]


# Evidence


EVIDENCE = st.builds(
    Evidence,
    HOSTILE,
    st.lists(st.tuples(HOSTILE, HOSTILE.map("https://x.example/{}".format) | HOSTILE), max_size=3).map(tuple),
    by=HOSTILE,
    at=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    skip_reason=st.just("") | HOSTILE,
    covers=st.lists(st.integers(1, 10**9).map(str) | HOSTILE, max_size=3).map(tuple),
)


@given(EVIDENCE, st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=10))
def test_evidence_is_read_as_it_was_written(evidence: Evidence, typed: str) -> None:
    for one in ROOMS:
        written = segment(evidence, one)
        assert "\n" not in written
        assert written.count("<!--") == written.count("-->") == 1
        assert read_segment(written + typed) == (as_written(evidence, one), "", typed)


@given(EVIDENCE)
def test_a_step_line_has_one_marker_whatever_its_evidence_says(evidence: Evidence) -> None:
    line = step_line(Line("", "push-tag", "Push the tag.", change=Change("push-tag", True, evidence)))
    assert parse_body(line).entries["push-tag"].evidence == as_written(evidence)
    (inline,) = GITHUB.parseInline(line)
    comments = [token.content for token in inline.children or () if token.type == "html_inline"]
    assert len(comments) == 2
    assert comments[0] == "<!-- step push-tag -->"
    # What older CommonMark, and HTML, forbid inside of a comment.
    assert all("--" not in comment.removeprefix("<!--").removesuffix("-->") for comment in comments)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Set `0.2.0` in **all** [files](https://x.example).", "Set `0.2.0` in **all** [files](https://x.example)."),
        ("Use the ` key", "Use the \\` key"),
        ("a <b or c", "a <b or c"),
        ("two\nlines", "two lines"),
        ("<!-- step other --> x", "&lt;!-- step other --&gt; x"),
        ("", "push-tag"),
    ],
)
def test_a_title_is_the_guides_markdown_unless_it_would_swallow_the_marker(title: str, shown: str) -> None:
    assert step_line(Line("", "push-tag", title)) == f"- [ ] {shown} <!-- step push-tag -->"


@pytest.mark.parametrize(
    "tampered",
    [
        'by="%1b[31mmia" at="nonsense" summary="%0a%e2%80%aeline" links="javascript:x https://x.example"',
        'by=\'%1b[31mmia\' at="0001-01-01T00:00:00+23:59" summary="line" links="http://[ https://x.example"',
    ],
)
def test_what_others_write_into_the_hidden_attributes_is_read_as_one_line_of_text(tampered: str) -> None:
    evidence, _, _ = read_segment(f" — words <!-- /step {tampered} -->")
    assert evidence == Evidence("line", (("https://x.example", "https://x.example"),), by="[31mmia")


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [("abc", 3, "abc"), ("abc", 2, "a…"), ("abc", 1, "…"), ("abc", 0, "…"), ("a bc", 3, "a…"), ("", 0, "")],
)
def test_what_is_too_long_ends_with_an_ellipsis_within_the_limit(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short
