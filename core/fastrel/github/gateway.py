"""A repository on GitHub, with an object for each of its parts."""

from __future__ import annotations

from urllib.parse import quote

from fastrel.errors import FastrelError, NotAllowed, NotFound
from fastrel.github.checks import Checks
from fastrel.github.code import Code
from fastrel.github.discussions import Discussions
from fastrel.github.issues import Issues
from fastrel.github.milestones import Milestones
from fastrel.github.model import RepositoryFacts, granted_role
from fastrel.github.pulls import Pulls
from fastrel.github.releases import Releases
from fastrel.github.role import Role
from fastrel.github.transport.client import Client
from fastrel.github.transport.failures import ASK_SUPPORT, PUSH_FIRST, UNARCHIVE, Invalid, Unusable, is_empty, renamed
from fastrel.github.transport.remembered import remembered, remembered_for_good

NOTHING = "Nothing was changed."


class Repository:
    """One GitHub repository. Reads are made once per report; `fresh()` starts the next report."""

    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self.issues = Issues(client, name)
        self.milestones = Milestones(client, name)
        self.code = Code(client, name)
        self.releases = Releases(client, name)
        self.pulls = Pulls(client, name)
        self.ci = Checks(client, name)
        self.discussions = Discussions(client, name)

    @property
    def place(self) -> tuple[str, str]:
        """Its name, and the address of the API of its server."""
        return self.name, self.client.api_url

    @remembered
    def facts(self) -> RepositoryFacts:
        """Address, default branch and the user's role. NotFound when the token may not see it, Unusable when it has
        another name now."""
        try:
            found = RepositoryFacts.read(self.client.get(f"/repos/{self.name}"))
        except NotFound as error:
            access = error.next_step or "the token's access."
            raise NotFound(
                f"There is no repository {self.name} at {self.client.api_url}, or the token may not see it.",
                done="Nothing was changed.",
                next_step=f"Check `repository:` in the guide or --repo, GITHUB_API_URL, and {access}",
            ) from None
        if found.name and found.name.lower() != self.name.lower():
            raise renamed(self.name, found.name)
        return found

    def require_usable(self, branch: str) -> RepositoryFacts:
        """The facts of a repository that can hold a release: enabled, with issues, with the branch. Unusable, with one
        message, for any other. All that it reads is read ahead of every report."""
        facts = self.facts()
        settings = f"{facts.url}/settings"
        if facts.disabled:
            raise Unusable(f"GitHub has disabled the repository {self.name}.", done=NOTHING, next_step=ASK_SUPPORT)
        if not facts.has_issues:
            raise Unusable(
                f"Issues are switched off in {self.name}, so it can have no release issue.",
                done=NOTHING,
                next_step=f"Switch them on: {settings} (General, Features, Issues).",
            )
        try:
            self.code.head(branch)
        except (NotFound, Invalid) as error:
            if isinstance(error, Invalid) and not error.no_commit:
                return facts  # what needs the branch says what is wrong
            unseen = "" if isinstance(error, Invalid) else ", or the token may not read its code"
            mend = f"Push {branch}, or name another one by `branch:` in the guide."
            if facts.default_branch not in ("", branch):
                mend = f"Set `branch: {facts.default_branch}` in the guide if that is the one, or push {branch}."
            raise Unusable(f"{self.name} has no branch {branch}{unseen}.", done=NOTHING, next_step=mend) from None
        except FastrelError as error:
            if is_empty(error):
                raise Unusable(f"{self.name} has no commit yet.", done=NOTHING, next_step=PUSH_FIRST) from None
            # Any other, such as that of a token that may not read code, is told by each step that it concerns.
        return facts

    def require_writable(self) -> None:
        """Unusable for an archived repository, which takes no changes from anybody."""
        if self.facts().archived:
            raise Unusable(
                f"{self.name} is archived: GitHub takes no changes to it.", done=NOTHING, next_step=UNARCHIVE
            )

    @remembered_for_good
    def login(self) -> str:
        """Who the token belongs to; empty without a token."""
        if not self.client.authenticated:
            return ""
        try:
            return self.client.get("/user").text("login")
        except NotAllowed:
            # The token of an app, such as that of GitHub Actions, belongs to no user; GraphQL knows its name.
            return self.client.graphql("query Viewer { viewer { login } }").sub("viewer").text("login")

    @remembered
    def role(self) -> Role | None:
        """What the user may do; None without a token, or when GitHub does not say. One request more only where the
        repository's own `permissions` are missing."""
        known = self.facts().role
        if known is not None or not self.client.authenticated:
            return known
        return self.role_of(self.login())

    @remembered
    def role_of(self, login: str) -> Role | None:
        """What a person may do; None when GitHub does not say, or the person may not even look."""
        try:
            found = self.client.get(f"/repos/{self.name}/collaborators/{quote(login, safe='')}/permission")
        except (NotFound, NotAllowed):
            return None
        permissions = found.sub("user").sub("permissions")
        return granted_role(permissions) if permissions.flag("pull") else None

    def fresh(self) -> None:
        """Forget what was read; the next reads ask GitHub again."""
        self.client.forget()
