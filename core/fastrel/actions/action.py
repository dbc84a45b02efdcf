"""What an action is: a read-only `check`, and a `plan` of effects that can be shown, confirmed and applied.

To add one, put a module with a subclass of `Action` into this folder; `milestone.py` is a good example to copy.
"""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from fastrel.actions.questions.prompts import Prompter
from fastrel.errors import UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.model import Issue
from fastrel.github.role import Role
from fastrel.guide.model import EMPTY, Guide, Settings, Step
from fastrel.guide.template import LITERAL, render
from fastrel.release import Release
from fastrel.report.verdict import Verdict
from fastrel.tracker.model import BEFORE, UNVERIFIED, Entry

YES = "yes"
"""The answer that agrees to what a step does, and to what it asks a person to confirm."""

_FOLLOWS = re.compile(r"(\S+) is skipped: ")
"""How the reason begins of a skip that follows from another step's."""


def follows(step: Step, reason: str) -> str:
    """The reason of a skip that follows from that of another step."""
    return f"{step.id} is skipped: {reason}"


@dataclass(frozen=True, slots=True)
class Context:
    """All that an action may read."""

    guide: Guide
    step: Step
    release: Release
    repository: Repository
    now: datetime
    worktree: Worktree | None = None
    """None where there is no checkout, such as in a docs build; checks must work without."""
    tracker: Issue | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """What the tracker shows of each step, by step id."""
    decision: str = ""
    """What a person decided in this run and is not in the tracker yet."""
    unsettled: tuple[str, ...] = ()
    """Ids of the other steps that are neither done nor skipped."""
    withheld: str = ""
    """Why the step's commands are not executed: nobody has agreed to them. Empty when they may be."""
    planned: tuple[str, ...] = ()
    """In a dry run: the calls of the effects that come before, whose result is there by then."""
    pause: Callable[[float], None] = time.sleep
    """Waits for so many seconds, before another look."""

    @property
    def settings(self) -> Settings:
        return self.guide.settings

    @property
    def head(self) -> str:
        """What is released: the branch or, for a hotfix whose branch is not there yet, the commit it starts from."""
        release = self.release
        if release.base and not self.repository.code.has_branch(release.branch):
            return release.base
        return release.branch

    @property
    def entry(self) -> Entry | None:
        """What the tracker shows of this step."""
        return self.entries.get(self.step.id)

    def skip(self, step: Step) -> str:
        """Why a step of the guide is skipped: it is for other kinds of release, or somebody has skipped it. Empty when
        it is not. A skip that follows from another step's holds as long as that one."""
        reason = self._skip(step)
        follows = _FOLLOWS.match(reason)
        if not follows:
            return reason
        other = next((one for one in self.guide.steps() if one.id == follows[1]), None)
        return "" if other and not self._skip(other) else reason

    def _skip(self, step: Step) -> str:
        release = self.release
        if not release.is_for(step.kinds):
            kind = f"{release.kind} pre-release" if release.prerelease else f"{release.kind} release"
            return f"only for {', '.join(step.kinds)}; {release.version} is a {kind}"
        entry = self.entries.get(step.id)
        return entry.evidence.skip_reason if entry and entry.ticked and entry.evidence else ""

    @property
    def decided(self) -> str:
        """The recorded decision of a person on this step: made now, or ticked in the tracker. Empty when open."""
        if self.decision:
            return self.decision
        if self.entry is None or not self.entry.ticked:
            return ""
        recorded = self.entry.evidence.summary if self.entry.evidence else UNVERIFIED
        return recorded if recorded and not recorded.startswith(UNVERIFIED) else "ticked in the release issue"

    @property
    def proved(self) -> bool:
        """Whether the tracker shows the step as ticked with evidence that the tool has written."""
        evidence = self.entry.evidence if self.entry and self.entry.ticked else None
        return evidence is not None and not evidence.skip_reason and not evidence.summary.startswith(UNVERIFIED)

    @property
    def was_proved(self) -> bool:
        """Whether the step is ticked and was verified once, also where that is not so any more."""
        evidence = self.entry.evidence if self.entry and self.entry.ticked else None
        return self.proved or (evidence is not None and evidence.summary.startswith(BEFORE))

    @property
    def checkout(self) -> Worktree:
        """The worktree, where an action cannot do without. UsageError when there is none."""
        if self.worktree is None:
            raise UsageError(
                f"Step {self.step.id} needs a git checkout of {self.repository.name}.",
                done="Nothing was changed.",
                next_step="Change into a clone of the repository and type the command again.",
            )
        return self.worktree

    @property
    def verified(self) -> str:
        """What was verified of this step when it was ticked, as the tracker has it. Empty when it is not ticked, or
        when only a person says so."""
        return self.entry.evidence.summary if self.proved and self.entry and self.entry.evidence else ""

    def render(self, text: str) -> str:
        """A text of the guide with `{{ }}` filled in."""
        literal = self.settings.placeholders == LITERAL
        return render(text, self.release.values(self.repository.name), literal=literal)

    def parameter(self, name: str, default: str = "") -> str:
        """A parameter of the step, rendered; the default when the guide does not give it."""
        return self.render(self.step.params.get(name, default))


