"""Which commands of a guide may be executed: those of the release branch on the remote, and those that a person at this
machine has agreed to, which is remembered by their exact text.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from fastrel.engine.guide_changes import guide_path
from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.addresses import host_of, may_be_at, repository_of
from fastrel.guide.changes import Command
from fastrel.guide.model import Guide
from fastrel.guide.parser import parse_guide

OWN_REMOTES = ("origin", "upstream")
"""The remotes whose repository is believed to be the project's; a colleague's fork has another name."""


class Agreements(Protocol):
    """The commands that a person has agreed to, by their keys."""

    @property
    def by_person(self) -> bool:
        """Whether whoever agrees now is a person. A bot agrees to nothing."""
        ...

    def holds(self, key: str) -> bool: ...

    def remember(self, keys: Iterable[str]) -> None: ...


class Remembered:
    """Agreements of a person, in a file where there is one: a line for each, which begins with its key."""

    by_person = True

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._keys: set[str] = set()

    def holds(self, key: str) -> bool:
        if not self._keys and self._file:
            with suppress(OSError):
                lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
                self._keys = {line.partition(" ")[0] for line in lines}
        return key in self._keys

    def remember(self, keys: Iterable[str]) -> None:
        """Without a home folder that can be written, they hold for this process."""
        new = [key for key in dict.fromkeys(keys) if not self.holds(key)]
        self._keys.update(new)
        if not new or self._file is None:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as out:
                out.write("".join(f"{key}\n" for key in new))


class NoAgreements:
    """The agreements of a bot: none."""

    by_person = False

    def holds(self, key: str) -> bool:
        return False

    def remember(self, keys: Iterable[str]) -> None:
        return None


def key_of(command: Command, repository: Repository) -> str:
    """What an agreement is remembered by: server, repository, step and exact text."""
    name, server = repository.place
    parts = (server, name.casefold(), command.step_id, command.part, command.text)
    return hashlib.sha256("\0".join(parts).encode("utf-8", errors="surrogatepass")).hexdigest()


def commands_of(guide: Guide) -> tuple[Command, ...]:
    """All that the guide's steps could execute."""
    found = (
        (step.id, part, text)
        for step in guide.steps()
        for part, text in (("script", step.script), ("check", step.check))
    )
    return tuple(Command(step_id, part, text) for step_id, part, text in found if text)


def not_agreed(
    guide: Guide, repository: Repository, worktree: Worktree | None, agreements: Agreements
) -> tuple[Command, ...]:
    """The commands of a guide that are not to be executed before a person agrees."""
    left = [one for one in commands_of(guide) if not agreements.holds(key_of(one, repository))]
    if not left or worktree is None:
        return ()
    known = _on_the_remote(guide, repository, worktree)
    return tuple(one for one in left if (one.part, one.text) not in known)


def _on_the_remote(guide: Guide, repository: Repository, worktree: Worktree) -> set[tuple[str, str]]:
    """The commands of the guide as it is on the branch that is released from. Which branch that is, and which
    repository, the guide at hand cannot say: it may be a contributor's."""
    if not _is_own(repository, worktree):
        return set()
    path = guide_path(guide, worktree)
    try:
        default = repository.facts().default_branch
        first = _at(repository, worktree, path, default)
        if first is None:
            return set()
        guides = [first]
        if guide.settings.branch not in ("", default) and first.settings.branch == guide.settings.branch:
            second = _at(repository, worktree, path, guide.settings.branch)
            guides += [second] if second else []
    except FastrelError:
        return set()
    return {(one.part, one.text) for found in guides for one in commands_of(found)}


def _is_own(repository: Repository, worktree: Worktree) -> bool:
    name, server = repository.place
    remotes = worktree.remotes()
    addresses = [remotes[one] for one in OWN_REMOTES if one in remotes]
    return any(
        repository_of(one).casefold() == name.casefold() and may_be_at(host_of(one), server) for one in addresses
    )


def _at(repository: Repository, worktree: Worktree, path: str, branch: str) -> Guide | None:
    """The guide at the newest commit of a branch; from git where it has that commit."""
    sha = repository.code.head(branch)
    try:
        text = worktree.committed(path, sha) if worktree.has_commit(sha) else repository.code.file(path, sha)
    except UnicodeDecodeError:
        return None
    return parse_guide(text.removeprefix("\ufeff"), path) if text is not None else None
