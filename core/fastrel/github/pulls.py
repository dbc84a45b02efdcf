"""Pull requests of our own, for version commits. Source: https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from fastrel.github.model import PullRequest
from fastrel.github.transport.client import Client
from fastrel.github.transport.remembered import remembered


class Pulls:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}/pulls"

    @remembered
    def of_branch(self, head: str, base: str) -> PullRequest | None:
        """The newest pull request from a branch of this repository, whatever its state; None when there is none."""
        owner = self.name.partition("/")[0]
        found = self.client.get_all(self._path, head=f"{owner}:{head}", base=base, state="all", direction="desc")
        return max(map(PullRequest.read, found), key=lambda one: one.number, default=None)

    def open(self, head: str, base: str, title: str, body: str) -> PullRequest:
        content = {"head": head, "base": base, "title": title, "body": body, "maintainer_can_modify": True}
        return PullRequest.read(self.client.send("POST", self._path, content))
