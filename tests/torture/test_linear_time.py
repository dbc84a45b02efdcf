"""Time grows with the size of a page and no faster: eight times the text takes about eight times as long.

With `--long` the larger page has a million characters and all kinds of pages are tried; the times are printed with `-s`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import markdown
import pytest

from fastrel.actions.registry import parameters_of_actions
from fastrel.adopt.annotation import annotate
from fastrel.adopt.findings import Findings
from fastrel.adopt.recognition.recognise import recognise
from fastrel.engine.evaluate import evaluate, in_order
from fastrel.errors import UsageError
from fastrel.github.transport.addresses import repository_of
from fastrel.guide.lint import lint
from fastrel.guide.model import VersionFile
from fastrel.guide.outline import outline
from fastrel.guide.parser import parse_guide
from fastrel.guide.settings import parse_settings
from fastrel.guide.site_source import site_source
from fastrel.release import release_of
from fastrel.report.verdict import todo
from fastrel.text.redact import without_secrets
from fastrel.tracker.body import length, parse_body
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.layout import layout
from fastrel.tracker.model import Change, Evidence
from fastrel.tracker.new_body import AT_FIRST, Header, Line, render_body
from fastrel.tracker.three_way import merged_text
from fastrel.version_files.formats import statement_of
from fastrel_cli.streams.wrap import folded
from fastrel_cli.terminal.report_parts import title_words
from fastrel_mkdocs.extension import ChecklistExtension, PageState
from stage import Project

VALUES = release_of("0.2.0", ["v0.1.0"]).values("a/b")
KNOWN = parameters_of_actions()
MILLION = 1_000_000
SHORT = 32_000
FLOOR = 0.6
"""Seconds below which a time says nothing."""
OPEN, CLOSE = "<!-- checklist -->\n", "\n<!-- /checklist -->\n"


def numbered(form: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Pieces with a number in each."""

    def make(size: int) -> str:
        pieces: list[str] = []
        left = size
        while left > 0:
            pieces.append(form.replace("%", str(len(pieces))))
            left -= len(pieces[-1])
        return before + "".join(pieces) + after

    return make


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda size: before + piece * (size // len(piece)) + after


def deeper(piece: str, by: str) -> Callable[[int], str]:
    """Each line deeper than the one before."""

    def make(size: int) -> str:
        lines: list[str] = []
        while sum(map(len, lines[-1:])) * len(lines) < 2 * size:
            lines.append(f"{by * len(lines)}{piece}\n")
        return "".join(lines)

    return make


STEP = f"{OPEN}- [ ] a <!-- step a "
OURS: dict[str, Callable[[int], str]] = {
    "steps": numbered("- [ ] Do %. <!-- step s-% uses=tag.create -->\n", OPEN, CLOSE),
    "steps without an id": numbered("- [ ] Do %.\n", OPEN, CLOSE),
    "steps of one name": repeated("- [ ] a\n", OPEN, CLOSE),
    "steps with code": numbered("- [ ] Do %.\n\n    Text\n\n    ```bash\n    make %\n    ```\n", OPEN, CLOSE),
    "phases": numbered("## H %\n\n- [ ] Do %.\n\n", OPEN, CLOSE),
    "needs of later steps": numbered("- [ ] a <!-- step s-% needs=s-1% -->\n", OPEN, CLOSE),
    "needs of unknown steps": numbered("- [ ] a <!-- step s-% needs=t-% -->\n", OPEN, CLOSE),
    "needs of one step": numbered("b%,", f"{STEP}needs=", f" -->{CLOSE}"),
    "a circle": numbered("- [ ] a <!-- step s-% needs=s-0,last -->\n", OPEN, f"- [ ] z <!-- step last needs=s-1 -->{CLOSE}"),
    "unknown parameters": numbered("k%=v ", f"{STEP}uses=tag.create ", f"-->{CLOSE}"),
    "unknown words": repeated("w ", STEP, f"-->{CLOSE}"),
    "children of one step": repeated("    - [ ] b\n", f"{OPEN}- [ ] a\n", CLOSE),
    "comments in one line": repeated("<!-- step x --> ", f"{OPEN}- [ ] a ", CLOSE),
    "comments in one item": repeated("  <!-- step x -->\n", f"{OPEN}- [ ] a\n", CLOSE),
    "comments on lines of their own": repeated("    <!-- note -->\n\n", f"{OPEN}- [ ] a\n\n", CLOSE),
    "blocks": repeated("<!-- checklist -->\n- [ ] a\n\n<!-- /checklist -->\n\n"),
    "blocks in one line": repeated("a <!-- checklist --> <!-- /checklist --> "),
    "unclosed comments": repeated("<!--\n"),
    "dashes of comments": repeated("<!--- "),
    "values": repeated("{{ version }} ", f"{OPEN}- [ ] a ", CLOSE),
    "unknown values": numbered("- [ ] {{ v% }}\n", OPEN, CLOSE),
    "unclosed values": repeated("{{ ", f"{OPEN}- [ ] a ", CLOSE),
    "braces": repeated("{", f"{OPEN}- [ ] a ", CLOSE),
    "blocks of templates": repeated("{% ", f"{OPEN}- [ ] a ", CLOSE),
    "half links in a title": repeated("](", f"{OPEN}- [ ] a ", CLOSE),
    "deep lists": deeper("- [ ] a", "  "),
    "deep admonitions": deeper("!!! note", "    "),
    "admonitions": repeated("!!! note\n    - [ ] a\n\n"),
    "quoted steps": repeated("> - [ ] a\n"),
    "deep quotes": repeated("> " * 40 + "- [ ] a\n"),
    "tabs and spaces": repeated("\t" + " " * 200 + "- [ ] a\n"),
    "settings": numbered("  a%: b\n", "---\nfastrel:\n", "---\n- [ ] a\n"),
    "version files": numbered("    - ../a%\n", "---\nfastrel:\n  version_files:\n", "---\n- [ ] a\n"),
    "brackets in front matter": repeated("[", "---\nfastrel: ", "\n---\n"),
    "a number to the base 60": repeated(":1", "---\nfastrel:\n  branch: 1", "\n---\n"),
}  # fmt: skip
MARKDOWN: dict[str, Callable[[int], str]] = {
    "one word": repeated("a"), "words": repeated("a "), "blank lines": repeated("\n"), "carriage returns": repeated("\r"),
    "backticks": repeated("`"), "runs of backticks": lambda size: " ".join("`" * (n % 900 + 1) for n in range(size // 450)),
    "brackets": repeated("["), "nested brackets": lambda size: "[" * (size // 2) + "]" * (size // 2), "images": repeated("!["), "links": repeated("[a](b) "), "half links": repeated("[a]("),
    "definitions": numbered("[r%]: /u\n"), "uses of definitions": lambda size: numbered("[r%]: /u\n")(size // 2) + "\n" + numbered("[r%] ")(size // 2), "half definitions": repeated("[a\n"),
    "emphasis": repeated("a**b_c* "), "stars": repeated("*a "), "underscores": repeated("_a"), "less than": repeated("<"), "tags": repeated('<a b="c" '), "CDATA": repeated("<![CDATA["),
    "HTML blocks": repeated("<div>\n\n"), "comments": repeated("<!-- c -->\n"), "half comments": repeated("a <!-- "), "entities": repeated("&amp;"), "backslashes": repeated("\\"),
    "fences": repeated("```\n"), "fences of two kinds": repeated("```\n~~~\n"), "fences in items": repeated("- ```\n"), "rulers": repeated("---\n"), "headings": repeated("# h\n"), "underlined": repeated("a\n=\n"),
    "lists": repeated("- a\n\n"), "numbers": numbered("%. [ ] a\n"), "markers": repeated("- "), "continued": repeated("b\n", "- [ ] a\n"), "quotes": repeated("> a\n"), "continued quotes": repeated("b\n", "> a\n"),
    "pipes": repeated("|"), "tables": repeated("| a | b |\n", "| a | b |\n|---|---|\n"), "heads of tables": repeated("a|b\n-|-\n\n"), "NUL": repeated("\0"), "front matter": numbered("a%: b\n", "---\n", "---\n- [ ] a\n"),
}  # fmt: skip


def read_lint_and_prepare(text: str) -> None:
    guide = parse_guide(text)
    lint(guide, KNOWN)
    site_source(text, guide, VALUES)


def seconds(work: Callable[[], object]) -> float:
    outline.cache_clear()
    parse_guide.cache_clear()
    layout.cache_clear()
    parse_body.cache_clear()
    start = time.process_time()
    work()
    return time.process_time() - start


def grows_linearly(work: Callable[[int], Callable[[], object]], size: int, name: str = "") -> None:
    """Assert that eight times the size takes no more than about eight times the time; 64 would be quadratic."""
    small, full = work(size // 8), work(size)
    for _ in range(4):  # something else may have been busy just then
        few = min(seconds(small) for _ in range(2))
        many = seconds(full)
        print(f"{name:32} {size:>9} {few:7.2f} s {many:7.2f} s  x {many / max(few, 0.001):5.1f}")
        if many < max(16 * few, FLOOR):
            return
    raise AssertionError((few, many))


@pytest.mark.parametrize("name", [*OURS, *MARKDOWN])
def test_a_page_of_anything_is_read_linted_and_prepared_in_linear_time(
    name: str, request: pytest.FixtureRequest
) -> None:
    long = request.config.getoption("--long")
    size = MILLION if long else SHORT // 4 if name in MARKDOWN else SHORT
    make = {**OURS, **MARKDOWN}[name]

    def work(length: int) -> Callable[[], object]:
        text = make(length)
        return lambda: read_lint_and_prepare(text)

    grows_linearly(work, size, name)


def rendered(text: str) -> str:
    ours = ChecklistExtension(provider=lambda: PageState(parse_settings(text, "")[0], None, whole_page=True))
    return markdown.markdown(text, extensions=["admonition", "pymdownx.superfences", ours])


@pytest.mark.parametrize("name", ["steps", "phases", "steps with code", "quoted steps", "admonitions", "blocks"])
def test_a_long_guide_is_rendered_in_linear_time(name: str) -> None:
    def work(length: int) -> Callable[[], object]:
        text = OURS[name](length)
        return lambda: rendered(text)

    grows_linearly(work, SHORT, f"rendered: {name}")


def test_the_order_of_ten_thousand_steps_takes_ten_times_that_of_a_thousand() -> None:
    def work(steps: int) -> Callable[[], object]:
        guide = parse_guide(
            "".join(f"## P {n}\n\n- [ ] a <!-- step s-{n} needs=s-{n // 2} -->\n\n" for n in range(steps))
        )
        verdicts = {step.id: todo("x") for step in guide.steps()}
        return lambda: in_order(guide, verdicts)

    grows_linearly(work, 10_000, "order of steps")


def test_steps_are_evaluated_in_linear_time(project: Project) -> None:
    session = project.session()

    def work(steps: int) -> Callable[[], object]:
        text = "".join(f"## P {n}\n\n- [ ] Do {n} of {{{{ version }}}}.\n\n" for n in range(steps))
        guide = replace(parse_guide(text), settings=session.guide.settings)
        release_context = replace(session.context("0.2.0"), guide=guide)
        assert len(evaluate(release_context).steps) == steps
        return lambda: evaluate(release_context)

    grows_linearly(work, 10_000, "evaluated steps")


def test_a_full_tracker_is_written_and_read_in_linear_time() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)

    def work(size: int) -> Callable[[], object]:
        evidence = Evidence("found it", by="mia", at=at)
        lines = [
            Line(f"Phase {n // 9}", f"s-{n}", f"Do `{n}`.", change=Change(f"s-{n}", True, evidence))
            for n in range(size)
        ]
        body = render_body(Header("0.2.0", "minor"), lines)
        assert length(body) <= AT_FIRST
        half = "".join(line for n, line in enumerate(body.splitlines(keepends=True)) if n % 2)

        def everything() -> None:
            render_body(Header("0.2.0", "minor"), lines)
            insert_steps(half, lines)
            parse_body(body)

        return everything

    grows_linearly(work, 480, "full release issue (steps)")


def folding(text: str) -> object:
    return folded(text, 80)


OTHERS: dict[str, Callable[[str], object]] = {
    "/": repository_of, ":/": repository_of, "a@": repository_of, "[": title_words, "[a](": title_words, "*a": title_words, "_`": title_words,
    "`": title_words, "{{": title_words, "` ": folding, "a ": folding, "**a ": title_words, " *": title_words,
}  # fmt: skip


@pytest.mark.parametrize("piece", OTHERS)
def test_what_is_taken_apart_takes_linear_time(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = f"a{piece * size}\n"
        return lambda: OTHERS[piece](text)

    grows_linearly(work, 64_000, piece)


BEFORE = {"setup.cfg": "[metadata]\nversion = 1", "gradle.properties": "version = 1"}
"""What stands in front of the piece, in the line in which it begins."""


@pytest.mark.parametrize(
    ("path", "piece"),
    [("setup.cfg", "[metadata]\nversion = 1\n"), ("setup.cfg", "version=1\n"), ("a.py", "__version__ = "), ("a.py", "__version__:" + " " * 30),
     ("setup.cfg", " "), ("setup.cfg", "a "), ("setup.cfg", "\t#"), ("gradle.properties", " "), ("gradle.properties", "a "), ("Cargo.lock", '[[package]]\nname = "'),
     ("VERSION", " "), ("package.json", '  "version": '), ("pyproject.toml", "[project\n"), ("CITATION.cff", "version: '\n")],
)  # fmt: skip
def test_a_version_file_of_anything_is_read_in_linear_time(path: str, piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        pieces = piece * (size // len(piece))
        text = f"{BEFORE.get(path, '')}{pieces}x\na{pieces}x\n"

        def read() -> None:
            with suppress(UsageError):
                statement_of(VersionFile(path), text)

        return read

    grows_linearly(work, 40_000, f"{path} {piece[:12]!r}")


@pytest.mark.parametrize(
    "part", ["check the docs ", "<!-- ", "`", "[", "tag the ", "and , ", "close a b c ", "publish a "]
)
def test_what_an_item_means_is_found_in_linear_time(part: str) -> None:
    def work(length: int) -> Callable[[], object]:
        text = part * (length // len(part))
        return lambda: recognise(text, [text])

    grows_linearly(work, SHORT, f"recognised: {part}")


def test_a_checklist_of_any_length_becomes_a_guide_in_linear_time() -> None:
    def work(length: int) -> Callable[[], object]:
        text = "".join(f"## H{n}\n\n- [ ] Item {n} {'{{ X }}' if n % 2 else ''}\n\n" for n in range(length // 20))
        return lambda: annotate(text, "R.md", Findings(), parameters_of_actions())

    grows_linearly(work, SHORT // 4, "annotated")


ADDRESSES = ["://", "://a:", "://a@", "://@", ":/", "a://b:c@", "://a:1/", "authorization: ", "gh", "@"]


@pytest.mark.parametrize("piece", ADDRESSES)
def test_secrets_are_taken_out_in_linear_time(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = piece * (size // len(piece))
        return lambda: without_secrets(f"https://{text}")

    grows_linearly(work, 64_000, f"secrets: {piece}")


@pytest.mark.parametrize("piece", [".", "a ", "ab ba ", "a\n", "a\n\nb\n"])
def test_two_changes_of_any_text_are_merged_in_linear_time(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = piece * (size // len(piece))
        half = len(text) // 2
        return lambda: merged_text(text, f"x{text}", f"{text[:half]}y{text[half:]}z")

    grows_linearly(work, 16_000, f"merged: {piece!r}")
