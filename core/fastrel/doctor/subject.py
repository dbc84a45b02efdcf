"""The project that is examined: connection, repository, guide, checkout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.addresses import web_address
from fastrel.github.transport.client import Client
from fastrel.github.transport.connection import Connection
from fastrel.guide.model import Guide, Settings, Step


@dataclass(frozen=True, slots=True)
class Subject:
    """A project. Any part of it may be missing; that is then a finding."""

    connection: Connection
    client: Client
    now: datetime
    repository: Repository | None = None
    """None when its name is not known."""
    guide: Guide | None = None
    guide_error: FastrelError | None = None
    """Why there is no guide."""
    worktree: Worktree | None = None
    actions: Mapping[str, frozenset[str]] | None = None
    """The parameters of the actions that a guide may use, by name."""

    @property
    def settings(self) -> Settings:
        """The guide's settings; the branch is GitHub's default branch unless the guide says another."""
        settings = self.guide.settings if self.guide else Settings()
        if settings.branch_given or self.repository is None:
            return settings
        try:
            return replace(settings, branch=self.repository.facts().default_branch or settings.branch)
        except FastrelError:
            return settings

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self.guide.steps()) if self.guide else ()

    @property
    def page(self) -> str:
        """Address of the repository's web page, made from the API's where GitHub has not said it."""
        name = self.repository.name if self.repository else "OWNER/NAME"
        return f"{web_address(self.connection.api_url)}/{name}"

    @property
    def guide_path(self) -> str:
        """The guide's path, in the checkout where it is there."""
        path = Path(self.guide.path) if self.guide else Path()
        try:
            return path.resolve().relative_to(self.worktree.root.resolve()).as_posix() if self.worktree else str(path)
        except ValueError:
            return str(path)

    def uses(self, *prefixes: str) -> bool:
        """Whether a step of the guide uses one of these actions; a prefix ends with a dot."""
        return any(name.startswith(prefixes) for step in self.steps for name in step.actions)

    def has_file(self, path: str) -> bool:
        return self.worktree is not None and (self.worktree.root / path).exists()


def reads_of(subject: Subject) -> list[Callable[[], object]]:
    """What the checks will ask GitHub, so that it can be asked at the same time."""
    repository, branch = subject.repository, subject.settings.branch
    if repository is None:
        return []
    reads: list[Callable[[], object]] = [
        repository.facts,
        repository.login,
        repository.issues.labels,
        lambda: repository.code.head(branch),
        lambda: repository.code.protection(branch),
        lambda: repository.code.rule_list(branch),
    ]
    if subject.uses("milestone."):
        reads += [repository.milestones.all, repository.code.tags]
    if subject.uses("pulls.labels", "release.notes"):
        reads.append(lambda: repository.code.file(".github/release.yml", branch))
    if repository.client.authenticated:
        reads += [repository.ci.permissions, repository.ci.token_permissions]
        if subject.uses("release.discussion", "discussion."):
            reads.append(repository.discussions.categories)
    return reads
