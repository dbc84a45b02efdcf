"""The guide's Markdown for the docs site: nested as GitHub nests it, one marker for each step, the rest untouched."""

from __future__ import annotations

import re

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fastrel.guide.parser import parse_guide
from fastrel.guide.site_source import site_source
from fastrel.release import release_of
from stage import GUIDE

VALUES = release_of("0.2.0", ["v0.1.0"]).values("a/b")


def site(text: str) -> str:
    return site_source(text, parse_guide(text), VALUES)


def test_values_are_rendered_in_blocks_only() -> None:
    text = "{{ version }}\n\n<!-- checklist -->\n- [ ] Tag {{ tag }}\n<!-- /checklist -->\n\n{{ version }}\n"
    assert site(text) == "{{ version }}\n\n\n- [ ] Tag v0.2.0 <!-- step tag -->\n\n\n{{ version }}\n"


def test_every_step_ends_with_its_marker_and_nothing_else() -> None:
    text = (
        "<!-- checklist -->\n- [ ] One <!-- step a uses=x needs=b --> more\n- [ ] Two\n  lines\n  <!-- step b -->\n"
        "- [ ] Three `<!-- step c -->` <!-- step c -->\n<!-- /checklist -->\n"
    )
    assert re.findall(r"(?<!`)<!-- step \w -->$", site(text), re.MULTILINE) == [
        "<!-- step a -->",
        "<!-- step b -->",
        "<!-- step c -->",
    ]
    assert "`<!-- step c -->` <!-- step c -->\n" in site(text)
    assert "uses=" not in site(text)


def test_an_unknown_value_leaves_the_page_readable() -> None:
    assert "{{ nonsense }}" in site("<!-- checklist -->\n- [ ] {{ nonsense }}\n<!-- /checklist -->\n")


NESTING = [
    "- [ ] a\n  - [ ] b\n    - [ ] c\n- [ ] d\n",
    "- [ ] a\n\n  text\n\n  ```bash\n  run me\n    indented\n  ```\n\n- [ ] b\n",
    "1. [ ] a\n   1. [ ] b\n2. [ ] c\n",
    "* [ ] a\n\n    text\n\n    - [ ] b\n",
    "- [ ] a\n\n  - plain\n    - [ ] b\n\n      more\n",
    "> - [ ] a\n>   - [ ] b\n>     - [ ] c\n> - [ ] d\n",
    "> words\n> - [ ] a\n>   - [ ] b\n",
    "> - [ ] a\n>\n>   text\n>\n>   ```bash\n>   run me\n>     indented\n>   ```\n>\n> - [ ] b\n",
    "> > 1. [ ] a\n> >    1. [ ] b\n",
    ">\t- [ ] a\n>\t  - [ ] b\n",
    "> - [ ] a\nlazy\n> - [ ] b\n",
    "- [ ] a\n\n  > - [ ] b\n  >   - [ ] c\n\n- [ ] d\n",
    "- [ ] a\n\n  > quote\n\n  - [ ] b\n",
    "- - [ ] a\n  - [ ] b\n",
    "-\t[ ] a\n\t- [ ] b\n\n\t\tmore\n",
    "- [ ] a\n\n    text\n- [ ] b\n",
    "- [ ] a\n\n  text\n  - [ ] b\n",
    "- [ ] a\n\n  - [ ] b\n- [ ] c\n",
    "- a\n  - b\n\n    - [ ] c\n  - [ ] d\n",
    "> - [ ] a\n>\n>   text\n> - [ ] b\n",
]


@pytest.mark.parametrize("text", NESTING)
def test_python_markdown_nests_as_github_does(text: str) -> None:
    def shape(html: str) -> list[str]:
        return re.findall(r"</?(?:ul|ol|li|pre)\b", html)

    ours = markdown.markdown(site(text), extensions=["pymdownx.superfences"])
    assert shape(ours) == shape(MarkdownIt("commonmark").render(text))


