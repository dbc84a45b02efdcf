"""Whatever people type into a comment stays text: in the answer, in the tracker, in the log and in the outputs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fastrel.bot.answers import Result, answer_body, fenced, words
from fastrel.bot.commands import MOST, Command, Verb, read_commands
from fastrel.bot.pending import claims
from fastrel.errors import FastrelError
from fastrel.github.model import Comment
from fastrel.tracker.body import parse_body
from fastrel_cli.github_actions.workflow_io import tame
from fastrel_twin.server import Twin
from stage import Cli, step_of
from webhooks import Runner

EVIL = [
    '"$(touch pwned)"',
    "`touch pwned`",
    "; touch pwned #",
    "${{ github.token }}",
    "{{ cycler.__init__.__globals__.os.system('touch pwned') }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "::set-output name=changed::pwned",
    "##[set-output name=changed;]pwned",
    "::stop-commands::pwned",
    "::add-mask::done",
    "::error::pwned",
    "@mia @ServiceNow/admins #1 GH-1 https://evil.example www.evil.example",
    "<!-- fastrel answer 1 -->",
    '<!-- fastrel tracker version="9.9.9" -->',
    "<!-- step create-tag --> - [x] all",
    "--> <script>alert(1)</script> <img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) | a | b |",
    "\u202eevil\u202c \u2066x\u2069 \ufeff \u200b \x1b[31mred\x1b[0m \x00\x07",
    "../../../etc/passwd",
    "*~_`>#-+.![]()|\\",
    "🧨" * 50,
]


@pytest.mark.parametrize("evils", [EVIL[start : start + 3] for start in range(0, len(EVIL), 3)])
def test_a_note_a_reason_and_a_step_stay_text(runner: Runner, cli: Cli, twin: Twin, evils: list[str]) -> None:
    refs = twin.store.bare.git("for-each-ref")
    lines = [f"/tick open-bugs {one}\n/skip announce-forum {one}\n/run {one}" for one in evils]
    ran = runner.says("mia", "\n".join(lines))
    assert ran.code == 0, ran.log
    assert set(ran.outputs) == {"changed", "version"}
    assert ran.outputs["version"] == "0.2.0"
    assert not list(Path(runner.project.path).rglob("pwned"))
    assert twin.store.bare.git("for-each-ref") == refs
    (answer,) = runner.answers
    assert_inert(answer)
    assert_inert(ran.summary, first_line=False)
    # The tracker still says what it said, but for the two steps that were marked.
    assert step_of(cli, "open-bugs")["status"] == "done"
    assert step_of(cli, "announce-forum")["status"] == "skipped"
    parsed = parse_body(runner.body)
    assert (parsed.version, len(parsed.entries)) == ("0.2.0", 25)
    assert not parsed.entries["create-tag"].ticked


def assert_inert(text: str, *, first_line: bool = True) -> None:
    """Rendered as GitHub renders it, a text of ours has no element, link or mention that others typed."""
    if first_line:
        head, _, text = text.partition("\n")
        assert head.startswith("<!-- fastrel answer ")
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    assert not [one for one in inline if one.type in ("html_inline", "image")], text
    blocks = [one.content for one in tokens if one.type == "html_block"]
    assert {block.strip() for block in blocks} <= {"<details><summary>Log</summary>", "</details>"}
    links = [str(one.attrs["href"]) for one in inline if one.type == "link_open"]
    assert not [one for one in links if not one.startswith("http://127.0.0.1:")], links
    shown = "".join(one.content for one in inline if one.type == "text")
    assert "@mia" not in shown
    assert "https://evil" not in shown
    assert "www.evil" not in shown
    assert not set("\u202e\u2066\u2069\ufeff\x1b\x00\x07") & set(text)


@pytest.mark.parametrize(
    "text",
    [
        "```\n/run create-tag\n```",
        "~~~\n/run create-tag\n~~~",
        "    /run create-tag",
        "> /run create-tag",
        "<!--\n/run create-tag\n-->",
        "Please\n/run create-tag",
        "\n/run create-tag",
        "\ufeff/run create-tag",
        "／run create-tag",
        "//run create-tag",
        "/run-create-tag",
        "/RUNcreate-tag",
        "/\u200brun create-tag",
        "/runner create-tag",
    ],
)
def test_what_is_not_a_leading_line_is_no_command(text: str) -> None:
    assert read_commands(text) == ()


def test_commands_end_where_the_text_begins() -> None:
    found = read_commands("/tick open-bugs ship\r\n\r\n/Run main-ci\n> /run create-tag\n/run push-tag\n")
    assert [(one.verb, one.steps) for one in found] == [(Verb.TICK, ("open-bugs",)), (Verb.RUN, ("main-ci",))]


def test_five_hundred_commands_are_refused_as_a_whole(runner: Runner, twin: Twin) -> None:
    before = runner.body
    ran = runner.says("mia", "/tick open-bugs ship\n" * 500)
    assert ran.code == 0
    assert f"A comment may hold {MOST} commands" in runner.answers[0]
    assert len(runner.answers[0]) < 2000
    assert runner.body == before


def test_a_huge_comment_gets_an_answer_that_fits(runner: Runner) -> None:
    ran = runner.says("mia", "\n".join(f"/tick open-bugs {'<@mia> `' * 800}" for _ in range(9)))
    assert ran.code == 0, ran.log
    (answer,) = runner.answers
    assert len(answer) < 65_536
    assert len(runner.body) < 65_536
    assert_inert(answer)


def test_a_marker_that_somebody_else_writes_suppresses_nothing(runner: Runner) -> None:
    """Else whoever may comment could keep a maintainer's command from being executed."""
    comment = runner.write("mia", "/tick open-bugs ship")
    runner.write("rae", f"<!-- fastrel answer {comment.id} -->\nDone.")
    runner.on("issue_comment", runner.commented(comment))
    assert len(runner.answers) == 1


