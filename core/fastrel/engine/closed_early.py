"""A release whose tracker was closed before all its steps were done. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.actions.registry import action_of
from fastrel.github.model import Issue
from fastrel.guide.model import Guide, Step
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import GIVEN_UP
from fastrel.tracker.marker import tracker_version


def left_open(guide: Guide, tracker: Issue) -> list[Step]:
    """The steps that a tracker, which was closed and not given up, shows without a tick; none while it is open. That it
    is closed may be ticked later."""
    if tracker.state == "open" or tracker.state_reason in GIVEN_UP:
        return []
    entries = parse_body(tracker.body).entries
    left = [step for step in guide.steps() if step.id in entries and not entries[step.id].ticked]
    return [step for step in left if not action_of(step).last]


def closed_early(guide: Guide, found: Sequence[Issue]) -> Issue | None:
    """The tracker of the highest version, where it was closed too early; None while any is open."""
    if any(one.state == "open" for one in found):
        return None
    parse = guide.settings.naming.scheme.parse
    closed = [(version, one) for one in found if (version := parse(tracker_version(one.body) or ""))]
    newest = max(closed, key=lambda pair: pair[0], default=None)
    return newest[1] if newest and left_open(guide, newest[1]) else None


def closed_early_words(guide: Guide, tracker: Issue) -> str:
    """What is wrong with it, and how to go on."""
    left = [step.id for step in left_open(guide, tracker)]
    named = f"{left[0]} and {len(left) - 1} more" if len(left) > 1 else left[0]
    version = tracker_version(tracker.body)
    return f"The release issue of {version} was closed before all its steps were done ({named}): {tracker.url}"


def reopen_words(tracker: Issue) -> str:
    """How to go on with a release whose tracker is closed."""
    return f"To go on with it, reopen it: `gh issue reopen {tracker.url}`."
