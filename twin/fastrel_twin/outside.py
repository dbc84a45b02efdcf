"""The outside world: CI, docker build and deployment, as functions of how long ago a ref was pushed.

Nothing runs in the background: asked twice at the same moment, it says the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fastrel_twin.world import Push, World

ON_BRANCH = ("Tests", "Documentation")
ON_TAG = ("Tests", "Docker image", "Documentation")


@dataclass(frozen=True, slots=True)
class Play:
    """How long things take, in seconds."""

    register_seconds: float = 0.0
    """From a push until its workflows are registered."""
    ci_seconds: float = 0.0
    """From then until they are through."""
    image_seconds: float = 0.0
    """From the end of the docker workflow until the registry serves the image."""
    site_seconds: float = 0.0
    """From the end of the documentation workflow until the site shows the version."""


@dataclass(frozen=True, slots=True)
class Run:
    """A workflow run as it stands now."""

    id: int
    name: str
    workflow_id: int
    push: Push
    status: str
    conclusion: str | None
    attempt: int = 1


@dataclass(slots=True)
class Outside:
    """Watches the refs and answers how far the world around them is."""

    world: World
    play: Play = field(default_factory=Play)
    clock: Callable[[], float] = time.monotonic
    failing: set[str] = field(default_factory=set)
    """Names of workflows that fail."""
    attempts: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Runs that were started again: attempt and moment, by run id."""
    _seen: dict[str, str] = field(default_factory=dict)

    def observe(self, *, at: float | None = None) -> None:
        """Notice refs that were pushed since the last look."""
        moment = self.clock() if at is None else at
        for name, ref in self.world.bare.refs().items():
            if self._seen.get(name) != ref.sha:
                self._seen[name] = ref.sha
                self.world.pushes.append(Push(name, ref.commit, moment, self.world.new_id() * 10))

    def runs(self) -> list[Run]:
        """All workflow runs that are registered now, newest first."""
        found = []
        for push in self.world.pushes:
            names = ON_TAG if push.ref.startswith("refs/tags/") else ON_BRANCH
            found += [run for number, name in enumerate(names) if (run := self._run(push, number, name))]
        return sorted(found, key=lambda one: one.id, reverse=True)

    def image_is_served(self, tag: str) -> bool:
        """Whether the registry serves the image of a tag or version."""
        return self._ready(tag, "Docker image", self.play.image_seconds)

    def site_versions(self) -> list[str]:
        """The versions that the published site shows, newest first."""
        tags = [push.ref.removeprefix("refs/tags/") for push in self.world.pushes if push.ref.startswith("refs/tags/")]
        shown = [tag for tag in tags if self._ready(tag, "Documentation", self.play.site_seconds)]
        return [tag.removeprefix("v") for tag in reversed(shown)]

    def run_again(self, run_id: int) -> None:
        attempt, _ = self.attempts.get(run_id, (1, 0.0))
        self.attempts[run_id] = (attempt + 1, self.clock())

    def _run(self, push: Push, number: int, name: str) -> Run | None:
        run_id = push.id + number
        attempt, since = self.attempts.get(run_id, (1, push.at))
        elapsed = self.clock() - since
        if elapsed < self.play.register_seconds and attempt == 1:
            return None
        workflow_id = 100 + sorted({*ON_BRANCH, *ON_TAG}).index(name)
        if elapsed < self.play.register_seconds + self.play.ci_seconds:
            status = "queued" if elapsed < self.play.register_seconds + self.play.ci_seconds * 0.2 else "in_progress"
            return Run(run_id, name, workflow_id, push, status, None, attempt)
        conclusion = "failure" if name in self.failing else "success"
        return Run(run_id, name, workflow_id, push, "completed", conclusion, attempt)

    def _ready(self, tag: str, workflow: str, delay: float) -> bool:
        for run in self.runs():
            if run.push.ref in (f"refs/tags/{tag}", f"refs/tags/v{tag}") and run.name == workflow:
                _, since = self.attempts.get(run.id, (1, run.push.at))
                ready = since + self.play.register_seconds + self.play.ci_seconds + delay
                return run.conclusion == "success" and self.clock() >= ready
        return False
