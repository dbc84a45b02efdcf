"""What lint finds beyond the form of a guide."""

from __future__ import annotations

import pytest

from fastrel.actions.registry import actions, parameters_of_actions
from fastrel.guide.advice import advice
from fastrel.guide.lint import VALUES, lint
from fastrel.guide.parser import parse_guide, read_guide
from stage import GUIDE

KNOWN = {"tag.create": frozenset[str](), "tag.push": frozenset[str](), "image.available": frozenset({"image"})}


def block(lines: str) -> str:
    return f"<!-- checklist -->\n{lines}\n<!-- /checklist -->\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (block("- [ ] a <!-- step a uses=tag.creat -->"), 2, "unknown action “tag.creat” (did you mean tag.create?)"),
        (block("- [ ] a <!-- step a uses=image.available imag=x -->"), 2, "no parameter “imag” (did you mean image?)"),
        (block("- [ ] a <!-- step a use=tag.create -->"), 2, "unknown attribute “use” of step a (did you mean uses?)"),
        (block("- [ ] a <!-- step a -->\n- [ ] b <!-- step b needs=aa -->"), 3, "needs unknown step “aa” (did you mean a?)"),
        (block("- [ ] a <!-- step a needs=a -->"), 2, "needs itself: a cycle"),
        (block("- [ ] a <!-- step a needs=b -->\n- [ ] b <!-- step b needs=a -->"), 2, "comes later (a cycle)"),
        (block("- [ ] a <!-- step a needs=b -->\n- [ ] b <!-- step b -->"), 2, "needs “b”, which comes later"),
        (block("- [ ] a {{ versoin }}"), 2, "unknown value “versoin” in {{ }}; did you mean version?"),
        (block("- [ ] a {{ version | upper }}"), 2, "name of a value and nothing else"),
        (block("- [ ] a {{ version.__class__ }}"), 2, "name of a value and nothing else"),
        (block("- [ ] a {{ 9**9**9 }}"), 2, "name of a value and nothing else"),
        (block("- [ ] a\n\n    ```\n    {{ version }\n    ```"), 5, "cannot be read"),
        (block("- [ ] a\n- [ ] {% if x %}b{% endif %}"), 3, "{% %} is not executed"),
        ("# Nothing here\n", 1, "the guide has no step"),
    ],
)  # fmt: skip
def test_mistakes_are_found_with_line_and_suggestion(text: str, line: int, words: str) -> None:
    found = [str(problem) for problem in lint(parse_guide(text, "g.md"), KNOWN)]
    assert any(one.startswith(f"g.md:{line}: ") and words in one for one in found), found


def test_a_good_guide_has_no_problem() -> None:
    text = block(
        "- [ ] Tag `{{ tag }}`. <!-- step create-tag uses=tag.create -->\n\n"
        "    Text with {#anchor} and { {{ version }} }.\n\n"
        "    - [ ] nested by four <!-- step nested -->\n"
        "- [ ] Push. <!-- step push uses=tag.push needs=create-tag,nested -->"
    )
    assert lint(parse_guide(text), KNOWN) == ()


def test_outside_of_blocks_braces_are_text() -> None:
    assert lint(parse_guide("{{ anything }} {% x %}\n\n" + block("- [ ] a")), KNOWN) == ()


def test_the_guide_of_fast_llm_is_clean() -> None:
    assert lint(read_guide(GUIDE), parameters_of_actions()) == ()


def test_every_action_explains_itself() -> None:
    assert len(actions()) >= 22
    for name, action in actions().items():
        assert action.summary.endswith("."), name


def test_the_values_are_those_of_the_manual() -> None:
    manual = (GUIDE.parent / "reference" / "guide-format.md").read_text(encoding="utf-8")
    for name in VALUES:
        assert f"| `{name}` |" in manual


HEAD = "---\nfastrel:\n  version_files:\n    - path: setup.cfg\n---\n<!-- checklist -->\n"
SET, COMMIT, TAG = (f"- [ ] {one} <!-- step {one} uses={uses} -->\n" for one, uses in (("set", "version.set"), ("commit", "version.commit"), ("tag", "tag.create")))  # fmt: skip
SCRIPT = "- [ ] script <!-- step script run -->\n\n    ```bash\n    git commit -am x && git push\n    ```\n"


@pytest.mark.parametrize(
    ("items", "warned"),
    [
        (SET + TAG, True),
        (SET + "- [ ] Wave\n" + TAG + COMMIT, True),
        (SET + COMMIT + TAG, False),
        (SET + SCRIPT + TAG, False),
        (TAG, False),
        (SET, False),
    ],
)
def test_a_tag_on_a_version_that_no_step_commits_is_warned_of(items: str, warned: bool) -> None:
    found = advice(parse_guide(f"{HEAD}{items}<!-- /checklist -->\n", "R.md"))
    assert bool(found) is warned
    for one in found:
        assert "step tag tags the commit that carries the version, and no step between set and it makes one" in str(one)
        assert "give the step that commits uses=version.commit" in str(one)


