"""The sample's open pull requests can be merged, as on GitHub; and the tool sees that they are."""

from __future__ import annotations

import pytest
import requests

from fastrel_twin.records import Pull
from fastrel_twin.server import Twin
from stage import Cli, Project, step_of

NAME = "ServiceNow/Fast-LLM"


def merge(twin: Twin, number: int, how: str = "merge") -> requests.Response:
    return requests.put(
        f"{twin.api_url}/repos/{NAME}/pulls/{number}/merge",
        json={"merge_method": how},
        headers={"Authorization": f"Bearer {twin.tokens['maintain']}"},
        timeout=10,
    )


@pytest.mark.parametrize(
    ("how", "headline", "count"),
    [
        ("merge", "Merge pull request #33 from ServiceNow/example-7b", 2),
        ("squash", "Add a 7B example (#33)", 1),
        ("rebase", "Add a 7B example", 1),
    ],
)
def test_a_pull_request_of_the_milestone_is_merged(
    cli: Cli, project: Project, twin: Twin, how: str, headline: str, count: int
) -> None:
    assert "#32" in str(step_of(cli, "milestone-pulls"))
    assert "#33" in str(step_of(cli, "milestone-pulls"))
    merged = merge(twin, 33, how)
    assert merged.status_code == 200, merged.text
    project.git("pull", "--quiet", "--ff-only", "origin", "main")
    assert project.git("log", "-1", "--format=%s") == headline
    assert project.git("rev-list", "--count", "HEAD@{1}..HEAD") == str(count)
    assert (project.path / "examples" / "7b.md").read_text() == "# Add a 7B example\n"
    assert "#33" not in str(step_of(cli, "milestone-pulls"))
    twin.store.issues[33].labels.clear()
    assert "#33" in str(step_of(cli, "pull-labels"))
    again = merge(twin, 33, how)
    assert (again.status_code, again.json()["message"]) == (405, "Pull Request is not mergeable")


def test_a_draft_is_not_merged(twin: Twin) -> None:
    refused = merge(twin, 32)
    assert (refused.status_code, refused.json()["message"]) == (405, "Pull Request is still a draft")
    assert twin.store.issues[32].state == "open"


def test_a_pull_request_whose_branch_is_not_there_is_not_merged(twin: Twin) -> None:
    twin.store.issues[33].pull = Pull("gone")
    refused = merge(twin, 33)
    assert (refused.status_code, refused.json()["message"]) == (405, "Pull Request is not mergeable")


def test_the_checks_of_open_pull_requests_ended_long_ago(twin: Twin) -> None:
    head = twin.store.bare.resolve("example-7b")
    pushed = {push.ref: push.at for push in twin.store.pushes}
    assert head != twin.store.bare.resolve("main")
    assert pushed["refs/heads/example-7b"] < pushed["refs/heads/main"]
