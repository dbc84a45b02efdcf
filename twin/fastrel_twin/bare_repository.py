"""Reads the bare repository with the git program. What a commit holds never changes, so such reads are kept."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from fastrel.git.objects import Objects

T = TypeVar("T")

MOST_KNOWN = 10_000
"""How many answers about commits are kept."""


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One of a folder."""

    name: str
    kind: str
    """`blob`, `tree`, or `commit` for a submodule."""
    sha: str
    size: int
    """Bytes of a blob, else 0."""


class Bare:
    """One bare repository."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._signature: object = None
        self._refs: dict[str, Ref] = {}
        self._answering = 0
        """The thread that answers a request."""
        self._looked = False
        """Whether it has looked at the refs."""
        self.commit = partial(_once, self._commit)
        self.commits_between = partial(_once, self._commits_between)
        self.changed_files = partial(_once, self._changed_files)
        self.merge_base = partial(_once, self._merge_base)
        self.folder = partial(_once, self._folder)
        self._objects = Objects(path)

    def close(self) -> None:
        """Let go of the repository; reading it again is possible."""
        self._objects.close()

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        return self._run(*arguments, data=data).decode(errors="replace").strip("\n")

    @contextmanager
    def one_answer(self) -> Iterator[None]:
        """A while in which this thread looks at the refs once, and again when it has changed one."""
        self._answering, self._looked = threading.get_ident(), False
        try:
            yield
        finally:
            self._answering = 0

    def refs(self) -> dict[str, Ref]:
        """All branches and tags, read again when something below `refs` has changed, also by a push past the server."""
        answering = self._answering == threading.get_ident()
        if answering and self._looked:
            return self._refs
        self._looked = answering
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
            found = self._objects.read(f"{name}^{{commit}}")
            return found.sha if found else ""
        return ""

    def history(self, sha: str, path: str = "") -> list[str]:
        """The commits up to one, those that change something at a path, as `git log -- PATH` shows them."""
        return self._commits_at(sha, path) if path else self.commits_between("", sha)

    def tag(self, sha: str) -> TagFacts | None:
        """The tag object of this SHA; None when it is none."""
        found = self._objects.read(sha)
        if not found or found.kind != "tag":
            return None
        fields, message = _parsed(found.content)
        tagger = _Signature.of(fields["tagger"][0])
        return TagFacts(sha, fields["tag"][0], fields["object"][0], tagger.name, tagger.email, tagger.at, message)

    def file(self, sha: str, path: str) -> tuple[str, bytes] | None:
        """Blob SHA and content of a file at a commit; None when there is none."""
        found = self._objects.read(f"{sha}:{path}")
        return (found.sha, found.content) if found and found.kind == "blob" else None

    def set_ref(self, name: str, sha: str) -> None:
        self.git("update-ref", name, sha)
        self._looked = False

    def delete_ref(self, name: str) -> None:
        self.git("update-ref", "-d", name)
        self._looked = False

    def _commit(self, sha: str) -> CommitFacts:
        found = self._objects.read(sha)
        assert found, sha
        fields, message = _parsed(found.content)
        author, committer = _Signature.of(fields["author"][0]), _Signature.of(fields["committer"][0])
        return CommitFacts(
            found.sha,
            fields["tree"][0],
            tuple(fields.get("parent", ())),
            author.name,
            author.email,
            author.at,
            committer.name,
            committer.at,
            message,
        )

    def _commits_between(self, base: str, head: str) -> list[str]:
        return self.git("rev-list", head, *([f"^{base}"] if base else [])).split()

    def _commits_at(self, sha: str, path: str) -> list[str]:
        return self.git("rev-list", sha, "--", path).split()

    def _changed_files(self, sha: str) -> list[str]:
        return list(filter(None, self.git("show", "-z", "--format=", "--name-only", "--first-parent", sha).split("\0")))

    def _folder(self, sha: str, path: str) -> list[Entry]:
        """What is in a folder at a commit; nothing where there is none."""
        found = self._objects.read(f"{sha}:{path.strip('/')}")
        if not found or found.kind != "tree":
            return []
        rows = (row.partition("\t") for row in filter(None, self.git("ls-tree", "-l", "-z", found.sha).split("\0")))
        facts = ((name, *row.split()) for row, _, name in rows)
        return [Entry(name, kind, of, int(size) if kind == "blob" else 0) for name, _, kind, of, size in facts]

    def _merge_base(self, one: str, other: str) -> str:
        return self.git("merge-base", one, other)

    def _run(self, *arguments: str, data: bytes | None = None) -> bytes:
        done = subprocess.run(["git", *arguments], cwd=self.path, input=data, capture_output=True, check=True)
        return done.stdout

    def _stat_signature(self) -> object:
        """Changes whenever a ref does. Asked for by every request, so it looks at files and opens none."""
        found = [("refs", (self.path / "refs").stat().st_mtime_ns, 0)]
        folders = [os.fspath(self.path / "refs")]
        while folders:
            with suppress(FileNotFoundError), os.scandir(folders.pop()) as entries:
                for entry in entries:
                    # Git puts another file in the place of a ref, which is a change of its folder, too.
                    changed = 0
                    if entry.is_dir():
                        folders.append(entry.path)
                        changed = entry.stat().st_mtime_ns
                    found.append((entry.path, changed, entry.inode()))
        with suppress(FileNotFoundError):
            packed = (self.path / "packed-refs").stat()
            found.append(("packed-refs", packed.st_mtime_ns, packed.st_ino))
        return found


def _once(read: Callable[..., T], *shas: str) -> T:
    """What is read of commits by their SHAs: the same in each repository that has them."""
    key = (read.__name__, *shas)
    if key not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = read(*shas)
    return cast("T", _known[key])


_known: dict[tuple[str, ...], object] = {}


@dataclass(frozen=True, slots=True)
class _Signature:
    """Who did something, and when, in UTC."""

    name: str
    email: str
    at: str

    @classmethod
    def of(cls, line: str) -> _Signature:
        who, _, when = line.rpartition("> ")
        name, _, email = who.partition(" <")
        moment = datetime.fromtimestamp(int(when.split()[0]), UTC)
        return cls(name, email, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _parsed(content: bytes) -> tuple[dict[str, list[str]], str]:
    """The fields of a commit or tag by name, and its message. A field's further lines begin with a space."""
    head, _, message = content.decode(errors="replace").partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.split("\n"):
        name, _, value = line.partition(" ")
        if name:
            fields.setdefault(name, []).append(value)
    return fields, message.strip("\n")
