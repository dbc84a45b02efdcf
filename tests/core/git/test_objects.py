"""Objects by name, with the real git program: always those of now, whatever becomes of the process that reads them."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fastrel.errors import GitError
from fastrel.git import objects
from fastrel.git.objects import GitEnded, GitObject, Objects
from fastrel.git.worktree import Worktree


def git(folder: Path, *arguments: str, data: bytes | None = None) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, input=data)
    return done.stdout.decode().strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "checkout"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(path))
    git(path, "config", "user.name", "Ada")
    git(path, "config", "user.email", "ada@example.org")
    commit(path, "one")
    return path


@pytest.fixture
def read(folder: Path) -> Iterator[Objects]:
    found = Objects(folder)
    yield found
    found.close()


def commit(folder: Path, text: str) -> str:
    (folder / "a file.txt").write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", text)
    return git(folder, "rev-parse", "HEAD")


def process_of(read: Objects) -> subprocess.Popen[bytes]:
    assert read._process
    return read._process


def test_an_object_has_its_sha_kind_and_content(folder: Path, read: Objects) -> None:
    git(folder, "tag", "--annotate", "v1", "-m", "One")
    head = git(folder, "rev-parse", "HEAD")
    found = read.read("HEAD")
    assert found
    assert (found.sha, found.kind) == (head, "commit")
    assert found.content.endswith(b"\none\n")
    blob = read.read(f"{head}:a file.txt")
    assert blob == GitObject(git(folder, "rev-parse", "HEAD:a file.txt"), "blob", b"one")
    tag = read.read("refs/tags/v1")
    assert tag
    assert (tag.kind, tag.sha) == ("tag", git(folder, "rev-parse", "v1"))


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "missing",
        "HEAD:missing",
        "HEAD:a file.txt blob 3",
        "HEAD\nHEAD",
        "HEAD\0",
        "HEAD\r",
        f"{'a' * 40} blob 3",
    ],
)
def test_what_is_not_there_is_none_and_the_next_answer_is_its_own(read: Objects, name: str) -> None:
    assert read.read(name) is None
    assert read.read("HEAD:a file.txt")


def test_each_answer_is_that_of_now(folder: Path, read: Objects) -> None:
    first = read.read("HEAD")
    second = commit(folder, "two")
    git(folder, "tag", "v2")
    for _ in range(2):
        for name in ("HEAD", "refs/tags/v2"):
            found = read.read(name)
            assert found
            assert found.sha == second
        # Also from packs, and by refs in one file.
        git(folder, "gc", "--quiet", "--prune=now")
    git(folder, "reset", "--quiet", "--hard", "HEAD~1")
    git(folder, "tag", "--delete", "v2")
    assert read.read("HEAD") == first
    assert read.read("refs/tags/v2") is None


def test_large_and_empty_contents(folder: Path, read: Objects) -> None:
    large = os.urandom(3_000_000)
    for content in (large, b"", b"\n", b"HEAD missing\n"):
        sha = git(folder, "hash-object", "-w", "--stdin", data=content)
        assert read.read(sha) == GitObject(sha, "blob", content)


def test_a_killed_process_is_begun_again(read: Objects) -> None:
    assert read.read("HEAD")
    process_of(read).send_signal(signal.SIGKILL)
    process_of(read).wait()
    assert read.read("HEAD")


def test_threads_get_their_own_answers(folder: Path, read: Objects) -> None:
    shas = {git(folder, "hash-object", "-w", "--stdin", data=word): word for word in (b"a" * 200_000, b"b", b"c" * 9)}
    wrong: list[str] = []

    def ask(sha: str, content: bytes) -> None:
        for _ in range(100):
            found = read.read(sha)
            if not found or found.content != content:
                wrong.append(sha)

    threads = [threading.Thread(target=ask, args=one) for one in shas.items()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong


def test_an_answer_that_was_interrupted_is_not_taken_for_the_next(
    read: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(process: subprocess.Popen[bytes]) -> bytes:
        raise KeyboardInterrupt

    assert read.read("HEAD")
    with monkeypatch.context() as patch:
        patch.setattr(objects, "_more", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read.read("HEAD")
    found = read.read("HEAD:a file.txt")
    assert found
    assert found.content == b"one"


def test_a_git_that_does_not_answer_is_an_error(read: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read.read("HEAD")
    process = process_of(read)
    process.send_signal(signal.SIGSTOP)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(objects, "TIMEOUT", 0.05)
            patch.setattr(objects, "END_TIMEOUT", 0.05)
            with pytest.raises(GitError, match="did not answer"):
                read.read("HEAD")
    finally:
        assert process.poll() is not None, "it was killed"
    assert read.read("HEAD")


def test_a_git_that_ends_is_an_error(folder: Path, read: Objects) -> None:
    (folder / ".git" / "HEAD").write_text("broken")
    with pytest.raises(GitEnded):
        read.read("HEAD")


def test_the_process_ends_with_whoever_asked(folder: Path) -> None:
    worktree = Worktree.at(folder)
    worktree.head()
    process = process_of(worktree._objects)
    del worktree
    gc.collect()
    assert process.returncode == 0


def test_a_checkout_without_a_commit_has_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    with pytest.raises(GitError, match="rev-parse HEAD"):
        Worktree.at(tmp_path / "empty").head()


def test_a_tag_may_name_something_else_than_a_commit(folder: Path) -> None:
    git(folder, "tag", "tree", "HEAD^{tree}")
    git(folder, "tag", "--annotate", "of-tag", "-m", "x", "HEAD")
    git(folder, "tag", "--annotate", "nested", "-m", "x", "of-tag")
    worktree = Worktree.at(folder)
    nested = worktree.tag("nested")
    assert nested
    assert (nested.annotated, nested.commit) == (True, worktree.head())
    with pytest.raises(GitError):
        worktree.tag("tree")


def test_a_partial_clone_fetches_what_it_lacks(folder: Path, tmp_path: Path) -> None:
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{folder}", "partial")
    clone = tmp_path / "partial"
    assert Worktree.at(clone).committed("a file.txt") == "one"
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{folder}", "far")
    folder.rename(tmp_path / "gone")
    assert Worktree.at(tmp_path / "far").committed("a file.txt") is None
