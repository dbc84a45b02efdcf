"""Any page at all: it is parsed, linted and prepared for the site without a crash, and what is promised holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from fastrel.actions.pulls import read_configuration
from fastrel.actions.registry import parameters_of_actions
from fastrel.errors import FastrelError, GuideError, UsageError
from fastrel.github.model import MergedPull
from fastrel.guide.attributes import parse_attributes, read_value, write_value
from fastrel.guide.flat import MARK
from fastrel.guide.lines import line_ends, split_lines
from fastrel.guide.lint import lint
from fastrel.guide.model import Settings, VersionFile
from fastrel.guide.outline import outline
from fastrel.guide.parser import blocks_of, parse_guide
from fastrel.guide.settings import front_matter, parse_settings
from fastrel.guide.site_source import replaced_comments, site_source
from fastrel.guide.template import render, template_problems
from fastrel.release import release_of
from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import todo
from fastrel.tracker.guide_text import around_steps
from fastrel.tracker.layout import STEP_ID
from fastrel.tracker.new_body import Header, Line, render_body
from fastrel.version_files.formats import statement_of, with_version
from fastrel_cli.terminal.report import report_lines
from fastrel_mkdocs.extension import ChecklistExtension, PageState
from hostile import FOREIGN, PAGE, TEXT, case, costly_fuzz, fuzz

VALUES = release_of("0.2.0", ["v0.1.0"]).values("a/b")
KNOWN = parameters_of_actions()


@costly_fuzz
@given(PAGE)
def test_any_page_is_parsed_and_linted(text: str) -> None:
    with case():
        guide = parse_guide(text)
        steps = list(guide.steps())
        count = len(split_lines(text))
        assert len({step.id for step in steps}) == len(steps)
        assert all(re.fullmatch(STEP_ID, step.id) for step in steps)
        assert [step.line for step in steps] == sorted(step.line for step in steps)
        assert all(1 <= step.line <= count for step in steps)
        assert all(1 <= problem.line <= count for problem in lint(guide, KNOWN)), lint(guide, KNOWN)


@costly_fuzz
@given(PAGE, st.booleans())
def test_any_page_is_prepared_for_the_site_and_the_rest_of_it_stays(text: str, valued: bool) -> None:
    with case():
        guide = parse_guide(text)
        out = site_source(text, guide, VALUES if valued else None)
        lines, ends = split_lines(text), line_ends(text)
        page = outline(text)
        blocks, _ = blocks_of(page)
        # What is before the first block, and behind the last one, but for the comments around them.
        first, last = front_matter(text)[1], len(lines)
        if blocks:
            touched = [number for one in page.comments for number in range(one.line, one.end)]
            first = min([*touched, *(block.start for block in blocks)])
            last = max([*touched, *(block.end - 1 for block in blocks)])
        assert out.startswith("".join(map("".join, zip(lines[:first], ends[:first], strict=True))))
        assert out.endswith("".join(map("".join, zip(lines[last + 1 :], ends[last + 1 :], strict=True))))
        found = [one[2].split()[0] for one in MARK.finditer(out) if one[1] == "item" and one[2]]
        assert [step.id for step in guide.steps()] == found


@costly_fuzz
@given(PAGE)
def test_a_page_without_steps_and_comments_stays_as_it_is(text: str) -> None:
    with case():
        plain = text.replace("<!--", "<!").replace("{{", "{").replace("[", "(")
        page = outline(plain)
        if not page.items:
            assert site_source(plain, parse_guide(plain), VALUES) == plain.removeprefix("\ufeff")
        assert replaced_comments(plain, {"releases": lambda _: "x"}) == plain.removeprefix("\ufeff")


EXTENSIONS = [
    "admonition",
    "attr_list",
    "footnotes",
    "tables",
    "pymdownx.superfences",
    "pymdownx.details",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
]


class _Shown(Extension):
    """Collects the steps that are on the page, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        found = self.steps

        class Collect(Treeprocessor):
            def run(self, root: Element) -> None:
                found.extend(
                    one.get("data-fastrel-step", "") for one in root.iter("li") if one.get("data-fastrel-step")
                )

        md.treeprocessors.register(Collect(md), "collect", 1)


