"""What is rehearsed: the release of the checkout around the current folder, or the sample project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from fastrel.errors import NoGuide, UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.transport.addresses import ending_of
from fastrel.guide.model import Guide
from fastrel_cli.sessions import guide_here, guide_path, repository_name, worktree_here


@dataclass(frozen=True, slots=True)
class Own:
    """The user's own release."""

    worktree: Worktree
    guide: Guide
    """It names its repository."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample project."""

    guide: Path | None = None
    """The guide that it gets; None: its own."""
    why: str = ""
    """Why it is not the user's own release, unless that was wished."""


def subject(guide: Path | None, repo: str) -> Own | Sample:
    """What the current folder has to rehearse. GuideError or UsageError when its guide cannot be used."""
    worktree = worktree_here()
    try:
        path = guide or guide_path(worktree)
    except NoGuide:
        init = " `fastrel-checklist init` makes a guide of yours." if worktree else ""
        return Sample(why=f"No guide in this folder: this is the sample project.{init}")
    if worktree is None:
        return Sample(path, "This folder is in no git checkout: its guide is rehearsed on the sample project.")
    found = guide_here(path, worktree)
    name = repository_name(repo, found, worktree)
    if not repo and not _is_of(worktree, name):
        raise UsageError(
            f"The guide's repository is {name}, and no remote of this checkout is.",
            done="Nothing was started.",
            next_step=f"Type `fastrel-checklist rehearse --repo {name}` to rehearse this checkout all the same, or "
            "`fastrel-checklist rehearse --sample` for the sample project.",
        )
    return Own(worktree, replace(found, settings=replace(found.settings, repository=name)))


def _is_of(worktree: Worktree, name: str) -> bool:
    return any(ending_of(address).lower() == name.lower() for address in worktree.remotes().values())
