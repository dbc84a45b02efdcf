"""The board: every release in progress of many repositories, read from their trackers. Pure.

No step is evaluated, since that would need the guide of each repository; what is shown is what the boxes say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from fastrel.board.fetch import LabelledIssue, MilestoneOfIssue, Several
from fastrel.errors import UsageError
from fastrel.github.transport.fields import Fields
from fastrel.report.schema import json_time
from fastrel.tracker.body import parse_body
from fastrel.tracker.escape import one_line, shorten
from fastrel.tracker.marker import tracker_tag, tracker_version
from fastrel.tracker.progress import PhaseProgress, Progress, progress_of

SCHEMA = "fastrel.board/1"
"""Name and version of the JSON form; the number changes when a reader could break."""
QUIET = timedelta(days=14)
"""How long nothing must have happened to a tracker until that is worth a word."""
SLACK = timedelta(hours=1)
_VERSION, _PATH = 60, 200
"""Characters of a version that are shown; whoever may edit the issue may write anything there."""


class Attention(StrEnum):
    """Why somebody should look at a release, the most urgent first."""

    OVERDUE = "overdue"
    UNVERIFIED = "unverified"
    FINISHED = "finished"
    """Every step is ticked, and the tracker is still open."""
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Row:
    """One release in progress. All text is foreign and not yet escaped."""

    repository: str
    version: str
    number: int
    url: str
    progress: Progress
    opened: datetime | None
    updated: datetime | None
    assignees: tuple[str, ...] = ()
    milestone: MilestoneOfIssue | None = None
    attention: tuple[Attention, ...] = ()
    tag: str = ""
    """The release's tag, where the repository has several guides; empty otherwise."""
    guide: str = ""
    """Path of the guide."""

    @property
    def name(self) -> str:
        """What tells the release from others of its repository."""
        return self.tag or self.version


@dataclass(frozen=True, slots=True)
class Trouble:
    """An owner or a repository that could not be read, and why."""

    place: str
    problem: str


@dataclass(frozen=True, slots=True)
class Board:
    """The releases in progress at one moment, those that need attention first."""

    at: datetime
    places: tuple[str, ...]
    rows: tuple[Row, ...]
    troubles: tuple[Trouble, ...] = ()
    repositories: int = 0
    """How many repositories were looked at."""
    requests: int = 0
    """How many HTTP requests it cost."""


def board_of(found: Several, places: Sequence[str], at: datetime, requests: int = 0) -> Board:
    """The board of what was found."""
    rows = [row for issue in found.issues if (row := _row(issue, at))]
    return Board(
        at,
        tuple(places),
        tuple(sorted(rows, key=_urgency)),
        tuple(Trouble(place, problem) for place, problem in found.troubles),
        found.repositories,
        requests,
    )


def _row(issue: LabelledIssue, at: datetime) -> Row | None:
    version = tracker_version(issue.body)
    if version is None or not issue.believed:
        return None
    # A tracker is opened with ticks that were found a moment before; and clocks differ.
    progress = progress_of(issue.body, since=issue.opened and issue.opened - SLACK, until=at + SLACK)
    return Row(
        issue.repository,
        shorten(one_line(version), _VERSION),
        issue.number,
        issue.url,
        progress,
        issue.opened,
        issue.updated,
        issue.assignees,
        issue.milestone,
        _attention(issue, progress, at),
        shorten(one_line(tag.replace("{version}", version)), _VERSION) if (tag := tracker_tag(issue.body)) else "",
        shorten(one_line(parse_body(issue.body).guide_path), _PATH),
    )


def _attention(issue: LabelledIssue, progress: Progress, at: datetime) -> tuple[Attention, ...]:
    reasons = {
        Attention.OVERDUE: issue.milestone is not None and issue.milestone.is_overdue(at),
        Attention.UNVERIFIED: progress.unverified > 0,
        Attention.FINISHED: 0 < progress.total == progress.settled,
        Attention.QUIET: issue.updated is not None and at - issue.updated > QUIET,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _urgency(row: Row) -> tuple[object, ...]:
    """What needs attention comes first; then what is due first; then what has been left alone for longest."""
    late = datetime.max.replace(tzinfo=UTC)
    worst = min((list(Attention).index(one) for one in row.attention), default=len(Attention))
    due = row.milestone.due if row.milestone and row.milestone.due else late
    return worst, due, row.updated or late, row.repository.lower(), row.number


def board_json(board: Board) -> dict[str, object]:
    """The documented JSON form (see `docs/reference/json.md`); times are ISO 8601 in UTC."""
    return {
        "schema": SCHEMA,
        "at": json_time(board.at),
        "places": list(board.places),
        "repositories": board.repositories,
        "requests": board.requests,
        "releases": [_row_json(row, board.at) for row in board.rows],
        "problems": [{"place": one.place, "problem": one.problem} for one in board.troubles],
    }


def board_from_json(data: object) -> Board:
    """The board of its JSON form. UsageError when it is none of ours."""
    board = Fields.of(data)
    at = board.time("at")
    if board.text("schema") != SCHEMA or at is None:
        raise UsageError(f"This is not a board of schema {SCHEMA}.")
    return Board(
        at,
        board.texts("places"),
        tuple(_row_from_json(one) for one in board.items("releases")),
        tuple(Trouble(one.text("place"), one.text("problem")) for one in board.items("problems")),
        board.number("repositories"),
        board.number("requests"),
    )


def _row_json(row: Row, at: datetime) -> dict[str, object]:
    progress, milestone = row.progress, row.milestone
    return {
        "repository": row.repository,
        "version": row.version,
        "tag": row.tag or None,
        "guide": row.guide or None,
        "number": row.number,
        "url": row.url,
        "opened": json_time(row.opened),
        "updated": json_time(row.updated),
        "assignees": list(row.assignees),
        "milestone": milestone
        and {
            "title": milestone.title,
            "url": milestone.url,
            "due": json_time(milestone.due),
            "overdue": milestone.is_overdue(at),
        },
        "progress": {"settled": progress.settled, "total": progress.total},
        "phases": [{"name": one.name, "settled": one.settled, "total": one.total} for one in progress.phases],
        "unverified": progress.unverified,
        "skipped": progress.skipped,
        "next": {"id": progress.next_step, "phase": progress.next_phase} if progress.next_step else None,
        "last_tick": {"by": progress.ticked_by or None, "at": json_time(progress.ticked_at)}
        if progress.ticked_at
        else None,
        "attention": [one.value for one in row.attention],
    }


def _row_from_json(row: Fields) -> Row:
    milestone, following, tick = row.sub("milestone"), row.sub("next"), row.sub("last_tick")
    reasons = row.texts("attention")
    return Row(
        row.text("repository"),
        row.text("version"),
        row.number("number"),
        row.text("url"),
        Progress(
            tuple(
                PhaseProgress(one.text("name"), one.number("settled"), one.number("total"))
                for one in row.items("phases")
            ),
            row.number("unverified"),
            row.number("skipped"),
            following.text("id"),
            following.text("phase"),
            tick.text("by"),
            tick.time("at"),
        ),
        row.time("opened"),
        row.time("updated"),
        row.texts("assignees"),
        MilestoneOfIssue(milestone.text("title"), milestone.text("url"), milestone.time("due"))
        if milestone.data
        else None,
        tuple(one for one in Attention if one.value in reasons),
        row.text("tag"),
        row.text("guide"),
    )
