"""From options and environment to a session."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from fastrel.actions.guide_problems import problems_of
from fastrel.engine.agreements import Agreements, NoAgreements, Remembered
from fastrel.engine.session import Session
from fastrel.errors import FastrelError, GuideError, NoGuide, UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.addresses import ending_of, is_repository, other_server_words, repository_of
from fastrel.github.transport.client import Client
from fastrel.github.transport.connection import Connection, connection_from_environment
from fastrel.guide.locate import find_guide, guide_for
from fastrel.guide.model import Guide
from fastrel.guide.parser import read_guide
from fastrel_cli.terminal.rate_limit_notice import Pausing
from fastrel_cli.terminal.stall_notice import Stalls
from fastrel_cli.typed import retyped


def session_here(guide: Path | None, repo: str, *, connection: Connection | None = None) -> Session:
    """The session of the current folder. GuideError or UsageError when guide or repository cannot be found."""
    connection = connection or connection_from_environment()
    worktree = worktree_here()
    found = guide_here(guide, worktree)
    name = repository_name(repo, found, worktree)
    return Session(
        found, Repository(client_of(connection), name), worktree, agreements=agreements_here(), retyped=retyped
    )


def agreements_here() -> Agreements:
    """What a person on this machine has agreed to; in GitHub Actions there is nobody."""
    if os.environ.get("GITHUB_ACTIONS"):
        return NoAgreements()
    home = os.environ.get("XDG_STATE_HOME", "")
    with suppress(RuntimeError):  # there is no home folder
        state = Path(home) if home.startswith("/") else Path.home() / ".local" / "state"
        return Remembered(state / "fastrel-checklist" / "agreed")
    return Remembered()


def client_of(connection: Connection) -> Client:
    """A client whose waiting is seen."""
    client = Client(connection.api_url, connection.token)
    client.rate_limit.on_pause = Pausing()
    client.on_stall = Stalls()
    return client


def worktree_here(folder: Path | None = None) -> Worktree | None:
    """The checkout around the current folder; None outside of one."""
    try:
        return Worktree.at(folder or Path.cwd())
    except FastrelError:
        return None


def guide_here(guide: Path | None, worktree: Worktree | None) -> Guide:
    """The guide, without errors in it. GuideError that shows what lint would say."""
    found = read_guide(guide or guide_path(worktree))
    problems = problems_of(found)
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems[:10])
        raise GuideError(
            f"The guide has {len(problems)} {'problem' if len(problems) == 1 else 'problems'}:\n{listed}",
            done="Nothing was changed.",
            next_step="Fix the guide; `fastrel-checklist lint` checks it.",
        )
    return found


def repository_here() -> str:
    """The repository of the current folder, by its guide, in whatever state that is, or its remote; else empty."""
    worktree = worktree_here()
    name = ""
    with suppress(FastrelError):
        name = read_guide(guide_path(worktree)).settings.repository
    return name or origin_of(worktree)


def guide_path(worktree: Worktree | None) -> Path:
    """Where the guide of the current folder is. NoGuide when there is none, GuideError when there are several."""
    try:
        return guide_for(Path.cwd(), worktree.root) if worktree else find_guide(Path.cwd())
    except NoGuide as error:
        if worktree is None:
            error.next_step = (
                "Change into a git checkout, which this folder is not in; `fastrel-checklist init` makes a guide "
                "there. Or name a guide with --guide PATH."
            )
        raise


def repository_name(repo: str, guide: Guide, worktree: Worktree | None) -> str:
    """The given name, else the guide's, else that of `origin`. UsageError when there is none of them."""
    name = repo or guide.settings.repository or origin_of(worktree)
    if not name:
        origin = worktree.remotes().get("origin", "") if worktree else ""
        why = f": {other_server_words('origin', origin)}" if origin else ""
        raise UsageError(
            f"Which repository is not known{why}.",
            done="Nothing was changed.",
            next_step="Give --repo OWNER/NAME, or `repository:` under `fastrel:` in the guide's front matter.",
        )
    return require_name(name)


def require_name(name: str) -> str:
    """The name itself. UsageError when it is not OWNER/NAME."""
    if not is_repository(name):
        raise UsageError(f"“{name}” is not OWNER/NAME.", done="Nothing was changed.", next_step="Correct --repo.")
    return name


def is_checkout_of(guide: Guide, worktree: Worktree) -> bool:
    """Whether the checkout is of the guide's repository: the guide lies in it, and a remote has the guide's name, or
    the guide names none."""
    if not Path(guide.path).resolve().is_relative_to(worktree.root.resolve()):
        return False
    wanted = guide.settings.repository.lower()
    return not wanted or any(ending_of(one).lower() == wanted for one in worktree.remotes().values())


def origin_of(worktree: Worktree | None) -> str:
    """`OWNER/NAME` of the remote `origin`; empty without one."""
    return repository_of(worktree.remotes().get("origin", "")) if worktree else ""
