"""Which commits a commit holds, whatever their order is."""

from __future__ import annotations

import pytest

from fastrel.git.ancestry import held_by
from fastrel.github.model import Commit

#   a - b - e - f        f is the newest; c and d are older than b and come by the merge e.
#    \     /
#     c - d
PARENTS = {"f": "e", "e": "bd", "b": "a", "d": "c", "c": "a", "a": ""}
HISTORY = tuple(Commit(sha, "", parents=tuple(parents)) for sha, parents in PARENTS.items())


@pytest.mark.parametrize(
    ("sha", "held"),
    [
        ("f", "febdca"),
        ("e", "ebdca"),
        ("b", "ba"),
        ("d", "dca"),
        ("a", "a"),
        ("x", ""),
    ],
)
def test_a_commit_holds_itself_and_what_its_parents_hold(sha: str, held: str) -> None:
    assert "".join(one.sha for one in held_by(sha, HISTORY)) == held


def test_parents_that_are_not_among_the_commits_end_the_way() -> None:
    assert [one.sha for one in held_by("d", HISTORY[:4])] == ["d"]


def test_a_long_history_is_no_deep_one() -> None:
    chain = [Commit(str(number), "", parents=(str(number + 1),)) for number in range(20_000)]
    assert len(held_by("0", chain)) == 20_000
