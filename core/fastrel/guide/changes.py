"""The differences between two states of a guide, as far as they decide what a run does. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import zip_longest

from fastrel.guide.lines import split_lines
from fastrel.guide.model import Guide, Settings, Step

UNCOMMITTED = "The guide in the checkout has changes that are not committed."


class How(StrEnum):
    """What happened to a step."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a step or a setting, before and now; of longer texts, the first line that differs. What there was not
    or is no more is empty."""

    part: str
    old: str
    new: str
    gone: bool
    """Whether the whole of it is no more, and not only a line."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the guide, as it is written there."""

    step_id: str
    part: str
    """`check` or `script`."""
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A step that was added, removed or changed; without an id, what concerns the whole guide."""

    step_id: str
    how: How
    title: str
    parts: tuple[Difference, ...] = ()

    @property
    def of_commands(self) -> bool:
        """Whether other commands than before would be executed."""
        return any(one.part in ("script", "check") and not one.gone for one in self.parts)


def with_commands(guide: Guide) -> frozenset[str]:
    """The steps that execute something of the guide."""
    return frozenset(step.id for step in guide.steps() if step.script or step.check)


@dataclass(frozen=True, slots=True)
class GuideNews:
    """How the guide at hand differs from the one that the tracker names. All text is foreign and not yet escaped."""

    recorded: str
    """The commit in the tracker; empty when what stands there is none."""
    current: str
    """The commit that is checked out; empty without a checkout that holds the guide."""
    path: str
    """The guide's path in the repository."""
    problem: str = ""
    """Why the tracker's commit cannot be relied on; empty when it can."""
    uncommitted: bool = False
    """Whether the guide in the checkout has changes that are not committed."""
    changes: tuple[Change, ...] = ()
    """What decides what a run does and is another than at the tracker's commit; empty when only words around the steps
    differ, or when there is nothing to compare with."""
    to_agree: bool = False
    """Whether somebody must agree before steps are run. Not so for words around the steps, nor for changes that are not
    committed, which nobody but the person at the checkout can have made."""
    withheld: frozenset[str] = frozenset()
    """Steps whose commands are not those of the tracker's guide; they are not executed before somebody has agreed, not
    even as a check."""
    commands: tuple[Command, ...] = ()
    """Commands that the release branch on the remote does not have, and that nobody at this machine has agreed to."""

    @property
    def to_record(self) -> bool:
        """Whether the tracker can name the guide at hand."""
        return bool(self.current) and not self.uncommitted


def guide_changes(old: Guide, new: Guide) -> tuple[Change, ...]:
    """What differs, settings first, then the steps in the order of the new guide, then those that are gone."""
    before = {step.id: (step, phase.title) for phase in old.phases for step in phase.steps}
    now = {step.id: (step, phase.title) for phase in new.phases for step in phase.steps}
    changes = [one for one in (_of_whole(old, new, list(before), list(now)),) if one.parts]
    for step_id, (step, phase) in now.items():
        if step_id not in before:
            changes.append(Change(step_id, How.ADDED, step.title, _parts({}, _described(step, ""))))
            continue
        earlier, earlier_phase = before[step_id]
        parts = _parts(_described(earlier, earlier_phase), _described(step, phase))
        if parts:
            changes.append(Change(step_id, How.CHANGED, step.title, parts))
    gone = [step for step, _ in before.values() if step.id not in now]
    return (*changes, *(Change(step.id, How.REMOVED, step.title) for step in gone))


def same_text(one: str, other: str) -> bool:
    """Whether two files hold the same lines; git may check them out with other ends."""
    return one == other or split_lines(one) == split_lines(other)


def _of_whole(old: Guide, new: Guide, before: list[str], now: list[str]) -> Change:
    parts = _parts(_settings(old.settings), _settings(new.settings))
    common_before, common_now = [one for one in before if one in now], [one for one in now if one in before]
    if common_before != common_now:
        parts += _parts({"order of the steps": ", ".join(common_before)}, {"order of the steps": ", ".join(common_now)})
    return Change("", How.CHANGED, "", parts)


def _settings(settings: Settings) -> Mapping[str, str]:
    values = {one.name: getattr(settings, one.name) for one in fields(settings) if one.name != "branch_given"}
    values["version_files"] = tuple(
        " ".join(filter(None, (one.path, one.pattern, one.key, "optional" if one.optional else "")))
        for one in settings.version_files
    )
    # The version that a site pins decides nothing in a run.
    return {
        f"setting {name}": ", ".join(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
        if name != "version"
    }


def _described(step: Step, phase: str) -> Mapping[str, str]:
    described = {name: read(step) for name, read in _PARTS.items()}
    described |= {f"parameter {name}": value for name, value in step.params.items()}
    return {**described, "phase": phase}


_PARTS: Mapping[str, Callable[[Step], str]] = {
    "text": lambda step: step.title,
    "action": lambda step: f"{step.uses} proposed" if step.proposed else step.uses,
    "script": lambda step: step.script or "",
    "check": lambda step: step.check,
    "confirm": lambda step: step.confirm,
    "role": lambda step: step.role.value,
    "if": lambda step: ", ".join(step.kinds),
    "needs": lambda step: ", ".join(step.needs),
    "announcement": lambda step: step.template,
}
"""The parts of a step that decide what a run asks, checks or does, besides its parameters; and its text."""


def _parts(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Difference, ...]:
    names = dict.fromkeys([*old, *new])
    pairs = [(name, old.get(name, ""), new.get(name, "")) for name in names]
    return tuple(Difference(name, *_first_difference(a, b), gone=not b) for name, a, b in pairs if a != b)


def _first_difference(old: str, new: str) -> tuple[str, str]:
    """The first line in which two texts differ; a change further down must not hide behind equal first lines."""
    for before, now in zip_longest(split_lines(old), split_lines(new), fillvalue=""):
        if before != now:
            return before, now
    return old, new
