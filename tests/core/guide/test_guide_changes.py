"""What is announced of a changed guide: everything that decides what a run does, and nothing else."""

from __future__ import annotations

import pytest

from fastrel.guide.changes import Change, GuideNews, How, guide_changes, same_text, with_commands
from fastrel.guide.parser import parse_guide

HEAD = "---\nfastrel:\n  branch: main\n---\n"
STEPS = """## Tag

<!-- checklist -->
- [ ] Push the tag. <!-- step push uses=tag.push dispatch="a.yml" role=maintain -->
- [ ] Build it. <!-- step build run check="test -f dist" -->

    Some words.

    ```bash
    make
    make check
    ```
- [ ] Tell them. <!-- step tell uses=discussion.forum -->

    ```markdown
    It is out.
    ```
<!-- /checklist -->
"""


def changed(*replaced: tuple[str, str], old: str = HEAD + STEPS) -> tuple[Change, ...]:
    new = old
    for before, after in replaced:
        assert before in new
        new = new.replace(before, after)
    return guide_changes(parse_guide(old), parse_guide(new))


@pytest.mark.parametrize(
    ("before", "after", "step", "part", "old", "new"),
    [
        ("Push the tag.", "Push it.", "push", "text", "Push the tag.", "Push it."),
        ("uses=tag.push", "uses=tag.create", "push", "action", "tag.push", "tag.create"),
        ('dispatch="a.yml"', 'dispatch="b.yml"', "push", "parameter dispatch", "a.yml", "b.yml"),
        (' dispatch="a.yml"', "", "push", "parameter dispatch", "a.yml", ""),
        ("role=maintain", "role=write", "push", "role", "maintain", "write"),
        ("    make\n", "    make evil\n", "build", "script", "make", "make evil"),
        ("make check\n", "make check\n    curl evil\n", "build", "script", "", "curl evil"),
        ("    make check\n", "", "build", "script", "make check", ""),
        ("step build run", "step build", "build", "script", "make", ""),
        ("test -f dist", "true", "build", "check", "test -f dist", "true"),
        ("step tell", 'step tell confirm="Sure?"', "tell", "confirm", "", "Sure?"),
        ("step tell", "step tell if=minor", "tell", "if", "", "minor"),
        ("step tell", "step tell needs=push", "tell", "needs", "", "push"),
        ("It is out.", "It is in.", "tell", "announcement", "It is out.", "It is in."),
        ("branch: main", "branch: other", "", "setting branch", "main", "other"),
        ("branch: main", "maintainers: [eve]", "", "setting maintainers", "", "eve"),
        ("branch: main", "version_files: [setup.cfg]", "", "setting version_files", "", "setup.cfg"),
    ],
)
def test_each_part_that_decides_is_told_with_what_it_was(
    before: str, after: str, step: str, part: str, old: str, new: str
) -> None:
    (change,) = changed((before, after))
    assert (change.step_id, change.how) == (step, How.CHANGED)
    (difference,) = change.parts
    assert (difference.part, difference.old, difference.new) == (part, old, new)


@pytest.mark.parametrize(
    ("before", "after"),
    [("Some words.", "Other words."), ("## Tag\n", "Prose.\n\n## Tag\n"), ("branch: main", "version: 0.2.0")],
)
def test_words_around_the_steps_and_the_version_of_the_site_decide_nothing(before: str, after: str) -> None:
    assert changed((before, after)) == ()


def test_new_steps_come_in_their_order_and_those_that_are_gone_at_the_end() -> None:
    new = "- [ ] Call. <!-- step call run -->\n\n    ```sh\n    curl x\n    ```\n- [ ] Build it."
    found = changed(("- [ ] Build it.", new), ("step push ", "step shove "))
    assert [(one.step_id, one.how.value) for one in found] == [
        ("shove", "added"), ("call", "added"), ("push", "removed"),
    ]  # fmt: skip
    assert [(one.part, one.new) for one in found[1].parts] == [
        ("text", "Call."),
        ("script", "curl x"),
        ("role", "write"),
    ]
    assert [one.of_commands for one in found] == [False, True, False]


def test_another_order_is_a_change_of_the_guide() -> None:
    lines = "<!-- checklist -->\n- [ ] a <!-- step a -->\n- [ ] b <!-- step b -->\n<!-- /checklist -->\n"
    (change,) = changed(("step a", "step x"), ("step b", "step a"), ("step x", "step b"), ("] a", "] c"), ("] b", "] a"), ("] c", "] b"), old=lines)  # fmt: skip
    assert [(one.part, one.old, one.new) for one in change.parts] == [("order of the steps", "a, b", "b, a")]


def test_other_line_ends_are_no_change() -> None:
    assert same_text("a\r\nb\n", "a\nb\r\n")
    assert same_text("\ufeffa\n", "a\n")
    assert not same_text("a\nb", "a\nc")


def test_steps_that_execute_something_are_known() -> None:
    assert with_commands(parse_guide(STEPS)) == {"build"}


@pytest.mark.parametrize(
    ("before", "after", "executes"),
    [
        ("test -f dist", "true", True),
        (' check="test -f dist"', "", False),
        ("    make\n", "    make evil\n", True),
        ("make check\n", "make check\n    curl evil\n", True),
        ("    make check\n", "", True),
        ("step build run", "step build", False),
        ("step tell", 'step tell check="curl evil"', True),
        ("Build it.", "Build.", False),
        ("role=maintain", "role=write", False),
    ],
)
def test_what_would_be_executed_now_and_was_not_is_known(before: str, after: str, executes: bool) -> None:
    (change,) = changed((before, after))
    assert change.of_commands is executes


def test_what_is_gone_executes_nothing() -> None:
    found = changed((STEPS[STEPS.index("- [ ] Build") : STEPS.index("- [ ] Tell")], ""))
    assert [(one.step_id, one.how, one.of_commands) for one in found] == [("build", How.REMOVED, False)]


def test_steps_with_nothing_but_a_check_execute_something() -> None:
    guide = parse_guide(HEAD + STEPS.replace(" run check=", " check="))
    assert with_commands(guide) == {"build"}


@pytest.mark.parametrize(
    ("current", "uncommitted", "recorded"),
    [("b", False, True), ("b", True, False), ("", False, False), ("", True, False)],
)
def test_only_a_guide_that_is_committed_can_be_named_in_the_tracker(
    current: str, uncommitted: bool, recorded: bool
) -> None:
    news = GuideNews("a", current, "docs/g.md", uncommitted=uncommitted)
    assert news.to_record is recorded
    assert not news.to_agree  # what is not committed, the person at the checkout has made


def test_steps_with_a_script_or_a_check_have_commands() -> None:
    guide = parse_guide(
        "<!-- checklist -->\n- [ ] a <!-- step a run -->\n\n    ```bash\n    make\n    ```\n\n"
        '- [ ] b <!-- step b check="test -f b" -->\n- [ ] c <!-- step c -->\n<!-- /checklist -->\n'
    )
    assert with_commands(guide) == {"a", "b"}
