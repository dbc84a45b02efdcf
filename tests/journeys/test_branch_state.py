"""The checkout before a run: what stands in the way is said before the first effect, with the command that mends it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fastrel_twin.clone import clone_sample
from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release, open_ready, run_until


def other_clone(twin: Twin, folder: Path) -> Path:
    """A colleague's clone."""
    return clone_sample(twin, folder / "colleague" / "Fast-LLM", name="Carl", email="carl@example.org")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, name: str) -> None:
    (folder / name).write_text(name)
    git(folder, "add", name)
    git(folder, "commit", "--quiet", "-m", f"Add {name}")


def said(cli: Cli, *words: str) -> None:
    result = cli("run", "--yes", "--until", "commit-version")
    assert result.code == 2, result.err
    for word in words:
        assert word in result.err
    assert "Nothing was changed." in result.err


def test_behind_also_when_the_new_commits_are_not_here_yet(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path
) -> None:
    begin_release(cli)
    colleague = other_clone(twin, tmp_path)
    commit(colleague, "news.txt")
    git(colleague, "push", "--quiet", "origin", "main")
    said(cli, "The checkout is behind origin/main. Type `git pull --ff-only origin main`.")


def test_diverged(cli: Cli, project: Project, twin: Twin, tmp_path: Path) -> None:
    begin_release(cli)
    colleague = other_clone(twin, tmp_path)
    commit(colleague, "news.txt")
    git(colleague, "push", "--quiet", "origin", "main")
    commit(project.path, "mine.txt")
    said(cli, "have diverged: each has commits that the other lacks", "git pull --rebase origin main")


