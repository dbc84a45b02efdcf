"""The guide's Markdown for the docs site: nested as GitHub nests it, one marker for each step, the rest untouched."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown_it import MarkdownIt

from fastrel.guide.flat import MARK
from fastrel.guide.model import Settings, Step
from fastrel.guide.parser import parse_guide
from fastrel.guide.site_source import site_source
from fastrel.release import release_of
from fastrel_mkdocs.extension import ChecklistExtension, PageState
from stage import GUIDE

VALUES = release_of("0.2.0", ["v0.1.0"]).values("a/b")


def site(text: str) -> str:
    return site_source(text, parse_guide(text), VALUES)


def steps_in(source: str) -> list[str]:
    """The steps that the marks of a page's source name."""
    return [found[2].split()[0] for found in MARK.finditer(source) if found[1] == "item" and found[2]]


def html_of(text: str, *extensions: str) -> str:
    state = PageState(Settings(), None, whole_page=True)
    return markdown.markdown(text, extensions=[ChecklistExtension(provider=lambda: state), *extensions])


def test_values_are_rendered_in_blocks_only() -> None:
    text = "{{ version }}\n\n<!-- checklist -->\n- [ ] Tag {{ tag }}\n<!-- /checklist -->\n\n{{ version }}\n"
    assert MARK.sub("", site(text)).split() == ["{{", "version", "}}", "Tag", "v0.2.0", "{{", "version", "}}"]


def test_every_step_ends_with_its_marker_and_nothing_else() -> None:
    text = (
        "<!-- checklist -->\n- [ ] One <!-- step a uses=x needs=b --> more\n- [ ] Two\n  lines\n  <!-- step b -->\n"
        "- [ ] Three `<!-- step c -->` <!-- step c -->\n<!-- /checklist -->\n"
    )
    assert steps_in(site(text)) == ["a", "b", "c"]
    assert "`<!-- step c -->`" in site(text)
    assert site(text).count("<!--") == 1
    assert "uses=" not in site(text)


def test_an_unknown_value_leaves_the_page_readable() -> None:
    assert "{{ nonsense }}" in site("<!-- checklist -->\n- [ ] {{ nonsense }}\n<!-- /checklist -->\n")


