"""The twin's state besides git: users, issues, milestones, releases, discussions, check results. All in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from itertools import count

from fastrel_twin.bare_repository import Bare
from fastrel_twin.records import (
    Check,
    CommitStatus,
    Deployment,
    Discussion,
    Edit,
    Issue,
    Label,
    Milestone,
    Protection,
    Pull,
    Push,
    Release,
    User,
)
from fastrel_twin.rulesets import Ruleset, hook_lines

CATEGORIES = ("Announcements", "General", "Ideas", "Q&A", "Show and tell")


class Store:
    """The state of one repository and the people around it. Hold `lock` while reading or changing it."""

    def __init__(self, name: str, bare: Bare, *, now: Callable[[], datetime] | None = None) -> None:
        self.name = name
        self.bare = bare
        self.lock = threading.RLock()
        self.now = now or (lambda: datetime.now(UTC).replace(microsecond=0))
        self.users: dict[str, User] = {}
        self.labels: dict[str, Label] = {}
        self.milestones: dict[int, Milestone] = {}
        self.issues: dict[int, Issue] = {}
        self.releases: dict[int, Release] = {}
        self.discussions: dict[int, Discussion] = {}
        self.categories: list[str] = list(CATEGORIES)
        self.for_maintainers = {"Announcements"}
        """The categories of the format for announcements, which only maintainers start discussions in."""
        self.default_branch = "main"
        self.has_discussions = True
        self.checks: list[Check] = []
        self.statuses: list[CommitStatus] = []
        self.pushes: list[Push] = []
        self.deployments: list[Deployment] = []
        self.packages: dict[str, list[str]] = {}
        """File names in the package index, by package."""
        self.protected: dict[str, Protection] = {}
        self.rulesets: list[Ruleset] = []
        self.private = False
        self.plan = "free"
        """Of the owner: `free`, or one that has rulesets for private repositories, too."""
        self.actions_enabled = True
        self.allowed_actions = "all"
        self.workflow_permissions = "read"
        self.workflows_may_open_pulls = False
        self.hides_permissions = False
        """Whether answers about the repository leave out what the user may do."""
        self.refusal: tuple[int, str] | None = None
        """How every request with a token is answered, by a policy of the owner or by law: status and text."""
        self.gone_branches: dict[str, str] = {}
        """Branches that were renamed or deleted, and the ones that a request for them is sent to."""
        self.server_version = ""
        """Of a GitHub Enterprise Server, such as `3.14.5`; empty for github.com."""
        self.lacking: tuple[str, ...] = ()
        """What a server of this version does not know: parts of paths, such as `/rulesets`, and fields of GraphQL, such
        as `Issue.userContentEdits`."""
        self.rate_limit = 5000
        self.anonymous_limit = 60
        """What is left of the requests without a token."""
        self.url = ""
        self.id = 1
        """Number of the repository among those of the server."""
        self.archived = False
        self.disabled = False
        """Whether GitHub has switched the repository off."""
        self.has_issues = True
        self.deleted: set[int] = set()
        """Numbers of issues that were deleted."""
        self.transferred: dict[int, str] = {}
        """Where issues went that were transferred: `OWNER/NAME/issues/NUMBER`, by their numbers here."""
        self.is_fork = False
        self.former: dict[str, Store] = {}
        """Repositories by the names that they had once, in lower case."""
        self.others: dict[str, Store] = {}
        """Further repositories by their names in lower case: issues, labels and milestones, and no git."""
        self._ids = count(1001)
        self._last_number = 0

    def add_ruleset(self, ruleset: Ruleset) -> Ruleset:
        """Rules that git's pushes and the API then keep."""
        self.rulesets.append(ruleset)
        (self.bare.path / "rules").write_text(hook_lines(self.rulesets, self.url, self.name))
        return ruleset

    @property
    def has_rulesets(self) -> bool:
        """Whether the plan has rulesets: not for private repositories on the Free plan."""
        return not self.private or self.plan != "free"

    def protect(self, branch: str, protection: Protection | None = None) -> None:
        """Protect a branch; git then refuses pushes to it, when its changes must come by pull requests."""
        self.protected[branch] = protection or Protection()
        closed = "".join(f"refs/heads/{name}\n" for name, one in self.protected.items() if one.pulls)
        (self.bare.path / "protected-branches").write_text(closed)

    def add_repository(self, name: str) -> Store:
        """A further repository of the same people. Only its issues, labels and milestones are served."""
        other = Store(name, self.bare, now=self.now)
        other.users, other.url, other.id = self.users, self.url, len(self.others) + 2
        self.others[name.lower()] = other
        return other

    def repository(self, name: str) -> Store | None:
        """The repository of a name that it has or had, upper or lower case; None when there is none."""
        key = name.lower()
        return self if key == self.name.lower() else self.others.get(key) or self.former.get(key)

    def repository_of_id(self, number: int) -> Store | None:
        """The repository of a number, which stays when it gets another name."""
        return next((one for one in (self, *self.others.values()) if one.id == number), None)

    def rename(self, name: str) -> None:
        """Give the repository another name, or with another owner transfer it. The old name leads to it."""
        self.former[self.name.lower()] = self
        self.former.pop(name.lower(), None)
        self.name = name

    def repositories_of(self, owner: str) -> list[Store]:
        """The repositories of an owner by their names."""
        found = [one for one in (self, *self.others.values()) if one.name.lower().startswith(f"{owner.lower()}/")]
        return sorted(found, key=lambda one: one.name.lower())

    def new_id(self) -> int:
        return next(self._ids)

    def add_user(self, login: str, role: str, *, bot: bool = False, app: bool = False) -> User:
        user = User(login, self.new_id(), role, f"twin-token-of-{login}", bot, app)
        self.users[login] = user
        return user

    def association(self, login: str) -> str:
        """How somebody belongs to the repository, as GitHub says it of authors. An app is no member, whatever it may.
        Source: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation"""
        user = self.users.get(login)
        owner = self.name.partition("/")[0]
        if login.casefold() == owner.casefold():
            return "OWNER"
        if user and user.may("triage") and not user.bot:
            organization = owner not in self.users
            return "MEMBER" if organization else "COLLABORATOR"
        merged = any(one.pull and one.pull.merged_at and one.author == login for one in self.issues.values())
        return "CONTRIBUTOR" if merged else "NONE"

    def can_be_assigned(self, login: str) -> bool:
        """Whether somebody can be assigned to issues: people of the repository, and no apps."""
        user = self.users.get(login)
        return user is not None and not user.bot

    def user_of_token(self, token: str) -> User | None:
        return next((user for user in self.users.values() if user.token == token), None)

    def add_label(self, name: str, color: str = "ededed", description: str = "") -> Label:
        label = Label(self.new_id(), name, color, description)
        self.labels[name.lower()] = label
        return label

    def add_milestone(self, title: str, creator: str, due_on: datetime | None = None) -> Milestone:
        number = max(self.milestones, default=0) + 1
        milestone = Milestone(number, title, creator, self.now(), due_on=due_on)
        self.milestones[number] = milestone
        return milestone

    def add_issue(
        self,
        title: str,
        author: str,
        *,
        body: str = "",
        labels: list[str] | None = None,
        milestone: int = 0,
        assignees: list[str] | None = None,
        pull: Pull | None = None,
    ) -> Issue:
        # Discussions share the numbers of issues, as on GitHub.
        number = self.next_number()
        issue = Issue(
            number,
            title,
            author,
            self.now(),
            body=body,
            labels=list(labels or []),
            milestone=milestone,
            assignees=list(assignees or []),
            pull=pull,
        )
        self.issues[number] = issue
        return issue

    def edit_body(self, issue: Issue, body: str, editor: str, at: datetime | None = None) -> None:
        """Change a body and keep the revision; an edit that changes nothing makes none."""
        self.edits(issue)
        issue.body = body
        if issue.revisions[-1].body != body:
            issue.revisions.append(Edit(body, editor, at or self.now()))

    def edits(self, issue: Issue) -> list[Edit]:
        """The revisions of a body, newest first; none before the first edit. A body that was set from inside of the
        twin counts as an edit of its author's."""
        if issue.revisions[-1].body != issue.body:
            issue.revisions.append(Edit(issue.body, issue.author, self.now()))
        return issue.revisions[::-1] if len(issue.revisions) > 1 else []

    def next_number(self) -> int:
        """A number that nothing had before, not even what was deleted since."""
        self._last_number = max([self._last_number, *self.issues, *self.discussions]) + 1
        return self._last_number

    def close(self, issue: Issue, reason: str | None = "completed", by: str = "") -> None:
        issue.state, issue.state_reason, issue.closed_at, issue.closed_by = "closed", reason, self.now(), by

    def delete(self, number: int) -> None:
        """Delete an issue; GitHub remembers that there was one."""
        del self.issues[number]
        self.deleted.add(number)

    def transfer(self, number: int, name: str) -> int:
        """Transfer an issue to another repository; its number there."""
        other = self.repository(name) or self.add_repository(name)
        issue = self.issues.pop(number)
        new = other.add_issue(issue.title, issue.author, body=issue.body)
        self.transferred[number] = f"{other.id}/issues/{new.number}"
        return new.number

    def add_discussion(self, title: str, body: str, author: str, category: str) -> Discussion:
        discussion = Discussion(self.next_number(), title, body, author, category, self.now())
        self.discussions[discussion.number] = discussion
        return discussion

    def may_announce(self, user: User | None, category: str) -> bool:
        """Whether somebody may start a discussion in a category. An app needs no role."""
        return category not in self.for_maintainers or (user is not None and (user.bot or user.may("maintain")))

    def withdraw_releases(self, before: Collection[str]) -> None:
        """A published release whose tag was deleted becomes a draft; `before` are the refs that there were.
        Source: https://github.com/mislav/hub/issues/2435"""
        gone = set(before) - self.bare.refs().keys()
        for one in self.releases.values():
            one.draft = one.draft or f"refs/tags/{one.tag}" in gone

    def latest_release(self) -> Release | None:
        published = [one for one in self.releases.values() if not one.draft and not one.prerelease]
        marked = [one for one in published if one.make_latest != "false"]
        return max(marked or published, key=lambda one: (one.published_at or one.created_at, one.id), default=None)
