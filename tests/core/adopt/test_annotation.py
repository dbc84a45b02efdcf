"""A checklist becomes a guide by comments alone: it lints clean, its rendering and its words stay."""

from __future__ import annotations

import re

import pytest

from fastrel.actions.registry import parameters_of_actions
from fastrel.adopt.annotation import Annotated, annotate, rendered
from fastrel.adopt.decisions import NOBODY, Agreement
from fastrel.adopt.findings import Findings, Found
from fastrel.errors import FastrelError
from fastrel.guide.lint import lint
from fastrel.guide.model import VersionFile
from fastrel.guide.parser import parse_guide
from fastrel.guide.settings import front_matter

ALL = Findings(
    repository=Found("octo/thing"),
    version_files=(VersionFile("pyproject.toml"),),
    image=Found("ghcr.io/octo/thing"),
    site=Found("https://octo.example/"),
    package=Found("thing"),
    release_notes=".github/release.yml",
    categories=("Announcements",),
)


def annotated(text: str, findings: Findings = ALL, only: str = "", agreement: Agreement = NOBODY) -> Annotated:
    """What the text becomes, with everything that must hold for any text."""
    found = annotate(text, "R.md", findings, parameters_of_actions(), only=only, agreement=agreement)
    guide = parse_guide(found.text, "R.md")
    assert lint(guide, parameters_of_actions()) == ()
    assert rendered(found.text) == rendered(text)
    assert without_ours(found.text) == without_ours(text)
    again = annotate(found.text, "R.md", findings, parameters_of_actions())
    assert again.text == found.text
    return found


def without_ours(text: str) -> list[str]:
    """The words of a page: without front matter, our comments, indentation and blank lines."""
    lines = text.removeprefix("\ufeff").splitlines()[front_matter(text)[1] :]
    lines = [re.sub(r"\s*<!-- (?:step|/?checklist)\b.*?-->", "", line).strip() for line in lines]
    return [line for line in lines if line]


def uses(found: Annotated) -> list[str]:
    return [one.uses for one in found.proposals]


def steps(found: Annotated) -> list[tuple[str, str]]:
    return [(step.id, step.uses) for step in parse_guide(found.text).steps()]


PLAIN = """# Releasing

Some words.

- [ ] Make sure CI is green
- [ ] Bump the version in `pyproject.toml`
- [x] Tag the release

  ```bash
  git tag -a v1.2.3 -m "Release 1.2.3"
  ```
- [ ] Tell the team

Afterwards:
* [ ] Close the milestone
"""


def test_items_are_recognised_and_the_others_get_an_id_of_their_own() -> None:
    found = annotated(PLAIN)
    assert steps(found) == [
        ("make-sure-ci-is-green", "ci.branch"),
        ("bump-the-version-in-pyproject-toml", "version.set"),
        ("tag-the-release", "tag.create"),
        ("tell-the-team", ""),
        ("close-the-milestone", "milestone.close"),
    ]
    assert [one.line for one in found.proposals] == [5, 6, 7, 12, 15]
    assert found.text.startswith('---\nfastrel:\n  repository: octo/thing\n  tag: "v{version}"\n')
    assert found.text.endswith(
        "* [ ] Close the milestone <!-- step close-the-milestone uses=milestone.close proposed -->\n<!-- /checklist -->\n"
    )
    assert found.text.count("<!-- checklist -->") == found.text.count("<!-- /checklist -->") == 2


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] One\n- [ ] Two",
        "- [ ] One\r\n- [ ] Two\r\n\r\n## Next\r\n\r\n- [ ] Three\r\n",
        "\ufeff# R\n\n- [ ] One\n- [ ] Two\n",
        "1. [ ] One\n2. [ ] Two\n\n   More of it.\n\n10. [ ] Ten\n",
        "> - [ ] In a quote\n> - [ ] Two\n\n- [ ] Out of it\n",
        "- [ ] A long text\n  that goes on `here`\n  and *here*\n- [ ] Two\n",
        "- plain\n- [ ] One\n- another\n",
        "Text right above\n- [ ] One\n- [ ] Two\nlazy words\n\nEnd.\n",
        "- [ ] One <!-- somebody's own -->\n- [ ] Two\n",
        "- [ ] A < b & `<!-- code -->` \\\n- [ ] Unclosed `tick\n- [ ] [link][x]\n\n[x]: https://example.org\n",
        "- [ ] One\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n- [ ] Two\n\n---\n\n- [ ] Three\n",
        "<details>\n<summary>More</summary>\n\n- [ ] One\n- [ ] Two\n\n</details>\n",
        "- [ ] Same\n- [ ] Same\n- [ ] Same\n",
        "- [ ] 発表\n- [ ] 🎉\n",
        "---\ntitle: R\n---\n\n- [ ] One\n",
        "---\ntitle: R\n---\n- [ ] One\n",
        "- [ ] Code\n\n      indented code\n\n- [ ] Fence\n  ```\n  - [ ] no item\n  ```\n",
        "\t- [ ] not a list but code\n\n- [ ] One\n",
        "- [ ] One\n    - [ ] Nested\n        - [ ] Deeper\n- [ ] Two\n",
    ],
)  # fmt: skip
def test_any_shape_of_list_becomes_a_guide(text: str) -> None:
    annotated(text)


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] One\n  - [ ] Nested\n  - [ ] Nested too\n- [ ] Two\n",
        "- [ ] One\n  - [ ] Nested\n    - [ ] Deeper\n\n      ```bash\n      make\n      ```\n\n  More of one.\n- [ ] Two\n",
        "1. [ ] One\n   - [ ] Nested\n     lazy\n2. [ ] Two\n",
    ],
)
def test_nested_items_stay_as_they_are(text: str) -> None:
    found = annotated(text)
    depths = [step.depth for step in parse_guide(found.text).steps()]
    assert depths == [step.depth for step in parse_guide(text).steps()]
    assert max(depths) > 0
    assert found.text.count("\n  - [ ] Nested") == text.count("\n  - [ ] Nested")


