"""The tracker on GitHub: found by label and hidden marker, opened once, changed without losing what people wrote.

GitHub has no compare-and-swap on issue bodies, so somebody else may write between our reading and our writing. But it
keeps every revision: after a write we ask which one ours took the place of. When that is not the one that we had read,
what was written in between is brought back. So each writer repairs what its own write took away, and nobody else's.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from fastrel.errors import FastrelError, RemoteError
from fastrel.github.gateway import Repository
from fastrel.github.issue_history import IssueText, same_text
from fastrel.github.model import Issue
from fastrel.github.transport.failures import Invalid
from fastrel.guide.model import Settings
from fastrel.tracker.body import LIMIT, length, merge, parse_body
from fastrel.tracker.insertion import insert_steps
from fastrel.tracker.marker import tracker_version, version_of_guide, with_guide
from fastrel.tracker.model import Change
from fastrel.tracker.new_body import Line
from fastrel.tracker.rescue import not_overruled, rescued, set_back, with_recent
from fastrel.tracker.state import with_state, without_state
from fastrel.tracker.trust import Believes, is_believed, made_by, not_believed

TRIES = 8
"""How often is written, when somebody else writes at the same moment."""
RECENT = 120
"""Seconds for which the write of another tool may be based on an older body, at most."""
LAG = (0.5, 1, 2)
"""Seconds between looks for our own revision."""
GIVEN_UP = frozenset({"not_planned", "duplicate"})
"""Reasons for closing a tracker that leave its version without one."""
LABEL_COLOUR = "0e8a16"


def trackers(repository: Repository, settings: Settings) -> list[Issue]:
    """All trackers of the repository, open and closed, oldest first: issues of people who belong to it, with the label
    and the marker of a version."""
    login = repository.login()
    return [issue for issue in _marked(repository, settings) if is_believed(issue, login)]


def strange_trackers(repository: Repository, settings: Settings) -> list[Issue]:
    """Open issues that look like trackers, of people who do not belong to the repository."""
    login = repository.login()
    return [one for one in _marked(repository, settings) if one.state == "open" and not is_believed(one, login)]


def _marked(repository: Repository, settings: Settings) -> list[Issue]:
    found = repository.issues.labelled(settings.label, "all")
    return [issue for issue in found if version_of_guide(issue.body, settings)]


def find_tracker(repository: Repository, settings: Settings, version: str) -> Issue | None:
    """The tracker of a version: the oldest open one, else the newest completed one, else None. One that was given up
    (closed as not planned, or as a duplicate) is none."""
    return counting_of(trackers(repository, settings), version)


def unlabelled_tracker(repository: Repository, settings: Settings, version: str, milestone: str) -> Issue | None:
    """An open tracker of the version that has lost its label, found in the milestone of the release; else None."""
    found, login = repository.milestones.named(milestone) if milestone else None, repository.login()
    for issue in repository.issues.in_milestone(found.number) if found else ():
        lacks = issue.state == "open" and settings.label not in issue.labels
        if lacks and version_of_guide(issue.body, settings) == version and is_believed(issue, login):
            return issue
    return None


def given_up_tracker(repository: Repository, settings: Settings, version: str) -> Issue | None:
    """The newest tracker of a version that was closed as not planned; None when there is none."""
    return given_up_of(trackers(repository, settings), version)


def doubles(repository: Repository, settings: Settings, version: str) -> list[Issue]:
    """Further open trackers of a version, which its maker could not close; the oldest one counts."""
    return doubles_of(trackers(repository, settings), version)


def counting_of(found: Sequence[Issue], version: str) -> Issue | None:
    """Of trackers, oldest first, the one that counts for a version."""
    of_version = [one for one in found if tracker_version(one.body) == version]
    still_open = [one for one in of_version if one.state == "open"]
    if still_open:
        return still_open[0]
    completed = [one for one in of_version if one.state_reason not in GIVEN_UP]
    return completed[-1] if completed else None


def given_up_of(found: Sequence[Issue], version: str) -> Issue | None:
    """Of trackers, oldest first, the newest of a version that was closed as not planned."""
    of_version = [one for one in reversed(found) if tracker_version(one.body) == version]
    return next((one for one in of_version if one.state_reason == "not_planned" and one.state == "closed"), None)


def doubles_of(found: Sequence[Issue], version: str) -> list[Issue]:
    """Of trackers, oldest first, the open ones of a version beside the one that counts."""
    return [one for one in found if one.state == "open" and tracker_version(one.body) == version][1:]


def close_double(
    repository: Repository,
    tracker: Issue,
    double: Issue,
    *,
    believes: Believes,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Close a second tracker as a duplicate; what people ticked there who may is ticked in the one that counts."""
    closed = repository.issues.change(double.number, {"state": "closed", "state_reason": "duplicate"})
    known = parse_body(repository.issues.one(tracker.number).body).entries
    ticked = [one for one in parse_body(closed.body).entries.values() if one.ticked]
    changes = [Change(one.step_id, True, one.evidence) for one in ticked if one.step_id in known]
    changes = [one for one in changes if not known[one.step_id].ticked]
    if changes:
        try:
            makers = made_by(repository.issues.editors(double.number, True), [one.step_id for one in changes])
        except FastrelError:  # GitHub does not tell who made them
            makers = {}
        by = {step: one for step, one in makers.items() if one and believes(one.login, one.bot, step)}
        changes = [one for one in changes if one.step_id in by]
    if changes:
        change_tracker(repository, tracker.number, changes, believes=believes, pause=pause)
    words = (
        "Its ticks by people with the step's role are there, too; what people wrote here stays here."
        if changes
        else "What people wrote stays here."
    )
    repository.issues.comment(double.number, f"Duplicate of #{tracker.number}. {words}")


