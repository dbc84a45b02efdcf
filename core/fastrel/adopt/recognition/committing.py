"""The item that commits what the items above it have changed: its words are general, and only where it stands tells
that they mean the version. Pure."""

from __future__ import annotations

from collections.abc import Sequence

RELEASES = frozenset({"tag.create", "tag.push", "release.publish"})
"""What makes a version one that is released."""


def commit_of_version(items: Sequence[tuple[tuple[str, ...], bool, bool]]) -> int | None:
    """Which of the items, of (actions, whether it commits in general, whether it may do something else), commits the
    version: the first one behind the item that sets it, before the release is made, when nothing else is changed
    between. None when none does so, or when another says it."""
    flat = [one for actions, _, _ in items for one in actions]
    if "version.set" not in flat or "version.commit" in flat:
        return None
    start = next(place for place, (actions, _, _) in enumerate(items) if "version.set" in actions)
    for place in range(start, len(items)):
        actions, commits, _ = items[place]
        if RELEASES.intersection(actions):
            return None
        if commits:
            return place
    return None