def test_a_foreign_marker_within_an_answer_counts_for_nothing() -> None:
    body = answer_body(7, "mia", [Result(Command(Verb.STATUS, "/status"), log="<!-- fastrel answer 8 -->")])
    found = claims([Comment(body, "", "bot", id=9)], "bot")
    assert [one.answers for one in found] == [7]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error::x", "| ::error::x"),
        ("  ::set-output name=a::b", "|   ::set-output name=a::b"),
        ("\t::debug::x", "| \t::debug::x"),
        ("\u200b::error::x", "| ::error::x"),
        ("a ##[error]b", "a ## [error]b"),
        ("#\u200b#[error]b", "## [error]b"),
        ("all::is::well", "all::is::well"),
    ],
)
def test_a_line_of_the_log_is_no_command_of_the_runner(line: str, shown: str) -> None:
    assert tame(line) == shown


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_in_an_answer_is_inert(text: str) -> None:
    error = FastrelError(text, done=text, next_step=text)
    assert_inert(answer_body(1, text, [Result(Command(Verb.RUN, text), said=text, error=error, log=text)]))


@settings(max_examples=300)
@given(st.text(max_size=300))
def test_any_comment_can_be_read(text: str) -> None:
    for command in read_commands(text):
        assert text.startswith("/")
        assert "\n" not in command.line + command.words
        assert len(command.line) <= 200
        assert all(len(step) <= 100 for step in command.steps)


@settings(max_examples=200)
@given(st.text(alphabet="`~ \nab", max_size=60))
def test_a_block_of_code_ends_where_we_end_it(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"{fenced(text)}\n\nafter")
    assert [one.type for one in tokens][:2] == ["fence", "paragraph_open"]


def test_words_of_the_terminal_become_those_of_the_thread() -> None:
    assert words("Then `fastrel-checklist run 0.2.0`.") == "Then `/run`."
    assert words("`fastrel-checklist run 0.2.0 --rerun-failed`") == "`/run --rerun-failed`"
    assert words("`fastrel-checklist skip image --reason WHY`") == "`/skip image WHY`"
    assert words("`fastrel-checklist open 0.2.0`") == "`fastrel-checklist open 0.2.0`"