def shown(text: str) -> tuple[list[str], str]:
    """The ids of the steps on the page, and its HTML."""
    collect = _Shown()
    ours = ChecklistExtension(provider=lambda: PageState(Settings(), None, whole_page=True))
    html = markdown.markdown(text, extensions=[*EXTENSIONS, ours, collect])
    return collect.steps, html


@costly_fuzz
@given(PAGE)
def test_the_site_shows_no_step_that_the_guide_has_not_and_none_twice(text: str) -> None:
    with case():
        ids = [step.id for step in parse_guide(text.replace("\r\n", "\n").replace("\r", "\n")).steps()]
        found, _ = shown(text)
        assert len(set(found)) == len(found)
        # Python-Markdown drops its own control characters, so ids are compared without text that has them.
        if not re.search(r"[\x02\x03\x00\ufeff]", text):
            assert set(found) <= set(ids)


WORDS = st.sampled_from(["words", "`code`", "**bold**", "a [link](https://x.example)", "{{ version }}", "x < y & z"])


def _indented(lines: list[str], by: str) -> list[str]:
    return [f"{by}{line}" if line else "" for line in lines]


def _item(marker: str, words: str, task: bool, children: list[list[str]], loose: bool, width: int) -> list[str]:
    lines = [f"{marker} {'[ ] ' if task else ''}{words}"]
    by = " " * max(width, len(marker) + 1)
    for child in children:
        lines += ["", *_indented(child, by)] if loose else _indented(child, by)
    return lines


CODE = st.sampled_from([["```bash", "run", "  more", "```"], ["```", "- [ ] no step", "```"]])
LISTS = st.recursive(
    st.builds(lambda words: [f"- [ ] {words}"], WORDS) | st.builds(lambda words: ["", words], WORDS),
    lambda inner: st.builds(
        lambda items, marker: [line for item in items for line in item],
        st.lists(
            st.builds(
                _item, st.sampled_from(["-", "1."]), WORDS, st.booleans(), st.lists(inner, max_size=2), st.booleans(), st.sampled_from([2, 4])
            ),
            min_size=1, max_size=3,
        ),
        st.just(""),
    ),
    max_leaves=6,
)  # fmt: skip


def _contained(kind: str, lines: list[str]) -> list[str]:
    if kind == "quote":
        return [f"> {line}".rstrip() for line in lines]
    if kind == "admonition":
        return ["!!! note", "", *_indented(lines, "    ")]
    if kind == "tab":
        return ['=== "Tab"', "", *_indented(lines, "    ")]
    return lines


BLOCKS = st.lists(
    st.one_of(
        st.builds(lambda words: [words], WORDS),
        st.builds(lambda words: [f"## {words}"], WORDS),
        CODE,
        st.builds(_contained, st.sampled_from(["", "quote", "admonition", "tab"]), LISTS),
    ),
    max_size=5,
).map(lambda blocks: [line for block in blocks for line in (*block, "")])


@costly_fuzz
@given(BLOCKS, BLOCKS, st.booleans())
def test_of_a_well_formed_page_the_site_shows_the_steps_of_the_command_line(
    before: list[str], inside: list[str], whole: bool
) -> None:
    with case():
        lines = inside if whole else [*before, "<!-- checklist -->", "", *inside, "<!-- /checklist -->", "", *before]
        text = "\n".join(lines)
        steps = [(step.id, step.depth) for step in parse_guide(text).steps()]
        assert depths_on_the_site(shown(text)[1]) == steps
        assert depths_in_the_issue(text) == steps
        assert depths_in_the_terminal(text) == steps


@costly_fuzz
@given(st.lists(st.one_of(st.builds(lambda words: [words], WORDS), CODE, LISTS), max_size=6))
def test_steps_are_the_task_items_of_githubs_own_parser_at_its_depth(blocks: list[list[str]]) -> None:
    cmarkgfm = pytest.importorskip("cmarkgfm")
    with case():
        text = "\n".join(line for block in blocks for line in (*block, ""))
        html = cmarkgfm.github_flavored_markdown_to_html(text)
        depths: list[int] = []
        around: list[bool] = []
        for closing, box in re.findall(r"<(/?)li>\s*(?:<p>)?\s*(<input type=\"checkbox\")?", html):
            if closing:
                around.pop()
                continue
            if box:
                depths.append(sum(around))
            around.append(bool(box))
        assert [step.depth for step in parse_guide(text).steps()] == depths