def test_a_version_that_is_the_tag_needs_no_commit() -> None:
    assert advice(parse_guide(f"<!-- checklist -->\n{SET}{TAG}<!-- /checklist -->\n")) == ()


def test_lists_nested_by_two_spaces_are_no_mistake_but_one_advice_a_page() -> None:
    text = "<!-- checklist -->\n- [ ] a\n  - [ ] b\n    - [ ] c\n- [ ] d\n  - [ ] e\n<!-- /checklist -->\n"
    guide = parse_guide(text, "R.md")
    assert lint(guide, parameters_of_actions()) == ()
    (found,) = advice(guide)
    assert (found.line, found.message[:19]) == (3, "nested by 2 spaces,")


def test_a_step_may_use_several_actions_in_order() -> None:
    text = "<!-- checklist -->\n- [ ] a <!-- step a uses={} -->\n<!-- /checklist -->\n"

    def wrong(uses: str) -> list[str]:
        return [one.message for one in lint(parse_guide(text.format(uses)), parameters_of_actions())]

    (step,) = parse_guide(text.format("tag.create,tag.push dispatch=a.yml")).steps()
    assert step.actions == ("tag.create", "tag.push")
    assert wrong("tag.create,tag.push dispatch=a.yml") == []
    assert wrong("tag.create,tag.psh") == ["unknown action “tag.psh”"]
    assert wrong("tag.create,tag.create") == ["step a uses an action twice"]
    assert wrong("tag.create,tag.push url=x") == ["action tag.create,tag.push has no parameter “url”"]
    assert wrong('"tag.create, tag.push"') == []


def test_a_proposed_action_is_one_advice_a_page() -> None:
    step = "- [ ] {0} <!-- step {0} uses=ci.branch proposed -->\n"
    guide = parse_guide(f"<!-- checklist -->\n{step.format('a')}{step.format('b')}<!-- /checklist -->\n")
    assert lint(guide, parameters_of_actions()) == ()
    assert [one.message[:22] for one in advice(guide)] == ["the actions of 2 steps"]
    (lost,) = lint(parse_guide("<!-- checklist -->\n- [ ] a <!-- step a proposed -->\n<!-- /checklist -->\n"), {})
    assert "says proposed, but uses no action" in lost.message


@pytest.mark.parametrize(
    ("uses", "missing"),
    [
        ("version.commit", "version.set"),
        ("version.commit-next", "version.next"),
        ("version.next", "version.commit-next"),
        ("tag.push", "tag.create"),
        ("release.notes", "release.draft"),
        ("release.edit", "release.draft"),
        ("release.publish", "release.draft"),
        ("release.draft", "release.publish"),
        ("discussion.announce", "release.discussion"),
    ],
)
def test_half_of_a_pair_is_warned_of_with_what_is_missing(uses: str, missing: str) -> None:
    lonely = advice(parse_guide(f"{HEAD}- [ ] One <!-- step one uses={uses} -->\n<!-- /checklist -->\n", "R.md"))
    assert any(f"with uses={missing}" in str(one) for one in lonely), lonely
    other = f"- [ ] Other <!-- step other uses={missing} -->\n"
    pair = f"{other}- [ ] One <!-- step one uses={uses} -->\n{other.replace('other', 'more')}"
    whole = advice(parse_guide(f"{HEAD}{pair}<!-- /checklist -->\n", "R.md"))
    assert not any(f"with uses={missing}" in one.suggestion for one in whole if "step one" in one.message)


def test_a_step_by_hand_is_the_other_half() -> None:
    items = "- [ ] Tag <!-- step t run -->\n\n    ```bash\n    git tag v1\n    ```\n- [ ] Push <!-- step p uses=tag.push -->\n"
    assert advice(parse_guide(f"{HEAD}{items}<!-- /checklist -->\n", "R.md")) == ()


def test_what_looks_like_a_box_and_is_none_is_named() -> None:
    text = "- [ ] a\n- [] b\n-[ ] c\n- [ ]d\n- [\u00a0] e\n- [ ]\u00a0f\n- [x](y)\n\n```\n- [] g\n```\n"
    found = [one.line for one in advice(parse_guide(text)) if "looks like a box" in one.message]
    assert found == [2, 3, 4, 5, 6]
    assert [step.title for step in parse_guide(text).steps()] == ["a"]


def test_a_title_in_another_script_has_an_id_of_its_own_that_stays_when_a_step_is_inserted() -> None:
    titles = [
        "更新版本号",
        "运行全部测试",
        "通知用户",
        "更新 CHANGELOG 文件以及版本说明",
        "检查 CHANGELOG 文件以及版本说明",
        "🎉",
    ]
    before = [step.id for step in parse_guide("".join(f"- [ ] {one}\n" for one in titles)).steps()]
    assert len(set(before)) == len(titles)
    assert not any(one.endswith("-2") for one in before)
    after = [step.id for step in parse_guide("".join(f"- [ ] {one}\n" for one in ["新的", *titles])).steps()]
    assert after[1:] == before
    assert [step.id for step in parse_guide("- [ ] Überprüfe die Größe\n").steps()] == ["uberprufe-die-groe"]
