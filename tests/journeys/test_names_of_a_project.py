"""Milestones, branches and categories as a project has them."""

from __future__ import annotations

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, open_ready, run_until, step_of


@pytest.mark.parametrize("style", ["v{}", "Release {}", "release-{}"])
def test_the_next_milestone_is_named_like_the_others(cli: Cli, project: Project, twin: Twin, style: str) -> None:
    for one in twin.store.milestones.values():
        one.title = style.format(one.title)
    begin_release(cli)
    done = cli("run", "milestone-issues", "--yes", "--defer-open")
    assert done.code == 0, done.err
    titles = {one.title for one in twin.store.milestones.values()}
    assert style.format("0.3.0") in titles
    assert "0.3.0" not in titles
    assert f"there is no open milestone {style.format('0.3.0')}" not in str(step_of(cli, "next-milestone"))


def test_without_a_branch_in_the_guide_it_is_the_default_branch_of_github(
    cli: Cli, project: Project, twin: Twin
) -> None:
    bare = twin.store.bare
    bare.set_ref("refs/heads/master", bare.resolve("main"))
    bare.git("update-ref", "-d", "refs/heads/main")
    bare.git("symbolic-ref", "HEAD", "refs/heads/master")
    twin.store.default_branch = "master"
    project.change_guide("  branch: main\n", "")
    project.git("fetch", "--quiet", "--prune", "origin")
    project.git("checkout", "--quiet", "-B", "master", "origin/master")
    opened = cli("open", "0.2.0")
    assert opened.code == 0, opened.err
    assert "on master" in str(step_of(cli, "main-ci")["summary"])


def test_a_branch_that_does_not_exist_is_refused_when_a_release_is_opened(
    cli: Cli, project: Project, twin: Twin
) -> None:
    project.change_guide("branch: main", "branch: trunk")
    refused = cli("open", "0.2.0")
    assert refused.code == 2
    assert "has no branch trunk" in refused.err
    assert "Set `branch: main` in the guide" in refused.err
    assert not [one for one in twin.store.issues.values() if "release" in one.labels]


def test_a_post_in_the_category_for_announcements_needs_a_maintainer(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    assert step_of(cli, "announce-forum")["role"] == "maintain"
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    refused = cli("run", "announce-forum", "--yes")
    assert refused.code == 2
    assert "announce-forum needs role maintain; carl has write." in refused.err
    assert "Nothing was changed." in refused.err
    before = twin.store.issues[38].body
    for word in (
        ("tick", "announce-forum"),
        ("skip", "announce-forum", "--reason", "not now"),
        ("untick", "announce-forum"),
    ):
        refused = cli(*word)
        assert (refused.code, "announce-forum needs role maintain; carl has write." in refused.err) == (2, True), word
    assert twin.store.issues[38].body == before


def test_a_category_of_another_name_for_announcements_is_told_where_github_refuses(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub does not tell the format of a category beforehand."""
    twin.store.for_maintainers.add("General")
    project.change_guide("discussion_category: Announcements", "discussion_category: General")
    project.change_guide("role=maintain", "role=write", push=True)
    open_ready(cli, project)
    run_until(cli, "release-discussion")
    for step, token in (("publish-release", "write"), ("announce-discussion", "maintain"), ("announce-forum", "write")):
        monkeypatch.setenv("GH_TOKEN", twin.tokens[token])
        done = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", step)
        if token == "write":
            assert done.code == 1, done.err
            assert "Only maintainers start discussions in a category of the format for announcements" in done.err
            assert f"{step} is not ticked." in done.err
            assert step_of(cli, step)["status"] == "todo"
            monkeypatch.setenv("GH_TOKEN", twin.tokens["maintain"])
            run_until(cli, step)
        else:
            assert done.code == 0, done.err


def test_a_dry_run_ends_where_the_role_of_this_person_ends(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    dry = cli("run", "--dry-run", "--defer-open")
    assert "would push the commit to main" in dry.out
    assert "create-tag needs role maintain; carl has write. A run stops here." in dry.out
    assert "would push tag" not in dry.out
    assert "would publish" not in dry.out


def test_near_doubles_of_a_pre_release_are_refused(cli: Cli, project: Project, twin: Twin) -> None:
    assert cli("open", "0.2.0-rc.1").code == 0
    for version, said in (
        ("0.2.0-rc1", "Go on with 0.2.0-rc.1"),
        ("0.2.0-dev", "a development version, not a release"),
    ):
        refused = cli("open", version)
        assert refused.code == 2
        assert said in refused.err
    assert len([one for one in twin.store.issues.values() if "release" in one.labels]) == 1
