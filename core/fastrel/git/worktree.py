"""The local git checkout that actions read and change, through the git program.

Signing, identity, hooks and credentials follow the user's own git configuration.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fastrel.errors import GitError, UsageError
from fastrel.git import commands
from fastrel.git.program import GitProgram
from fastrel.git.refused_push import explained
from fastrel.git.remotes import remote_of
from fastrel.git.stale_locks import how_to_unlock
from fastrel.process import changes
from fastrel.text.atomic_write import write_whole
from fastrel.text.redact import without_secrets

_REMOTE = re.compile(r"(?P<name>[^\t]+)\t(?P<address>.*) \(fetch\)(?: \[.*\])?")
"""A line of `git remote --verbose`; what is in brackets is the filter of a partial clone."""


@dataclass(frozen=True, slots=True)
class LocalTag:
    """A tag of the checkout. `sha` is that of the tag object when annotated, else that of the commit."""

    sha: str
    annotated: bool
    commit: str


class Worktree(GitProgram):
    """One checkout, at its top folder."""

    @classmethod
    def at(cls, folder: Path) -> Worktree:
        """The checkout that holds the folder. UsageError when there is none."""
        try:
            top = Worktree(folder)._git("rev-parse", "--show-toplevel")
        except (GitError, NotADirectoryError, FileNotFoundError):
            raise UsageError(
                f"{folder} is not in a git checkout.",
                done="Nothing was changed.",
                next_step="Change into a clone of the repository and type the command again.",
            ) from None
        return cls(Path(top))

    def head(self) -> str:
        """SHA of the commit that is checked out. GitError when there is none yet."""
        command = ("rev-parse", "HEAD")
        found = self._object("HEAD", *command)
        return found.sha if found else self._git(*command)

    def branch(self) -> str:
        """The branch that is checked out; empty when HEAD is detached."""
        return self._git("branch", "--show-current")

    def changed_files(self, *, new: bool = False) -> tuple[str, ...]:
        """Paths of tracked files that differ from HEAD, staged or not; also of new ones that are not ignored."""
        # What git's configuration says of submodules does not hide one that has moved.
        shown = ("--no-renames", "--ignore-submodules=untracked", "--no-ext-diff")
        changed = filter(None, self._git("diff", "HEAD", "--name-only", "-z", *shown).split("\0"))
        return (*changed, *(self.new_files() if new else ()))

    def new_files(self) -> tuple[str, ...]:
        """Paths of the files that git neither tracks nor ignores. That of a repository of its own ends in `/`."""
        return tuple(filter(None, self._git("ls-files", "--others", "--exclude-standard", "-z").split("\0")))

    def ignored(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Those of the paths that are files which git ignores."""
        named = [commands.literal(path) for path in paths]
        shown = ("--others", "--ignored", "--exclude-standard", "-z")
        return tuple(filter(None, self._git("ls-files", *shown, "--", *named).split("\0"))) if paths else ()

    def unseen(self, paths: Sequence[str]) -> dict[str, str]:
        """Those of the paths whose changes git was told not to see, with the flag of `git update-index` for it."""
        named = [commands.literal(path) for path in paths]
        listed = self._git("ls-files", "-v", "-z", "--", *named).split("\0") if paths else []
        flags = {one[2:]: "skip-worktree" for one in listed if one[:1] in ("S", "s")}
        return {**{one[2:]: "assume-unchanged" for one in listed if one[:1].islower()}, **flags}

    def git_path(self, name: str) -> Path:
        """Where a file of ours is in this checkout's git folder."""
        return self.root / self._place("--git-path", name)

    def files(self) -> tuple[str, ...]:
        """Paths of the files that are there, tracked or new and not ignored."""
        listed = self._git("ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
        return tuple(sorted({path for path in listed if path and (self.root / path).is_file()}))

    def default_branch(self, remote: str) -> str:
        """The remote's default branch as the clone knows it; empty when it does not."""
        done = self._run("symbolic-ref", "--quiet", "--short", f"refs/remotes/{remote}/HEAD")
        return done.stdout.decode(errors="replace").strip().removeprefix(f"{remote}/") if done.returncode == 0 else ""

    def setting(self, name: str) -> str:
        """A value of git's configuration; empty when it is not set."""
        done = self._run("config", "--get", name)
        return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""

    def git_version(self) -> str:
        """What the git program says of itself, such as `2.43.0`."""
        return self._git("--version").removeprefix("git version ").split()[0]

    def remotes(self) -> dict[str, str]:
        """Fetch addresses of the remotes by name."""
        found = map(_REMOTE.fullmatch, self._git("remote", "--verbose").split("\n"))
        return {one["name"]: one["address"] for one in found if one}

    def remote_of(self, repository: str, api_url: str) -> str:
        """The name of the remote that is this repository, on the server whose API is asked or on a disk.
        UsageError when there is none, OtherServer when it is on another one."""
        return remote_of(self.remotes(), repository, api_url)

    def remote_head(self, remote: str, branch: str) -> str:
        """SHA of a branch on the remote, asked now; empty when it has none. Changes nothing here."""
        found = self._git("ls-remote", remote, f"refs/heads/{branch}")
        return found.split()[0] if found else ""

    def has_commit(self, sha: str) -> bool:
        name = f"{sha}^{{commit}}"
        return self._object(name, "cat-file", "-e", name) is not None

    def is_ancestor(self, older: str, newer: str) -> bool:
        return self._of_commits("merge-base", "--is-ancestor", older, newer, shas=[older, newer]) is not None

    def history_of(self, path: str, most: int = 50) -> str:
        """What the last commits that touched a file added and removed, the newest first; empty where git refuses."""
        done = self._run(
            "log", f"-{most}", "--patch", "--unified=0", "--format=", "--no-ext-diff", "--no-textconv", "--", path
        )
        return done.stdout.decode(errors="replace") if not done.returncode else ""

    def headlines(self, older: str, newer: str) -> tuple[str, ...]:
        """First lines of the messages of the commits in `older..newer`, newest first."""
        return tuple(filter(None, self._git("log", "--format=%s", f"{older}..{newer}").split("\n")))

    def commits(self, selection: str) -> tuple[tuple[str, str], ...]:
        """(SHA, first line of the message) of the commits of a range such as `main..HEAD`, newest first."""
        lines = self._git("log", "--format=%H %s", selection).splitlines()
        return tuple((sha, headline) for sha, _, headline in (line.partition(" ") for line in lines))

    def files_of(self, revision: str) -> tuple[str, ...]:
        """Paths of the files that a commit changes."""
        return tuple(self._git("diff", "--name-only", f"{revision}~1", revision).splitlines())

    def read(self, path: str) -> str | None:
        """The text of a file, its line endings kept; None when there is none. UsageError when it leads out of the
        checkout."""
        file = self.inside(path)
        return _text(file.read_bytes(), path) if file.is_file() else None

    def committed(self, path: str, revision: str = "HEAD") -> str | None:
        """The text of a file at a commit; None when there is none."""
        name = f"{revision}:{path}"
        found = self._object(name, "show", name)
        return _text(found.content, path) if found and found.kind == "blob" else None

    def write(self, path: str, text: str) -> None:
        """Replace the text of a file, its mode kept; never half of it."""
        file = self.inside(path)
        write_whole(file, text, file.stat().st_mode)
        changes.made(f"edit {path}")

    def inside(self, path: str) -> Path:
        """The file that a path leads to, through its links. UsageError when that is not a file of the checkout."""
        top, file = self.root.resolve(), (self.root / path).resolve()
        if not file.is_relative_to(top) or ".git" in file.relative_to(top).parts:
            raise UsageError(
                f"{path} leads out of the repository.",
                done="It was neither read nor written.",
                next_step="Replace the link by a file of the repository, or correct the path in the guide.",
            )
        return file

    def commit(self, paths: Sequence[str], message: str) -> None:
        """Commit exactly these files, also those that are gone, whether git was told so or not."""
        there = [path for path in paths if os.path.lexists(self.root / path)]
        if there:
            self._git(*commands.add(there))
        self._git(*commands.commit(paths, message))

    def signs_commits(self) -> bool:
        """Whether git's configuration says that commits are signed."""
        return self._git("config", "--type=bool", "--default=false", "--get", "commit.gpgSign") == "true"

    def is_signed(self, revision: str = "HEAD") -> bool:
        """Whether a commit has a signature, by whomever."""
        head = self._git("cat-file", "commit", revision).partition("\n\n")[0]
        return any(line.startswith("gpgsig") for line in head.splitlines())

    def commit_anew(self) -> None:
        """Make the newest commit again as it is, such as to sign it."""
        self._git("commit", "--amend", "--no-edit", "--allow-empty", "--only")

    def push_branch(self, remote: str, branch: str) -> None:
        """Push what is checked out. GitError that says why when the remote refuses."""
        try:
            self._git(*commands.push_branch(remote, branch))
        except GitError as error:
            raise explained(error, remote, f"refs/heads/{branch}") from None

    def push_commit(
        self, remote: str, base: str, branch: str, edit: Callable[[Worktree], Sequence[str]], message: str
    ) -> None:
        """Make a commit on top of another one and push it as a branch; this checkout and its branch stay as they are.

        It is made in a checkout of its own inside the git folder, so that hooks and signing work as ever. `edit`
        changes files there and returns their paths.
        """
        self.remove_aside()
        folder = self._aside()
        self._git("worktree", "add", "--quiet", "--detach", str(folder), base)
        try:
            aside = Worktree(folder)
            aside.commit(edit(aside), message)
            aside.push_branch(remote, branch)
        finally:
            # What stays is removed by the next run; what went wrong first is what counts, also a Ctrl-C.
            with suppress(GitError):
                self._remove(folder)

    def remove_aside(self) -> None:
        """Remove the checkout in which `push_commit` works, when a run that was killed has left it."""
        folder = self._aside()
        if folder.exists() or (folder.parent / "worktrees" / folder.name).exists():
            self._remove(folder)

    def fetch(self, remote: str, branch: str) -> None:
        self._git(*commands.fetch(remote, branch))

    def fast_forward(self, remote: str, branch: str) -> None:
        """Bring the checkout to the head of the remote branch. GitError when that needs more than moving forward."""
        self.fetch(remote, branch)
        self._git(*commands.fast_forward())

    def replace_head(self, remote: str, branch: str) -> None:
        """Bring the checkout to the head of the remote branch, without the commits that only it has. GitError, with
        nothing changed, when that would touch a file with uncommitted changes."""
        self.fetch(remote, branch)
        self._git("reset", "--quiet", "--keep", "FETCH_HEAD")

    def restore(self, paths: Sequence[str]) -> None:
        """Take back what was changed in these files since HEAD. New files are removed."""
        there = [path for path in paths if (self.root / path).exists()]
        if there:
            self._git(*commands.add_names(there))
        self._git(*commands.restore(paths))

    def has_branch(self, name: str) -> bool:
        """Whether there is a local branch of this name."""
        return self._succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{name}")

    def lock_problem(self, *refs: str) -> str:
        """What to do about a lock that another git holds or has left; empty where there is none. `refs` are those that
        will be changed, such as `refs/tags/v1.0.0`."""
        names = ("index", "HEAD", "packed-refs", *refs)
        paths = self._place(*(word for name in names for word in ("--git-path", f"{name}.lock"))).splitlines()
        left = [str(place) for path in paths if (place := self.root / path).exists()]
        return how_to_unlock(left[0]) if left else ""

    def is_shallow(self) -> bool:
        """Whether the clone lacks the older history."""
        return self._git("rev-parse", "--is-shallow-repository") == "true"

    def tags(self) -> tuple[str, ...]:
        """Names of the local tags."""
        return tuple(self._git("tag", "--list").split())

    def tag(self, name: str) -> LocalTag | None:
        """The local tag of this name, None when there is none."""
        names = f"refs/tags/{name}", f"refs/tags/{name}^{{commit}}"
        # An annotated tag is an object of its own; any other names the commit itself.
        found = self._object(names[0], "rev-parse", "--verify", "--quiet", names[0])
        if found is None or found.kind == "commit":
            return LocalTag(found.sha, False, found.sha) if found else None
        commit = self._object(names[1], "rev-parse", *names)
        return LocalTag(found.sha, True, commit.sha if commit else self._git("rev-parse", names[1]))

    def create_tag(self, name: str, commit: str, message: str) -> None:
        """An annotated tag; signed when the user's git configuration says so."""
        self._git(*commands.tag(name, commit, message))

    def tag_message(self, name: str) -> str:
        """The message of a local annotated tag, with its signature if it has one."""
        return self._git("cat-file", "tag", f"refs/tags/{name}").partition("\n\n")[2]

    def take_tag(self, remote: str, name: str) -> None:
        """Put the remote's tag of this name in the place of the local one."""
        self._git(*commands.take_tag(remote, name))

    def delete_tag(self, name: str) -> None:
        """Delete a local tag."""
        self._git("tag", "--delete", name)

    def push_tag(self, remote: str, name: str) -> None:
        """Push one tag. Git refuses to overwrite a different tag of that name. GitError that says why."""
        try:
            self._git(*commands.push_tag(remote, name))
        except GitError as error:
            raise explained(error, remote, f"refs/tags/{name}") from None

    def identity(self) -> str:
        """Who git would name as the author; empty when git does not know."""
        done = self._run("var", "GIT_COMMITTER_IDENT")
        return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""

    def sign_something(self) -> str:
        """Sign a commit that is kept nowhere; returns what git says when it cannot, else nothing."""
        objects = (self.root / self._place("--git-path", "objects")).resolve()
        with tempfile.TemporaryDirectory(prefix="fastrel-") as folder:
            others = {"GIT_OBJECT_DIRECTORY": folder, "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects)}
            tree = self._run("write-tree", environment=others)
            words = tree.stdout.decode(errors="replace").strip()
            done = self._run("commit-tree", "-S", words, "-m", "Can this be signed?", environment=others)
        lines = without_secrets(done.stderr.decode(errors="replace")).strip().splitlines()
        return "" if done.returncode == 0 else (lines or ["git says nothing"])[0]

    def _aside(self) -> Path:
        return (self.root / self._place("--git-common-dir") / "fastrel-commit").resolve()

    def _remove(self, folder: Path) -> None:
        """Remove a checkout aside, whatever became of it. One whose making was killed is locked, and would stay."""
        self._run("worktree", "remove", "--force", "--force", str(folder))
        for left in (folder, folder.parent / "worktrees" / folder.name):
            shutil.rmtree(left, ignore_errors=True)
        self._git("worktree", "prune")


def _text(content: bytes, path: str) -> str:
    """UsageError when the file is none of text."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a UTF-8 text file.", done="It was not changed.") from None
