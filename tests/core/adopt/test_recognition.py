"""What checklist items mean: phrasings as they stand in the release checklists of real projects."""

from __future__ import annotations

import pytest

from fastrel.adopt.recognisers import RECOGNISERS
from fastrel.adopt.recognition import Confidence, recognise

MEANT = [
    ("Make sure CI is green on main", "ci.branch"),
    ("All tests pass on `main`", "ci.branch"),
    ("Check that [GitHub Actions](https://example.org/actions) are passing on master", "ci.branch"),
    ("Verify that the nightly builds succeeded", "ci.branch"),
    ("Ensure all tests are passing (check GitHub workflows).", "ci.branch"),
    ("CI passes on `main`.", "ci.branch"),
    ("Make sure CI tests pass on GitHub Actions for the latest commit on master.", "ci.branch"),
    ("Close the milestone", "milestone.close"),
    ("Close the `0.2.0` milestone on GitHub", "milestone.close"),
    ("Close the [GitHub milestone](https://github.com/x/y/milestones) for this release", "milestone.close"),
    ("Create a new milestone for the next release", "milestone.next"),
    ("Open the next milestone with a due date", "milestone.next"),
    ("Ensure all issues in the milestone are closed", "milestone.issues"),
    ("Ensure corresponding milestone issues are 100% complete", "milestone.issues"),
    ("All milestone issues are closed or explicitly deferred.", "milestone.issues"),
    ("Address all open issues for the milestone", "milestone.issues"),
    ("Make sure the milestone is complete", "milestone.issues"),
    ("Move open PRs out of the milestone", "milestone.pulls"),
    ("Bump the version in `setup.py`", "version.set"),
    ("Update version number in **`pyproject.toml`**", "version.set"),
    ("Change `__version__` in `foo/__init__.py`", "version.set"),
    ("Update package version", "version.set"),
    ("Verify the version number has been updated in the source code", "version.set"),
    ("Commit the version bump", "version.commit"),
    ("Merge the version bump PR", "version.commit"),
    ("Bump the version to the next dev version (`1.3.0.dev0`)", "version.next"),
    ("Set version back to development", "version.next"),
    ("Commit the new dev version", "version.commit-next"),
    ("Create a signed git tag", "tag.create"),
    ("Tag the commit", "tag.create"),
    ("Tag the current main with the release version, such as `v1.2.3`", "tag.create"),
    ("Push git tags `git push origin --tags`.", "tag.push"),
    ("Push the tag to GitHub", "tag.push"),
    ("Draft a new release on GitHub", "release.draft"),
    ("[Draft a release](https://github.com/x/y/releases/new) from the tag", "release.draft"),
    ("Create a GitHub release", "release.draft"),
    ("Generate release notes", "release.notes"),
    ('Click "Generate release notes"', "release.notes"),
    ("Review the release notes", "release.edit"),
    ("Start a discussion for the release", "release.discussion"),
    ("Publish the GitHub release", "release.publish"),
    ("Check draft release from [releases] page and publish the release", "release.publish"),
    ("Publish the release to PyPI", "package.available"),
    ("Check that the package is on PyPI", "package.available"),
    ("Wait for the new version to appear on [PyPI](https://pypi.org/project/x)", "package.available"),
    ("new version can be installed via pip", "package.available"),
    ("Check that the docker image is available on ghcr.io", "image.available"),
    ("Verify that the container image was pushed", "image.available"),
    ("Check if all docker images are available before announcing the release", "image.available"),
    ("Check that the docs are live", "site.live"),
    ("Verify the documentation website shows the new version", "site.live"),
    ("Wait for the release workflow to finish", "ci.tag"),
    ("Check that the CI for the tag passes", "ci.tag"),
    ("Every merged PR has a label for the release notes", "pulls.labels"),
    ("Check labels of merged pull requests", "pulls.labels"),
    ("No known critical bugs", "bugs.decide"),
    ("Look at the open bugs: do they block?", "bugs.decide"),
    ("Announce the release in GitHub Discussions", "discussion.forum"),
    ("Announce it in the release discussion", "discussion.announce"),
    ("Close this issue", "tracker.close"),
    ("Close this release issue", "tracker.close"),
]
LEFT_TO_PEOPLE = [
    "Update CHANGELOG.md",
    "Ask the security team",
    "Update the conda-forge feedstock",
    "Create a release branch",
    "Build and test",
    "Run the tests locally: all checks pass",
    "Bump the minimum Python version",
    "Update the version switcher",
    "Tag the Docker image",
    "Build the docker image",
    "Wait for docker builds to complete",
    "Draft the release announcement",
    "Write the release notes in `docs/whatsnew.md`",
    "Prepare a changelog for the release from the tickets in the milestone.",
    "Release notes are drafted and reviewed.",
    "Upload to TestPyPI",
    "Make sure the documentation is up to date",
    "Announce on social media and the mailing list",
    "Tweet about the release",
    "Publish a blog post about the release",
    "Check that the release notes on the website are published",
    "Check out the release tag, then look at it",
    "Tag @octocat for a review",
    "Checkout `master` and pull latest changes: `git checkout master && git pull origin master`.",
    "new version can be installed via conda",
    "Security alerts are triaged and critical findings resolved.",
    "Check that bump to version is the tagged commit `git log --decorate`",
    "Deploy the website",
    "Commit every change from the steps above",
]
SEVERAL = [
    ("Close the milestone and open the next milestone", "several things"),
    ("All issues and PRs of the milestone are closed", "several things"),
    ("Create and push the tag", "several things"),
    ("Create a signed tag locally and push it up.", "several things"),
    ("Tag and push.", "several things"),
    ("Bump the version and update the README", "“update the readme”"),
    ("Tag release on GitHub and attach the tarball", "“attach the tarball”"),
    ("Tag created (`v0.x.y`) and announcement posted.", "“announcement posted”"),
    ("Bump version: `bump2version minor`", "bump2version does more than one step"),
    ("Release with `gh release create v1.0 --generate-notes`", "drafts and publishes at once"),
]


