"""Which lines of a page are steps, and what is read of each."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastrel.errors import GuideError
from fastrel.github.role import Role
from fastrel.guide.model import Guide, Step
from fastrel.guide.parser import parse_guide, read_guide
from stage import GUIDE


def parse(text: str) -> Guide:
    return parse_guide(textwrap.dedent(text).lstrip("\n"))


def titles(text: str) -> list[str]:
    return [step.title for step in parse(text).steps()]


def only(text: str) -> Step:
    (step,) = parse(text).steps()
    return step


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] a\n* [ ] b\n+ [x] c\n1. [X] d\n2) [ ] e\n", ["a", "b", "c", "d", "e"]),
        ("- [ ] a\n\n- [ ] b\n", ["a", "b"]),
        ("- [ ] a\n  - [ ] b\n    - [ ] c\n", ["a", "b", "c"]),
        ("- plain\n  - [ ] nested in a plain item\n", ["nested in a plain item"]),
        ("> - [ ] quoted\n", ["quoted"]),
        ("- [ ] over\n  two lines\n", ["over two lines"]),
        ("text directly before\n- [ ] a\n", ["a"]),
        ("- [ ]\ttab\n", ["tab"]),
        ("!!! note\n    - [ ] in an admonition\n", ["in an admonition"]),
        ('??? note "Title"\n\n    - [ ] folded\n', ["folded"]),
        ('=== "Linux"\n    - [ ] in a tab\n=== "Mac"\n    - [ ] in another\n', ["in a tab", "in another"]),
        ("- [ ] a\r\n- [ ] b", ["a", "b"]),
        ("\ufeff- [ ] behind a byte-order mark\n", ["behind a byte-order mark"]),
    ],
)
def test_task_items_are_found_where_github_finds_them(text: str, expected: list[str]) -> None:
    assert [step.title for step in parse_guide(text).steps()] == expected


@pytest.mark.parametrize(
    "text",
    [
        "```\n- [ ] in a fence\n```\n",
        "~~~~\n- [ ] in a fence\n~~~~\n",
        "paragraph\n\n    - [ ] in indented code\n",
        "- \\[ ] escaped\n",
        "- [] no space\n",
        "- [ ]no space behind\n",
        "- [ ]\n",
        "- [y] another letter\n",
        "[ ] not a list\n",
        "<div>\n- [ ] in HTML\n</div>\n",
        "- text [ ] later\n",
        "- # [ ] a heading\n",
        "<!--\n- [ ] in a comment\n-->\n",
    ],
)
def test_nothing_else_is_a_task_item(text: str) -> None:
    assert titles(text) == []


def test_a_page_without_blocks_is_a_guide_of_manual_steps() -> None:
    guide = parse("# Release\n\n- [ ] Bump **the** version\n- [ ] Tell `#dev`\n- [ ] Tell `#dev`\n")
    assert [step.id for step in guide.steps()] == ["bump-the-version", "tell-dev-release", "tell-dev-release-2"]
    assert not any(step.uses or step.script or step.annotated for step in guide.steps())
    assert guide.problems == ()


EXAMPLE = """
    ---
    fastrel:
      repository: ServiceNow/Fast-LLM
    ---
    # Guide
    - [ ] prose, outside of a block

    ### 3. Tag the release
    <!-- checklist role=maintain if=minor,major -->
    - [ ] Tag the version commit. <!-- step create-tag uses=tag.create -->

      ```bash
      git tag -a {{ tag }} -m "Release version {{ version }}"
      ```
    - [ ] Push the tag.
      <!-- step push-tag uses=tag.push needs=create-tag role=admin if=patch -->
    - [ ] Build. <!-- step build run check="test -d site" confirm="Is it right?" -->
      - [ ] Look at it. <!-- step look -->

      ```text
      not this
      ```
      ```sh
      make build
      ```
    - [ ] Image. <!-- step image uses=image.available image="ghcr.io/a b" tag={{version}} -->
    <!-- /checklist -->
    """


def test_the_annotations_are_read() -> None:
    guide = parse(EXAMPLE)
    assert guide.problems == ()
    assert [phase.title for phase in guide.phases] == ["3. Tag the release"]
    steps = {step.id: step for step in guide.steps()}
    assert list(steps) == ["create-tag", "push-tag", "build", "look", "image"]
    tag = steps["create-tag"]
    assert (tag.title, tag.uses, tag.role, tag.kinds) == (
        "Tag the version commit.",
        "tag.create",
        Role.MAINTAIN,
        ("minor", "major"),
    )
    assert tag.line == 10
    assert tag.details == '```bash\ngit tag -a {{ tag }} -m "Release version {{ version }}"\n```'
    push = steps["push-tag"]
    assert (push.title, push.needs, push.role, push.kinds) == ("Push the tag.", ("create-tag",), Role.ADMIN, ("patch",))
    build = steps["build"]
    assert (build.script, build.check, build.confirm) == ("make build\n", "test -d site", "Is it right?")
    assert "Look at it" not in build.details
    assert (steps["look"].depth, build.depth) == (1, 0)
    assert dict(steps["image"].params) == {"image": "ghcr.io/a b", "tag": "{{version}}"}


def test_comments_in_code_are_inert() -> None:
    guide = parse(
        """
        <!-- checklist -->
        - [ ] Write `<!-- step fake uses=tag.push -->` somewhere. <!-- step real -->

          ```html
          <!-- step other -->
          <!-- /checklist -->
          ```
        - [ ] Still inside. <!-- step inside -->
        <!-- /checklist -->
        """
    )
    assert [step.id for step in guide.steps()] == ["real", "inside"]
    assert guide.problems == ()


def test_phases_with_the_same_heading_are_two() -> None:
    guide = parse("## Do\n- [ ] a\n\n## Do\n- [ ] b\n\nSetext\n---\n- [ ] c\n")
    assert [(phase.id, phase.title) for phase in guide.phases] == [("do", "Do"), ("do-2", "Do"), ("setext", "Setext")]


def test_a_step_before_any_heading_belongs_to_a_phase_without_title() -> None:
    assert [phase.title for phase in parse("- [ ] a\n\n# H\n- [ ] b\n").phases] == ["", "H"]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("<!-- checklist -->\n- [ ] a\n", 1, "never closed"),
        ("- [ ] a\n\n<!-- /checklist -->\n", 3, "closes no block"),
        ("<!-- checklist -->\n- [ ] a\n<!-- checklist -->\n<!-- /checklist -->\n", 3, "inside another"),
        ("<!-- checklist -->\n- plain\n<!-- /checklist -->\n", 1, "without a task item"),
        ("<!-- checklist rolle=write -->\n- [ ] a\n<!-- /checklist -->\n", 1, "unknown attribute “rolle”"),
        ("<!-- checklist -->\n- [ ] a <!-- step -->\n<!-- /checklist -->\n", 2, "without an id"),
        ("<!-- checklist -->\n- [ ] a <!-- step A_b -->\n<!-- /checklist -->\n", 2, "“A_b” is not a step id"),
        (
            "<!-- checklist -->\n- [ ] a <!-- step x -->\n- [ ] b <!-- step x -->\n<!-- /checklist -->\n",
            3,
            "used in line 2",
        ),
        ("<!-- checklist -->\n- [ ] a <!-- step x run -->\n<!-- /checklist -->\n", 2, "no shell code block"),
        ("<!-- checklist -->\n- [ ] a <!-- step x role=boss -->\n<!-- /checklist -->\n", 2, "unknown role “boss”"),
        ("<!-- checklist -->\n- [ ] a <!-- step x if=minr -->\n<!-- /checklist -->\n", 2, "unknown kind “minr”"),
        ("<!-- checklist -->\n- [ ] a <!-- step x rnu -->\n<!-- /checklist -->\n", 2, "unknown word “rnu”"),
        ("<!-- checklist -->\n- [ ] a <!-- steps x -->\n<!-- /checklist -->\n", 2, "unknown comment “steps”"),
        ("<!-- checklist -->\n- [ ] a\n<!-- /checklist -->\n\n- [ ] b <!-- step b -->\n", 5, "outside of a checklist"),
        ("- [ ] a <!-- step a -->\n", 1, "on a page without a checklist block"),
        ("---\nfastrel:\n  branhc: main\n---\n- [ ] a\n", 3, "unknown setting “branhc”"),
        ("---\nfastrel:\n  tag: v\n---\n- [ ] a\n", 3, "must contain {version} once"),
        ("---\nfastrel:\n  version_files:\n    - path: ../x\n---\n- [ ] a\n", 4, "not inside the repository"),
        ("---\nfastrel:\n  version_files:\n    - path: x\n      pattern: (\n---\n- [ ] a\n", 5, "not a regular"),
        ('---\nfastrel:\n  branch: "a;b"\n---\n- [ ] a\n', 3, "must not hold what a shell reads"),
        ('---\nfastrel:\n  branch: "$(id)"\n---\n- [ ] a\n', 3, "must not hold what a shell reads"),
        ("---\nfastrel:\n  branch: --upload-pack=x\n---\n- [ ] a\n", 3, "not a valid branch name"),
        ('---\nfastrel:\n  tag: "v{version}`id`"\n---\n- [ ] a\n', 3, "must not hold what a shell reads"),
        ("---\nfastrel: [\n---\n- [ ] a\n", 3, "not valid YAML"),
        ("---\nfastrel:\n  bump: maybe\n---\n- [ ] a\n", 3, "must be auto, direct or pull-request"),
        ("---\nfastrel:\n  workflow: a/b.yml\n---\n- [ ] a\n", 3, "is not the name of a workflow file"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(body: str, line: int, words: str) -> None:
    found = [problem for problem in parse_guide(body, "docs/guide.md").problems if words in problem.message]
    assert [problem.line for problem in found] == [line]
    assert str(found[0]).startswith(f"docs/guide.md:{line}: ")


def test_the_guide_of_fast_llm_has_all_its_steps() -> None:
    guide = read_guide(GUIDE)
    assert guide.problems == ()
    assert [step.id for step in guide.steps()] == [
        "milestone-issues", "milestone-pulls", "main-ci", "docs-current", "pull-labels", "open-bugs",
        "set-version", "commit-version",
        "create-tag", "push-tag",
        "draft-release", "generate-notes", "edit-notes", "release-discussion", "publish-release",
        "tag-ci", "image-available", "docs-live",
        "announce-discussion", "announce-forum", "next-dev-version", "commit-next", "close-milestone",
        "next-milestone", "close-tracker",
    ]  # fmt: skip
    roles = {phase.title[:1]: {step.role for step in phase.steps} for phase in guide.phases}
    assert roles["3"] == roles["4"] == {Role.MAINTAIN}
    assert roles["1"] == roles["2"] == {Role.WRITE}


def test_a_file_that_is_no_text_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "guide.md"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GuideError, match="not a UTF-8 text file"):
        read_guide(file)


PIECES = st.sampled_from(
    ["- [ ] a", "  - [x] b", "<!-- checklist -->", "<!-- /checklist -->", "<!-- step a uses=x -->", " <!-- step b run -->",
     "```", "# H", "---", "fastrel:", "!!! note", "    ", "\n", "{{ version }}", "{%", '"', "<!--", "-->", "> ", "1. [ ] c", "\t", "é"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_parsing_never_fails(text: str) -> None:
    guide = parse_guide(text)
    assert len({step.id for step in guide.steps()}) == len(list(guide.steps()))


def test_a_role_that_is_none_asks_for_the_most() -> None:
    """Until somebody corrects it, nobody does by a slip of the pen what only a maintainer may."""
    guide = parse(
        "<!-- checklist -->\n- [ ] a <!-- step a role=maintian -->\n- [ ] b <!-- step b -->\n<!-- /checklist -->\n"
    )
    assert [step.role for step in guide.steps()] == [Role.ADMIN, Role.WRITE]
    assert ["did you mean" in str(one) or "maintain" in str(one) for one in guide.problems] == [True]
    block = parse("<!-- checklist role=boss -->\n- [ ] a <!-- step a -->\n<!-- /checklist -->\n")
    assert [step.role for step in block.steps()] == [Role.ADMIN]
