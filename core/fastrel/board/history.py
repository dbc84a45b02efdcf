"""Past releases, read from their trackers: who did what when, and how long each phase took. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fastrel.actions.action import Action
from fastrel.actions.registry import action_of
from fastrel.errors import UsageError
from fastrel.github.model import Issue, ReleaseEntry
from fastrel.guide.model import Guide, Step
from fastrel.release import release_of
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import GIVEN_UP
from fastrel.tracker.model import TrackerBody

DECISIONS = ("release.edit", "bugs.decide")
"""Actions whose steps a person may tick before their turn."""
AT_OPENING = timedelta(seconds=30)
"""A tick within this time of the tracker's opening was found by it, and says nothing of when the step was done."""


@dataclass(frozen=True, slots=True)
class PastTick:
    """A tick of a past release."""

    step_id: str
    phase: str
    by: str
    at: datetime
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class PastRelease:
    """A release whose tracker is closed."""

    version: str
    number: int
    url: str
    given_up: bool
    opened: datetime
    closed: datetime
    phases: tuple[tuple[str, datetime], ...]
    """Each phase of the guide, in its order, with the moment when its steps were first all done, as far as the ticks
    tell; phases without a tick are left out. None ends before the one that stands before it."""
    ticks: tuple[PastTick, ...] = ()
    """By time."""
    published: str = ""
    """Address of the release on GitHub."""
    compare: str = ""
    """Address of what has changed since the release before."""


def history_of(
    trackers: Sequence[Issue],
    guide: Guide,
    guide_path: str = "",
    *,
    releases: Sequence[ReleaseEntry] = (),
    tags: Collection[str] = (),
    repository_url: str = "",
) -> tuple[PastRelease, ...]:
    """The releases whose trackers are closed, the one that was closed last first. With a path, those that another guide
    has made are left out."""
    entries = {one.tag: one for one in releases if not one.draft}
    found: list[PastRelease] = []
    for tracker in trackers:
        body = parse_body(tracker.body)
        if guide_path and body.guide_path and not _same_guide(body.guide_path, guide_path):
            continue
        one = _past(tracker, body, guide)
        if one:
            found.append(_linked(one, guide, entries, tags, repository_url))
    return tuple(sorted(found, key=lambda one: (one.closed, one.number), reverse=True))


def history_json(releases: Sequence[PastRelease]) -> list[dict[str, object]]:
    """The form in which a snapshot holds them; times are ISO 8601 in UTC."""
    return [
        {
            "version": one.version,
            "number": one.number,
            "url": one.url,
            "given_up": one.given_up,
            "opened": one.opened.isoformat(),
            "closed": one.closed.isoformat(),
            "published": one.published or None,
            "compare": one.compare or None,
            "phases": [{"name": name, "ended": ended.isoformat()} for name, ended in one.phases],
            "ticks": [
                {
                    "id": tick.step_id,
                    "phase": tick.phase,
                    "by": tick.by or None,
                    "at": tick.at.isoformat(),
                    "skipped": tick.skipped,
                }
                for tick in one.ticks
            ],
        }
        for one in releases
    ]


def _same_guide(one: str, other: str) -> bool:
    """Whether two paths name the same guide; outside of a checkout only the file's name is known."""
    return one == other or (min(one.count("/"), other.count("/")) == 0 and one.split("/")[-1] == other.split("/")[-1])


def _past(tracker: Issue, body: TrackerBody, guide: Guide) -> PastRelease | None:
    if tracker.state != "closed" or tracker.created is None or tracker.closed is None:
        return None
    if tracker.state_reason == "duplicate":
        return None
    ticks = []
    for phase in guide.phases:
        for step in phase.steps:
            entry = body.entries.get(step.id)
            evidence = entry.evidence if entry and entry.ticked else None
            # What people write into a tracker may lie outside of its time.
            if evidence and evidence.at and tracker.created <= evidence.at <= tracker.closed:
                ticks.append(PastTick(step.id, phase.title, evidence.by, evidence.at, bool(evidence.skip_reason)))
    moments = {tick.step_id: tick.at for tick in ticks}
    return PastRelease(
        body.version,
        tracker.number,
        tracker.url,
        tracker.state_reason in GIVEN_UP,
        tracker.created,
        tracker.closed,
        _phase_ends(guide, moments, tracker.created),
        tuple(sorted(ticks, key=lambda tick: tick.at)),
    )


def _phase_ends(guide: Guide, moments: Mapping[str, datetime], opened: datetime) -> tuple[tuple[str, datetime], ...]:
    """When each phase ended. A tick is written anew when its step was contradicted and became true again, which is
    later than the phase's end; but a later phase's command only runs when all before it is done. So a phase
    ends with its last tick, but not later than the first one that a command of a later phase has made."""
    ends: dict[str, datetime] = {}
    begun: datetime | None = None
    for phase in reversed(guide.phases):
        own = [moments[step.id] for step in phase.steps if step.id in moments]
        if own:
            ends[phase.title] = min([max(own), *([begun] if begun else [])])
        made = [moments[step.id] for step in phase.steps if step.id in moments and _waits_for_its_turn(step)]
        made = [at for at in made if at - opened > AT_OPENING]
        begun = min([*made, *([begun] if begun else [])], default=None)
    found: list[tuple[str, datetime]] = []
    for title, ended in reversed(ends.items()):
        found.append((title, max([ended, *(at for _, at in found[-1:])])))
    return tuple(found)


def _waits_for_its_turn(step: Step) -> bool:
    """Whether a command does the step, which only runs when all before it is done; a check may find something, and a
    person may decide, at any time."""
    return step.uses not in ("", *DECISIONS) and type(action_of(step)).plan is not Action.plan


def _linked(
    one: PastRelease, guide: Guide, entries: Mapping[str, ReleaseEntry], tags: Collection[str], repository_url: str
) -> PastRelease:
    tag = guide.settings.tag.replace("{version}", one.version)
    entry = entries.get(tag)
    if entry is None:
        return one
    try:
        release = release_of(one.version, [name for name in tags if name != tag], guide.settings.naming)
    except UsageError:  # people may write anything into a tracker
        return one
    previous = release.previous_tag
    compare = f"{repository_url}/compare/{previous}...{tag}" if previous and repository_url else ""
    return replace(one, published=entry.url, compare=compare)