def open_tracker(
    repository: Repository, settings: Settings, version: str, body: str, *, milestone: int, assignees: Sequence[str]
) -> Issue:
    """Create the tracker. Call `find_tracker` first. CannotBeAssigned, with no tracker created, when GitHub does not
    take one of the assignees."""
    repository.issues.ensure_label(settings.label, colour=LABEL_COLOUR, description="Tracks a release")
    name = settings.tag.replace("{version}", version) if settings.package else version
    labels, text = [settings.label], with_state(body)
    try:
        return repository.issues.create(
            f"Release {name}", text, labels=labels, assignees=assignees, milestone=milestone
        )
    except Invalid as error:
        if "assignees" not in error.refused:
            raise
        named = error.refused["assignees"] or assignees
        refused = [one for one in named if not repository.issues.may_be_assigned(one)] or list(named)
        raise CannotBeAssigned(tuple(refused), repository.name) from None


class CannotBeAssigned(RemoteError):
    """GitHub does not assign these people to issues of the repository."""

    def __init__(self, logins: tuple[str, ...], repository: str) -> None:
        named = ", ".join(logins)
        super().__init__(
            f"GitHub cannot assign {named} to issues of {repository} (422).",
            done="No release issue was opened.",
            next_step=f"Correct `assignees:` in the guide, or give {named} access to the repository.",
        )
        self.logins = logins


