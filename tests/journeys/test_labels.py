"""Labels of merged pull requests, as `.github/release.yml` sorts them, however they were merged."""

from __future__ import annotations

import pytest
import requests

from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release, run_until, step_of

NAME = "ServiceNow/Fast-LLM"


def configure(project: Project, text: str) -> None:
    (project.path / ".github" / "release.yml").write_text(text)
    project.git("commit", "--quiet", "-am", "Sort the notes")
    project.git("push", "--quiet", "origin", "main")


def pull_labels(cli: Cli) -> tuple[str, str]:
    step = step_of(cli, "pull-labels", "0.2.0")
    return str(step["status"]), str(step["summary"])


def proposed(project: Project, twin: Twin, title: str) -> int:
    """A pull request of two commits, opened by a person."""
    branch = title.lower().replace(" ", "-")
    project.git("switch", "--quiet", "-c", branch, "main")
    for part in ("begin", "finish"):
        (project.path / f"{branch}-{part}.txt").write_text(part)
        project.git("add", ".")
        project.git("commit", "--quiet", "-m", f"{title}: {part}")
    project.git("push", "--quiet", "origin", branch)
    project.git("switch", "--quiet", "main")
    content = {"title": title, "head": branch, "base": "main"}
    answer = requests.post(pulls_of(twin), json=content, headers=signed(project), timeout=10)
    return int(answer.json()["number"])


def merge(project: Project, twin: Twin, number: int, how: str) -> None:
    url = f"{pulls_of(twin)}/{number}/merge"
    answer = requests.put(url, json={"merge_method": how}, headers=signed(project), timeout=10)
    assert answer.status_code == 200
    project.git("pull", "--quiet", "--ff-only", "origin", "main")


def merged(project: Project, twin: Twin, title: str, how: str) -> int:
    """A pull request of two commits, merged by a person."""
    number = proposed(project, twin, title)
    merge(project, twin, number, how)
    return number


def pulls_of(twin: Twin) -> str:
    return f"{twin.api_url}/repos/{NAME}/pulls"


def signed(project: Project) -> dict[str, str]:
    return {"Authorization": f"Bearer {project.token}"}


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
def test_a_pull_request_counts_once_however_it_was_merged(cli: Cli, project: Project, twin: Twin, how: str) -> None:
    twin.store.issues[24].labels = twin.store.issues[27].labels = ["bug"]
    assert pull_labels(cli)[0] == "done"
    number = merged(project, twin, "Faster attention", how)
    assert pull_labels(cli) == ("todo", "1 of 9 merged pull requests since v0.1.0 have no label for the notes")
    twin.store.issues[number].labels = ["enhancement"]
    assert pull_labels(cli)[1].startswith("all 9 merged pull requests since v0.1.0 have a place in the notes")


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
@pytest.mark.parametrize("step", ["commit-version", "push-tag"])
def test_what_is_merged_after_the_version_commit_is_of_the_next_release(
    cli: Cli, project: Project, twin: Twin, how: str, step: str, released_up_to: ReleasedUpTo
) -> None:
    """With commits that are older than the tag, where they come by a merge."""
    released_up_to()
    number = proposed(project, twin, "Faster attention")
    run_until(cli, step)
    before = pull_labels(cli)
    assert before[0] == "done"
    merge(project, twin, number, how)
    assert pull_labels(cli) == before
    assert step_of(cli, "announce-discussion")["summary"] != "after pull-labels"


def test_a_feature_that_is_merged_after_the_tag_does_not_speak_against_a_patch(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag", version="0.1.1")
    before = cli("status", "0.1.1", "--json").json["warnings"]
    number = merged(project, twin, "Faster attention", "merge")
    twin.store.issues[number].labels = ["enhancement"]
    assert "#22" in str(before)
    assert cli("status", "0.1.1", "--json").json["warnings"] == before


def test_a_notes_configuration_that_comes_after_the_tag_is_of_the_next_release(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    configure(project, "changelog:\n  categories:\n    - title: New\n      labels: [new]\n")
    assert pull_labels(cli)[0] == "done"


def test_commits_without_a_pull_request_are_counted(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.issues[24].labels = twin.store.issues[27].labels = ["bug"]
    status, summary = pull_labels(cli)
    assert status == "done"
    assert summary.endswith("; 1 commit came without a pull request")


def test_nothing_merged_since_the_last_release(cli: Cli, project: Project) -> None:
    project.git("tag", "-a", "-m", "v0.1.1", "v0.1.1")
    project.git("push", "--quiet", "origin", "v0.1.1")
    assert pull_labels(cli) == ("done", "no pull request was merged since v0.1.1")


def test_labels_are_asked_for_and_set(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    asked = cli("run", "pull-labels", "--yes")
    assert asked.code == 3
    assert "A person must decide: #24 Prepare data in parallel: which label?" in asked.err


def test_excluded_labels_and_authors_need_no_category(cli: Cli, project: Project, twin: Twin) -> None:
    configure(
        project,
        "changelog:\n  exclude:\n    labels: [Ignore-For-Release]\n    authors: [dependabot, carl]\n"
        "  categories:\n    - title: All\n      labels: [bug, breaking, documentation]\n",
    )
    # Left: #27 by tom, without a label. Labels differ by more than case, bots are named with and without `[bot]`.
    assert pull_labels(cli)[1] == "1 of 8 merged pull requests since v0.1.0 have no label for the notes"


def test_exclusions_of_a_category_lead_to_the_next_one(cli: Cli, project: Project, twin: Twin) -> None:
    configure(
        project,
        "changelog:\n  categories:\n    - title: Features\n      labels: ['*']\n      exclude:\n"
        "        labels: [dependencies, breaking]\n        authors: [rae]\n"
        "    - title: Dependencies\n      labels: [dependencies]\n",
    )
    # Neither category takes #22 (breaking) and #26 (by rae); the star takes those without any label.
    assert pull_labels(cli) == ("todo", "2 of 8 merged pull requests since v0.1.0 have no label for the notes")


def test_a_star_takes_everything(cli: Cli, project: Project) -> None:
    configure(project, "changelog:\n  categories:\n    - title: Changes\n      labels:\n        - '*'\n")
    assert pull_labels(cli)[0] == "done"


def test_without_categories_the_notes_are_one_list(cli: Cli, project: Project) -> None:
    configure(project, "changelog:\n  exclude:\n    labels: [skip]\n")
    assert pull_labels(cli)[0] == "done"


def test_no_configuration_needs_no_label(cli: Cli, project: Project) -> None:
    project.git("rm", "--quiet", ".github/release.yml")
    project.git("commit", "--quiet", "-m", "No notes configuration")
    project.git("push", "--quiet", "origin", "main")
    assert pull_labels(cli) == ("done", "there is no .github/release.yml, so no label is needed")


@pytest.mark.parametrize("text", ["changelog: [\n", "changelog: 3\n", "- a\n", "changelog:\n  categories: none\n"])
def test_a_configuration_that_is_none_is_said(cli: Cli, project: Project, text: str) -> None:
    configure(project, text)
    status, summary = pull_labels(cli)
    assert status == "unknown"
    assert ".github/release.yml is not a release-notes configuration" in summary
