"""Projects with more than a hundred issues: nothing is concluded from the first page alone."""

from __future__ import annotations

from fastrel_twin.server import Twin
from stage import Cli, Project, step_of


def test_an_open_issue_on_the_second_page_keeps_a_milestone_open(cli: Cli, project: Project, twin: Twin) -> None:
    for issue in twin.store.issues.values():
        if issue.milestone == 2 and issue.state == "open" and not issue.pull:
            twin.store.close(issue)
    for number in range(120):
        twin.store.close(twin.store.add_issue(f"Done {number}", "carl", milestone=2))
    assert step_of(cli, "milestone-issues", "0.2.0")["status"] == "done"
    twin.store.add_issue("Left", "carl", milestone=2)
    assert step_of(cli, "milestone-issues", "0.2.0")["status"] != "done"


def test_a_release_is_opened_once_behind_a_hundred_older_issues_with_its_label(
    cli: Cli, project: Project, twin: Twin
) -> None:
    for number in range(110):
        twin.store.close(twin.store.add_issue(f"Release of old {number}", "carl", labels=["release"]))
    first = cli("open", "0.2.0", "--json")
    again = cli("open", "0.2.0", "--json")
    assert first.code == again.code == 0
    assert first.json["number"] == again.json["number"]
    assert [one.number for one in twin.store.issues.values() if one.title == "Release 0.2.0"] == [first.json["number"]]


def test_all_bugs_are_shown(cli: Cli, project: Project, twin: Twin) -> None:
    bugs = sum("bug" in one.labels and one.state == "open" and not one.pull for one in twin.store.issues.values())
    for number in range(123 - bugs):
        twin.store.add_issue(f"Bug {number}", "carl", labels=["bug"])
    assert "123" in str(step_of(cli, "open-bugs", "0.2.0")["summary"])
