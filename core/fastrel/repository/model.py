"""What GitHub says, as frozen values: each class names the fields that actions use and how they are read from JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastrel.guide.model import Role
from fastrel.repository.fields import Fields


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """The repository and what the authenticated user may do in it."""

    name: str
    url: str
    default_branch: str
    private: bool
    has_discussions: bool
    role: Role | None
    """The user's role by GitHub's permission booleans; None when GitHub does not say (no token)."""

    @classmethod
    def read(cls, data: Fields) -> RepositoryFacts:
        return cls(
            data.text("full_name"),
            data.text("html_url"),
            data.text("default_branch"),
            data.flag("private"),
            data.flag("has_discussions"),
            _role(data.sub("permissions")),
        )


@dataclass(frozen=True, slots=True)
class Milestone:
    number: int
    title: str
    url: str
    state: str
    open_issues: int
    closed_issues: int
    due: datetime | None
    closed_at: datetime | None

    @classmethod
    def read(cls, data: Fields) -> Milestone:
        return cls(
            data.number("number"),
            data.text("title"),
            data.text("html_url"),
            data.text("state"),
            data.number("open_issues"),
            data.number("closed_issues"),
            data.time("due_on"),
            data.time("closed_at"),
        )


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue or a pull request, as the issues listing shows it."""

    number: int
    title: str
    url: str
    state: str
    body: str
    author: str
    labels: tuple[str, ...]
    is_pull: bool
    merged: bool
    """Only for pull requests."""
    milestone: int
    """Number of the milestone; 0 without one."""

    @classmethod
    def read(cls, data: Fields) -> Issue:
        pull = data.sub("pull_request")
        return cls(
            data.number("number"),
            data.text("title"),
            data.text("html_url"),
            data.text("state"),
            data.text("body"),
            data.sub("user").text("login"),
            tuple(label.text("name") for label in data.items("labels")),
            bool(pull.data),
            bool(pull.text("merged_at")),
            data.sub("milestone").number("number"),
        )


@dataclass(frozen=True, slots=True)
class MergedPull:
    """A pull request that a commit belongs to."""

    number: int
    title: str
    url: str
    author: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    headline: str
    pulls: tuple[MergedPull, ...] = ()


@dataclass(frozen=True, slots=True)
class TagRef:
    """A tag on the remote. `sha` is that of the tag object for an annotated tag, else that of the commit."""

    name: str
    sha: str
    annotated: bool


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """A GitHub release, draft or published."""

    id: int
    tag: str
    name: str
    notes: str
    draft: bool
    prerelease: bool
    url: str
    discussion_url: str
    published_at: datetime | None

    @classmethod
    def read(cls, data: Fields) -> ReleaseEntry:
        return cls(
            data.number("id"),
            data.text("tag_name"),
            data.text("name"),
            data.text("body"),
            data.flag("draft"),
            data.flag("prerelease"),
            data.text("html_url"),
            data.text("discussion_url"),
            data.time("published_at"),
        )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check run, workflow run or commit status."""

    name: str
    status: str
    """`completed`, or what it is doing now: `queued`, `in_progress`, `pending`, ..."""
    conclusion: str
    """Empty until completed; then `success`, `neutral`, `skipped`, `failure`, ..."""
    url: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category of Discussions; `id` is GraphQL's."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Discussion:
    id: str
    number: int
    title: str
    url: str
    body: str


@dataclass(frozen=True, slots=True)
class Comment:
    body: str
    url: str
    author: str


def _role(permissions: Fields) -> Role | None:
    """The highest role whose permission is granted. The booleans decide, not the name of the role: custom roles
    have any name, and a maintainer's `permission` reads `write`."""
    if not permissions.data:
        return None
    names = {Role.ADMIN: "admin", Role.MAINTAIN: "maintain", Role.WRITE: "push", Role.READ: "pull"}
    return next((role for role, name in names.items() if permissions.flag(name)), None)
