"""The values of a parsed tracker body: the entry of each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is written behind a step's marker: why it is ticked (or skipped), by whom, when."""

    summary: str
    links: tuple[tuple[str, str], ...] = ()
    """(text, url) pairs."""
    by: str = ""
    at: datetime | None = None
    skip_reason: str = ""
    """Set when a person skipped the step; the box is ticked then, too."""
    covers: tuple[str, ...] = ()
    """What a decision covers, such as numbers of issues; what came since needs another one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step as the body shows it."""

    step_id: str
    ticked: bool
    evidence: Evidence | None = None
    """What the tool wrote earlier, read back from the hidden attributes; None when a person ticked by hand."""


@dataclass(frozen=True, slots=True)
class TrackerBody:
    """A parsed body: the version in its marker and its entries by step id."""

    version: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    guide_path: str = ""
    guide_commit: str = ""
    """SHA of the commit whose guide the tracker was opened with, or somebody has agreed to."""
    base: str = ""
    """SHA of the commit that a hotfix starts from."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the tool wants to change of one step's line: tick it, untick it, and what stands behind it."""

    step_id: str
    ticked: bool
    evidence: Evidence | None = None


UNVERIFIED = "unverified:"
"""How the evidence of a tick begins that the check contradicts."""
BEFORE = f"{UNVERIFIED} was verified before;"
"""How it begins where the step was verified when it was ticked: what it made is gone."""
