"""The item that commits what the items above it have changed: its words are general, and only where it stands tells
that they mean the version. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.adopt.recognisers import pattern
from fastrel.adopt.recognition import LONGEST, plain_words

COMMITS = (
    "commit … push",
    "commit (the |these |this |those |your |all |any |every |both |of )*(changes?|edits?|files?|everything)",
    r"^(git )?commit( it| them)?( to \S+)?$",
)
OTHERWISE = "(tag|docs?|documentation|{dev}|submodule|pull requests?|prs?)"
RELEASES = frozenset({"tag.create", "tag.push", "release.publish"})
"""What makes a version one that is released."""


def commit_of_version(items: Sequence[tuple[str, str]]) -> int | None:
    """Which of the items, of (text, action or why there is none), commits the version; None when none does so without
    saying it, or when another says it."""
    actions = [known for _, known in items]
    if "version.set" not in actions or "version.commit" in actions:
        return None
    start = actions.index("version.set")
    end = next((place for place in range(start, len(items)) if actions[place] in RELEASES), len(items))
    for place in range(start, end):
        words = plain_words(items[place][0][:LONGEST])
        means = any(pattern(one).search(words) for one in COMMITS) and not pattern(OTHERWISE).search(words)
        if means and not actions[place]:
            return place
    return None