@pytest.mark.parametrize(("text", "action"), MEANT)
def test_an_item_is_recognised_by_its_words(text: str, action: str) -> None:
    assert recognise(text).action == action


@pytest.mark.parametrize("text", LEFT_TO_PEOPLE)
def test_what_only_sounds_like_an_action_stays_with_people(text: str) -> None:
    found = recognise(text)
    assert (found.action, found.reason) == ("", "")


@pytest.mark.parametrize(("text", "reason"), SEVERAL)
def test_an_item_that_does_several_things_stays_with_people_and_says_why(text: str, reason: str) -> None:
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
        ("Push the tag", "make push\n", "tag.push", Confidence.LIKELY),
        ("Increment the version", "poetry version minor\n", "version.set", Confidence.SURE),
        ("Save it", "git commit -am 'Bump version to 1.2.3'\n", "version.commit", Confidence.LIKELY),
        ("Create a draft release", "gh release create v1.0 --draft\n", "release.draft", Confidence.SURE),
        ("Pull it", "docker pull ghcr.io/a/b:1.0\n", "image.available", Confidence.LIKELY),
        ("Tag it:", "git tag -a v1 -m x\ngit push origin v1.2.3\n", "", None),
        ("Get ready", "git push origin main\n", "", None),
        ("Look", "git tag --list\n", "", None),
        ("Build", "python -m build\n", "", None),
    ],
)
def test_code_counts_and_lowers_the_confidence_where_it_disagrees(
    text: str, code: str, action: str, confidence: Confidence | None
) -> None:
    found = recognise(text, [code])
    assert (found.action, found.confidence) == (action, confidence)


def test_the_table_is_as_large_as_we_say_and_every_row_has_a_phrasing() -> None:
    assert len(MEANT) + len(LEFT_TO_PEOPLE) + len(SEVERAL) >= 100
    assert {one.action for one in RECOGNISERS} == {action for _, action in MEANT}