def test_placeholders_of_others_stay_literal() -> None:
    text = "# R\n\n- [ ] Tag {{ VERSION }}\n- [ ] Run `{% x %}`\n\n## Then\n\n- [ ] Tell people\n"
    found = annotated(text)
    assert len(steps(found)) == 3
    assert "  placeholders: literal\n" in found.text


@pytest.mark.parametrize(
    "text",
    ["# R\n\nNothing to tick.\n", "- [ ] One\r\n- [ ] Two\n", "---\nfoo: [\n---\n- [ ] One\n"],
)
def test_a_page_of_which_nothing_would_do_is_refused(text: str) -> None:
    with pytest.raises(FastrelError) as raised:
        annotated(text)
    assert raised.value.done == "Nothing was changed."
    assert raised.value.next_step


def test_only_sections_about_releases_are_taken_from_a_page_about_more() -> None:
    text = (
        "# Contributing\n\n## Pull requests\n\n- [ ] Run the tests\n- [ ] Add a test\n\n"
        "## Releases\n\n### Steps\n\n- [ ] Close the milestone\n\n## Other\n\n- [ ] Be kind\n"
    )
    assert steps(annotated(text, only="releas")) == [("close-the-milestone", "milestone.close")]


@pytest.mark.parametrize(
    ("item", "findings", "reason"),
    [
        ("Check that the docs are live", Findings(), "no URL of the site was found"),
        ("Check that the docker image is available", Findings(), "no image was found"),
        ("Check that the package is on PyPI", Findings(), "no workflow publishes a package"),
        ("Bump the version", Findings(), "no file states the version"),
        ("Update the version in `meta.yaml`", ALL, "meta.yaml is not among version_files"),
        ("Announce it in the release discussion", ALL, "had a ```markdown block to post"),
        ("Review the release notes", ALL, "if an item drafted the release"),
        ("Create a GitHub release", ALL, "drafts and publishes at once"),
    ],
)
def test_an_action_that_lacks_something_is_not_proposed_and_the_reason_is_given(
    item: str, findings: Findings, reason: str
) -> None:
    found = annotated(f"- [ ] {item}\n", findings)
    assert uses(found) == [""]
    assert reason in found.proposals[0].reason


def test_an_action_is_proposed_once_and_a_bump_behind_the_tag_is_questioned() -> None:
    text = "- [ ] Bump the version\n- [ ] Tag the release\n- [ ] Tag the release\n- [ ] Bump the version\n"
    found = annotated(text)
    assert uses(found) == ["version.set", "tag.create", "", ""]
    assert [one.reason for one in found.proposals[2:]] == [
        "line 2 is tag.create already",
        "version.set would fit, but the version is released before; is the development version meant?",
    ]


def test_creating_a_release_is_drafting_it_where_another_item_publishes() -> None:
    found = annotated("- [ ] Create a GitHub release\n- [ ] Review the release notes\n- [ ] Publish the release\n")
    assert uses(found) == ["release.draft", "release.edit", "release.publish"]


def test_the_package_is_named() -> None:
    found = annotated("- [ ] Check that it is on PyPI\n")
    assert "uses=package.available package=thing proposed -->" in found.text


def test_a_page_with_blocks_gets_the_front_matter_only() -> None:
    text = "<!-- checklist -->\n- [ ] One <!-- step one -->\n<!-- /checklist -->\n"
    assert annotated(text).text.endswith(f"---\n\n{text}")


