"""The commits that a commit holds, found by their parents."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.github.model import Commit


def held_by(sha: str, commits: Sequence[Commit]) -> tuple[Commit, ...]:
    """Those of some commits that one of them holds, itself among them, in their order; none when it is not among them.

    Their order alone does not tell: a merge brings commits that are older than what was there before.
    """
    parents = {one.sha: one.parents for one in commits}
    held: set[str] = set()
    left = [sha]
    while left:
        one = left.pop()
        if one in parents and one not in held:
            held.add(one)
            left += parents[one]
    return tuple(one for one in commits if one.sha in held)
