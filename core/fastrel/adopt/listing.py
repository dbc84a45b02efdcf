"""The files of a checkout and its git facts; the only module of this room that reads files and asks git."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree

LARGEST = 256 * 1024
"""Bytes above which a file is not looked into."""
LARGEST_LOCK = 4 * 1024 * 1024
"""The same of lock files and changelogs, which grow for years."""
_LONG = re.compile(r"(?i).*\.lock|.*lock\.json|(?:[^/]+/)?(?:changelog|changes|history|news)\.md")
MOST = 2000
"""How many files are read at most, those nearest to the top first."""
READ = re.compile(
    r"""(?x)
    (?:.*\.md | mkdocs\.ya?ml | \.github/release\.ya?ml | \.github/workflows/[^/]+\.ya?ml
    | lerna\.json | pnpm-workspace\.ya?ml
    | (?:.*/)?(?:pyproject\.toml | setup\.cfg | setup\.py | Cargo\.toml | package\.json | CITATION\.cff)
    | (?:.*/)?(?:VERSION(?:\.txt)? | version\.txt | Chart\.yaml | gradle\.properties)
    | (?:package-lock\.json | npm-shrinkwrap\.json | uv\.lock | poetry\.lock | Cargo\.lock | CHANGELOG\.rst)
    | (?:towncrier\.toml | tox\.ini | changelog\.d/scriv\.ini)
    | (?:[^/]+/){0,5}(?:__init__|_version|__version__|__about__|about|version)\.py)
    """
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The paths of a checkout's files (tracked, or new and not ignored), the texts of those that matter, and git's own
    facts."""

    paths: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    remotes: Mapping[str, str] = field(default_factory=dict)
    """Addresses by name, without credentials."""
    tags: tuple[str, ...] = ()
    default_branch: str = ""
    """The remote's default branch as the clone knows it; empty when it does not."""
    branch: str = ""
    """The branch that is checked out."""


def read_listing(worktree: Worktree) -> Listing:
    """Read a checkout. Files that are no UTF-8 text, or too large, are listed without their text."""
    paths = worktree.files()
    wanted = sorted(filter(READ.fullmatch, paths), key=lambda path: (path.count("/"), path))[:MOST]
    texts = {path: text for path in wanted if (text := _text(worktree, path)) is not None}
    remotes = worktree.remotes()
    main = "upstream" if "upstream" in remotes else "origin"
    return Listing(paths, texts, remotes, worktree.tags(), worktree.default_branch(main), worktree.branch())


def _text(worktree: Worktree, path: str) -> str | None:
    file = worktree.root / path
    try:
        largest = LARGEST_LOCK if _LONG.fullmatch(path) else LARGEST
        return worktree.read(path) if file.is_file() and file.stat().st_size <= largest else None
    except (OSError, UnicodeDecodeError, FastrelError):
        return None
