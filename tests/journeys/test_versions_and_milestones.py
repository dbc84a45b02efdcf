"""Which version may be opened, and what its milestone says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release, open_ready, run_until, step_of

# Versions


def test_open_without_a_version_proposes_that_of_the_next_milestone(cli: Cli, project: Project, twin: Twin) -> None:
    asked = cli("open")
    assert asked.code == 3
    assert "The next version would be 0.2.0; nobody is there to say so." in asked.err
    assert "fastrel-checklist open 0.2.0" in asked.err
    assert not any("release" in one.labels for one in twin.store.issues.values())
    taken = cli("open", "--yes")
    assert taken.code == 0
    assert twin.store.issues[38].title == "Release 0.2.0"


def test_without_a_milestone_the_next_minor_is_proposed(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.milestones[2].title = "Someday"
    assert "The next version would be 0.2.0" in cli("open").err
    twin.store.milestones[2].title = "v1.0.0"
    assert "The next version would be 1.0.0" in cli("open").err


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("0.1.0", "is released already"),
        ("0.1.2", "0.1.1, 0.2.0 or 1.0.0"),
        ("0.3.0", "0.1.1, 0.2.0 or 1.0.0"),
        ("0.2.1-rc.1", "0.1.1, 0.2.0 or 1.0.0"),
        ("2.0.0", "0.1.1, 0.2.0 or 1.0.0"),
    ],
)
def test_a_version_that_may_not_follow_is_refused_with_those_that_may(
    cli: Cli, project: Project, twin: Twin, version: str, words: str
) -> None:
    refused = cli("open", version)
    assert refused.code == 2
    assert words in refused.err
    assert 38 not in twin.store.issues


def with_tag(project: Project, name: str) -> None:
    """A tag on the newest commit, made by other means."""
    project.git("tag", "--annotate", name, "--message", f"Release {name}")
    project.git("push", "--quiet", "origin", name)


def test_a_patch_of_an_older_line_needs_the_commit_that_it_starts_from(cli: Cli, project: Project, twin: Twin) -> None:
    base = project.git("rev-parse", "HEAD")
    project.git("commit", "--quiet", "--allow-empty", "-m", "Go on")
    project.git("push", "--quiet", "origin", "main")
    with_tag(project, "v0.2.0")
    for arguments in (("open", "0.1.1"), ("status", "0.1.1"), ("run", "0.1.1"), ("sync", "0.1.1")):
        refused = cli(*arguments)
        assert refused.code == 2
        assert "0.1.1 may not follow the latest release, 0.2.0." in refused.err
        assert "Choose 0.2.1, 0.3.0 or 1.0.0" in refused.err
        assert "`fastrel-checklist open 0.1.1 --commit SHA`" in refused.err
    assert cli("open", "0.1.1", "--commit", base).code == 0
    assert cli("status", "0.1.1").code == 0
    project.git("switch", "--quiet", "--create", "release/0.1.1", base)
    walked = cli("run", "0.1.1", "set-version", "--dry-run")
    assert "may not follow" not in walked.out
    assert "cannot come from" not in walked.out


def test_a_release_that_was_opened_before_a_later_one_came_does_not_set_the_branch_back(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to(version="0.1.1")
    with_tag(project, "v0.2.0")
    refs = twin.store.bare.git("for-each-ref")
    refused = cli("run", "0.1.1", "--yes", "--interval", "0.05")
    assert refused.code == 2
    assert "0.2.0 is released, so 0.1.1 cannot come from main any more." in refused.err
    assert "`fastrel-checklist abort 0.1.1`" in refused.err
    assert "Nothing was changed." in refused.err
    assert twin.store.bare.git("for-each-ref") == refs
    assert cli("abort", "0.1.1", "--reason", "too late", "--yes").code == 0
    assert cli("open", "0.1.1", "--commit", project.git("rev-parse", "HEAD~1")).code == 0


def test_build_metadata_opens_no_second_tracker(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    refused = cli("open", "0.2.0+abc")
    assert refused.code == 2
    assert "“0.2.0+abc” has build metadata, +abc, which no release has." in refused.err
    assert "Did you mean 0.2.0?" in refused.err
    assert 39 not in twin.store.issues
    # Neither such a tag nor a tracker of an older day stands in the way of others.
    with_tag(project, "v0.1.1+abc")
    issue = twin.store.issues[38]
    issue.body = issue.body.replace('version="0.2.0"', 'version="0.2.0+abc"').replace(
        "version=0.2.0", "version=0.2.0+abc"
    )
    assert "0.2.0+abc" in issue.body
    assert cli("status").code == 0


def test_a_project_that_was_released_by_other_means_goes_on_where_it_is(cli: Cli, project: Project, twin: Twin) -> None:
    with_tag(project, "1.3.0")
    project.git("push", "--quiet", "--delete", "origin", "v0.1.0")
    opened = cli("open", "1.4.0")
    assert opened.code == 0, opened.err
    words = "No tag is like the guide's `tag: v{version}`, but 1.3.0 looks like a version. Correct `tag:`"
    assert words in opened.err
    assert words in cli("status").out


@pytest.mark.parametrize("command", ["status", "run", "sync"])
def test_a_mistyped_version_is_refused_by_each_command_as_by_open(cli: Cli, project: Project, command: str) -> None:
    done = cli(command, "9.9.9")
    assert done.code == 2
    assert "error: 9.9.9 may not follow the latest release, 0.1.0." in done.err
    assert "Choose 0.1.1, 0.2.0 or 1.0.0" in done.err


def test_the_status_of_a_released_version_and_of_a_milestone_to_come_is_shown(cli: Cli, project: Project) -> None:
    assert cli("status", "0.1.0").code == 0
    assert cli("status", "0.3.0").code == 2
    project.twin.store.add_milestone("0.3.0", "mia")
    assert cli("status", "0.3.0").code == 0


def test_from_a_release_candidate_to_the_final_release(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to(version="0.2.0-rc.1")
    done = cli("run", "--yes")
    assert done.code == 0, done.err
    candidate = next(one for one in twin.store.releases.values() if one.tag == "v0.2.0-rc.1")
    assert (candidate.prerelease, candidate.make_latest) == (True, "false")
    latest = twin.store.latest_release()
    assert latest is not None
    assert latest.tag == "v0.1.0"
    assert twin.store.milestones[2].state == "open"
    project.git("pull", "--quiet", "--ff-only", "origin", "main")
    assert cli("open", "0.2.0-rc.1").err.startswith("The release issue exists already (closed)")
    for step in ("docs-current", "open-bugs", "edit-notes"):
        begin_release(cli)
        cli("tick", step, "--version", "0.2.0")
    done = cli("run", "0.2.0", "--yes", "--defer-open")
    assert done.code == 0, done.err
    final = next(one for one in twin.store.releases.values() if one.tag == "v0.2.0")
    # The notes of the final release tell everything since the last final one.
    assert "compare/v0.1.0...v0.2.0" in final.body
    assert not final.prerelease
    earlier = cli("open", "0.2.0-rc.2")
    assert earlier.code == 2
    assert "0.2.0 is released already" in earlier.err


def test_a_patch_with_features_is_warned_about(cli: Cli, project: Project, twin: Twin) -> None:
    opened = cli("open", "0.1.1")
    assert opened.code == 0
    assert (
        "warning: A PATCH holds fixes only, but #21, #22 are labelled as features or breaking changes; 0.2.0 would be "
        "the version for them." in opened.err
    )
    assert "Warning: A PATCH holds fixes only" in cli("status").out
    warnings = cli("status", "--json").json["warnings"]
    assert isinstance(warnings, list)
    assert len(warnings) == 1
    for number in (21, 22):
        twin.store.issues[number].labels = ["bug"]
    assert "Warning" not in cli("status").out


def test_a_minor_release_with_features_is_what_it_is_for(cli: Cli, project: Project) -> None:
    assert "warning" not in cli("open", "0.2.0").err


# Milestones


def test_a_patch_has_no_milestone_and_says_so(cli: Cli, project: Project) -> None:
    cli("open", "0.1.1")
    step = step_of(cli, "milestone-issues")
    assert (step["status"], step["summary"]) == ("skipped", "only for major, minor; 0.1.1 is a patch release")


def test_the_due_date_is_shown_and_when_it_is_over(cli: Cli, project: Project, twin: Twin) -> None:
    milestone = twin.store.milestones[2]
    assert milestone.due_on is not None
    assert f"due on {milestone.due_on:%Y-%m-%d}" in cli("status").out
    assert "overdue" not in cli("status").out
    milestone.due_on = twin.store.now() - timedelta(days=2)
    out = cli("status").out
    assert f"due on {milestone.due_on:%Y-%m-%d} (overdue)" in out
    assert "3 open issues in milestone 0.2.0, due on " in out
    assert cli("status", "--json").json["milestone"]["overdue"] is True  # type: ignore[index]  # an object


def test_a_milestone_with_a_leading_v_is_the_one(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.milestones[2].title = "v0.2.0"
    open_ready(cli, project)
    run_until(cli, "milestone-issues")
    assert "Milestone v0.2.0: 2 open" in cli("status").out


def test_a_missing_milestone_is_said_when_opening_and_before_the_run(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.milestones[2].title = "0.2"
    opened = cli("open", "0.2.0")
    assert "warning: There is no milestone 0.2.0 yet" in opened.err
    stopped = cli("run", "--yes")
    assert stopped.code == 2
    assert "there is no milestone named 0.2.0; open are: 0.2" in stopped.err
    twin.store.issues[38].milestone = 2
    assert "; release issue #38 is in 0.2\n" in cli("run", "--yes").err
    twin.store.milestones[2].title = "0.2.0"
    assert cli("run", "milestone-issues", "--yes", "--defer-open").code == 0


def test_a_closed_milestone_still_has_its_issues(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.milestones[2].state = "closed"
    open_ready(cli, project)
    assert step_of(cli, "milestone-issues")["status"] == "todo"
    run_until(cli, "milestone-pulls")
    assert step_of(cli, "close-milestone")["status"] == "done"


def test_deferring_makes_or_reopens_the_next_milestone(cli: Cli, project: Project, twin: Twin) -> None:
    later = twin.store.add_milestone("0.3.0", "mia")
    later.state = "closed"
    open_ready(cli, project)
    run_until(cli, "milestone-pulls")
    assert later.state == "open"
    assert [one.number for one in twin.store.issues.values() if one.milestone == later.number] == [29, 30, 31, 32, 33]


def test_hundreds_of_issues_are_closed_or_deferred_at_once(cli: Cli, project: Project, twin: Twin) -> None:
    for number in range(230):
        twin.store.add_issue(f"Wish {number}", "rae", milestone=2)
    begin_release(cli)
    assert "233 open issues in milestone 0.2.0" in str(step_of(cli, "milestone-issues")["summary"])
    before = len(twin.requests)
    closed = cli("run", "milestone-issues", "--yes", "--close-open")
    assert closed.code == 0, closed.err
    assert "… and 213 more like these" in closed.err
    left = [one for one in twin.store.issues.values() if one.milestone == 2 and one.state == "open" and not one.pull]
    assert [one.title for one in left] == ["Release 0.2.0"]
    writes = [one for one in twin.requests[before:] if one[0] == "PATCH" and "/issues/" in one[1]]
    assert len(writes) <= 235


def test_the_tracker_itself_never_counts(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    assert twin.store.issues[38].milestone == 2
    assert "Milestone 0.2.0: 5 open, 13 closed" in cli("status").out
    for number in (29, 30, 31):
        twin.store.close(twin.store.issues[number])
    assert step_of(cli, "milestone-issues")["status"] == "done"


def test_pull_requests_closed_without_merging_are_flagged(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    twin.store.close(twin.store.issues[32])
    twin.store.close(twin.store.issues[33])
    step = step_of(cli, "milestone-pulls")
    assert step["status"] == "done"
    assert "closed without merging: #32, #33" in str(step["summary"])


def test_the_next_milestone_keeps_the_cadence(cli: Cli, project: Project, twin: Twin) -> None:
    """The milestones before were due 60 days apart, so the next one is, too."""
    first, second = twin.store.milestones[1], twin.store.milestones[2]
    assert first.due_on is not None
    assert second.due_on is not None
    expected = second.due_on + (second.due_on - first.due_on)
    open_ready(cli, project)
    done = cli("run", "--yes", "--defer-open")
    assert done.code == 0
    third = next(one for one in twin.store.milestones.values() if one.title == "0.3.0")
    assert third.due_on is not None
    assert third.due_on.date() == expected.date()
    assert twin.store.milestones[2].state == "closed"


def test_the_release_issue_is_no_issue_of_its_milestone_open_or_closed(cli: Cli, project: Project, twin: Twin) -> None:
    def counts() -> tuple[object, object]:
        milestone = cli("status", "0.2.0", "--json").json["milestone"]
        assert isinstance(milestone, dict)
        return milestone["open_issues"], milestone["closed_issues"]

    before = counts()
    begin_release(cli)
    assert counts() == before
    tracker = twin.store.issues[38]
    twin.store.close(tracker)
    assert counts() == before
    tracker.milestone = 1
    assert counts() == before
    tracker.state = "open"
    assert counts() == before


def test_labels_of_features_have_any_case(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide("  branch: main\n", "  branch: main\n  feature_labels: [ENHANCEMENT]\n")
    twin.store.issues[24].labels.append("Enhancement")
    assert "A PATCH holds fixes only, but #21, #24 are labelled" in str(
        cli("status", "0.1.1", "--json").json["warnings"]
    )


def test_what_is_skipped_for_its_kind_is_no_decision_of_a_person(cli: Cli, project: Project) -> None:
    cli("open", "0.1.1")
    assert cli("skip", "docs-current", "--version", "0.1.1", "--reason", "no change").code == 0
    steps = cli("status", "0.1.1", "--json").json["steps"]
    assert isinstance(steps, list)
    decided = {one["id"]: one["decided"] for one in steps if one["status"] == "skipped"}
    assert decided["docs-current"] is True
    assert decided["milestone-issues"] is False