def change_tracker(
    repository: Repository,
    number: int,
    changes: Sequence[Change],
    new_lines: Sequence[Line] = (),
    *,
    believes: Believes,
    read: Issue | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Issue:
    """Bring changes into the tracker's body, and back into it what others wrote between our reading and our writing;
    of ticks, those of people who may tick the step, since what we write counts as ours. Returns the tracker as it is
    then.

    RemoteError when others keep writing at the same time. `read` is the tracker where it was read just now, `pause`
    waits for so many seconds.
    """
    issue = read or repository.issues.anew(number)
    return _write(repository, issue, lambda body, left: _with_changes(body, left, new_lines), changes, believes, pause)


def record_guide(
    repository: Repository,
    number: int,
    path: str,
    commit: str,
    *,
    believes: Believes,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Write the guide and its commit into the tracker's marker, unless somebody else names another one just now."""
    issue = repository.issues.anew(number)
    before = parse_body(issue.body).guide_commit

    def named(body: str, changes: Sequence[Change]) -> str:
        return with_guide(body, path, commit) if parse_body(body).guide_commit == before != commit else body

    _write(repository, issue, named, (), believes, pause)


def _write(
    repository: Repository,
    issue: Issue,
    ours: Callable[[str, Sequence[Change]], str],
    changes: Sequence[Change],
    believes: Believes,
    pause: Callable[[float], None],
) -> Issue:
    """Write what `ours` makes of a body with the changes, and bring back what that takes away."""
    number, body, left = issue.number, issue.body, list(changes)
    text = with_state(ours(without_state(body), left))
    for attempt in range(TRIES):
        if text == body:
            return replace(issue, body=body)
        if length(text) >= LIMIT:
            raise _no_room(issue)
        issue = repository.issues.change(number, {"body": text})
        now = _read_back(repository, number, text, pause)
        taken = now.before(text, issue.updated)
        lost = taken is not None and not same_text(taken, body)
        if lost and attempt:  # several who write over each other get out of step
            pause(random.uniform(0, attempt / 2))
            now = replace(now, body=repository.issues.text(number).body)
        # The state follows from the rest, so only the rest is merged.
        base, written, here = map(without_state, (body, text, now.body))
        wanted = here
        if taken is not None and lost:
            theirs = without_state(taken)
            older = now.long_before(body, issue.updated, RECENT)
            if older is not None:
                between = [without_state(one) for one in now.between(body, text, issue.updated)]
                theirs = with_recent(without_state(older), base, theirs, between)
            left = not_overruled(base, theirs, left)
            # What we would have written, had we read what ours took the place of.
            meant = rescued(base, written, theirs) if attempt else theirs
            wanted = rescued(written, ours(meant, left), here)
            since = now.written_between(body, text, issue.updated)
            strange = not_believed(base, here, wanted, since, {one.step_id for one in changes}, believes)
            wanted = merge(wanted, [_as_read(base, step_id) for step_id in strange])
        again = left if now.revisions is None else set_back(base, written, here, left)
        body, text = now.body, with_state(ours(wanted, again))
    if text == body:
        return replace(issue, body=body)
    raise RemoteError(
        f"The release issue #{number} is being changed by others at the same time: {issue.url}",
        done=f"After {TRIES} tries, it may lack ticks or words that somebody has just written. GitHub keeps them under "
        "“edited” at the top of the issue. What the steps did is done.",
        next_step="Look there, then type `fastrel-checklist sync` in a minute.",
    )


def _as_read(text: str, step_id: str) -> Change:
    """A step as a text has it."""
    entry = parse_body(text).entries.get(step_id)
    return Change(step_id, True, entry.evidence) if entry and entry.ticked else Change(step_id, False)


def _with_changes(body: str, changes: Sequence[Change], new_lines: Sequence[Line]) -> str:
    return merge(insert_steps(body, new_lines) if new_lines else body, changes)


def _read_back(repository: Repository, number: int, written: str, pause: Callable[[float], None]) -> IssueText:
    """The body and its revisions after a write, when GitHub shows it among them, which may take a moment."""
    now = repository.issues.text(number)
    for seconds in LAG:
        if not now.lacks(written):
            return now
        pause(seconds)
        now = repository.issues.text(number)
    return IssueText(now.body, None) if now.lacks(written) else now


def _no_room(issue: Issue) -> RemoteError:
    return RemoteError(
        f"The release issue #{issue.number} has no room for what two have written at the same time: {issue.url}",
        done="GitHub keeps all that was written under “edited” at the top of the issue.",
        next_step="Make its text shorter, then type `fastrel-checklist sync`.",
    )
