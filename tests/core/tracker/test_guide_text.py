"""The body of a new issue says what the guide says around its steps: nothing that gives a step its meaning is lost."""

from __future__ import annotations

import pytest

from fastrel.guide.parser import parse_guide
from fastrel.tracker.body import length, parse_body
from fastrel.tracker.guide_text import around_steps, linker
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.new_body import AT_FIRST, Header, Line, render_body

URL = "https://github.com/o/r/blob/abc/docs/R.md"
HEADER = Header("1.0.0", "minor", guide_path="docs/R.md", guide_url=URL)


def body(text: str) -> str:
    guide = parse_guide(text)
    around = around_steps(guide, lambda part: part.replace("{{ tag }}", "v1.0.0"), URL, "docs/R.md")
    links = linker(text, URL, "docs/R.md")
    lines = [
        Line(phase.title, step.id, links(step.title), step.depth, around=around[step.id], ticked=step.ticked)
        for phase in guide.phases
        for step in phase.steps
    ]
    found = render_body(HEADER, lines)
    assert [(one.id, one.depth) for one in parse_guide(found).steps()] == [(one.id, one.depth) for one in guide.steps()]
    assert set(parse_body(found).entries) == {step.id for step in guide.steps()}
    return found.partition("\n### ")[2]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# R\n\n- Only for hotfixes\n    - [ ] Branch off\n- [ ] Tell\n", "- Only for hotfixes\n  - [ ] Branch off"),
        ("# R\n\n**Week 1:**\n\n- [ ] Start\n", "**Week 1:**\n\n- [ ] Start"),
        ("# R\n\n- [ ] Start\n\n## Later\n\nA week after, do this:\n\n- [ ] End\n", "### Later\n\nA week after, do this:\n\n- [ ] End"),
        ("# R\n\n- [ ] Start\n- Write a post (optional)\n\n## B\n\n- [ ] End\n", "-->\n- Write a post (optional)\n"),
        ("# R\n\n- [x] Open this issue\n- [ ] Go\n", "- [x] Open this issue"),
        ("# R\n\n- [ ] Build it, e.g.:\n    ```sh\n    make {{ tag }}\n    ```\n- [ ] Go\n", "  ```sh\n  make v1.0.0\n  ```\n"),
        ("# R\n\n- [ ] Change the version in:\n    - `a.py`\n    - `b.cfg`\n", "\n\n  - `a.py`\n  - `b.cfg`\n"),
        ("# R\n\n- [ ] Read the [notes][] and the [plan][p] and [it]\n\n[notes]: https://x.example/n\n[p]: p.md\n[it]: /it.md\n",
         "[notes](https://x.example/n) and the [plan](https://github.com/o/r/blob/abc/docs/p.md) and [it](https://github.com/o/r/blob/abc/it.md)"),
        ("# R\n\n- [ ] See [how](#how), [that](../A.md#b) and `[not](this.md)`\n",
         "[how](https://github.com/o/r/blob/abc/docs/R.md#how), [that](https://github.com/o/r/blob/abc/A.md#b) and `[not](this.md)`"),
        ("# R\n\n- [ ] Run it with `main` branch` and **all**\n", "- [ ] Run it with `main` branch\\` and **all** <!--"),
        ("# R\n\n- [ ] Thank @octocat and `@code`\n", "Thank @&#8203;octocat and `@code`"),
        ("# R\n\n- Ask @octocat\n    - [ ] Go\n", "- Ask @&#8203;octocat\n"),
    ],
)  # fmt: skip
def test_what_gives_a_step_its_meaning_is_in_the_issue(text: str, wanted: str) -> None:
    assert wanted in body(text)


def test_headings_above_a_phase_are_in_the_issue_once() -> None:
    text = (
        "# R\n\n## Minor\n\n### Steps\n\n- [ ] One\n\n### More\n\n- [ ] Two\n\n## Patch\n\n### Steps\n\n- [ ] Three\n\n"
        "## Own\n\n- [ ] Four\n\n### Below\n\n- [ ] Five\n"
    )
    found = body(text)
    assert [line for line in f"\n### {found}".split("\n") if line.startswith("#")] == [
        "### Steps", "### More", "## Patch", "### Steps", "### Own", "### Below",
    ]  # fmt: skip
    guide = parse_guide(text)
    lines = [
        Line(p.title, s.id, s.title, around=around_steps(guide, str, URL, "R.md")[s.id])
        for p in guide.phases
        for s in p.steps
    ]
    assert "\n## Minor\n\n### Steps\n\n- [ ] One" in render_body(HEADER, lines)


def lines_of(text: str) -> list[Line]:
    guide = parse_guide(text)
    around = around_steps(guide, str, URL, "docs/R.md")
    return [
        Line(phase.title, step.id, step.title, step.depth, around=around[step.id])
        for phase in guide.phases
        for step in phase.steps
    ]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("# R\n\n- [ ] A\n", "# R\n\n- [ ] A\n- [ ] Build it:\n    ```sh\n    make\n    ```\n", "- [ ] Build it: <!-- step build-it -->\n\n  ```sh\n  make\n  ```\n"),
        ("# R\n\n- [ ] A\n", "# R\n\n- [ ] A\n- Only for hotfixes\n    - [ ] Branch off\n", "- Only for hotfixes\n  - [ ] Branch off <!-- step branch-off -->\n"),
        ("# R\n\n- [ ] A\n    - [ ] B\n", "# R\n\n- [ ] A\n    - [ ] B\n    - [ ] C\n", "  - [ ] B <!-- step b -->\n  - [ ] C <!-- step c -->\n"),
        ("# R\n\n- [ ] A\n", "# R\n\n- [ ] A\n\n## Later\n\n### On Monday\n\nDo this:\n\n- [ ] B\n", "\n## Later\n\n### On Monday\n\nDo this:\n\n- [ ] B <!-- step b -->\n"),
    ],
)  # fmt: skip
def test_lines_that_are_added_later_keep_their_meaning_like_those_of_a_new_issue(
    before: str, after: str, wanted: str
) -> None:
    text = insert_steps(render_body(HEADER, lines_of(before)), lines_of(after))
    assert wanted in text
    assert set(parse_body(text).entries) == {one.step_id for one in lines_of(after)}
    assert insert_steps(text, lines_of(after)) == text


def test_of_a_long_text_there_is_a_link_to_the_guide_at_its_commit() -> None:
    text = "# R\n\n- [ ] Go:\n\n    ```sh\n" + "    make\n" * 40 + "    ```\n"
    assert "[more in the guide](https://github.com/o/r/blob/abc/docs/R.md?plain=1#L3)" in body(text)


def test_where_the_issue_is_too_short_links_replace_the_text_of_the_first_steps() -> None:
    step = "- [ ] Step {}\n\n    " + "word " * 150 + "{}\n"
    found = body("# R\n\n" + "".join(step.format(number, number) for number in range(110)))
    assert length(found) < AT_FIRST
    assert "?plain=1#L3)" in found
    assert "word 109\n" in found


def test_nothing_of_a_guide_forges_a_step_of_the_issue() -> None:
    text = "# R\n\n- `<!-- step b -->` <!-- step c -->\n    - [ ] Go\n      <!-- step a -->\n\n      - plain <!-- step d -->\n"
    assert set(parse_body(body(text)).entries) == {step.id for step in parse_guide(text).steps()}
