"""Workflows of a project that make its GitHub releases, tags or packages themselves. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

AT_TAG = (
    ("gh release create", r"\bgh release create\b"),
    ("hub release create", r"\bhub release create\b"),
    ("softprops/action-gh-release", r"\bsoftprops/action-gh-release\b"),
    ("ncipollo/release-action", r"\bncipollo/release-action\b"),
    ("actions/create-release", r"\bactions/create-release\b"),
    ("taiki-e/create-gh-release-action", r"\btaiki-e/create-gh-release-action\b"),
    ("svenstaro/upload-release-action", r"\bsvenstaro/upload-release-action\b"),
    ("GoReleaser", r"\bgoreleaser/goreleaser-action\b|\bgoreleaser release\b"),
    ("JReleaser", r"\bjreleaser/release-action\b|\bjreleaser full-release\b"),
    ("cargo-dist", r"\b(?:cargo[- ])?dist host\b"),
    ("electron-builder", r"\belectron-builder\b[^\n]*--publish"),
)
"""What makes the release of a tag that is there."""
BY_ITSELF = (
    ("python-semantic-release", r"\bpython-semantic-release\b|\bsemantic-release (?:version|publish)\b"),
    ("semantic-release", r"\bsemantic-release\b"),
    ("release-please", r"\brelease-please(?:-action)?\b"),
    ("Changesets", r"\bchangesets/action\b"),
    ("release-plz", r"\brelease-plz\b"),
    ("release-it", r"\brelease-it\b"),
)
"""What chooses the version and makes the tag, too."""
DRAFTER = re.compile(r"\brelease-drafter/release-drafter\b")
_DRAFT = re.compile(r"(?m)^\s*draft:\s*[\"']?true\b|--draft\b")


@dataclass(frozen=True, slots=True)
class ReleaseMaker:
    """What makes the GitHub release, and where."""

    tool: str
    file: str
    workflow: str
    """The name of the workflow."""
    tags: bool = False
    """Whether it chooses the version and makes the tag, too."""
    draft: bool = False
    """Whether what it makes is a draft."""
    drafter: bool = False
    """Whether it keeps a draft of the next release all the time."""


def release_maker(file: str, name: str, text: str, *, runs_for_tags: bool) -> ReleaseMaker | None:
    """What a workflow's text, without comments, makes; None when it makes no release."""
    if DRAFTER.search(text):
        return ReleaseMaker("Release Drafter", file, name, draft=True, drafter=True)
    for tool, pattern in BY_ITSELF:
        if re.search(pattern, text):
            return ReleaseMaker(tool, file, name, tags=True)
    if runs_for_tags:
        for tool, pattern in AT_TAG:
            if re.search(pattern, text):
                return ReleaseMaker(tool, file, name, draft=_DRAFT.search(text) is not None)
    return None


def without_comments(text: str) -> str:
    """The text of a workflow without its comments."""
    return re.sub(r"(?m)(?:^|\s)#.*$", "", text)
