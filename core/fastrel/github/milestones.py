"""Milestones. Source: https://docs.github.com/en/rest/issues/milestones"""

from __future__ import annotations

import re
from datetime import datetime

from fastrel.github.model import Milestone
from fastrel.github.transport.client import Client
from fastrel.github.transport.failures import Invalid
from fastrel.github.transport.remembered import remembered

_TITLE = re.compile(r"((?:(?:release|version)[ -]?)?v?)(\d+(?:[._-]\d+)+\S*)", re.IGNORECASE)
"""What is before the version in the title of a milestone, and the version."""


class Milestones:
    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name
        self._path = f"/repos/{name}/milestones"

    @remembered
    def all(self) -> tuple[Milestone, ...]:
        """Open and closed milestones, by number."""
        found = map(Milestone.read, self.client.get_all(self._path, state="all"))
        return tuple(sorted(found, key=lambda one: one.number))

    def named(self, title: str) -> Milestone | None:
        """The milestone of a release: the one with this title, else the one of the same version with `v`, `Release` or
        `Version` before it, or without. Of several, an open one."""
        wanted = title.strip().casefold()
        found = [one for one in self.all() if one.title.strip().casefold() == wanted]
        if not found and (parts := _TITLE.fullmatch(title.strip())):
            found = [one for one in self.all() if (own := _TITLE.fullmatch(one.title.strip())) and own[2] == parts[2]]
        return next((one for one in found if one.state == "open"), found[0] if found else None)

    def title_of(self, version: str) -> str:
        """How the project would name the milestone of a version: as it is named, else like the newest one."""
        known = self.named(version)
        if known:
            return known.title
        parts = [found for one in self.all() if (found := _TITLE.fullmatch(one.title.strip()))]
        return f"{parts[-1][1]}{version}" if parts else version

    def ensure(self, title: str, due: datetime | None = None) -> Milestone:
        """The milestone with this title, created (or reopened) when there is none open."""
        found = self.named(title)
        if found and found.state == "open":
            return found
        if found:
            return self._change(found.number, {"state": "open"})
        content: dict[str, object] = {"title": title}
        if due:
            content["due_on"] = f"{due:%Y-%m-%dT%H:%M:%SZ}"
        try:
            return Milestone.read(self.client.send("POST", self._path, content))
        except Invalid as error:
            if "already_exists" not in error.codes:
                raise
            self.client.forget()
            return self.ensure(title, due)

    def close(self, number: int) -> None:
        self._change(number, {"state": "closed"})

    def set_due(self, number: int, due: datetime) -> None:
        self._change(number, {"due_on": f"{due:%Y-%m-%dT%H:%M:%SZ}"})

    def _change(self, number: int, content: dict[str, object]) -> Milestone:
        return Milestone.read(self.client.send("PATCH", f"{self._path}/{number}", content))
