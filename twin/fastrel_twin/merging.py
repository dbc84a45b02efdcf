"""Merges pull requests in the bare repository, in the three ways that GitHub offers."""

from __future__ import annotations

from subprocess import CalledProcessError

from fastrel_twin.bare_repository import Bare
from fastrel_twin.records import Issue
from fastrel_twin.store import Store


class Conflict(Exception):
    """The branches cannot be merged."""


def merge(store: Store, issue: Issue, how: str, login: str) -> str:
    """Merge by `merge`, `squash` or `rebase`; returns the commit that the base branch is at then."""
    pull, bare = issue.pull, store.bare
    assert pull is not None, "a pull request"
    base, head = bare.resolve(pull.base), bare.resolve(pull.head)
    own = list(reversed(bare.commits_between(base, head)))
    if how == "rebase":
        tip = base
        for sha in own:
            tip = _commit(bare, _tree(bare, tip, sha), [tip], bare.commit(sha).message, login)
        commits = bare.commits_between(base, tip)
    elif how == "squash":
        tip = _commit(bare, _tree(bare, base, head), [base], f"{issue.title} (#{issue.number})", login)
        commits = [tip]
    else:
        words = f"Merge pull request #{issue.number} from {store.name.partition('/')[0]}/{pull.head}"
        tip = _commit(bare, _tree(bare, base, head), [base, head], f"{words}\n\n{issue.title}", login)
        commits = [tip, *own]
    bare.set_ref(f"refs/heads/{pull.base}", tip)
    pull.merged_at, pull.merge_commit, pull.commits = store.now(), tip, frozenset(commits)
    pull.head_sha = head
    store.close(issue, None)
    return tip


def _tree(bare: Bare, ours: str, theirs: str) -> str:
    """The tree of a merge. Conflict when there is one."""
    try:
        return bare.git("merge-tree", "--write-tree", ours, theirs).splitlines()[0]
    except CalledProcessError:
        raise Conflict from None


def _commit(bare: Bare, tree: str, parents: list[str], message: str, login: str) -> str:
    options = [word for parent in parents for word in ("-p", parent)]
    who = ("-c", f"user.name={login}", "-c", f"user.email={login}@users.noreply.example.org")
    return bare.git(*who, "commit-tree", tree, *options, "-m", message)
