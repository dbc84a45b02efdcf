"""The context of a release: its guide, versions, repository, checkout and tracker. A session makes it once; evaluating,
running, ticking and giving up take it as a value."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from fastrel.actions.action import Context
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.model import Issue
from fastrel.guide.changes import GuideNews
from fastrel.guide.model import Guide, Step
from fastrel.release import Release
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import find_tracker
from fastrel.tracker.model import Entry


@dataclass(frozen=True, slots=True)
class ReleaseContext:
    """One release at one moment."""

    guide: Guide
    release: Release
    repository: Repository
    clock: Callable[[], datetime]
    """Tells what time it is now."""
    now: datetime
    """The moment at which the tracker was read."""
    worktree: Worktree | None = None
    tracker: Issue | None = None
    given_up: Issue | None = None
    """The newest tracker of the version that was given up, where there is no other one."""
    guide_news: GuideNews | None = None
    """What of the guide is other than in the tracker's guide, when nobody has agreed to it yet."""
    pause: Callable[[float], None] = time.sleep
    withheld: Mapping[str, str] = field(default_factory=dict)
    """The steps whose commands are not executed, with the reason: nobody has agreed to them."""
    doubts: Mapping[str, str] | None = None
    """The steps whose ticks do not count, with the reason; None before that was asked."""
    requests_before: int = 0
    """How many requests were sent before the first one for this."""

    @property
    def open_tracker(self) -> Issue:
        """The tracker of a release in progress."""
        assert self.tracker is not None, "asked of a release in progress"
        return self.tracker

    def contexts(self) -> dict[str, Context]:
        """The context of every step, by step id."""
        entries = entries_of(self.tracker)
        return {step.id: self._at(step, entries) for step in self.guide.steps()}

    def at(self, step: Step) -> Context:
        """The context of one step."""
        return self._at(step, entries_of(self.tracker))

    def reread(self) -> ReleaseContext:
        """The same release with its tracker and all else read anew."""
        before = self.repository.client.requests
        self.repository.fresh()
        tracker = find_tracker(self.repository, self.guide.settings, self.release.version)
        return replace(self, tracker=tracker, now=self.clock(), requests_before=before)

    def _at(self, step: Step, entries: Mapping[str, Entry]) -> Context:
        return Context(
            self.guide,
            step,
            self.release,
            self.repository,
            self.now,
            worktree=self.worktree,
            tracker=self.tracker,
            entries={key: one for key, one in entries.items() if key not in self.doubts} if self.doubts else entries,
            withheld=self.withheld.get(step.id, ""),
            pause=self.pause,
        )


def entries_of(tracker: Issue | None) -> Mapping[str, Entry]:
    """What a tracker shows of each step, by step id."""
    return parse_body(tracker.body).entries if tracker else {}