def test_the_code_of_a_nested_block_keeps_its_own_indentation() -> None:
    html = markdown.markdown(site(NESTING[1]), extensions=["fenced_code", "pymdownx.superfences"])
    assert "run me\n  indented" in re.sub(r"<[^>]+>", "", html)


def test_an_admonition_in_a_step_holds_its_list() -> None:
    text = "- [ ] a\n\n    !!! note\n\n        - [ ] b\n            - [ ] c\n\n        text\n"
    html = markdown.markdown(site(text), extensions=["admonition"])
    assert re.findall(r"</?(?:ul|li|div|pre)\b", html) == [
        "<ul", "<li", "<div", "<ul", "<li", "<ul", "<li", "</li", "</ul", "</li", "</ul", "</div", "</li", "</ul",
    ]  # fmt: skip


def test_tabs_inside_of_code_stay() -> None:
    text = "<!-- checklist -->\n- [ ] a\n\n  ```make\n  all:\n  \tcc\t-o x\n  ```\n\n\tb\tc\n<!-- /checklist -->\n"
    assert "\n    \tcc\t-o x\n" in site(text)
    assert "\n      b\tc\n" in site(text)
    (step,) = parse_guide(text).steps()
    assert step.details == "```make\nall:\n\tcc\t-o x\n```\n\n  b\tc"


def test_the_details_of_a_quoted_step_are_without_the_marks_of_the_quote() -> None:
    (step,) = parse_guide("> - [ ] a\n>\n>   ```\n>   > $ x\n>   ```\n").steps()
    assert step.details == "```\n> $ x\n```"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_stay_as_they_are(ending: str) -> None:
    text = "---\nx: y\n---\na\n\n<!-- checklist -->\n- [ ] a\n  - [ ] b\n<!-- /checklist -->\n\nb\n".replace(
        "\n", ending
    )
    assert site(text) == (
        "---\nx: y\n---\na\n\n\n- [ ] a <!-- step a -->\n    - [ ] b <!-- step b -->\n\n\nb\n".replace("\n", ending)
    )
    mixed = "one\r\ntwo\nthree\r\r\n" + block("- [ ] a") + "four\r\n\rfive"
    assert site(mixed) == "one\r\ntwo\nthree\r\r\n\n- [ ] a <!-- step a -->\n\nfour\r\n\rfive"


def block(text: str) -> str:
    return f"<!-- checklist -->\n{text}\n<!-- /checklist -->\n"


def test_a_comment_over_several_lines_is_taken_out_wherever_it_stands() -> None:
    text = block("> - [ ] a <!-- step x\n>   uses=y -->\n> - [ ] `b\n>   c` <!-- step z -->")
    assert site(text) == "\n> - [ ] a <!-- step x -->\n\n> - [ ] `b\n>     c` <!-- step z -->\n\n"


def test_the_guide_of_fast_llm_has_a_marker_for_each_step() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    guide = parse_guide(text)
    out = site_source(text, guide, VALUES)
    assert re.findall(r"<!-- step ([a-z-]+) -->", out) == [step.id for step in guide.steps()]
    assert 'git tag -a v0.2.0 -m "Release version 0.2.0"' in out


@given(st.text(alphabet="-*[] x`#>{}\r\n\tab1.", max_size=80), st.text(alphabet="-*[] x`#>{}\r\n\tab1.", max_size=80))
def test_what_is_outside_of_blocks_stays_byte_for_byte(before: str, after: str) -> None:
    before, after = re.sub(r"[`~]", "", before), re.sub(r"[`~]", "", after)
    inside = "\n\n<!-- checklist -->\n\n- [ ] step\n\n<!-- /checklist -->\n\n"
    text = f"{before}{inside}{after}"
    guide = parse_guide(text)
    out = site_source(text, guide, VALUES)
    assert out.startswith(before)
    assert out.endswith(after)