@pytest.mark.parametrize(
    "words",
    [
        "Commit and push to main",
        "Commit, then push to `main`",
        "Commit the changes",
        "Commit all changes and push them to master",
        "Commit",
        "git commit & push",
    ],
)
def test_what_commits_the_version_is_known_by_where_it_stands(words: str) -> None:
    found_in = f"- [ ] Bump the version\n- [ ] Update CHANGELOG\n- [ ] {words}\n- [ ] Create the tag\n"
    found = annotated(found_in)
    assert uses(found) == ["version.set", "", "version.commit", "tag.create"]
    assert found.proposals[2].asked == "version.commit"
    guessed = annotated(found_in.replace("Create the tag", "Tag the candidate"))
    assert uses(guessed) == ["version.set", "", "", ""]  # a guess, and nobody was asked
    assert guessed.proposals[2].asked == "version.commit"
    agreed = annotated(found_in, agreement=Agreement(seen=True, lines=frozenset({3})))
    assert uses(agreed) == ["version.set", "", "version.commit", "tag.create"]
    assert agreed.proposals[2].reason == "it commits the version files, and no others"
    assert not [note for note in agreed.notes if "version.commit" in note]
    assert "proposed" not in agreed.text


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] Commit and push to main\n- [ ] Bump the version\n- [ ] Create the tag\n",
        "- [ ] Bump the version\n- [ ] Create the tag\n- [ ] Commit and push to main\n",
        "- [ ] Bump the version\n- [ ] Commit the docs changes\n- [ ] Create the tag\n",
        "- [ ] Bump the version\n- [ ] Commit and push CHANGELOG.md\n- [ ] Create the tag\n",
        "- [ ] Bump the version\n- [ ] Ask for a commitment\n- [ ] Create the tag\n",
    ],
)
def test_where_nothing_commits_the_version_the_notes_say_so(text: str) -> None:
    found = annotated(text)
    assert "version.commit" not in uses(found)
    assert any("no step between" in note and "uses=version.commit" in note for note in found.notes)


FENCE = "- [ ] Create the tag\n\n    ```bash\n    {}\n    ```\n"


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (
            '- [ ] Create the tag: `git tag -a v1.2.3 -m "v1.2.3"`\n',
            ["readers see v1.2.3", "{{ tag }}", "“Release version"],
        ),
        (FENCE.format("git tag -am 'Version X.Y.Z' X.Y.Z"), ["readers see X.Y.Z", "{{ tag }}", "“Release version"]),
        (FENCE.format("git tag v1.2"), ["readers see v1.2 ", "{{ tag }}"]),
        (FENCE.format('git tag -a {{ tag }} -m "Release 1.2.3"'), []),
        ("- [ ] Create the tag\n", []),
        ("- [ ] Look at git tag v1.2.3 \n", []),
    ],
)
def test_a_version_that_is_spelled_out_is_noted_beside_the_tag(item: str, words: list[str]) -> None:
    (note,) = [one for one in annotated(item).notes if "readers see" in one] or [""]
    assert bool(note) is bool(words)
    for one in words:
        assert one in note
    assert ("message" in note) is ("“Release version" in words)


def test_what_publishes_is_asked_for_and_only_proposed_when_nobody_says_yes() -> None:
    text = "- [ ] Create the tag\n- [ ] Push the tag\n- [ ] Close the milestone\n"
    assert "uses=tag.push proposed -->" in annotated(text).text
    assert [one.asked for one in annotated(text).proposals] == ["", "tag.push", ""]
    agreed = annotated(text, agreement=Agreement(seen=True, lines=frozenset({2})))
    assert "uses=tag.push -->" in agreed.text
    refused = annotated(text, agreement=Agreement(seen=True, refused=frozenset({2})))
    assert uses(refused) == ["tag.create", "", "milestone.close"]


@pytest.mark.parametrize(
    "text",
    [
        "- Files:\n    - `other.cfg`:\n        - [ ] Update the version\n",
        "- [ ] Update the version in:\n    - `a.py`\n    - `pyproject.toml`\n",
        "- [ ] Release\n    - [ ] Tell the team\n",
        "## Release candidate\n\n- [ ] Push the tag\n",
        "**For a hotfix:**\n\n- [ ] Create and push the tag\n",
        "- [ ] Push the tag\n    - [ ] to the first server\n    - [ ] to the second one\n",
    ],
)
def test_what_stands_around_an_item_is_read_too(text: str) -> None:
    assert not any(uses(annotated(text)))


def test_checks_behind_the_tag_are_not_those_of_the_branch() -> None:
    found = annotated("- [ ] CI is green\n- [ ] Create and push the tag\n- [ ] Tests pass\n")
    assert uses(found) == ["ci.branch", "tag.create,tag.push", ""]


def test_a_commit_behind_the_next_version_is_not_that_of_the_release() -> None:
    text = "- [ ] Set the version back to `1.4.0.dev0`\n- [ ] Commit the version update\n"
    found = annotate(text, "R.md", Findings(version_files=(VersionFile("setup.cfg"),)), parameters_of_actions())
    assert [one.uses for one in found.proposals] == ["version.next", ""]
    assert found.proposals[1].asked == "version.commit-next"


@pytest.mark.parametrize(
    ("items", "uses"),
    [
        ("- [ ] Publish the release on GitHub\n", "release.draft,release.publish"),
        ("- [ ] Publish the draft release\n", "release.publish"),
        ("- [ ] Press the Publish Release button\n", "release.publish"),
        ("- [ ] Create a draft release and upload the files\n- [ ] Publish the release\n", "release.publish"),
        ("- [ ] Create the release branch\n- [ ] Publish the release\n", "release.draft,release.publish"),
    ],
)
def test_a_release_is_drafted_where_it_is_published_unless_others_have_drafted_it(items: str, uses: str) -> None:
    found = annotate(items, "R.md", Findings(), parameters_of_actions())
    assert found.proposals[-1].uses == uses
