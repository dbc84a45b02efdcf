"""Bad input: one clear message on standard error, a documented exit code, no traceback, and nothing changed."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fastrel_twin.faults import ANSWERS
from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, Result, begin_release, run_until, step_of


@contextmanager
def nothing_changes(twin: Twin) -> Iterator[None]:
    """The store and the repository are the same before and after."""
    refs, asked = twin.store.bare.git("for-each-ref"), len(twin.requests)
    state = repr((twin.store.issues, twin.store.milestones, twin.store.releases, twin.store.discussions))
    yield
    assert twin.store.bare.git("for-each-ref") == refs
    assert repr((twin.store.issues, twin.store.milestones, twin.store.releases, twin.store.discussions)) == state
    reads = ("/api/graphql", "git-upload-pack")
    assert all(method == "GET" or path.endswith(reads) for method, path, _ in twin.requests[asked:])


def refused(result: Result, code: int, *words: str) -> None:
    assert result.code == code, result.err
    assert result.out == ""
    for word in words:
        assert word in result.err
    assert result.err.count("error:") + result.err.count("stopped:") == 1


@pytest.mark.parametrize("version", ["0.2", "v0.2.0", "latest", "0.2.0.0"])
@pytest.mark.parametrize("command", ["open", "status", "run"])
def test_a_version_that_is_no_semver(cli: Cli, project: Project, twin: Twin, command: str, version: str) -> None:
    with nothing_changes(twin):
        result = cli(command, version)
    assert result.code == 2
    assert "error:" in result.err


def test_a_version_that_may_not_follow(cli: Cli, project: Project, twin: Twin) -> None:
    with nothing_changes(twin):
        refused(cli("open", "0.4.0"), 2, "0.4.0 may not follow", "0.1.1, 0.2.0 or 1.0.0")
        refused(cli("open", "0.1.0"), 2, "released already")


def test_no_guide(cli: Cli, project: Project, twin: Twin) -> None:
    (project.path / "docs" / "release-guide.md").unlink()
    with nothing_changes(twin):
        refused(cli("status"), 2, "No guide was found", "--guide PATH")
        refused(cli("status", "--guide", "nowhere.md"), 2, "nowhere.md cannot be read", "No such file")


def test_no_guide_and_no_checkout(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("status", "lint"):
        refused(cli(command), 2, "No guide was found", "Change into a git checkout, which this folder is not in")


def test_a_port_that_is_taken(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused(
            cli("twin", "--port", str(port)), 2, f"Port {port} of 127.0.0.1 cannot be used (Address already in use)"
        )


def test_two_guides(cli: Cli, project: Project) -> None:
    text = (project.path / "docs" / "release-guide.md").read_text()
    (project.path / "docs" / "second.md").write_text(text)
    refused(cli("status"), 2, "Several pages are guides", "docs/second.md", "--guide PATH")


def test_a_guide_with_errors(cli: Cli, project: Project, twin: Twin) -> None:
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text().replace("uses=tag.create", "uses=tag.creat"))
    with nothing_changes(twin):
        refused(cli("open", "0.2.0"), 2, "The guide has 1 problem", "unknown action “tag.creat”", "mean tag.create?")
    lint = cli("lint")
    assert lint.code == 1
    assert "release-guide.md:" in lint.out


def test_not_a_git_checkout(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "guide.md").write_bytes((project.path / "docs" / "release-guide.md").read_bytes())
    monkeypatch.chdir(elsewhere)
    assert cli("status", "--guide", "guide.md").code == 0
    with nothing_changes(twin):
        refused(cli("run", "--guide", "guide.md", "--yes"), 2, "not a git checkout of ServiceNow/Fast-LLM")


def test_a_dirty_checkout(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    (project.path / "README.md").write_text("changed")
    with nothing_changes(twin):
        refused(
            cli("run", "0.2.0", "--yes"), 2, "uncommitted changes: README.md", "Commit or stash", "Nothing was changed"
        )


def test_a_version_that_came_by_a_commit_of_another_name(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("open-bugs")
    for file in ("setup.cfg", "fast_llm/__init__.py"):
        path = project.path / file
        path.write_text(path.read_text().replace("0.1.1-dev", "0.2.0"))
    project.git("commit", "--quiet", "-am", "Version 0.2.0, finally")
    project.git("push", "--quiet", "origin", "main")
    before = project.git("rev-parse", "HEAD")
    run_until(cli, "create-tag")
    assert step_of(cli, "commit-version")["summary"] == f"main says 0.2.0 already ({before[:7]})"
    assert project.git("rev-parse", "HEAD") == before == project.git("rev-parse", "v0.2.0^{commit}")
    # What comes to main later is of the next release.
    project.git("commit", "--quiet", "--allow-empty", "-m", "Something for later")
    project.git("push", "--quiet", "origin", "main")
    run_until(cli, "push-tag")
    after = cli("status", "--json").statuses()
    assert {after["set-version"], after["commit-version"], after["create-tag"], after["push-tag"]} == {"done"}


def test_a_checkout_that_is_behind(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    project.git("reset", "--quiet", "--hard", "HEAD~1")
    with nothing_changes(twin):
        refused(cli("run", "0.2.0", "--yes"), 2, "behind origin/main", "git pull --ff-only")


def test_a_checkout_that_is_ahead_or_on_another_branch(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    project.git("commit", "--quiet", "--allow-empty", "-m", "Something else")
    with nothing_changes(twin):
        refused(cli("run", "0.2.0", "--yes"), 2, "1 commit ahead of origin/main")
        project.git("switch", "--quiet", "-c", "topic")
        refused(cli("run", "0.2.0", "--yes"), 2, "on branch topic, not on main")
        project.git("checkout", "--quiet", "--detach")
        refused(cli("run", "0.2.0", "--yes"), 2, "detached HEAD")


def test_everything_in_the_way_is_reported_together(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    (project.path / "README.md").write_text("changed")
    project.git("config", "user.useConfigOnly", "true")
    project.git("config", "--unset", "user.email")
    twin.store.categories.remove("Announcements")
    with nothing_changes(twin):
        result = cli("run", "0.2.0", "--yes")
    refused(result, 2, "uncommitted changes", "Git does not know who you are", "no discussion category “Announcements”")
    assert "there are: General, Ideas" in result.err


def test_no_token(cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GH_TOKEN")
    with nothing_changes(twin):
        refused(cli("open", "0.2.0"), 2, "There is no token", "Set GH_TOKEN", "gh auth login")
        status = cli("status", "0.2.0")
    assert status.code == 0  # reading a public repository needs none
    assert "unknown pull-labels" in status.out


def test_a_wrong_token(cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", "wrong-and-secret")
    with nothing_changes(twin):
        for command in (("status",), ("open", "0.2.0"), ("run", "0.2.0"), ("sync",)):
            result = cli(*command)
            refused(result, 2, "does not accept the token (401 Bad credentials)")
            assert "wrong-and-secret" not in result.err


def test_a_repository_that_is_not_there(cli: Cli, project: Project) -> None:
    refused(
        cli("status", "--repo", "nobody/nothing"),
        1,
        "There is no repository nobody/nothing at http://127.0.0.1",
        "--repo",
    )
    refused(cli("status", "--repo", "no repository"), 2, "is not OWNER/NAME")


def test_a_server_that_is_not_there(cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    refused(cli("status"), 1, "http://127.0.0.1:9/api/v3 cannot be reached", "GITHUB_API_URL")


@pytest.mark.parametrize("arguments", [["--quiet", "status"], ["snapshot", "--output", "snapshot.json"]])
def test_a_command_that_only_reads_has_changed_nothing(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    refused(cli(*arguments), 1, "cannot be reached", "done: Nothing was changed.\n")
    refused(cli("sync"), 1, "cannot be reached", "done: Nothing was changed.")


@pytest.mark.parametrize("command", ["status", "run", "sync"])
def test_a_token_without_a_permission(cli: Cli, project: Project, twin: Twin, command: str) -> None:
    begin_release(cli)
    twin.faults.add(*[ANSWERS["missing scope"].at("GET", "labels=release&")] * 3)
    done = "Nothing was changed."
    refused(
        cli(command, "0.2.0"),
        1,
        "Resource not accessible by personal access token (403)",
        f"done: {done}",
        "next: The fine-grained token lacks",
    )


@pytest.mark.parametrize(
    "address", ["nonsense", "ftp://x", "https://user:secret@host/api", "http://ghe.example/api/v3"]
)
def test_an_api_address_that_is_none(cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("GITHUB_API_URL", address)
    result = cli("status")
    refused(result, 2, "GITHUB_API_URL")
    assert "secret" not in result.err


def test_an_address_of_web_pages_instead_of_the_api(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", f"{twin.url}/ServiceNow")
    refused(cli("status"), 1, "There is no repository", "GITHUB_API_URL")


def test_no_tracker_and_a_closed_one(cli: Cli, project: Project, twin: Twin) -> None:
    with nothing_changes(twin):
        refused(cli("run", "0.2.0"), 2, "There is no release issue for 0.2.0", "fastrel-checklist open 0.2.0")
        refused(cli("run"), 2, "No release is in progress")
    begin_release(cli)
    twin.store.close(twin.store.issues[38])
    with nothing_changes(twin):
        for command in (("run", "0.2.0"), ("sync", "0.2.0"), ("tick", "open-bugs", "--version", "0.2.0")):
            refused(
                cli(*command), 2, "The release issue of 0.2.0 is closed", "/issues/38", "reopen it: `gh issue reopen "
            )
        reopened = cli("open", "0.2.0")
    assert "(closed)" in reopened.err


def test_an_unknown_step_gets_the_nearest_one(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    with nothing_changes(twin):
        for command in (("run", "push-tagg"), ("run", "--until", "push-tagg"), ("tick", "push-tagg")):
            refused(cli(*command), 2, "no step “push-tagg”", "Did you mean push-tag?")


def test_a_blocked_step_says_what_comes_before(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    twin_state = len(twin.store.releases)
    refused(cli("run", "push-tag", "--yes"), 3, "Step push-tag is blocked", "after milestone-issues", "run 0.2.0")
    assert len(twin.store.releases) == twin_state


def test_a_role_below_the_steps_is_refused_before_any_effect(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    with nothing_changes(twin):
        refused(
            cli("run", "create-tag", "push-tag", "--yes"),
            2,
            "create-tag needs role maintain; carl has write",
            "push-tag needs role maintain",
            "Nothing was changed",
        )


def test_skipping_needs_a_reason(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    with nothing_changes(twin):
        assert cli("skip", "announce-forum").code == 2
        refused(cli("skip", "announce-forum", "--reason", " "), 2, "needs a reason")


def test_a_script_that_fails_shows_its_output_and_ticks_nothing(cli: Cli, project: Project, twin: Twin) -> None:
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(
        guide.read_text().replace("mkdocs build --strict\n", "echo about to fail\n    false\n    echo never\n", 1)
    )
    subprocess.run(["git", "commit", "-qam", "guide"], cwd=project.path, check=True)
    subprocess.run(["git", "push", "-q", "origin", "main"], cwd=project.path, check=True)
    begin_release(cli)
    result = cli("run", "docs-current", "--yes")
    refused(result, 1, "script of step docs-current failed (exit code 1)", "about to fail", "not ticked")
    assert "next: Fix the cause, then `fastrel-checklist run 0.2.0 docs-current --yes`." in result.err
    assert "never" not in result.err
    assert cli("status", "--json").statuses()["docs-current"] == "todo"


def test_a_version_file_with_more_than_the_version_changed_is_dirty(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    file = project.path / "setup.cfg"
    text = file.read_text()
    file.write_text(text.replace("0.1.1-dev", "0.2.0") + "\n# by hand\n")
    with nothing_changes(twin):
        refused(cli("run", "0.2.0", "--yes"), 2, "uncommitted changes: setup.cfg")
    file.write_text(text.replace("0.1.1-dev", "0.9.9"))  # a version that is none of this release's
    with nothing_changes(twin):
        refused(cli("run", "0.2.0", "--yes"), 2, "uncommitted changes: setup.cfg")
    file.write_text(text.replace("0.1.1-dev", "0.2.0"))  # as a run that was stopped leaves it
    assert "uncommitted" not in cli("run", "main-ci", "--yes").err


def test_a_commit_of_ours_makes_those_of_others_not_ours(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    project.git("commit", "--quiet", "--allow-empty", "-m", "Something else")
    project.git("commit", "--quiet", "--allow-empty", "-m", "Bump version to 0.2.0")
    with nothing_changes(twin):
        refused(cli("run", "0.2.0", "--yes"), 2, "2 commits ahead of origin/main")


def test_a_lock_that_a_killed_git_has_left_is_found_before_the_first_effect(
    cli: Cli, project: Project, twin: Twin
) -> None:
    begin_release(cli)
    lock = project.path / ".git" / "index.lock"
    lock.touch()
    with nothing_changes(twin):
        refused(cli("run", "0.2.0", "--yes", "--defer-open"), 2, "The checkout is locked.", f"`rm {lock}`")
    # Steps that leave the checkout alone are run all the same.
    assert cli("run", "milestone-issues", "--yes", "--defer-open").code == 0
    lock.unlink()
    assert "is locked" not in cli("run", "main-ci", "set-version", "--dry-run").err
