"""Reading the bare repository with the git program. What a commit holds never changes, so such reads are kept."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ref:
    name: str
    """Full name, such as `refs/tags/v0.1.0`."""
    sha: str
    """Of the object that the ref names: a tag object for an annotated tag."""
    kind: str
    """`commit` or `tag`."""
    commit: str


@dataclass(frozen=True, slots=True)
class CommitFacts:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: str
    email: str
    authored_at: str
    committer: str
    committed_at: str
    message: str


@dataclass(frozen=True, slots=True)
class TagFacts:
    sha: str
    name: str
    commit: str
    tagger: str
    email: str
    at: str
    message: str


class Bare:
    """One bare repository."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._signature: object = None
        self._refs: dict[str, Ref] = {}
        self.commit = lru_cache(4096)(self._commit)
        self.commits_between = lru_cache(256)(self._commits_between)
        self.file = lru_cache(1024)(self._file)

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        return self._run(*arguments, data=data).decode(errors="replace").strip("\n")

    def refs(self) -> dict[str, Ref]:
        """All branches and tags, read again when something below `refs` has changed, also by a push past the server."""
        signature = self._stat_signature()
        if signature != self._signature:
            form = "%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)"
            lines = self.git("for-each-ref", f"--format={form}", "refs/heads", "refs/tags").split("\n")
            rows = [line.split("\0") for line in lines if line]
            self._refs = {name: Ref(name, sha, kind, peeled or sha) for name, sha, kind, peeled in rows}
            self._signature = signature
        return self._refs

    def resolve(self, name: str) -> str:
        """The commit that a branch, tag, or (abbreviated) SHA names; empty when there is none."""
        refs = self.refs()
        for full in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            if full in refs:
                return refs[full].commit
        if 7 <= len(name) <= 40 and all(one in "0123456789abcdef" for one in name):
            done = subprocess.run(
                ["git", "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"],
                cwd=self.path,
                capture_output=True,
                text=True,
                check=False,
            )
            return done.stdout.strip()
        return ""

    def history(self, sha: str) -> list[str]:
        return self.commits_between("", sha)

    def tag(self, sha: str) -> TagFacts | None:
        """The tag object of this SHA; None when it is none."""
        done = subprocess.run(["git", "cat-file", "tag", sha], cwd=self.path, capture_output=True, check=False)
        if done.returncode:
            return None
        head, _, message = done.stdout.decode(errors="replace").partition("\n\n")
        fields = dict(line.split(" ", 1) for line in head.split("\n"))
        who, _, when = fields["tagger"].rpartition("> ")
        name, _, email = who.partition(" <")
        return TagFacts(sha, fields["tag"], fields["object"], name, email, _iso(when), message.strip("\n"))

    def set_ref(self, name: str, sha: str) -> None:
        self.git("update-ref", name, sha)

    def delete_ref(self, name: str) -> None:
        self.git("update-ref", "-d", name)

    def _commit(self, sha: str) -> CommitFacts:
        form = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%cI%x00%B"
        fields = self.git("show", "-s", f"--format={form}", sha).split("\0", 8)
        return CommitFacts(
            fields[0],
            fields[1],
            tuple(fields[2].split()),
            fields[3],
            fields[4],
            fields[5],
            fields[6],
            fields[7],
            fields[8].strip("\n"),
        )

    def _commits_between(self, base: str, head: str) -> list[str]:
        return self.git("rev-list", head, *([f"^{base}"] if base else [])).split()

    def _file(self, sha: str, path: str) -> tuple[str, bytes] | None:
        """Blob SHA and content of a file at a commit."""
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", f"{sha}:{path}"],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
        )
        blob = done.stdout.strip()
        if done.returncode or self.git("cat-file", "-t", blob) != "blob":
            return None
        return blob, self._run("cat-file", "blob", blob)

    def _run(self, *arguments: str, data: bytes | None = None) -> bytes:
        done = subprocess.run(["git", *arguments], cwd=self.path, input=data, capture_output=True, check=True)
        return done.stdout

    def _stat_signature(self) -> object:
        """Changes whenever a ref does. Asked for by every request, so it looks at files and opens none."""
        found: list[tuple[str, int, int]] = []
        folders = [os.fspath(self.path / "refs")]
        while folders:
            with suppress(FileNotFoundError), os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.name.endswith(".lock"):
                        continue
                    if entry.is_dir():
                        folders.append(entry.path)
                    stat = entry.stat()
                    found.append((entry.path, stat.st_mtime_ns, stat.st_ino))
        with suppress(FileNotFoundError):
            packed = (self.path / "packed-refs").stat()
            found.append(("packed-refs", packed.st_mtime_ns, packed.st_ino))
        return sorted(found)


def _iso(when: str) -> str:
    from datetime import UTC, datetime

    seconds = int(when.split()[0])
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
