"""Issues, their labels and comments. Source: https://docs.github.com/en/rest/issues"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

from fastrel.errors import NotAllowed, NotFound, RemoteError
from fastrel.github.issue_history import Editing, IssueText, Revision
from fastrel.github.model import Comment, Issue
from fastrel.github.transport.client import Client
from fastrel.github.transport.failures import Invalid
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.remembered import remembered

REVISIONS = """
query Revisions($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) { body userContentEdits(first: 20) { nodes { diff editedAt editor { __typename login } } } }
  }
}
"""


EDITORS = """
query Editors($owner: String!, $name: String!, $number: Int!, $after: String, $texts: Boolean!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      author { __typename login } body
      userContentEdits(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { diff @include(if: $texts) editor { __typename login } }
      }
    }
  }
}
"""
MOST_PAGES = 5
"""Pages of a hundred revisions that are looked through."""


class Issues:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}/issues"

    @remembered
    def labelled(self, label: str, state: str = "open") -> tuple[Issue, ...]:
        """Issues with a label, without pull requests, oldest first."""
        found = self.client.get_all(self._path, labels=label, state=state, sort="created", direction="asc")
        return tuple(issue for issue in map(Issue.read, found) if not issue.is_pull)

    @remembered
    def labels(self) -> tuple[str, ...]:
        """The names of the labels that the repository has."""
        return tuple(one.text("name") for one in self.client.get_all(f"/repos/{self.name}/labels"))

    @remembered
    def in_milestone(self, number: int) -> tuple[Issue, ...]:
        """Issues and pull requests of a milestone, whatever their state, oldest first."""
        found = self.client.get_all(self._path, milestone=str(number), state="all", sort="created", direction="asc")
        return tuple(map(Issue.read, found))

    @remembered
    def one(self, number: int) -> Issue:
        return self.anew(number)

    def anew(self, number: int) -> Issue:
        """An issue as it is now, whatever was read of it before."""
        return Issue.read(self.client.get(f"{self._path}/{number}"))

    def text(self, number: int) -> IssueText:
        """The body as it is now and its newest revisions, read anew; without them where GraphQL does not tell."""
        owner, _, name = self.name.partition("/")
        for _ in range(2):
            try:
                found = self.client.graphql(REVISIONS, owner=owner, name=name, number=number).sub("repository")
            except (RemoteError, NotAllowed):
                continue
            issue = found.sub("issue")
            if "body" in issue.data:
                # A revision's `diff` is the whole body after it; null for one that was deleted.
                nodes = issue.sub("userContentEdits").items("nodes")
                return IssueText(issue.text("body"), tuple(map(_revision, nodes)))
        self.client.forget()
        return IssueText(self.one(number).body, None)

    @remembered
    def editors(self, number: int, texts: bool = False) -> tuple[Editing, ...]:
        """Who wrote the body, newest first; who opened the issue comes last, unless there are too many. With texts,
        also what the body was after each."""
        owner, _, name = self.name.partition("/")
        found: list[Editing] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            issue = (
                self.client.graphql(EDITORS, owner=owner, name=name, number=number, after=after, texts=texts)
                .sub("repository")
                .sub("issue")
            )
            edits = issue.sub("userContentEdits")
            found += [_editing(one.sub("editor"), one if texts else None) for one in edits.items("nodes")]
            if not edits.sub("pageInfo").flag("hasNextPage"):
                # The oldest revision is the text the issue was opened with; one that was never edited has no revision.
                opened = replace(found.pop(), first=True) if found else _opened(issue, texts)
                return (*found, opened)
            after = edits.sub("pageInfo").text("endCursor")
        return tuple(found)

    @remembered
    def comments(self, number: int) -> tuple[Comment, ...]:
        found = self.client.get_all(f"{self._path}/{number}/comments")
        return tuple(map(Comment.read, found))

    @remembered
    def thread(self, number: int, since: datetime) -> tuple[Comment, ...]:
        """The comments that were written or changed since a moment."""
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return tuple(map(Comment.read, self.client.get_all(f"{self._path}/{number}/comments", since=moment)))

    def may_be_assigned(self, login: str) -> bool:
        """Whether somebody can be assigned to issues of the repository."""
        try:
            self.client.get_nothing(f"/repos/{self.name}/assignees/{quote(login, safe='')}")
        except NotFound:
            return False
        return True

    def create(
        self, title: str, body: str, *, labels: Sequence[str], assignees: Sequence[str], milestone: int = 0
    ) -> Issue:
        content: dict[str, object] = {"title": title, "body": body, "labels": list(labels)}
        if assignees:
            content["assignees"] = list(assignees)
        if milestone:
            content["milestone"] = milestone
        return Issue.read(self.client.send("POST", self._path, content))

    def change(self, number: int, content: Mapping[str, object]) -> Issue:
        """PATCH: `state`, `state_reason`, `milestone`, `body`, ..."""
        return Issue.read(self.client.send("PATCH", f"{self._path}/{number}", content))

    def comment(self, number: int, body: str) -> Comment:
        return Comment.read(self.client.send("POST", f"{self._path}/{number}/comments", {"body": body}))

    def change_comment(self, comment: int, body: str) -> None:
        self.client.send("PATCH", f"{self._path}/comments/{comment}", {"body": body})

    def delete_comment(self, comment: int) -> None:
        """Delete a comment; nothing when there is none any more."""
        with suppress(NotFound):
            self.client.send("DELETE", f"{self._path}/comments/{comment}")

    def add_label(self, number: int, label: str) -> None:
        self.client.send("POST", f"{self._path}/{number}/labels", {"labels": [label]})

    def ensure_label(self, label: str, *, colour: str, description: str) -> None:
        """Create the label unless it exists. It is looked up first: making one needs write, reading one does not."""
        path = f"/repos/{self.name}/labels"
        with suppress(NotFound):
            self.client.get(f"{path}/{quote(label, safe='')}")
            return
        content = {"name": label, "color": colour, "description": description}
        try:
            self.client.send("POST", path, content)
        except Invalid as error:
            if "already_exists" not in error.codes:
                raise
        except (NotAllowed, NotFound) as error:
            raise NotAllowed(
                f"{self.name} has no label {label}, and this token may not make one. {error.problem}",
                done="Nothing was changed.",
                next_step=f"Somebody with role write makes the label {label}, once. {error.next_step}".strip(),
            ) from None


def _editing(actor: Fields, edit: Fields | None) -> Editing:
    text = edit.text("diff") if edit and edit.data.get("diff") is not None else None
    return Editing(actor.text("login"), actor.text("__typename") == "Bot", text)


def _opened(issue: Fields, texts: bool) -> Editing:
    author = issue.sub("author")
    return Editing(
        author.text("login"), author.text("__typename") == "Bot", issue.text("body") if texts else None, True
    )


def _revision(node: Fields) -> Revision:
    return Revision(
        node.text("diff") if node.data.get("diff") is not None else None,
        node.time("editedAt"),
        node.sub("editor").text("login"),
        node.sub("editor").text("__typename") == "Bot",
    )