def depths_on_the_site(html: str) -> list[tuple[str, int]]:
    """The steps on a page, and in how many others each is."""
    found: list[tuple[str, int]] = []
    around: list[bool] = []
    for closing, attributes in re.findall(r"<(/?)li\b([^>]*)>", html):
        if closing:
            around.pop()
            continue
        step = re.search(r'data-fastrel-step="([^"]*)"', attributes)
        if step:
            found.append((step[1], sum(around)))
        around.append(step is not None)
    return found


def depths_in_the_issue(text: str) -> list[tuple[str, int]]:
    """The steps in the body of a new issue, as GitHub nests them."""
    guide = parse_guide(text)
    url = "https://github.com/o/r/blob/abc/R.md"
    around = around_steps(guide, lambda part: part, url, "R.md")
    lines = [
        Line(phase.title, step.id, step.title, step.depth, around=around[step.id])
        for phase in guide.phases
        for step in phase.steps
    ]
    body = render_body(Header("0.2.0", "minor"), lines)
    return [(step.id, step.depth) for step in parse_guide(body).steps()] if lines else []


def depths_in_the_terminal(text: str) -> list[tuple[str, int]]:
    """The steps in the output of `status`, as deep as they are set in."""
    guide = parse_guide(text)
    verdict = todo("here")
    steps = tuple(StepReport(step, phase.title, step.title, verdict) for phase in guide.phases for step in phase.steps)
    report = Report(release_of("0.2.0", ["v0.1.0"]), "o/r", datetime(2026, 1, 1, tzinfo=UTC), steps)
    rows = [match for line in report_lines(report) if (match := re.match(r"  todo     ( *)(\S+) ", line))]
    return [(row[2], len(row[1]) // 2) for row in rows]


# Front matter


YAML = st.lists(
    st.sampled_from(
        ["fastrel:", "  branch: main", "  tag: v{version}", "  version: 1.2.3", "version_files:", "  version_files:", "    - path: a", "      pattern: (x)",
         "  - &a x", "  - *a", "<<: *a", "  <<: {a: b}", "? [a]", "? a", ": b", "!!int x", "!!binary =", "!!set {a}", "!!omap [a: b]", "!!timestamp 2020-13-01", "1:1:1", "0x1f", ".inf", "1e999",
         "2020-01-01", "[", "]", "{", "}", "|", ">", "\t", "# c", "'", '"', "%YAML 1.1", "--- x", "~", "on", "  maintainers: [a]", "  maintainers: a", "  only_maintainers: yes", "  bump: 1", "é", "\x85", "\u2028"]
    )
    | TEXT,
    max_size=10,
).map("\n".join)  # fmt: skip


@fuzz
@given(YAML | PAGE)
def test_any_front_matter_is_read(source: str) -> None:
    with case():
        text = f"---\n{source}\n---\nrest"
        settings, problems = parse_settings(text, "g.md")
        assert isinstance(settings, Settings)
        matter, lines = front_matter(text)
        assert all(
            1 <= problem.line <= max(lines, 1) + source.count("\x85") + source.count("\u2028") for problem in problems
        )
        assert split_lines(text)[lines:][-1:] == ["rest"]
        assert f"---\n{source}\n".startswith(f"---\n{matter}")


PULL = MergedPull(1, "t", "https://x.example", "mia", ("bug",), "main")


@fuzz
@given(
    YAML
    | st.builds(
        "changelog:\n  categories:\n    - labels: [{}]\n      exclude:\n        labels: [{}]\n".format, TEXT, TEXT
    )
)
def test_any_notes_configuration_is_read_or_refused_in_words(source: str) -> None:
    with case():
        try:
            found = read_configuration(source, ".github/release.yml")
        except GuideError as error:
            refused = error.problem
        else:
            refused = ""
            assert found.places(PULL) in (True, False)
            assert all(isinstance(one, str) for one in found.choices)
        assert not refused or ".github/release.yml" in refused


# Version files


PATHS = st.sampled_from(
    ["a/__init__.py", "setup.py", "setup.cfg", "pyproject.toml", "Cargo.toml", "package.json", "package-lock.json", "CITATION.cff", "Chart.yaml", "VERSION", "gradle.properties", "uv.lock", "Cargo.lock"]
)  # fmt: skip
LINES = st.lists(
    st.sampled_from(
        ["[metadata]", "[project]", "[package]", "[tool.x]", "version = 0.1.0", 'version = "0.1.0" # c', "version: '0.1.0'", '  "version": "0.1.0",', "__version__ = '0.1.0'", "0.1.0", "", "# x", "{", "}", "V = (0, 1, 0)", "version=0.1.0", "__version__ = V", "appVersion: 0.1.0", "setup(version='0.1.0')", '"packages": {"": {"version": "0.1.0"}}', '[[package]]\nname = "a"\nversion = "0.1.0"', "version.workspace = true", "[workspace.package]"]
    )
    | TEXT,
    max_size=8,
)  # fmt: skip
ENDINGS = st.sampled_from(["\n", "\r\n", ""])


@fuzz
@given(PATHS, LINES, ENDINGS)
def test_exactly_the_version_changes_and_changes_back(path: str, lines: list[str], ending: str) -> None:
    with case():
        file, text = VersionFile(path), ending.join([*lines, ""])
        try:
            stated = statement_of(file, text)
            changed = with_version(file, text, "0.2.0")
        except UsageError:
            return
        again = statement_of(file, changed)
        assert again.value == "0.2.0"
        assert again.gaps(changed) == stated.gaps(text)
        if " and " not in stated.value:
            assert with_version(file, changed, stated.value) == text


PATTERNS = st.sampled_from(
    [
        r"^V=(\S+)$",
        r"(a)?b",
        r"()",
        r"(?<=v)(\d)",
        r"x|(y)",
        r"(?s)(.*)",
        r"\A(\w*)",
        r"(?i)VERSION[ =]+(\S*)",
        r"(^)",
        r"(?=(a))",
    ]
)


@fuzz
@given(PATTERNS, st.lists(st.sampled_from(["V=1", "ab", "b", "v1", "x", "y", "version = 1", "\n"]) | TEXT).map("".join))
def test_a_pattern_of_the_guide_never_writes_anywhere_else(pattern: str, text: str) -> None:
    with case():
        file = VersionFile("f", pattern)
        try:
            place = statement_of(file, text).places[0]
        except UsageError:
            return
        assert text[place.start : place.end] == place.value
        assert with_version(file, text, "9") == f"{text[: place.start]}9{text[place.end :]}"


# Attributes and templates


@fuzz
@given(
    st.lists(
        st.sampled_from(["a=", "a", "=", '"', "'", "-->", "<!--", " ", "\n", "b='c'", 'd="e"', "%22", "\\"]) | TEXT
    ).map("".join)
)
def test_any_attributes_are_read(text: str) -> None:
    with case():
        found = parse_attributes(text)
        assert all(found.pairs)
        assert parse_attributes(f"{text} zzz=1").pairs.get("zzz", "1") == "1"


@fuzz
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.text(st.characters(exclude_categories=["Cs"])), max_size=4
    )
)
def test_attributes_that_are_written_are_read_again(values: dict[str, str]) -> None:
    with case():
        written = " ".join(f"{key}={write_value(value)}" for key, value in values.items())
        assert "--" not in written
        assert {key: read_value(value) for key, value in parse_attributes(written).pairs.items()} == values


