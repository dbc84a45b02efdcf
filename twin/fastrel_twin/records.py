"""The records of GitHub's state, one class for each kind of thing: users, issues, releases and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ROLES = ("read", "triage", "write", "maintain", "admin")


@dataclass(slots=True)
class User:
    login: str
    id: int
    role: str
    """One of `ROLES`: what the user may do in the sample repository."""
    token: str = ""
    bot: bool = False
    app: bool = False
    """The `GITHUB_TOKEN` of Actions: not a user, and what it pushes starts no workflow."""
    custom_role: str = ""
    """Name of an organization's own role that is built on `role`."""
    scopes: tuple[str, ...] | None = None
    """Of a classic token; None for a fine-grained one, whose permissions GitHub does not list."""
    permissions: Mapping[str, str] | None = None
    """What was granted to a fine-grained token or an app's, such as `{"issues": "write"}`; None: all that there is."""
    expires: datetime | None = None
    """When the token does."""

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(slots=True)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str = ""


@dataclass(slots=True)
class Milestone:
    number: int
    title: str
    creator: str
    created_at: datetime
    state: str = "open"
    due_on: datetime | None = None
    closed_at: datetime | None = None
    description: str = ""


@dataclass(slots=True)
class Comment:
    id: int
    author: str
    body: str
    created_at: datetime
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A revision of an issue's body: the whole body after it, and who made it."""

    body: str
    editor: str
    at: datetime


@dataclass(slots=True)
class Issue:
    """An issue, or a pull request when `pull` is set; they share their numbers."""

    number: int
    title: str
    author: str
    created_at: datetime
    body: str = ""
    state: str = "open"
    state_reason: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    milestone: int = 0
    comments: list[Comment] = field(default_factory=list)
    closed_at: datetime | None = None
    closed_by: str = ""
    updated_at: datetime | None = None
    pull: Pull | None = None
    locked: bool = False
    revisions: list[Edit] = field(default_factory=list)
    """All bodies that it has had, oldest first."""

    def __post_init__(self) -> None:
        self.revisions = self.revisions or [Edit(self.body, self.author, self.created_at)]


@dataclass(slots=True)
class Pull:
    """What a pull request has besides an issue."""

    head: str
    base: str = "main"
    draft: bool = False
    merged_at: datetime | None = None
    merge_commit: str = ""
    commits: frozenset[str] = frozenset()
    """Commits that came to the base branch with it."""
    head_sha: str = ""
    """The newest commit of a branch that is gone."""
    opened: float | None = None
    """When it was opened through the API, in seconds of the twin's own clock."""


@dataclass(slots=True)
class Asset:
    """A file of a release."""

    id: int
    name: str
    content: bytes
    content_type: str
    uploader: str
    created_at: datetime
    state: str = "uploaded"
    """`uploaded`, or `open` for one whose upload broke off."""


@dataclass(slots=True)
class Release:
    id: int
    tag: str
    author: str
    created_at: datetime
    name: str = ""
    body: str = ""
    draft: bool = False
    prerelease: bool = False
    target: str = "main"
    published_at: datetime | None = None
    discussion: int = 0
    make_latest: str = "true"
    assets: list[Asset] = field(default_factory=list)


@dataclass(slots=True)
class Deployment:
    id: int
    sha: str
    ref: str
    environment: str
    creator: str
    created_at: datetime
    state: str = "pending"
    url: str = ""


@dataclass(slots=True)
class Discussion:
    number: int
    title: str
    body: str
    author: str
    category: str
    created_at: datetime
    comments: list[Comment] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        return f"D_{self.number}"


@dataclass(slots=True)
class Check:
    """A check run that was reported by hand, beside those of workflows."""

    id: int
    sha: str
    name: str
    status: str
    conclusion: str | None
    at: datetime


@dataclass(slots=True)
class CommitStatus:
    id: int
    sha: str
    context: str
    state: str
    creator: str
    at: datetime
    description: str = ""
    target_url: str = ""


@dataclass(slots=True)
class Push:
    """That a branch or tag appeared at a commit, seen at a moment of the twin's own clock (seconds)."""

    ref: str
    sha: str
    at: float
    id: int
    event: str = "push"
    workflows: tuple[str, ...] | None = None
    """The only workflows that it starts; None: all that belong to the ref."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What a protected branch demands: changes through pull requests, and these checks."""

    pulls: bool = True
    checks: tuple[str, ...] = ()
