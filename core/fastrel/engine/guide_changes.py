"""The differences between the guide that the tracker names and the guide at hand.

The tracker is text that people can edit: a commit in it is believed only as a full SHA that the branch or the checkout
holds. The guide at that commit is read from git; from GitHub only where git does not have it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.guide.changes import GuideNews, guide_changes, same_text, with_commands
from fastrel.guide.model import Guide
from fastrel.guide.parser import parse_guide
from fastrel.tracker.model import TrackerBody


def guide_place(guide: Guide, worktree: Worktree | None) -> tuple[str, str]:
    """The guide's path in the repository, and the commit that is checked out; the commit is empty when unknown."""
    path = guide_path(guide, worktree)
    if worktree is None or path != _inside(guide, worktree):
        return path, ""
    try:
        return path, worktree.head()
    except FastrelError:
        return Path(guide.path).name, ""


def guide_path(guide: Guide, worktree: Worktree | None) -> str:
    """The guide's path in the repository; outside of a checkout, its file name."""
    return (_inside(guide, worktree) if worktree else "") or Path(guide.path).name


def _inside(guide: Guide, worktree: Worktree) -> str:
    """The guide's path in the checkout; empty when it lies outside."""
    try:
        return Path(guide.path).resolve().relative_to(worktree.root.resolve()).as_posix()
    except ValueError:
        return ""


def is_inside(guide: Guide, worktree: Worktree) -> bool:
    """Whether the guide lies in the checkout."""
    return bool(_inside(guide, worktree))


def is_uncommitted(guide: Guide, worktree: Worktree | None) -> bool:
    """Whether the guide in the checkout differs from its newest commit; not so outside of a checkout."""
    path, current = guide_place(guide, worktree)
    if worktree is None or not current:
        return False
    return not _is(guide, _at(worktree, path, current))


def guide_news(
    guide: Guide, tracker: TrackerBody, repository: Repository, worktree: Worktree | None
) -> GuideNews | None:
    """What to announce before steps are run; None when the guide at hand is the one that the tracker names.

    Costs no request while git holds the tracker's commit.
    """
    path, current = guide_place(guide, worktree)
    recorded = tracker.guide_commit
    if not recorded and not current:
        return None  # a guide that is in no repository
    uncommitted = is_uncommitted(guide, worktree)
    news = GuideNews(recorded, current, path, uncommitted=uncommitted)
    if not recorded:
        return _unknown(news, guide, "The release issue does not name the commit of its guide.")
    here = worktree if current else None
    try:
        problem = _problem(recorded, current, guide.settings.branch, repository, here)
        old = None if problem else _text_at(recorded, path, tracker.guide_path, repository, here)
    except FastrelError as error:
        return _unknown(
            news, guide, f"The release issue's guide, of commit {recorded[:7]}, cannot be read. {error.problem}"
        )
    if old is None:
        return _unknown(
            news, guide, problem or f"The release issue's commit {recorded[:7]} does not hold the guide {path}."
        )
    if _is(guide, old):
        return news if uncommitted else None
    changes = guide_changes(parse_guide(old, path), guide)
    own = uncommitted and here is not None and same_text(old, _at(here, path, current) or "")
    older = f"The guide in the checkout is older than the release issue's, which is of commit {recorded[:7]}."
    return replace(
        news,
        problem=older if here and _is_older(here, current, recorded) else "",
        changes=changes,
        to_agree=bool(changes) and not own,
        withheld=frozenset() if own else frozenset(one.step_id for one in changes if one.of_commands),
    )


def _unknown(news: GuideNews, guide: Guide, problem: str) -> GuideNews:
    return replace(news, problem=problem, to_agree=True, withheld=with_commands(guide))


def _is(guide: Guide, text: str | None) -> bool:
    return text is not None and same_text(guide.text, text.removeprefix("\ufeff"))


def _text_at(commit: str, path: str, named: str, repository: Repository, here: Worktree | None) -> str | None:
    """The guide at a commit; also under the name that the tracker gives, as guides are renamed."""
    for name in names_to_try(path, named):
        found = _at(here, name, commit) if here and here.has_commit(commit) else repository.code.file(name, commit)
        if found is not None:
            return found
    return None


def names_to_try(path: str, named: str) -> list[str]:
    """The guide's path here, and that of the tracker, where it is another one that stays in the repository."""
    parts = PurePosixPath(named).parts
    inside = bool(parts) and ".." not in parts and not PurePosixPath(named).is_absolute()
    return [path, named] if inside and named != path else [path]


def _problem(commit: str, current: str, branch: str, repository: Repository, here: Worktree | None) -> str:
    """Why a commit cannot be relied on: neither what is checked out nor the branch has it in its history."""
    if here and here.has_commit(commit) and here.is_ancestor(commit, current):
        return ""
    if repository.code.relation(commit, branch) in ("ahead", "identical"):
        return ""
    return f"The release issue names the commit {commit[:7]} for its guide, which {branch} does not hold."


def _is_older(here: Worktree, current: str, recorded: str) -> bool:
    return current != recorded and here.has_commit(recorded) and here.is_ancestor(current, recorded)


def _at(worktree: Worktree, path: str, commit: str) -> str | None:
    try:
        return worktree.committed(path, commit)
    except UnicodeDecodeError:
        return None