@pytest.fixture
def shallow(project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone without history and tags, in which the commands are typed."""
    place = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{twin.bare}", str(place))
    for key in ("user.name", "user.email"):
        git(place, "config", key, git(project.path, "config", key))
    monkeypatch.chdir(place)
    return place


@pytest.mark.usefixtures("shallow")
def test_a_shallow_clone_is_no_hindrance_until_it_is_behind(cli: Cli, project: Project) -> None:
    begin_release(cli)
    ready = cli("run", "milestone-issues", "set-version", "--yes", "--defer-open", "--dry-run")
    hindrances = [line.strip() for line in ready.out.splitlines() if "blocks the run" in line]
    assert [one.startswith("blocks the run: Step set-version is blocked") for one in hindrances] == [True]
    commit(project.path, "news.txt")
    project.git("push", "--quiet", "origin", "main")
    said(cli, "behind origin/main", "shallow clone", "git fetch --unshallow")


def test_a_whole_release_is_run_from_a_shallow_clone(cli: Cli, project: Project, shallow: Path, tmp_path: Path) -> None:
    open_ready(cli, project)
    for command in (
        ["status"], ["sync"], ["doctor"], ["init", "--dry-run"], ["lint", "docs/release-guide.md"], ["board", "ServiceNow/Fast-LLM"],
        ["snapshot", "--output", str(tmp_path / "state.json")], ["page", "--output", str(tmp_path / "page.html")],
        ["run", "--dry-run", "--defer-open"],
    ):  # fmt: skip
        done = cli(*command)
        assert done.code in (0, 3), (command, done.code, done.out, done.err)
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert done.code == 0, done.err
    assert set(cli("status", "0.2.0", "--json").statuses().values()) == {"done"}
    assert git(shallow, "rev-parse", "--is-shallow-repository") == "true"


def test_a_fork_with_the_project_as_upstream(cli: Cli, project: Project, twin: Twin, tmp_path: Path) -> None:
    fork = tmp_path / "carl" / "Fast-LLM.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(twin.bare), str(fork))
    project.git("remote", "rename", "origin", "upstream")
    project.git("remote", "add", "origin", str(fork))
    project.git("fetch", "--quiet", "origin")
    open_ready(cli, project)
    run_until(cli, "push-tag")
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()
    assert git(fork, "tag", "--list", "v0.2.0") == ""
    assert git(fork, "log", "-1", "--format=%s", "main") == "Correct a typing error in the docs"


def test_the_message_in_a_fork_names_the_right_remote(cli: Cli, project: Project, twin: Twin, tmp_path: Path) -> None:
    project.git("remote", "rename", "origin", "upstream")
    begin_release(cli)
    project.git("reset", "--quiet", "--hard", "HEAD~1")
    said(cli, "behind upstream/main", "git pull --ff-only upstream main")


def test_a_clone_of_another_repository(cli: Cli, project: Project) -> None:
    begin_release(cli)
    project.git("remote", "set-url", "origin", "https://user:secret@github.com/someone/else.git")
    result = cli("run", "--yes")
    assert result.code == 2
    assert "No remote of this checkout is ServiceNow/Fast-LLM; its remotes: origin" in result.err
    assert "git remote add upstream" in result.err
    assert "secret" not in result.err


def test_a_branch_that_the_remote_does_not_have(cli: Cli, project: Project, twin: Twin) -> None:
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text().replace("  branch: main\n", "  branch: stable\n"))
    project.git("switch", "--quiet", "-c", "stable")
    project.git("commit", "--quiet", "-am", "Release from stable")
    for command in (("open", "0.2.0"), ("status", "0.2.0"), ("run", "--yes", "--until", "commit-version")):
        refused = cli(*command)
        assert refused.code == 2
        assert "ServiceNow/Fast-LLM has no branch stable." in refused.err
        assert "or push stable" in refused.err
        assert "Nothing was changed." in refused.err
    project.git("push", "--quiet", "origin", "stable")
    begin_release(cli)
    ready = cli("run", "milestone-issues", "--yes", "--defer-open")
    assert ready.code == 0, ready.err


def test_main_that_moves_between_the_check_and_the_push(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, released_up_to: ReleasedUpTo
) -> None:
    """The version commit is rejected, no tag exists, and the way on is told (zulip#23404, get-pip#113)."""
    released_up_to("set-version")
    colleague = other_clone(twin, tmp_path)
    commit(colleague, "news.txt")
    # The colleague pushes between the commit and its push: a hook of this checkout stands for that moment.
    hook = project.path / ".git" / "hooks" / "post-commit"
    hook.write_text(f"#!/bin/sh\nunset GIT_DIR\ncd {colleague} && git push --quiet origin main\n")
    hook.chmod(0o755)
    project.git("config", "core.hooksPath", str(hook.parent))
    stopped = cli("run", "--yes", "--until", "push-tag")
    assert stopped.code == 1
    assert "main has moved on origin since. Type `git pull --rebase origin main`" in stopped.err
    assert "done: commit fast_llm/__init__.py, setup.cfg: “Bump version to 0.2.0”. Nothing was pushed." in stopped.err
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()
    hook.unlink()
    said(cli, "have diverged", "git pull --rebase origin main")
    project.git("pull", "--quiet", "--rebase", "origin", "main")
    run_until(cli, "push-tag")
    tag = twin.store.bare.refs()["refs/tags/v0.2.0"]
    assert twin.store.bare.commit(tag.commit).message == "Bump version to 0.2.0"
    assert twin.store.bare.file(tag.commit, "news.txt") is not None


def test_others_may_push_while_the_tag_is_built(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("publish-release")
    colleague = other_clone(twin, tmp_path)
    commit(colleague, "news.txt")
    git(colleague, "push", "--quiet", "origin", "main")
    project.git("pull", "--quiet", "--ff-only", "origin", "main")
    done = cli("run", "--yes")
    assert done.code == 0, done.err
    assert twin.store.bare.commit(twin.store.bare.resolve("main")).message == "Start development on version 0.2.1"


def test_the_release_is_pinned_to_its_commit_and_says_that_main_has_moved(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("commit-version")
    colleague = other_clone(twin, tmp_path)
    commit(colleague, "news.txt")
    git(colleague, "push", "--quiet", "origin", "main")
    project.git("pull", "--quiet", "--ff-only", "origin", "main")
    result = cli("run", "--yes", "--until", "create-tag")
    assert result.code == 0
    assert "note: main has moved on since: 1 newer commit is not in v0.2.0." in result.err
    assert twin.store.bare.commit(project.git("rev-parse", "v0.2.0^{commit}")).message == "Bump version to 0.2.0"
