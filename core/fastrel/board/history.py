"""Past releases as their trackers tell them: when they began and ended, and how long each phase took. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastrel.github.model import Issue
from fastrel.guide.model import Guide
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import GIVEN_UP


@dataclass(frozen=True, slots=True)
class PastRelease:
    """A release whose tracker is closed."""

    version: str
    number: int
    url: str
    given_up: bool
    opened: datetime
    closed: datetime
    phases: tuple[tuple[str, datetime], ...]
    """Each phase of the guide, in its order, with the moment of its last tick; phases without one are left out."""


def history_of(trackers: Sequence[Issue], guide: Guide) -> tuple[PastRelease, ...]:
    """The releases whose trackers are closed, the one that was closed last first."""
    found = [one for tracker in trackers if (one := _past(tracker, guide))]
    return tuple(sorted(found, key=lambda one: (one.closed, one.number), reverse=True))


def history_json(releases: Sequence[PastRelease]) -> list[dict[str, object]]:
    """The form in which a snapshot holds them; times are ISO 8601 in UTC."""
    return [
        {
            "version": one.version,
            "number": one.number,
            "url": one.url,
            "given_up": one.given_up,
            "opened": one.opened.isoformat(),
            "closed": one.closed.isoformat(),
            "phases": [{"name": name, "ended": ended.isoformat()} for name, ended in one.phases],
        }
        for one in releases
    ]


def _past(tracker: Issue, guide: Guide) -> PastRelease | None:
    if tracker.state != "closed" or tracker.created is None or tracker.closed is None:
        return None
    if tracker.state_reason == "duplicate":
        return None
    body = parse_body(tracker.body)
    phases = []
    for phase in guide.phases:
        entries = [body.entries[step.id] for step in phase.steps if step.id in body.entries]
        moments = [one.evidence.at for one in entries if one.ticked and one.evidence and one.evidence.at]
        # What people write into a tracker may lie outside of its time.
        inside = [one for one in moments if tracker.created <= one <= tracker.closed]
        if inside:
            phases.append((phase.title, max(inside)))
    given_up = tracker.state_reason in GIVEN_UP
    return PastRelease(
        body.version, tracker.number, tracker.url, given_up, tracker.created, tracker.closed, tuple(phases)
    )
