"""The result of a check: a status, one line of summary, links as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a step stands."""

    DONE = "done"
    TODO = "todo"
    """Can run now."""
    WAITING = "waiting"
    """Something outside is in progress, such as CI."""
    FAILED = "failed"
    """Needs repair, such as red CI."""
    MANUAL = "manual"
    """A human must decide or confirm."""
    BLOCKED = "blocked"
    """An earlier step is not done."""
    SKIPPED = "skipped"
    """Does not apply to this kind of release, or skipped with a reason."""
    UNKNOWN = "unknown"
    """Could not be read."""

    @property
    def settled(self) -> bool:
        """Whether later steps may go on."""
        return self in (Status.DONE, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class Link:
    """Evidence that a reader can open."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `summary` is one line of plain text, foreign text in it not yet escaped."""

    status: Status
    summary: str
    links: tuple[Link, ...] = ()
    part: tuple[int, int] | None = None
    """While waiting: how many of how many things have ended."""
    patience: float | None = None
    """While waiting: after how many seconds it is no longer plausible that it will come; None: no such time."""
    passing: bool = False
    """While failed: whether it may be over in a moment, since somebody else is at work, so that a run looks again."""
    decided: bool = False
    """While done: whether only a person's tick says so, and taking it back makes the step open again."""
    alone: Verdict | None = None
    """While blocked by earlier steps: what the step's own check says."""
    covers: tuple[str, ...] = ()
    """While done by a person's decision: what it covers, such as numbers of issues; what comes later it does not."""


def done(summary: str, *links: Link) -> Verdict:
    return Verdict(Status.DONE, summary, links)


def decided(summary: str, *links: Link) -> Verdict:
    """Done because a person said so."""
    return Verdict(Status.DONE, summary, links, decided=True)


def todo(summary: str, *links: Link) -> Verdict:
    return Verdict(Status.TODO, summary, links)


def waiting(summary: str, *links: Link, part: tuple[int, int] | None = None, patience: float | None = None) -> Verdict:
    return Verdict(Status.WAITING, summary, links, part, patience)


def failed(summary: str, *links: Link) -> Verdict:
    return Verdict(Status.FAILED, summary, links)


def manual(summary: str, *links: Link) -> Verdict:
    return Verdict(Status.MANUAL, summary, links)


def blocked(summary: str, *links: Link) -> Verdict:
    return Verdict(Status.BLOCKED, summary, links)


def skipped(summary: str, *links: Link) -> Verdict:
    return Verdict(Status.SKIPPED, summary, links)