def _filled(match: re.Match[str]) -> str:
    return VALUES[match[1]]


@fuzz
@given(
    st.lists(
        st.sampled_from(["{{ version }}", "{{tag}}", "{{", "}}", "{{ 7*7 }}", "{{ config }}", "{{ ''.__class__ }}", "{{ " + "1" * 5000 + " }}", "{{ 1e9999 }}", "{{ '\\x' }}", "{% x %}", "{# y #}", "\0{%", "%}\0",
                         "((((", "{{ version", "|upper", "{{ version.x }}", "{{ None }}", "{{ [] }}", "\n", "{{ é }}"])
        | FOREIGN
    ).map("".join)
)  # fmt: skip
def test_a_template_puts_in_values_and_does_nothing_else(text: str) -> None:
    with case():
        problems = template_problems(text, VALUES)
        assert all(0 <= line <= text.count("\n") + text.count("\r") for line, _ in problems)
        try:
            out = render(text, VALUES)
        except FastrelError:
            assert problems
            return
        assert not problems
        if "{{-" not in text and "-}}" not in text and "\0" not in text and "{{+" not in text and "+}}" not in text:
            expected = re.sub(r"\{\{\s*(\w+)\s*\}\}", _filled, text)
            assert split_lines(out) == split_lines(expected)
