"""The main journey: a whole release from the command line, and what the world looks like afterwards."""

from __future__ import annotations

import re
import threading

import pytest
import requests

from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.server import Twin
from stage import Cli, Golden, Project, begin_release, steady

DECISIONS = ("docs-current", "open-bugs", "edit-notes")


def walk_to_the_end(cli: Cli, project: Project) -> None:
    """A release with `--yes`; what only a person decides is ticked by hand."""
    begin_release(cli)
    for number, label in ((24, "enhancement"), (27, "enhancement")):
        project.twin.store.issues[number].labels.append(label)
    for step in DECISIONS:
        assert cli("tick", step, "--note", "decided").code == 0
    done = cli("run", "0.2.0", "--yes", "--defer-open")
    assert done.code == 0, done.err


def test_a_whole_release_leaves_the_world_as_the_guide_says(cli: Cli, project: Project, twin: Twin) -> None:
    walk_to_the_end(cli, project)

    status = cli("status", "0.2.0", "--json")
    assert set(status.statuses().values()) == {"done"}

    # Git: the annotated tag is on the version commit, the development version comes after it.
    assert project.git("cat-file", "-t", "v0.2.0") == "tag"
    remote = dict(twin.store.bare.refs())
    tag = remote["refs/tags/v0.2.0"]
    assert tag.kind == "tag"
    assert twin.store.bare.commit(tag.commit).message == "Bump version to 0.2.0"
    facts = twin.store.bare.tag(tag.sha)
    assert facts is not None
    assert facts.message == "Release version 0.2.0"
    head = twin.store.bare.commit(remote["refs/heads/main"].commit)
    assert head.message == "Start development on version 0.2.1"
    assert head.parents == (tag.commit,)
    for sha, version in ((tag.commit, "0.2.0"), (head.sha, "0.2.1-dev")):
        init, setup = (twin.store.bare.file(sha, path) for path in ("fast_llm/__init__.py", "setup.cfg"))
        assert init is not None
        assert setup is not None
        assert f'__version__ = "{version}"' in init[1].decode()
        assert f"version = {version}\n" in setup[1].decode()

    # GitHub: one published release with generated notes, its discussion with the announcement, and a forum post.
    (release,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    assert not release.draft
    assert "/compare/v0.1.0...v0.2.0" in release.body
    assert "Add mixture-of-experts layers" in release.body
    assert "Tidy the test fixtures" not in release.body
    discussion = twin.store.discussions[release.discussion]
    assert discussion.category == "Announcements"
    assert len(discussion.comments) == 1
    assert "Version 0.2.0 is out" in discussion.comments[0].body
    posts = [one for one in twin.store.discussions.values() if one.number != discussion.number]
    assert [one.title for one in posts] == ["Fast-LLM 0.2.0 is released"]

    # Milestones and the tracker.
    milestones = {one.title: one for one in twin.store.milestones.values()}
    assert milestones["0.2.0"].state == "closed"
    assert milestones["0.3.0"].state == "open"
    assert milestones["0.3.0"].due_on is not None
    moved = [one for one in twin.store.issues.values() if one.milestone == milestones["0.3.0"].number]
    assert [one.number for one in moved] == [29, 30, 31, 32, 33]
    trackers = [one for one in twin.store.issues.values() if "release" in one.labels]
    assert len(trackers) == 1
    assert trackers[0].state == "closed"
    assert "- [ ]" not in trackers[0].body
    assert trackers[0].body.count("- [x]") == 25
    assert len(trackers[0].comments) == 1


def test_a_finished_release_can_be_run_again_and_nothing_happens(cli: Cli, project: Project, twin: Twin) -> None:
    walk_to_the_end(cli, project)
    writes = [one for one in twin.requests if one[0] not in ("GET", "HEAD")]
    refs = twin.store.bare.git("for-each-ref")
    again = cli("run", "0.2.0", "--yes")
    assert again.code == 0
    assert "Release 0.2.0 is finished: there is nothing left to do." in again.err
    assert again.out.strip().endswith("/issues/38")
    assert cli("open", "0.2.0").out.strip().endswith("/issues/38")
    later = [one for one in twin.requests if one[0] not in ("GET", "HEAD")]
    graphql = [one for one in later[len(writes) :] if not one[1].startswith("/api/graphql")]
    assert graphql == []
    assert twin.store.bare.git("for-each-ref") == refs


def test_boxes_that_somebody_has_ticked_finish_no_release(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    tracker.body = tracker.body.replace("- [ ]", "- [x]")
    twin.store.close(tracker)
    done = cli("run", "0.2.0", "--yes")
    assert done.code == 2
    assert "nothing left to do" not in done.err
    assert "The release issue of 0.2.0 is closed" in done.err
    assert "v0.2.0" not in twin.store.bare.git("tag")


def test_the_screens_of_a_release(cli: Cli, project: Project, twin: Twin, golden: Golden) -> None:
    screens = [cli("status", "0.2.0").out, cli("open", "0.2.0").out]
    screens.append(cli("run", "0.2.0", "--dry-run").out)
    screens.append(cli("run", "0.2.0", "--yes", "--defer-open", "--until", "milestone-pulls").err)
    screens.append(cli("status").out)
    golden("journeys/release-screens.txt", steady("\n==========\n".join(screens), twin))
    golden("journeys/tracker.md", steady(twin.store.issues[38].body, twin))


@pytest.mark.all_connections
def test_what_does_not_depend_on_the_version_is_asked_at_once(cli: Cli, project: Project, twin: Twin) -> None:
    session = project.session()
    session.release("0.2.0")
    count = session.repository.client.requests
    together = threading.Barrier(count, timeout=60)
    for method in ("GET", "POST"):
        twin.faults.add(Fault(method, "/api/", wrong=Wrong.NOTHING, times=count, meanwhile=together.wait))
    session = project.session()
    session.release("0.2.0")
    assert (session.repository.client.requests, together.broken) == (count, False)


def test_the_tracker_is_opened_once(cli: Cli, project: Project, twin: Twin) -> None:
    first, second = cli("open", "0.2.0"), cli("open", "0.2.0")
    assert first.code == second.code == 0
    assert first.out == second.out
    assert first.out.strip() == f"{twin.url}/ServiceNow/Fast-LLM/issues/38"
    assert "exists already" in second.err
    (tracker,) = [one for one in twin.store.issues.values() if "release" in one.labels]
    assert tracker.title == "Release 0.2.0"
    assert tracker.assignees == ["mia"]
    assert twin.store.milestones[tracker.milestone].title == "0.2.0"


def test_a_patch_skips_the_milestone_steps_with_the_reason(cli: Cli, project: Project, twin: Twin) -> None:
    cli("open", "0.1.1")
    body = twin.store.issues[38].body
    line = next(one for one in body.splitlines() if "<!-- step close-milestone -->" in one)
    assert line.startswith("- [x] ~~Close the milestone.~~")
    assert "skipped: only for major, minor" in line
    statuses = cli("status", "0.1.1", "--json").statuses()
    skipped = {step for step, status in statuses.items() if status == "skipped"}
    assert skipped == {"milestone-issues", "milestone-pulls", "close-milestone", "next-milestone"}


def test_a_contributor_prepares_and_hands_over_to_the_maintainer(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    begin_release(cli)
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    for step in ("docs-current", "open-bugs"):
        cli("tick", step)
    handed = cli("run", "0.2.0", "--yes", "--defer-open")
    assert handed.code == 3
    assert "create-tag needs role maintain; carl has write" in handed.err
    assert "Ask a maintainer" in handed.err
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()
    statuses = cli("status", "--json").statuses()
    assert statuses["commit-version"] == "done"
    assert statuses["create-tag"] == "todo"

    monkeypatch.setenv("GH_TOKEN", twin.tokens["maintain"])
    cli("tick", "edit-notes")
    assert cli("run", "--yes").code == 0
    assert re.search(r"by=\"carl\".*\n(?:.*\n)*.*by=\"mia\"", twin.store.issues[38].body)


def test_the_twin_shows_the_tracker_as_a_page(cli: Cli, project: Project, twin: Twin) -> None:
    url = cli("open", "0.2.0").out.strip()
    assert "Settle every open issue" in requests.get(url, timeout=10).text
