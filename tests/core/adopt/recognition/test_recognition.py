"""What checklist items mean: a wrong action is worse than none. `phrases.tsv` has an action and an item a line, `-` for
what stays with people; an item that was judged wrongly gets a line there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fastrel.adopt.recognition.recognise import Confidence, Surroundings, recognise
from fastrel.adopt.recognition.recognisers import PUBLISHING, table

PHRASES = [
    tuple(line.split("\t")) for line in Path(__file__).with_name("phrases.tsv").read_text(encoding="utf-8").splitlines()
]
SEVERAL = [
    ("Bump the version and update the README", "“update readme”"),
    ("Bump version: `bump2version minor`", "bump2version does more than one step"),
    ("Release with `gh release create v1.0 --generate-notes`", "drafts and publishes at once"),
    ("Push the tag and make the release on GitHub", "several things"),
    ("Create a draft release and upload all the files", "“upload files”"),
]


@pytest.mark.parametrize(("action", "text"), PHRASES)
def test_a_phrase_means_what_its_line_says(action: str, text: str) -> None:
    assert recognise(text).action == ("" if action == "-" else action)


def test_precision_and_recall_of_each_action_are_full_on_the_phrases() -> None:
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for action, text in PHRASES:
        found = recognise(text).action or "-"
        if found != "-":
            (right if found == action else wrong)[found] += 1
        if action not in ("-", found):
            missed[action] += 1
    shown = "\n".join(f"{name:34}{right[name]:4} right {wrong[name]:3} wrong" for name in sorted(right | wrong))
    assert not wrong, shown
    assert not missed, missed
    assert {name for names in right for name in names.split(",")} >= {row.action for row in table()} - UNSAID


UNSAID = {"version.commit-next", "release.assets", "milestone.pulls"}
"""Actions whose phrases are among those of other tests."""


@pytest.mark.parametrize(("text", "reason"), SEVERAL)
def test_an_item_that_does_more_stays_with_people_and_says_why(text: str, reason: str) -> None:
    found = recognise(text)
    assert found.action == ""
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "code", "action", "confidence"),
    [
        ("Tag the release", "git tag -a v1.2.3 -m 'v1.2.3'\n", "tag.create", Confidence.SURE),
        ("Then:", "git tag -s v$VERSION\n", "tag.create", Confidence.LIKELY),
        ("Then:", "git push --follow-tags\n", "tag.push", Confidence.LIKELY),
        ("Then:", "git push origin {{ tag }}\n", "tag.push", Confidence.LIKELY),
        ("Push the tag", "git push upstream v1.2.3\n", "tag.push", Confidence.SURE),
        ("Tag it:", "git tag -a v1.2.3 -m x\ngit push origin v1.2.3\n", "tag.create,tag.push", Confidence.SURE),
        ("Tag the release", "git checkout main\n# the tag\ngit tag x.y.z\ngit push --tags\n", "tag.create,tag.push", Confidence.SURE),
        ("Tag & push", 'VERSION="1.2.3"\ngit tag -a "$VERSION" -m "$TITLE"\ngit push origin $VERSION\n', "tag.create,tag.push", Confidence.SURE),
        ("Increment the version", "poetry version minor\n", "version.set", Confidence.SURE),
        ("Commit the changes", "git add a.py\ngit commit -m 'Bump version to 1.2.3'\n", "version.commit", Confidence.SURE),
        ("Commit and push", "git commit -am 'Start development on 1.3.0'\ngit push origin main\n", "version.commit-next", Confidence.SURE),
        ("Create a draft release", "gh release create v1.0 --draft\n", "release.draft", Confidence.SURE),
        ("Add a new tag and push changes", "git tag -a v0.1.0 -m x\ngit push --follow-tags\n", "tag.create,tag.push", Confidence.SURE),
        ("Push!", "git push && git push --tags\n", "tag.push", Confidence.LIKELY),
        ("Push the tag", "make push\n", "", None),
        ("Push the release branch", "git push --set-upstream origin release\n", "", None),
        ("Push it", "git push upstream 24.4.0-RC1\n", "", None),
        ("Push it", "git push sandbox 24.4.0\n", "", None),
        ("Tag the release", "git tag -a chart-1.2.3 -m x\n", "", None),
        ("Tag the release", "git tag v1.2.3\ntwine upload dist/*\n", "", None),
        ("Publish the release", "git push origin v1.2.3\n", "", None),
        ("Delete it", "git push origin :v1.2.3\n", "", None),
        ("Delete the tag", "git tag -d v1.2.3\n", "", None),
        ("Get ready", "git push origin main\n", "", None),
        ("Look", "git tag --list\n", "", None),
        ("All tests pass", "make test\n", "", None),
        ("Build", "python -m build\n", "", None),
    ],
)  # fmt: skip
def test_commands_are_parsed_and_must_agree_with_the_words(
    text: str, code: str, action: str, confidence: Confidence | None
) -> None:
    found = recognise(text, [code])
    assert (found.action, found.confidence) == (action, confidence)


def test_a_command_alone_says_what_an_item_does() -> None:
    assert recognise("`git push upstream 24.4.0`") == recognise("`git push upstream 24.4.0`", [])
    assert recognise("`git push upstream 24.4.0`").confidence is Confidence.SURE
    assert recognise("`git push --set-upstream origin release`").action == ""
    assert recognise("`git push origin :release`").action == ""


@pytest.mark.parametrize(
    "above",
    [
        "Optional: a dry run in the sandbox repository",
        "Preparing a release candidate",
        "conda-forge",
        "Publish to Zenodo",
        "Won't do:",
        "Patch releases with backports",
    ],
)
def test_what_stands_around_an_item_can_speak_against_it(above: str) -> None:
    around = Surroundings(above=(above,))
    for text in ("Push the tag", "Publish the release", "`git tag 24.4.0`"):
        found = recognise(text, (), around)
        assert found.action == ""
        assert "stands under" in found.reason


def test_tags_are_named_as_those_of_the_project() -> None:
    around = Surroundings(prefixes=("release-",))
    assert recognise("Tag the release", ["git tag release-1.2.3\n"], around).action == "tag.create"
    assert recognise("Tag the release", ["git tag release-1.2.3\n"]).action == ""


def test_what_publishes_is_known() -> None:
    assert recognise("Push the tag").publishes
    assert not recognise("Tag the release").publishes
    assert recognise("Create and push the tag").publishes
    assert "release.publish" in PUBLISHING