NESTING = [
    "- [ ] a\n  ```sh\n  run\n  ```\n    - [ ] b\n- [ ] c\n",
    "- [ ] a\n  ```\n  run\n  ```\n  text behind it\n- [ ] b\n",
    "- [ ] a\n  > quote\n- [ ] b\n",
    "- [ ] a\n   - - [ ] b\n   - - [ ] c\n- [ ] d\n",
    "- [ ] a\n\n      code\n\n  - [ ] b\n",
    "- [ ] a\n  # heading\n  - [ ] b\n",
    "- [ ] a\n  #no heading\n  1986. words\n- [ ] b\n",
    "3. [ ] a\n4. [ ] b\n",
    "- [ ] a\n\n  ***\n\n  - [ ] b\n",
    "- [ ] a\n  ````text not a language\n  ```\n  - [ ] none\n  ````\n- [ ] b\n",
    "- [ ] a\n  ```\n  never closed\n- [ ] b\n",
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


FIRST = NESTING.index("- [ ] a\n\n  text\n\n  ```bash\n  run me\n    indented\n  ```\n\n- [ ] b\n")


@pytest.mark.parametrize("text", NESTING)
def test_python_markdown_nests_as_github_does(text: str) -> None:
    def shape(html: str) -> list[str]:
        return re.findall(r"</?(?:ul|ol|li|pre|blockquote)\b", html)

    assert shape(html_of(text, "pymdownx.superfences")) == shape(MarkdownIt("commonmark").render(text))


def test_the_code_of_a_nested_block_keeps_its_own_indentation() -> None:
    html = html_of(NESTING[FIRST], "fenced_code", "pymdownx.superfences")
    assert "run me\n  indented" in re.sub(r"<[^>]+>", "", html)


def test_an_admonition_in_a_step_holds_its_list() -> None:
    text = "- [ ] a\n\n    !!! note\n\n        - [ ] b\n            - [ ] c\n\n        text\n"
    html = html_of(text, "admonition")
    assert re.findall(r"</?(?:ul|li|div|pre)\b", html) == [
        "<ul", "<li", "<div", "<ul", "<li", "<ul", "<li", "</li", "</ul", "</li", "</ul", "</div", "</li", "</ul",
    ]  # fmt: skip


def test_tabs_inside_of_code_stay() -> None:
    text = "<!-- checklist -->\n- [ ] a\n\n  ```make\n  all:\n  \tcc\t-o x\n  ```\n\n\tb\tc\n<!-- /checklist -->\n"
    assert "\nall:\n\tcc\t-o x\n" in site(text)
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
    assert site(text).startswith(f"---{ending}x: y{ending}---{ending}a{ending}{ending}")
    assert site(text).endswith(f"{ending}{ending}b{ending}")
    assert site(text).replace("\r\n", "\n").replace("\r", "\n") == site(text.replace(ending, "\n"))
    mixed = "one\r\ntwo\nthree\r\r\n" + block("- [ ] a") + "four\r\n\rfive"
    assert site(mixed).startswith("one\r\ntwo\nthree\r\r\n")
    assert site(mixed).endswith("four\r\n\rfive")


def block(text: str) -> str:
    return f"<!-- checklist -->\n{text}\n<!-- /checklist -->\n"


def test_a_comment_over_several_lines_is_taken_out_wherever_it_stands() -> None:
    text = block("> - [ ] a <!-- step x\n>   uses=y -->\n> - [ ] `b\n>   c` <!-- step z -->")
    assert steps_in(site(text)) == ["x", "z"]
    assert "<!--" not in site(text)
    assert "`b" in site(text)


def test_the_guide_of_fast_llm_has_a_marker_for_each_step() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    guide = parse_guide(text)
    out = site_source(text, guide, VALUES)
    assert steps_in(out) == [step.id for step in guide.steps()]
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


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] a\n\n<details><summary>More</summary>\n\n- [ ] b\n- [ ] c\n\n</details>\n\n- [ ] d\n",
        "<div>\n\n<!-- checklist -->\n- [ ] a\n<!-- /checklist -->\n\n</div>\n",
        "<div>\n\n- [ ] a\n",
        "- [ ] a\n\n  <details>\n\n  - [ ] b\n\n  </details>\n- [ ] c\n",
        "- [ ] a\n  <!-- not closed\n- [ ] b\n",
        "- [ ] a <b>bold\n- [ ] b\n",
    ],
)
def test_tags_of_html_take_no_step_away(text: str) -> None:
    page = html_of(text, "md_in_html", "pymdownx.superfences")
    assert re.findall(r'data-fastrel-step="([\w-]+)"', page) == [step.id for step in parse_guide(text).steps()]
    assert page.count("<details") == text.count("<details")
    assert page.count("</details>") == text.count("</details>")


def test_links_tables_and_numbers_of_an_item_stay() -> None:
    text = "3. [ ] See [it][x]\n\n    [x]: https://x.example/\n\n    | a | b |\n    |:--|--:|\n    | `c\\|d` | e |\n"
    page = html_of(text, "tables")
    assert '<ol class="fastrel-steps" start="3">' in page
    assert '<a href="https://x.example/">it</a>' in page
    assert "<code>c|d</code>" in page


def test_steps_that_are_not_on_the_page_are_told() -> None:
    told: list[str] = []

    def tell(missing: tuple[Step, ...], _: tuple[Step, ...]) -> None:
        told.extend(one.id for one in missing)

    state = PageState(Settings(), None, whole_page=True, missing=tell)
    text = "- [ ] a\n\n- [ ] b\n"

    class Swallow(Extension):
        def extendMarkdown(self, md: markdown.Markdown) -> None:
            class Swallowing(Treeprocessor):
                def run(self, root: Element) -> None:
                    root.clear()

            md.treeprocessors.register(Swallowing(md), "swallow", 28)

    markdown.markdown(text, extensions=[ChecklistExtension(provider=lambda: state), Swallow()])
    assert told == ["a", "b"]


def test_placeholders_of_others_are_literal_when_the_guide_says_so() -> None:
    text = "---\nfastrel:\n  placeholders: literal\n---\n<!-- checklist -->\n- [ ] {{ env.V }} {{ version }} ${{ x }}\n<!-- /checklist -->\n"
    assert "{{ env.V }} 0.2.0 ${{ x }}" in site(text)
