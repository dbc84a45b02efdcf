"""The earlier texts of an issue, and who wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Editing:
    """Who wrote a body. `login` is GraphQL's: bots without `[bot]`."""

    login: str
    bot: bool
    text: str | None = None
    """The whole body after it; None when that was not asked for, or was deleted."""
    first: bool = False
    """Whether it is the body that the issue was opened with."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A body that an issue had: None when its text was deleted."""

    text: str | None
    at: datetime | None
    by: str = ""
    """GraphQL's login: bots without `[bot]`."""
    bot: bool = False


@dataclass(frozen=True, slots=True)
class IssueText:
    """The body of an issue, and its revisions, newest first; None where the server does not tell them."""

    body: str
    revisions: tuple[Revision, ...] | None = ()

    def before(self, written: str, at: datetime | None) -> str | None:
        """What a text that was written at a time took the place of; None when that is not known."""
        place = self._place(written, at)
        known = self.revisions or ()
        return known[place + 1].text if 0 <= place < len(known) - 1 else None

    def between(self, read: str, written: str, at: datetime | None) -> tuple[str, ...]:
        """The known texts after the one that was read and before the one that was written at a time, oldest first."""
        texts = (one.text for one in self.written_between(read, written, at))
        return tuple(text for text in texts if text is not None)

    def written_between(self, read: str, written: str, at: datetime | None) -> tuple[Revision, ...]:
        """The revisions after the one that was read and before the one that was written at a time, oldest first."""
        newest, oldest = self._place(written, at), self._place(read, at)
        return (self.revisions or ())[newest + 1 : max(oldest, 0)][::-1]

    def long_before(self, read: str, at: datetime | None, seconds: int) -> str | None:
        """The newest known revision, not newer than the one that was read, that is older by so many seconds than a
        time; else the oldest one that is known. None when it is not known."""
        place = self._place(read, at)
        known = [one for one in (self.revisions or ())[place:] if one.text is not None] if place >= 0 else []
        old = (one for one in known if one.at and at and (at - one.at).total_seconds() > seconds)
        return next(old, known[-1]).text if known else None

    def lacks(self, written: str) -> bool:
        """Whether revisions are told, but not yet the one with this text."""
        return self.revisions is not None and self._place(written, None) < 0

    def _place(self, written: str, at: datetime | None) -> int:
        """The revision with this text: of several, the one nearest to the time; of those, the newest."""
        found = [
            (abs((one.at - at).total_seconds()) if one.at and at else 0, place)
            for place, one in enumerate(self.revisions or ())
            if one.text is not None and same_text(one.text, written)
        ]
        return min(found, default=(0, -1))[1]


def same_text(one: str, other: str) -> bool:
    """Whether two bodies are the same, when a server has its own way with line endings and the end of a text."""
    return one == other or _trimmed(one) == _trimmed(other)


def _trimmed(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip()
