"""The files that a version commit holds besides the version files: those that the guide names, and changelogs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

from fastrel.actions.action import Context
from fastrel.actions.changelog_files import changelogs_to_commit, path_of, released_in
from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.tracker.three_way import merged_text

FILES = (
    "further changed files that belong into the commit, such as a lock file, separated by commas; `*`, `**` and `?` as "
    "in globs"
)
"""What the reference says of the parameter `files`."""


def extra_files(context: Context, worktree: Worktree) -> tuple[str, ...]:
    """The changed files that `files=` of a step names, and the changelogs of its commit that name the version."""
    patterns = patterns_of(context)
    changelogs = changelogs_of(context)
    if changelogs:
        changelogs &= set(released_in(context, worktree))
    if not patterns and not changelogs:
        return ()
    return tuple(
        path
        for path in worktree.changed_files(new=True)
        if path in changelogs or any(matches(path, one) for one in patterns)
    )


def patterns_of(context: Context) -> list[str]:
    """The patterns of `files=` of a step."""
    return [one.strip() for one in context.parameter("files").split(",") if one.strip()]


def changelogs_of(context: Context) -> set[str]:
    """The changelogs that the commit of this step holds."""
    if "version.commit" not in context.step.actions:
        return set()
    return {path_of(one) for one in changelogs_to_commit(context)}


def matches(path: str, pattern: str) -> bool:
    """Whether a path is named by a glob, of which `**` crosses folders."""
    parts = re.split(r"(\*\*/?|\*|\?)", pattern.removeprefix("./"))
    ways = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return re.fullmatch("".join(ways.get(part, re.escape(part)) for part in parts), path, re.DOTALL) is not None


def merge(there: Worktree, here: Worktree, path: str) -> bool:
    """Bring what has changed here in a file since its commit into that of another checkout, which is newer. False when
    it is not, so that the file can be taken as it is."""
    before, now, newer = here.committed(path), here.read(path), there.read(path)
    if before is None or now is None or newer is None or newer == before:
        return False
    there.write(path, merged_text(before, now, newer))
    return True


def take(there: Worktree, paths: Sequence[str], here: Worktree) -> None:
    """Make files there what they are in another checkout, also where they are gone."""
    for path in paths:
        target, file = there.root / path, here.root / path
        if file.is_file() or file.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target, follow_symlinks=False)
        elif file.is_dir():
            raise FastrelError(
                f"{path} is a repository of its own, which a version commit by a pull request cannot hold.",
                done="Nothing was committed.",
                next_step=f"Commit {path} to the branch before the release, or use `bump: direct`.",
            )
        else:
            target.unlink(missing_ok=True)
