"""The tracker on GitHub: found by label and hidden marker, opened once, changed without losing what people wrote.

GitHub has no compare-and-swap on issue bodies, so every write re-reads, merges, writes, reads back and repairs.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.errors import RemoteError
from fastrel.guide.model import Settings
from fastrel.repository.gateway import Repository
from fastrel.repository.model import Issue
from fastrel.tracker.body import Line, applied, merge, parse_body, tracker_version, with_guide
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.model import Change

TRIES = 5
"""How often a write is repeated when somebody else writes at the same moment."""
GIVEN_UP = frozenset({"not_planned", "duplicate"})
"""Reasons for closing a tracker that leave its version without one."""
LABEL_COLOUR = "0e8a16"


def trackers(repository: Repository, settings: Settings) -> list[Issue]:
    """All trackers of the repository, open and closed, oldest first."""
    found = repository.issues.labelled(settings.label, "all")
    return [issue for issue in found if tracker_version(issue.body) is not None]


def find_tracker(repository: Repository, settings: Settings, version: str) -> Issue | None:
    """The tracker of a version: the oldest open one, else the newest completed one, else None. One that was given up
    (closed as not planned, or as a duplicate) is none."""
    of_version = [one for one in trackers(repository, settings) if tracker_version(one.body) == version]
    still_open = [one for one in of_version if one.state == "open"]
    if still_open:
        return still_open[0]
    completed = [one for one in of_version if one.state_reason not in GIVEN_UP]
    return completed[-1] if completed else None


def open_tracker(
    repository: Repository, settings: Settings, version: str, body: str, *, milestone: int, assignees: Sequence[str]
) -> Issue:
    """Create the tracker. Call `find_tracker` first."""
    repository.issues.ensure_label(settings.label, colour=LABEL_COLOUR, description="Tracks a release")
    return repository.issues.create(
        f"Release {version}", body, labels=[settings.label], assignees=assignees, milestone=milestone
    )


def change_tracker(
    repository: Repository, number: int, changes: Sequence[Change], new_lines: Sequence[Line] = ()
) -> Issue:
    """Bring changes into the tracker's body and read back that they are there. Returns the tracker as it is then.

    RemoteError when others keep writing over it.
    """
    for _ in range(TRIES):
        repository.fresh()
        issue = repository.issues.one(number)
        wanted = insert_steps(issue.body, new_lines) if new_lines else issue.body
        wanted = merge(wanted, changes).text
        if wanted == issue.body:
            return issue
        repository.issues.change(number, {"body": wanted})
        repository.fresh()
        written = repository.issues.one(number)
        if applied(written.body, changes):
            return written
    raise RemoteError(
        f"The tracker #{number} is being changed by somebody else at the same time.",
        done=f"After {TRIES} tries, not all ticks are in it. What the steps did is done.",
        next_step="Type `fastrel-checklist sync` in a minute.",
    )


def record_guide(repository: Repository, number: int, path: str, commit: str) -> None:
    """Write the guide and its commit into the tracker's marker. When others keep writing over it, it is announced once
    more, which does no harm."""
    for _ in range(TRIES):
        repository.fresh()
        body = repository.issues.one(number).body
        wanted = with_guide(body, path, commit)
        if wanted == body or parse_body(body).guide_commit == commit:
            return
        repository.issues.change(number, {"body": wanted})