@dataclass(frozen=True, slots=True)
class Effect:
    """One change: the words that a dry run and a confirmation show, and the function that makes it.

    `apply` reads the state anew when it is called and may be called again after it was killed half-way.
    """

    words: str
    apply: Callable[[], object]
    text: str = ""
    """A text that becomes public, which a person reads before they confirm it."""
    calls: tuple[str, ...] = ()
    """The requests and git commands by which `apply` makes the change, as a dry run shows them: method and path, or the
    command as it is typed. `{id}` stands for what is not known before."""
    public: bool = True
    """Whether more people than those who work on the release see it, or users may take it, so that a person agrees to
    it alone and not by one yes to several effects."""
    shows: Callable[[], bool] | None = None
    """Whether git or GitHub shows the change. Asked after `apply`, also when that has failed, since an answer may be
    lost. Needed where a person's decision settles the step; elsewhere the step's own check tells."""


@dataclass(frozen=True, slots=True)
class Output:
    """What `apply` returns when a program has run: the last of what it printed, without secrets."""

    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The effects of a step and what a person decided on the way."""

    effects: tuple[Effect, ...] = ()
    decision: str = ""
    notices: tuple[str, ...] = ()
    """What a person should know before the effects."""
    kept: Path | None = None
    """Where a text that a person has typed is kept until the effects are verified."""
    left: str = ""
    """What a person leaves as it is, so that the step stays open after the effects: a sentence."""


class Action(ABC):
    """A kind of step. Actions have no state; all that they read is in the context."""

    name: ClassVar[str]
    """What the guide writes behind `uses=`."""
    summary: ClassVar[str] = ""
    """When the step is done, and what running it does; the reference shows it."""
    parameters: ClassVar[Mapping[str, str]] = EMPTY
    """Names of the parameters that the guide may give, with one line of explanation each."""
    needs_worktree: ClassVar[bool] = False
    """Whether `plan` needs a git checkout."""
    last: ClassVar[bool] = False
    """Whether the step comes after all others, wherever the guide puts it."""
    of_head: ClassVar[bool] = False
    """Whether the verdict is one on the newest commit of the branch, so that it holds no more once that has moved."""

    settled_by_decision: ClassVar[bool] = False
    """Whether a person's decision alone settles the step once nothing blocks it, so that it is not asked for again."""

    @abstractmethod
    def check(self, context: Context) -> Verdict:
        """What GitHub, git or the site shows. Reads only; FastrelError when it cannot be read."""

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        """What `run` would do now. Asks people, reads, changes nothing."""
        return Plan()

    def answers(self, context: Context) -> tuple[str, ...]:
        """What `--answer STEP=…` may say before a run: words that the step's question takes, such as `fix`, or
        `ship: REASON` where a text stands behind it; `YYYY-MM-DD` for a date; `TEXT` for any text."""
        return (YES,)

    def repair(self, context: Context) -> Plan:
        """What may be tried when the check has failed and somebody has asked for it, such as running red jobs again."""
        return Plan()

    def expectation(self, context: Context) -> float | None:
        """For how many seconds more the check will probably say `waiting`, as earlier times tell; None: nothing tells.
        Asked once while a run waits, so it may cost a request."""
        return None

    def covers(self, context: Context) -> tuple[str, ...]:
        """What a person's word on the step covers when it is given now, such as numbers of issues. The check finds it
        in the tracker's evidence and asks again about what came since. Empty: the step as it is."""
        return ()

    def needed_role(self, context: Context) -> Role:
        """The role that the step needs: the guide's, or a higher one that GitHub demands."""
        return context.step.role

    def taken_away(self, context: Context) -> str:
        """What the step has made and GitHub does not show any more, such as `tag v1.0.0`; empty when it is there. Asked
        where the step was verified and is not done any more: whether it is made again, a person decides."""
        return ""

    def preconditions(self, context: Context) -> tuple[str, ...]:
        """What stands in the way of this step and is better known before the first effect of a run."""
        return ()
