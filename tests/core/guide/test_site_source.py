"""The guide's Markdown for the docs site: nested as GitHub nests it, one marker for each step, the rest untouched."""

from __future__ import annotations

import re

import markdown
import pytest
from hypothesis import given, settings
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


def test_the_guide_of_fast_llm_has_a_marker_for_each_step() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    guide = parse_guide(text)
    out = site_source(text, guide, VALUES)
    assert re.findall(r"<!-- step ([a-z-]+) -->", out) == [step.id for step in guide.steps()]
    assert 'git tag -a v0.2.0 -m "Release version 0.2.0"' in out


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="-*[] x`#>{}\n\tab1.", max_size=80), st.text(alphabet="-*[] x`#>{}\n\tab1.", max_size=80))
def test_what_is_outside_of_blocks_stays_byte_for_byte(before: str, after: str) -> None:
    before, after = re.sub(r"[`~]", "", before), re.sub(r"[`~]", "", after)
    inside = "\n\n<!-- checklist -->\n\n- [ ] step\n\n<!-- /checklist -->\n\n"
    text = f"{before}{inside}{after}"
    guide = parse_guide(text)
    out = site_source(text, guide, VALUES)
    assert out.startswith(before)
    assert out.endswith(after)
