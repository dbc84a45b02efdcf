"""The worktree, with the real git program and a real bare remote."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fastrel.errors import GitError, OtherServer, UsageError
from fastrel.git.objects import GitObject
from fastrel.git.worktree import Worktree
from fastrel.github.transport.addresses import repository_of
from fastrel.github.transport.connection import PUBLIC


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    path = tmp_path / "acme" / "widget.git"
    path.mkdir(parents=True)
    git(path, "init", "--bare", "--initial-branch=main")
    return path


@pytest.fixture
def worktree(tmp_path: Path, remote: Path) -> Worktree:
    path = tmp_path / "checkout"
    git(tmp_path, "clone", "--quiet", str(remote), str(path))
    git(path, "config", "user.name", "Ada")
    git(path, "config", "user.email", "ada@example.org")
    (path / "a.txt").write_bytes(b"one\r\ntwo")
    (path / "b.txt").write_text("b")
    git(path, "checkout", "--quiet", "-B", "main")
    git(path, "add", ".")
    git(path, "commit", "--quiet", "-m", "First")
    git(path, "push", "--quiet", "origin", "main")
    return Worktree.at(path / ".")


def test_a_folder_outside_of_git_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in a git checkout") as caught:
        Worktree.at(tmp_path)
    assert "clone" in caught.value.next_step


def test_files_keep_their_bytes(worktree: Worktree) -> None:
    assert worktree.read("a.txt") == "one\r\ntwo"
    worktree.write("a.txt", "one\r\n2")
    assert (worktree.root / "a.txt").read_bytes() == b"one\r\n2"
    assert worktree.read("missing.txt") is None
    assert worktree.committed("a.txt") == "one\r\ntwo"
    assert worktree.committed("missing.txt") is None


def test_what_commits_hold_is_asked_once_and_what_may_come_by_a_fetch_again(
    worktree: Worktree, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(remote), str(other))
    git(other, "config", "user.name", "Bob")
    git(other, "config", "user.email", "bob@example.org")
    (other / "c.txt").write_text("c")
    git(other, "add", ".")
    git(other, "commit", "--quiet", "-m", "Second")
    git(other, "push", "--quiet", "origin", "main")
    first, second = worktree.head(), git(other, "rev-parse", "HEAD")
    asked: list[str] = []
    run = worktree._run

    def counted(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        asked.append(arguments[0])
        return run(*arguments)

    monkeypatch.setattr(worktree, "_run", counted)
    read = worktree._objects.read

    def counted_too(name: str) -> GitObject | None:
        asked.append(name.removeprefix(second))
        return read(name)

    monkeypatch.setattr(worktree._objects, "read", counted_too)

    for _ in range(2):
        assert not worktree.has_commit(second)
        assert not worktree.is_ancestor(first, second)
        assert worktree.committed("c.txt", second) is None
    worktree.fetch("origin", "main")
    asked.clear()
    for _ in range(3):
        assert worktree.has_commit(second)
        assert worktree.is_ancestor(first, second)
        assert not worktree.is_ancestor(second, first)
        assert worktree.committed("c.txt", second) == "c"
        assert worktree.committed("a.txt", "HEAD") == "one\r\ntwo"  # HEAD may be another one by the next time
    assert sorted(asked) == [":c.txt", *["HEAD:a.txt"] * 3, "^{commit}", *["merge-base"] * 4]


def test_remotes_are_listed_by_their_addresses_for_reading(worktree: Worktree, remote: Path, tmp_path: Path) -> None:
    odd = str(tmp_path / "a folder (fetch) [x]")
    git(worktree.root, "remote", "add", "odd", odd)
    git(worktree.root, "remote", "set-url", "--push", "odd", "elsewhere")
    git(worktree.root, "config", "remote.odd.promisor", "true")
    git(worktree.root, "config", "remote.odd.partialclonefilter", "blob:none")
    git(worktree.root, "config", f"url.{tmp_path}/.insteadOf", "mine:")
    git(worktree.root, "remote", "add", "mine", "mine:acme/widget.git")
    assert worktree.remotes() == {"origin": str(remote), "odd": odd, "mine": f"{tmp_path}/acme/widget.git"}


def test_a_commit_holds_exactly_the_named_files(worktree: Worktree) -> None:
    worktree.write("a.txt", "changed")
    worktree.write("b.txt", "changed too")
    git(worktree.root, "add", "b.txt")
    assert worktree.changed_files() == ("a.txt", "b.txt")
    worktree.commit(["a.txt"], "Only a")
    assert git(worktree.root, "show", "--name-only", "--format=%s").split() == ["Only", "a", "a.txt"]
    assert worktree.changed_files() == ("b.txt",)


def test_the_remote_is_found_by_the_repository_not_by_its_name(worktree: Worktree) -> None:
    assert worktree.remote_of("acme/widget", PUBLIC) == "origin"
    git(worktree.root, "remote", "rename", "origin", "fork")
    assert worktree.remote_of("ACME/Widget", PUBLIC) == "fork"
    with pytest.raises(UsageError, match="No remote of this checkout is other/thing") as caught:
        worktree.remote_of("other/thing", PUBLIC)
    assert "fork" in caught.value.problem


def test_of_two_remotes_with_the_same_name_it_is_the_one_on_the_server_that_is_asked(worktree: Worktree) -> None:
    """https://github.com/me/own and its namesake on an Enterprise Server: pushes must go where the release is made."""
    git(worktree.root, "remote", "set-url", "origin", "git@ghe.corp.example:me/own.git")
    with pytest.raises(OtherServer) as caught:
        worktree.remote_of("me/own", PUBLIC)
    assert "The remote origin is me/own on ghe.corp.example" in caught.value.problem
    assert "Set `GITHUB_API_URL=https://ghe.corp.example/api/v3`" in caught.value.next_step
    git(worktree.root, "remote", "add", "public", "https://github.com/me/own")
    assert worktree.remote_of("me/own", PUBLIC) == "public"
    assert worktree.remote_of("me/own", "https://ghe.corp.example/api/v3") == "origin"
    with pytest.raises(OtherServer) as other:
        worktree.remote_of("me/own", "https://octo.example/api/v3")
    assert "add the remote that is on octo.example" in other.value.next_step


