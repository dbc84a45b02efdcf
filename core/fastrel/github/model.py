"""GitHub's objects as frozen values: each class names the fields that actions use and reads them from JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastrel.github.role import Role
from fastrel.github.transport.fields import Fields


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """The repository and what the authenticated user may do in it."""

    name: str
    url: str
    default_branch: str
    private: bool
    has_discussions: bool
    has_issues: bool
    archived: bool
    disabled: bool
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
            data.data.get("has_issues") is not False,
            data.flag("archived"),
            data.flag("disabled"),
            granted_role(data.sub("permissions")),
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

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open after the day on which it is due."""
        return self.state == "open" and self.due is not None and self.due.date() < now.date()


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
    state_reason: str = ""
    """Of a closed issue: `completed`, `not_planned` or `duplicate`."""
    created: datetime | None = None
    closed: datetime | None = None
    updated: datetime | None = None
    assignees: tuple[str, ...] = ()
    closed_by: str = ""
    """Only where one issue is read by its number."""
    association: str = ""
    """How the author belongs to the repository, in GitHub's words, such as `MEMBER`."""
    by_bot: bool = False
    """Whether an app opened it; only one that is installed in the repository can."""

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
            data.text("state_reason"),
            data.time("created_at"),
            data.time("closed_at"),
            data.time("updated_at"),
            tuple(one.text("login") for one in data.items("assignees")),
            data.sub("closed_by").text("login"),
            data.text("author_association"),
            data.sub("user").text("type") == "Bot",
        )


@dataclass(frozen=True, slots=True)
class MergedPull:
    """A pull request that a commit belongs to."""

    number: int
    title: str
    url: str
    author: str
    """As GraphQL has it: bots without `[bot]`."""
    labels: tuple[str, ...]
    base: str = ""
    """The branch that it was merged into."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request of our own, for a version commit."""

    number: int
    title: str
    url: str
    state: str
    merged: bool
    head_sha: str
    labels: tuple[str, ...] = ()
    merge_commit: str = ""
    """SHA of the commit that merged it, also by squash or rebase; while it is open, of a test merge."""

    @classmethod
    def read(cls, data: Fields) -> PullRequest:
        return cls(
            data.number("number"),
            data.text("title"),
            data.text("html_url"),
            data.text("state"),
            bool(data.text("merged_at")),
            data.sub("head").text("sha"),
            tuple(label.text("name") for label in data.items("labels")),
            data.text("merge_commit_sha"),
        )


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    headline: str
    pulls: tuple[MergedPull, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagRef:
    """A tag on the remote. `sha` is that of the tag object for an annotated tag, else that of the commit."""

    name: str
    sha: str
    annotated: bool


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a release. `digest` is `sha256:...`, empty where the server does not tell."""

    id: int
    name: str
    size: int
    digest: str
    url: str
    uploaded: bool
    """False while an upload is going on, or after one that broke off."""

    @classmethod
    def read(cls, data: Fields) -> Asset:
        return cls(
            data.number("id"),
            data.text("name"),
            data.number("size"),
            data.text("digest"),
            data.text("browser_download_url"),
            data.text("state") == "uploaded",
        )


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
    assets: tuple[Asset, ...] = ()
    upload_url: str = ""

    def is_newer_than(self, other: ReleaseEntry) -> bool:
        """Whether it was published later than another one."""
        return bool(self.published_at and other.published_at and self.published_at > other.published_at)

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
            tuple(map(Asset.read, data.items("assets"))),
            data.text("upload_url").partition("{")[0],
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
    id: int = 0
    """Of a workflow run; 0 for the others."""
    sha: str = ""
    """The commit of a check run or workflow run; empty for the others."""
    suite: int = 0
    """Of a check run or workflow run: its check suite, which holds all check runs of a workflow run. 0: not known."""
    workflow: int = 0
    """Of a workflow run: the number of its workflow."""
    file: str = ""
    """Of a workflow run: the path of its workflow's file; of a file in another repository, more than a path."""
    began: datetime | None = None
    """When the newest attempt of a workflow run began."""
    seconds: float | None = None
    """How long a workflow run took that was green in its first attempt."""

    @property
    def of_actions(self) -> bool:
        """Whether GitHub Actions report it, which is seen by its address."""
        return "/actions/runs/" in self.url


@dataclass(frozen=True, slots=True)
class Category:
    """A category of Discussions; `id` is GraphQL's."""

    id: str
    name: str
    slug: str = ""

    @property
    def for_maintainers(self) -> bool:
        """Whether only maintainers may start discussions in it. GitHub's API does not tell the format of a category;
        the one that every repository gets for announcements keeps its slug.
        Source: https://docs.github.com/en/discussions/managing-discussions-for-your-community/managing-categories-for-discussions
        """
        return self.slug == "announcements"


STRANGERS = frozenset({"NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN"})
"""What GitHub says of authors who never contributed. Members whose membership is private are contributors to it, so
no more can be asked. Source: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation"""


@dataclass(frozen=True, slots=True)
class Discussion:
    id: str
    number: int
    title: str
    url: str
    body: str
    category: str = ""
    author: str = ""
    stranger: bool = False
    """Whether somebody wrote it who has never contributed: a marker of ours in it is none."""

    def marked(self, marker: str) -> bool:
        """Whether the tool wrote it and left this marker in it."""
        return marker in self.body and not self.stranger


@dataclass(frozen=True, slots=True)
class Comment:
    body: str
    url: str
    author: str
    id: int = 0
    """Grows with time."""
    bot: bool = False
    """This and what follows: of comments on issues only."""
    created: datetime | None = None
    edited: bool = False
    """Whether it was changed after the second in which it was written."""
    node: str = ""
    """GraphQL's id, of comments in discussions only."""
    stranger: bool = False
    """Whether somebody wrote it who has never contributed: a marker of ours in it is none."""

    def marked(self, marker: str) -> bool:
        """Whether the tool wrote it and left this marker in it."""
        return marker in self.body and not self.stranger

    @classmethod
    def read(cls, data: Fields) -> Comment:
        user, created = data.sub("user"), data.time("created_at")
        return cls(
            data.text("body"),
            data.text("html_url"),
            user.text("login"),
            data.number("id"),
            user.text("type") != "User",
            created,
            created != data.time("updated_at"),
            stranger=user.text("type") != "Bot" and data.text("author_association") in STRANGERS,
        )


def granted_role(permissions: Fields) -> Role | None:
    """The highest role whose permission is granted. The booleans decide, not the name of the role: custom roles
    have any name, and a maintainer's `permission` reads `write`. None where GitHub says nothing, or that not even
    reading is granted, as it does to apps, which have no role."""
    if not any(permissions.flag(name) for name in permissions.data):
        return None
    names = {Role.ADMIN: "admin", Role.MAINTAIN: "maintain", Role.WRITE: "push", Role.TRIAGE: "triage"}
    return next((role for role, name in names.items() if permissions.flag(name)), Role.READ)
