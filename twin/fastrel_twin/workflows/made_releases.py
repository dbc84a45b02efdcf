"""Simulates the releases that a project's own workflow makes: nothing is built, only the release appears."""

from __future__ import annotations

from dataclasses import dataclass

from fastrel.tracker.marker import tracker_version
from fastrel_twin.records import Release
from fastrel_twin.workflows.simulated_ci import SimulatedCi


@dataclass(frozen=True, slots=True)
class MadeRelease:
    """Which release a workflow makes, and when: at the tag, or of its own accord, with the tag."""

    tag: str
    workflow: str
    branch: str
    draft: bool = False
    with_tag: bool = False
    at_once: bool = False
    """Whether the draft is there from the beginning."""
    prerelease: bool = False

    def look(self, simulated_ci: SimulatedCi) -> None:
        """Make the release when its time has come."""
        store = simulated_ci.store
        if any(one.tag == self.tag for one in store.releases.values()) or not self._is_time(simulated_ci):
            return
        if self.with_tag:
            store.bare.set_ref(f"refs/tags/{self.tag}", store.bare.refs()[f"refs/heads/{self.branch}"].commit)
        made = Release(store.new_id(), self.tag, next(iter(store.users)), store.now(), name=self.tag, draft=self.draft)
        made.prerelease = self.prerelease
        made.published_at = None if self.draft else store.now()
        store.releases[made.id] = made

    def _is_time(self, simulated_ci: SimulatedCi) -> bool:
        if self.at_once:
            return True
        if self.with_tag:
            return any(one.state == "open" and tracker_version(one.body) for one in simulated_ci.store.issues.values())
        return simulated_ci.is_through(self.tag, self.workflow)
