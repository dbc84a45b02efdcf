"""The issues that can be the release issue, and the ticks in one that count, by their authors. Pure.

Everybody may open an issue, and an issue template may give it the label. So an issue is the release issue only when
somebody who belongs to the repository opened it. In its text, which its author and everybody with the triage role may
edit, a skip or a decision counts only when somebody wrote it there who may make it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from fastrel.github.issue_history import Editing, Revision
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.tracker.body import parse_body
from fastrel.tracker.model import Entry

BELONGING = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""Associations of an author that nobody has without an invitation.
Source: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation"""


def is_believed(issue: Issue, login: str) -> bool:
    """Whether an issue can be the release issue: the user of the tool opened it, an app that is installed here, or
    somebody who belongs to the repository."""
    return issue.by_bot or issue.association in BELONGING or bool(login and issue.author == login)


Believes = Callable[[str, bool, str], bool]
"""Whether somebody may tick a step: their login as GraphQL has it, whether it is an app's, and the step's id."""
Value = tuple[bool, str, tuple[str, ...]]
"""Whether a step is ticked, why it is skipped, what the word on it covers."""


def made_by(history: Sequence[Editing], steps: Sequence[str]) -> Mapping[str, Editing | None]:
    """Who made each step's tick as it is now: the editor of the revision since which it is so without a break. None
    when the revisions, which are given newest first, do not go back so far."""
    values = [values_of(one.text) for one in history]
    found: dict[str, Editing | None] = {}
    for step in steps:
        now = values[0].get(step) if values else None
        place = next((n for n, one in enumerate(values) if one.get(step) != now), None)
        if place is None:  # so since the first text, if that is known
            place = len(values) if history and history[-1].first else None
        found[step] = None if place is None else history[place - 1]
    return found


def unproven(
    entries: Mapping[str, Entry],
    needed: Mapping[str, Role],
    makers: Mapping[str, Editing | None],
    role: Callable[[Editing], Role | None],
) -> Mapping[str, str]:
    """The steps whose ticks somebody made who may not, with the reason."""
    found: dict[str, str] = {}
    for step_id, entry in entries.items():
        if not entry.ticked or step_id not in needed:
            continue
        maker = makers.get(step_id)
        has = role(maker) if maker else None
        if maker is None:
            found[step_id] = "GitHub does not show who wrote it"
        elif has is None or has.rank < needed[step_id].rank:
            found[step_id] = f"{maker.login or 'somebody'}, who has not the role {needed[step_id]}, wrote it"
    return found


def not_believed(
    read: str, now: str, wanted: str, between: Sequence[Revision], ours: Collection[str], believes: Believes
) -> tuple[str, ...]:
    """The steps that a text would tick anew for somebody who may not tick them: neither ticked so in the text that was
    read nor in the one that is there now, and not our own. `between` are the revisions that were written over. Written
    by us, such ticks would look like our own."""
    known, after = (values_of(read), values_of(now)), values_of(wanted)
    new = [
        step
        for step, value in after.items()
        if value[0] and step not in ours and all(one.get(step) != value for one in known)
    ]
    found: list[str] = []
    for step in new:
        makers = [one for one in between if values_of(one.text).get(step) == after[step]]
        if not makers or not all(believes(one.by, one.bot, step) for one in makers):
            found.append(step)
    return tuple(found)


def values_of(text: str | None) -> dict[str, Value]:
    """What a text says of each step: whether it is ticked, why it is skipped, what the word on it covers."""
    return {step: _value(one) for step, one in parse_body(text).entries.items()} if text else {}


def _value(entry: Entry) -> Value:
    evidence = entry.evidence
    return entry.ticked, evidence.skip_reason if evidence else "", evidence.covers if evidence else ()
