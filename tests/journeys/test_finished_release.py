"""A finished release is final; one that was given up reads so; a branch that nobody judged is not done."""

from __future__ import annotations

import re

from fastrel_twin.records import CommitStatus
from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release, step_of


def test_later_facts_do_not_reopen_a_finished_release(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("close-tracker")
    twin.store.add_issue("It crashes", "rae", labels=["bug"])
    twin.store.add_issue("Too late", "rae", milestone=2)
    next(one for one in twin.store.milestones.values() if one.title == "0.3.0").state = "closed"
    status = cli("status", "0.2.0", "--json")
    assert set(status.statuses().values()) == {"done"}
    assert status.json["progress"] == {"settled": 25, "total": 25}
    assert "Next:" not in cli("status", "0.2.0").out
    assert cli("run", "0.2.0").code == 0


def test_a_release_that_was_given_up_reads_so(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    assert cli("abort", "0.2.0", "--reason", "0.2.1 comes instead", "--yes").code == 0
    status = cli("status", "0.2.0")
    assert status.code == 0, status.err
    assert f"#38: {twin.url}/ServiceNow/Fast-LLM/issues/38" in status.out
    assert "Given up" in status.out
    assert "Next:" not in status.out
    assert cli("status", "0.2.0", "--json").json["given_up"] == {
        "number": 38,
        "url": f"{twin.url}/ServiceNow/Fast-LLM/issues/38",
    }


def test_a_release_issue_that_was_closed_early_is_named_with_how_to_reopen_it(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("publish-release")
    url = f"{twin.url}/ServiceNow/Fast-LLM/issues/38"
    twin.store.close(twin.store.issues[38])
    # How many are ticked by then depends on how far the workflows of the tag have come.
    left = r"(tag-ci and 8|announce-discussion and 5) more"
    said = rf"The release issue of 0\.2\.0 was closed before all its steps were done \({left}\): {re.escape(url)}"
    mend = f"To go on with it, reopen it: `gh issue reopen {url}`."
    for command in (("status",), ("status", "0.2.0"), ("open", "0.2.0")):
        shown = cli(*command)
        assert shown.code == 0, command
        words = " ".join((shown.out + shown.err).split())
        assert re.search(said, words), command
        assert mend in words, command
    for command in (("run", "--yes"), ("sync",), ("tick", "announce-forum")):
        refused = cli(*command)
        assert refused.code == 2, command
        assert re.search(f"No release is in progress. {said}", refused.err), command
        assert mend in refused.err, command
    refused = cli("run", "0.2.0", "--yes")
    assert refused.code == 2
    assert mend in refused.err
    twin.store.issues[38].state = "open"
    assert "closed before" not in cli("status").out


def test_two_releases_in_progress_are_told_apart(cli: Cli, project: Project, twin: Twin) -> None:
    for version in ("0.2.0", "0.1.1"):
        assert cli("open", version).code == 0
    first = cli("status").out
    assert first.startswith("Release 0.2.0 (minor)")
    assert "In progress, too: 0.1.1." in first
    assert "#38 (open)" in first
    second = cli("status", "0.1.1").out
    assert second.startswith("Release 0.1.1 (patch)")
    assert "#39 (open)" in second
    board = cli("board", "--json").json["releases"]
    assert isinstance(board, list)
    assert {(one["version"], one["number"]) for one in board} == {("0.2.0", 38), ("0.1.1", 39)}
    assert "2 releases are in progress: 0.2.0, 0.1.1." in cli("sync").err
    assert cli("abort", "0.1.1", "--reason", "no", "--yes").code == 0
    board = cli("board", "--json").json["releases"]
    assert isinstance(board, list)
    assert [one["number"] for one in board] == [38]
    assert "In progress, too" not in cli("status").out
    assert "Given up, release issue #39" in cli("status", "0.1.1").out


def test_sync_says_what_it_has_ticked(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    synced = cli("sync")
    assert synced.code == 0
    assert "Ticked: pull-labels." in synced.err
    assert "There was nothing new to tick." in cli("sync").err
    assert cli("untick", "pull-labels").code == 0
    assert cli("sync", "--json").json["newly_ticked"] == ["pull-labels"]
    assert cli("sync", "--json").json["newly_ticked"] == []
    assert cli("status", "--json").json["newly_ticked"] is None


def red(twin: Twin, ref: str) -> None:
    store = twin.store
    sha = store.bare.resolve(ref)
    store.statuses.append(CommitStatus(store.new_id(), sha, "jenkins", "failure", "ada", store.now()))


def test_a_branch_that_was_not_judged_before_the_tag_is_not_done(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    red(twin, "main")
    cli("sync")
    assert step_of(cli, "main-ci")["status"] == "failed"
    project.git("commit", "--quiet", "--allow-empty", "-m", "Bump version to 0.2.0")
    project.git("tag", "-a", "v0.2.0", "-m", "Release version 0.2.0")
    project.git("push", "--quiet", "origin", "main", "v0.2.0")
    step = step_of(cli, "main-ci")
    assert (step["status"], step["summary"]) == ("skipped", "not judged: v0.2.0 was tagged before")


def test_a_red_status_counts_on_the_tag(cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("tag-ci")
    red(twin, "v0.2.0")
    assert cli("untick", "tag-ci").code == 0
    step = step_of(cli, "tag-ci")
    assert step["status"] == "failed"
    assert "jenkins" in str(step["summary"])


def test_green_statuses_from_before_the_tag_do_not_stand_for_its_workflows(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("create-tag")
    store = twin.store
    sha = store.bare.resolve("main")
    early = store.now().replace(year=2020)
    store.statuses.append(CommitStatus(store.new_id(), sha, "jenkins", "success", "ada", early))
    store.pushes.clear()
    project.git("push", "--quiet", "origin", "v0.2.0")
    store.pushes.clear()
    project.change_guide(" required=CI", "")
    assert step_of(cli, "tag-ci")["status"] == "waiting"
    store.statuses.append(CommitStatus(store.new_id(), sha, "jenkins", "success", "ada", store.now()))
    assert step_of(cli, "tag-ci")["status"] == "done"