def test_a_server_that_is_none_of_githubs_is_no_address_for_the_api(worktree: Worktree) -> None:
    git(worktree.root, "remote", "set-url", "origin", "https://gitlab.com/me/own.git")
    with pytest.raises(OtherServer) as caught:
        worktree.remote_of("me/own", PUBLIC)
    assert caught.value.next_step.startswith("gitlab.com is not a GitHub server; add the remote")


def test_another_name_in_the_configuration_of_ssh_is_looked_up(
    worktree: Worktree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git@github.com-work:me/own.git` is how many use two accounts."""
    git(worktree.root, "remote", "set-url", "origin", "git@github.com-work:me/own.git")
    with pytest.raises(OtherServer):
        worktree.remote_of("me/own", PUBLIC)
    ssh = tmp_path / "ssh" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text('#!/bin/sh\n[ "$1 $2" = "-G github.com-work" ] && echo "user git\nhostname github.com\nport 22"\n')
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ssh.parent}{os.pathsep}{os.environ['PATH']}")
    assert worktree.remote_of("me/own", PUBLIC) == "origin"


def test_credentials_in_a_remote_address_are_not_shown(worktree: Worktree) -> None:
    git(worktree.root, "remote", "add", "mirror", "https://ada:s3cret@git.example/acme/mirror.git")
    with pytest.raises(UsageError) as caught:
        worktree.remote_of("other/thing", PUBLIC)
    assert "s3cret" not in caught.value.problem


def test_the_head_of_the_remote_is_asked_without_changing_anything_here(worktree: Worktree, tmp_path: Path) -> None:
    before = git(worktree.root, "for-each-ref")
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(tmp_path / "acme" / "widget.git"), str(other))
    git(other, "-c", "user.name=B", "-c", "user.email=b@b", "commit", "--quiet", "--allow-empty", "-m", "Second")
    git(other, "push", "--quiet", "origin", "HEAD:main")
    there = worktree.remote_head("origin", "main")
    assert there == git(other, "rev-parse", "HEAD") != worktree.head()
    assert not worktree.has_commit(there)
    assert worktree.remote_head("origin", "nowhere") == ""
    assert git(worktree.root, "for-each-ref") == before


def test_tags_are_annotated_and_pushed_and_never_overwritten(worktree: Worktree, remote: Path) -> None:
    assert worktree.tag("v1.0.0") is None
    worktree.create_tag("v1.0.0", worktree.head(), "Release version 1.0.0")
    tag = worktree.tag("v1.0.0")
    assert tag is not None
    assert tag.annotated
    assert tag.commit == worktree.head()
    worktree.push_tag("origin", "v1.0.0")
    assert git(remote, "rev-parse", "refs/tags/v1.0.0") == tag.sha
    git(worktree.root, "tag", "--force", "-a", "v1.0.0", "-m", "another")
    with pytest.raises(GitError, match="already exists"):
        worktree.push_tag("origin", "v1.0.0")
    assert git(remote, "rev-parse", "refs/tags/v1.0.0") == tag.sha


def test_a_failed_command_says_what_was_tried_and_what_git_said(worktree: Worktree) -> None:
    with pytest.raises(GitError, match=r"`git push nowhere .*` failed: .*nowhere"):
        worktree.push_branch("nowhere", "main")


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://github.com/ServiceNow/Fast-LLM.git", "ServiceNow/Fast-LLM"),
        ("https://github.com/ServiceNow/Fast-LLM/", "ServiceNow/Fast-LLM"),
        ("git@github.com:ServiceNow/Fast-LLM.git", "ServiceNow/Fast-LLM"),
        ("ssh://git@ghe.example:2222/ServiceNow/Fast-LLM", "ServiceNow/Fast-LLM"),
        ("http://127.0.0.1:8080/ServiceNow/Fast-LLM.git", "ServiceNow/Fast-LLM"),
        ("git@ghe.example:/ServiceNow/Fast-LLM.git", "ServiceNow/Fast-LLM"),
        ("work:ServiceNow/Fast-LLM", "ServiceNow/Fast-LLM"),
        ("https://x-access-token:secret@github.com/a/b.git", "a/b"),
        ("/srv/git/ServiceNow/Fast-LLM.git", ""),
        ("file:///srv/git/ServiceNow/Fast-LLM.git", ""),
        ("../ServiceNow/Fast-LLM", ""),
        ("C:/git/ServiceNow/Fast-LLM.git", ""),
        ("ext::sh -c ServiceNow/Fast-LLM", ""),
        ("https://github.com/../own.git", ""),
        ("https://gitlab.com/a/b.git", ""),
        ("git@bitbucket.org:a/b.git", ""),
        ("https://gitlab.acme.example/a/b.git", "a/b"),
        ("https://github.com/gitlab.com/b", "gitlab.com/b"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_a_remote_address_names_a_repository(address: str, repository: str) -> None:
    assert repository_of(address) == repository


WORKFLOW = "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/x.yml` without `workflow` scope"


@pytest.mark.parametrize(
    ("said", "next_step"),
    [
        (WORKFLOW, "Push with a token that has the `workflow` scope"),
        ("error: GH013: Repository rule violations found for refs/heads/main.", "set `bump: pull-request`"),
        ("error: GH006: Protected branch update failed for refs/heads/main.", "set `bump: pull-request`"),
    ],
)
def test_a_refused_push_says_what_to_do(worktree: Worktree, remote: Path, said: str, next_step: str) -> None:
    """cli/cli#9514 and others: what GitHub says is shown, and what to do about it."""
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{said}\nEND\nexit 1\n")
    hook.chmod(0o755)
    worktree.write("a.txt", "changed")
    worktree.commit(["a.txt"], "Change")
    with pytest.raises(GitError) as caught:
        worktree.push_branch("origin", "main")
    assert said in caught.value.problem
    assert next_step in caught.value.next_step
    assert caught.value.done == "Nothing was pushed."


def test_a_tag_that_the_remote_has_otherwise_is_not_overwritten(worktree: Worktree, remote: Path) -> None:
    worktree.create_tag("v1.0.0", worktree.head(), "One")
    git(remote, "tag", "v1.0.0", "main")
    before = git(remote, "rev-parse", "v1.0.0")
    with pytest.raises(GitError, match="already exists") as caught:
        worktree.push_tag("origin", "v1.0.0")
    assert "Nothing is overwritten." in caught.value.next_step
    assert git(remote, "rev-parse", "v1.0.0") == before


def test_what_stops_a_commit_aside_is_not_hidden_by_tidying_up(worktree: Worktree) -> None:
    """Ctrl-C comes while files are edited, and git cannot tidy up any more."""

    def edit(aside: Worktree) -> list[str]:
        (worktree.root / ".git" / "HEAD").unlink()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worktree.push_commit("origin", "main", "aside", edit, "Aside")


def test_a_checkout_aside_that_a_killed_run_has_left_half_made_is_no_hindrance(
    worktree: Worktree, remote: Path
) -> None:
    aside = worktree.root / ".git" / "fastrel-commit"
    git(worktree.root, "worktree", "add", "--quiet", "--detach", "--lock", "--reason", "initializing", str(aside))
    (aside / ".git").unlink()

    def edit(there: Worktree) -> list[str]:
        there.write("b.txt", "changed")
        return ["b.txt"]

    worktree.push_commit("origin", "main", "aside", edit, "Aside")
    assert git(remote, "show", "aside:b.txt") == "changed"
    assert git(worktree.root, "worktree", "list").count("\n") == 0
    worktree.remove_aside()
    assert not aside.exists()


def test_a_lock_of_a_killed_git_is_named_with_the_command_that_removes_it(worktree: Worktree) -> None:
    lock = worktree.root / ".git" / "index.lock"
    lock.touch()
    worktree.write("a.txt", "three")
    with pytest.raises(GitError) as caught:
        worktree.commit(["a.txt"], "Third")
    assert f"`rm {lock}`" in caught.value.next_step
    assert "If none is running any more" in caught.value.next_step
    lock.unlink()
    worktree.commit(["a.txt"], "Third")


@pytest.mark.parametrize("name", ["index", "HEAD", "refs/tags/v1.0.0", "refs/heads/main"])
def test_a_lock_is_found_before_anything_is_done(worktree: Worktree, name: str) -> None:
    refs = ("refs/heads/main", "refs/tags/v1.0.0")
    assert worktree.lock_problem(*refs) == ""
    lock = worktree.root / ".git" / f"{name}.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    assert f"type `rm {lock}`" in worktree.lock_problem(*refs)


def test_a_checkout_is_meant_and_not_the_repository_that_a_hook_names(
    worktree: Worktree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git hands the place of its own repository to all that a hook starts."""
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", other], check=True)
    head = worktree.head()
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert worktree.head() == head
    worktree.write("a.txt", "three")
    worktree.commit(["a.txt"], "Third")
    assert worktree.headlines(head, "HEAD") == ("Third",)
    monkeypatch.undo()
    assert Worktree(other).tags() == ()
    assert subprocess.run(["git", "log"], cwd=other, capture_output=True, check=False).returncode != 0
