"""Which commits are the tool's, which pull requests have a place in the notes, and when the next milestone is due. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fastrel.actions.milestone import next_due
from fastrel.actions.pulls import pulls_of, read_configuration
from fastrel.actions.release_range import commit_title, is_of_the_tool, is_our_commit
from fastrel.actions.version.commit_version import double_of
from fastrel.errors import GuideError
from fastrel.github.model import Commit, MergedPull, Milestone
from fastrel.guide.model import Settings

MESSAGE = "Bump version to 0.2.0"


@pytest.mark.parametrize(
    ("headline", "ours"),
    [
        (MESSAGE, True),
        (f"{MESSAGE} (#12)", True),
        (f"{MESSAGE}1", False),
        (f"{MESSAGE}-rc.1", False),
        (f"{MESSAGE} and more", False),
        (f"{MESSAGE} (12)", False),
        (f"Revert “{MESSAGE}”", False),
        (MESSAGE.lower(), False),
        ("", False),
    ],
)
def test_a_commit_is_ours_by_its_whole_title(headline: str, ours: bool) -> None:
    assert is_our_commit(headline, MESSAGE) is ours
    assert commit_title(Settings(), "Bump version to {version}", "0.2.0") == MESSAGE
    assert commit_title(Settings(path="a"), "Bump version to {version}", "0.2.0") == f"{MESSAGE} of a"


@pytest.mark.parametrize(
    ("ours", "theirs", "double"),
    [
        ([("a", "Bump version to 0.2.0")], [("b", "Bump version to 0.2.0")], "b"),
        ([("a", "Bump version to 0.2.0")], [("c", "Mend"), ("b", "Bump version to 0.2.0 (#41)")], "b"),
        ([("a", "Bump version to 0.2.0")], [("c", "Mend")], ""),
        ([("a", "Bump version to 0.2.0")], [], ""),
        ([], [("b", "Bump version to 0.2.0")], ""),
        ([("a", "Mend")], [("b", "Bump version to 0.2.0")], ""),
        ([("a", "Bump version to 0.2.0 and mend")], [("b", "Bump version to 0.2.0")], ""),
        ([("a", "Bump version to 0.2.0"), ("d", "Mend")], [("b", "Bump version to 0.2.0")], ""),
        ([("d", "Mend"), ("a", "Bump version to 0.2.0")], [("b", "Bump version to 0.2.0")], ""),
    ],
)
def test_a_version_commit_that_somebody_else_pushed_first_takes_the_place_of_ours_alone(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], double: str
) -> None:
    assert double_of(ours, theirs, "Bump version to 0.2.0") == double


@pytest.mark.parametrize(
    ("title", "ours"),
    [
        ("Bump version to 0.2.0", True),
        ("Bump version to 9.9.9 (#7)", True),
        ("Start development on version 0.3.0-dev", True),
        ("Bump version to the newest", False),
        ("Bump versions to 0.2.0", False),
        ("Let us bump version to 0.2.0", False),
    ],
)
def test_a_title_of_any_version_commit_is_known(title: str, ours: bool) -> None:
    assert is_of_the_tool(title, Settings()) is ours
    assert is_of_the_tool("v1.0 it is!", Settings(version_message="v{version} it is!"))
    assert not is_of_the_tool("v1.0 it was!", Settings(version_message="v{version} it is!"))


def test_the_pull_requests_of_a_release_are_those_into_its_branch_each_once_and_not_our_own() -> None:
    def into(base: str, number: int, title: str = "Mend") -> MergedPull:
        return MergedPull(number, title, "u", "ada", (), base)

    commits = [
        Commit("a", "h", (into("main", 9), into("experiment", 5))),
        Commit("b", "h", (into("v0.1.x", 7), into("main", 9), into("", 8))),
        Commit("c", "h", (into("main", 3, "Bump version to 0.2.0"), into("main", 4, "Bump version to the newest"))),
        Commit("d", "h"),
    ]
    found = pulls_of(commits, "v0.1.x", Settings(branch="main"))
    assert [one.number for one in found] == [4, 7, 8, 9]


CONFIGURATION = """
changelog:
  exclude: {labels: [Skip], authors: [octo-bot, "dependabot[bot]"]}
  categories:
    - {title: New, labels: [feature], exclude: {labels: [internal], authors: [eve]}}
    - {title: Fixed, labels: [bug]}
"""


def pull(*labels: str, author: str = "ada") -> MergedPull:
    return MergedPull(1, "t", "u", author, labels)


@pytest.mark.parametrize(
    ("one", "placed"),
    [
        (pull("feature"), True),
        (pull("BUG"), True),
        (pull("skip"), True),
        (pull("other"), False),
        (pull(), False),
        (pull("feature", "Internal"), False),
        (pull("feature", "internal", "bug"), True),
        (pull("feature", author="eve"), False),
        (pull(author="octo-bot"), True),
        (pull(author="octo-bot[bot]"), True),
        (pull(author="dependabot"), True),
        (pull(author="Dependabot[bot]"), True),
        (pull(author="octo"), False),
    ],
)
def test_a_pull_request_has_a_place_in_the_notes_or_is_left_out_on_purpose(one: MergedPull, placed: bool) -> None:
    assert read_configuration(CONFIGURATION, "r.yml").places(one) is placed


def test_what_a_configuration_offers_and_takes() -> None:
    assert read_configuration(CONFIGURATION, "r.yml").choices == ("feature", "bug", "Skip")
    star = CONFIGURATION.replace("labels: [bug]", 'labels: ["*"]')
    assert read_configuration(star, "r.yml").places(pull())
    assert read_configuration(star, "r.yml").choices == ("feature", "Skip")
    assert read_configuration("changelog: {}", "r.yml").places(pull())
    with pytest.raises(GuideError, match=r"r\.yml is not a release-notes configuration"):
        read_configuration("changelog: [", "r.yml")


NOW = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)


def milestone(days: float | None) -> Milestone:
    due = None if days is None else NOW + timedelta(days=days)
    return Milestone(1, "t", "u", "open", 0, 0, due, None)


@pytest.mark.parametrize(
    ("dues", "days"),
    [
        ([], 30),
        ([None], 30),
        ([10], 40),
        ([-60, -30, 0], 30),
        ([-70, -60, 0], 35),  # the middle of 10 and 60
        ([-60, 0, 0], 60),
        ([-400, -390], 10),  # never in the past
        ([-20, -10], 10),
        ([0, 10], 20),
    ],
)
def test_the_next_date_follows_the_rhythm_and_is_never_over(dues: list[float | None], days: float) -> None:
    due = next_due([milestone(one) for one in dues], NOW)
    assert due.date() == (NOW + timedelta(days=days)).date()
    assert (due.hour, due.minute, due.second, due.tzinfo) == (12, 0, 0, UTC)
