"""GitHub releases. Source: https://docs.github.com/en/rest/releases/releases

A draft is not found by its tag (404), so drafts and published releases alike are found by listing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastrel.errors import NotFound
from fastrel.github.model import Asset, ReleaseEntry
from fastrel.github.transport.client import Client
from fastrel.github.transport.remembered import remembered


class Releases:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}/releases"

    @remembered
    def all(self) -> tuple[ReleaseEntry, ...]:
        """All releases that the user may see; drafts are visible with write access only."""
        return tuple(map(ReleaseEntry.read, self.client.get_all(self._path)))

    def of_tag(self, tag: str) -> tuple[ReleaseEntry, ...]:
        """The releases for a tag, drafts too; one, unless something went wrong earlier."""
        return tuple(entry for entry in self.all() if entry.tag == tag)

    @remembered
    def latest(self) -> ReleaseEntry | None:
        """The one that GitHub shows as the latest; None when none is published but pre-releases."""
        try:
            return ReleaseEntry.read(self.client.get(f"{self._path}/latest"))
        except NotFound:
            return None

    def create_draft(self, tag: str, *, prerelease: bool) -> ReleaseEntry:
        content = {"tag_name": tag, "name": tag, "draft": True, "prerelease": prerelease, "body": ""}
        return ReleaseEntry.read(self.client.send("POST", self._path, content))

    def change(self, entry: ReleaseEntry, content: Mapping[str, object]) -> ReleaseEntry:
        """PATCH by id: `body`, `draft`, `make_latest`, `discussion_category_name`, ..."""
        return ReleaseEntry.read(self.client.send("PATCH", f"{self._path}/{entry.id}", content))

    def generated_notes(self, tag: str, previous_tag: str) -> str:
        """The notes that GitHub generates for the changes since the previous tag. Needs write access."""
        content = {"tag_name": tag}
        if previous_tag:
            content["previous_tag_name"] = previous_tag
        return self.client.send("POST", f"{self._path}/generate-notes", content).text("body")

    def delete(self, entry: ReleaseEntry) -> None:
        self.client.send("DELETE", f"{self._path}/{entry.id}")

    def upload(self, entry: ReleaseEntry, file: Path) -> None:
        """Add a file to a release. Invalid with the code `already_exists` when it has one of that name."""
        self.client.upload(entry.upload_url, file.name, file)

    def delete_asset(self, asset: Asset) -> None:
        self.client.send("DELETE", f"{self._path}/assets/{asset.id}")
