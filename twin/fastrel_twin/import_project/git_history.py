"""Pull requests found in git's history, by the numbers in the first lines of squash and merge commits."""

from __future__ import annotations

import re

from fastrel.git.worktree import Worktree
from fastrel.release import Release
from fastrel_twin.import_project.seed import SeedIssue, SeedPull

_SQUASH = re.compile(r"(?P<title>.*\S) \(#(?P<number>\d{1,9})\)")
_MERGE = re.compile(r"Merge pull request #(?P<number>\d{1,9}) from (?P<author>[\w.-]+)/\S+")


def merged_by_git(worktree: Worktree, release: Release) -> tuple[SeedIssue, ...]:
    """The pull requests whose merges git shows since the previous release, by number. Their labels are not known."""
    since = f"{release.previous_tag}..HEAD" if release.previous_tag else "HEAD"
    found: dict[int, SeedIssue] = {}
    for sha, headline in worktree.commits(since):
        match = _SQUASH.fullmatch(headline) or _MERGE.fullmatch(headline)
        if match:
            number = int(match["number"])
            title = match.groupdict().get("title") or headline
            author = match.groupdict().get("author") or "ghost"
            pull = SeedPull(True, release.branch, (sha,))
            found[number] = SeedIssue(number, title, author, "closed", pull=pull)
    return tuple(found[number] for number in sorted(found))
