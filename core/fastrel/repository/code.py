"""What git says through GitHub: branch head, tags, files, commits with their pull requests.

Source: https://docs.github.com/en/rest/git and https://docs.github.com/en/graphql/reference/objects#comparison
"""

from __future__ import annotations

import base64
from urllib.parse import quote

from fastrel.errors import NotFound, RemoteError
from fastrel.repository.client import Client, remembered
from fastrel.repository.fields import Fields
from fastrel.repository.model import Commit, MergedPull, TagRef

_COMMIT = """
  pageInfo { hasNextPage endCursor }
  nodes {
    oid messageHeadline
    associatedPullRequests(first: 5) {
      nodes { number title url merged author { login } labels(first: 50) { nodes { name } } }
    }
  }
"""
COMPARE = f"""
query Commits($owner: String!, $name: String!, $base: String!, $head: String!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    ref(qualifiedName: $base) {{
      compare(headRef: $head) {{ commits(first: 100, after: $after) {{ {_COMMIT} }} }}
    }}
  }}
}}
"""
HISTORY = f"""
query History($owner: String!, $name: String!, $head: String!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    ref(qualifiedName: $head) {{
      target {{ ... on Commit {{ history(first: 100, after: $after) {{ {_COMMIT} }} }} }}
    }}
  }}
}}
"""


class Code:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}"

    @remembered
    def head(self, branch: str) -> str:
        """SHA of the branch's newest commit. NotFound when there is no such branch."""
        return self.client.get(f"{self._path}/commits/{quote(branch)}").text("sha")

    @remembered
    def tags(self) -> dict[str, TagRef]:
        """All tags of the remote by name."""
        found = self.client.get_all(f"{self._path}/git/matching-refs/tags/")
        refs = [
            TagRef(
                one.text("ref").removeprefix("refs/tags/"),
                one.sub("object").text("sha"),
                one.sub("object").text("type") == "tag",
            )
            for one in found
        ]
        return {ref.name: ref for ref in refs}

    @remembered
    def commit_of(self, tag: TagRef) -> str:
        """SHA of the commit that a tag marks."""
        if not tag.annotated:
            return tag.sha
        return self.client.get(f"{self._path}/git/tags/{tag.sha}").sub("object").text("sha")

    @remembered
    def file(self, path: str, ref: str) -> str | None:
        """The text of a file at a branch, tag or commit, its line endings kept; None when there is none."""
        try:
            found = self.client.get(f"{self._path}/contents/{quote(path)}", ref=ref)
        except NotFound:
            return None
        if found.text("encoding") != "base64":
            raise RemoteError(f"{path} at {ref} is not a text file that GitHub's API can return.")
        return base64.b64decode(found.text("content")).decode("utf-8", errors="replace")

    @remembered
    def commits_since(self, tag: str, branch: str) -> tuple[Commit, ...]:
        """The commits of the branch that the tag does not have, newest first, with their merged pull requests.
        Without a tag: the whole history of the branch. Without a token: without the pull requests, which only GraphQL
        tells in one request."""
        if not self.client.authenticated:
            return self._commits_by_rest(tag, branch)
        owner, _, name = self.name.partition("/")
        commits: list[Commit] = []
        after: str | None = None
        while True:
            if tag:
                data = self.client.graphql(
                    COMPARE,
                    owner=owner,
                    name=name,
                    base=f"refs/tags/{tag}",
                    head=f"refs/heads/{branch}",
                    after=after,
                )
                page = data.sub("repository").sub("ref").sub("compare").sub("commits")
            else:
                data = self.client.graphql(HISTORY, owner=owner, name=name, head=f"refs/heads/{branch}", after=after)
                page = data.sub("repository").sub("ref").sub("target").sub("history")
            commits += [_commit(node) for node in page.items("nodes")]
            info = page.sub("pageInfo")
            if not info.flag("hasNextPage"):
                # A comparison lists its commits oldest first, a history newest first.
                return tuple(reversed(commits)) if tag else tuple(commits)
            after = info.text("endCursor")

    def _commits_by_rest(self, tag: str, branch: str) -> tuple[Commit, ...]:
        if tag:
            found = self.client.get_all(f"{self._path}/compare/{quote(tag)}...{quote(branch)}", key="commits")[::-1]
        else:
            found = self.client.get_all(f"{self._path}/commits", sha=branch)
        return tuple(Commit(one.text("sha"), one.sub("commit").text("message").partition("\n")[0]) for one in found)

    @remembered
    def protected(self, branch: str) -> bool:
        """Whether the branch has protection rules."""
        return self.client.get(f"{self._path}/branches/{quote(branch)}").flag("protected")


def _commit(node: Fields) -> Commit:
    pulls = [
        MergedPull(
            pull.number("number"),
            pull.text("title"),
            pull.text("url"),
            pull.sub("author").text("login"),
            tuple(label.text("name") for label in pull.sub("labels").items("nodes")),
        )
        for pull in node.sub("associatedPullRequests").items("nodes")
        if pull.flag("merged")
    ]
    return Commit(node.text("oid"), node.text("messageHeadline"), tuple(pulls))
