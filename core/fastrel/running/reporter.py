"""Run options, the reporter protocol, and the outcome of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from fastrel.actions.action import Effect, Output, Plan
from fastrel.actions.questions.prompts import Undecided
from fastrel.errors import FastrelError
from fastrel.guide.changes import GuideNews
from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import Status


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. `poll` and `patience` are seconds: between two looks at something outside, and until giving up."""

    steps: tuple[str, ...] = ()
    """Only these, in the order of the guide; empty: all."""
    until: str = ""
    """The last step to run."""
    dry_run: bool = False
    unattended: bool = False
    """Whether nobody is there to decide; a dry run then leaves open what waits for a decision."""
    rerun_failed: int = 0
    """How often red jobs are run again."""
    poll: float = 10.0
    patience: float = 3600.0
    command: str = "fastrel-checklist run"
    answers: Mapping[str, str] = field(default_factory=dict)
    """What was answered beforehand, by step."""
    more: str = ""
    """What was typed behind the version, so that whoever is told to continue stops where they wished to."""

    def again(self, version: str, *options: str) -> str:
        """What to type to continue, with further options, as code."""
        return f"`{' '.join(filter(None, [self.command, version, self.more, *options]))}`"

    @property
    def is_rehearsal(self) -> bool:
        return self.command.endswith(" rehearse")

    @property
    def lag(self) -> float:
        """Seconds in which GitHub may still show the state before an effect."""
        return 3 * self.poll


class Reporter(Protocol):
    """Told of everything that happens in a run. The command line shows it; tests record it."""

    def announces(self, news: GuideNews) -> None:
        """Comes first: the guide is not the one that the tracker names."""
        ...

    def agrees(self, news: GuideNews) -> bool:
        """Whether to go on with it."""
        ...

    def begins(self, report: Report, options: Options) -> None: ...

    def reaches(self, one: StepReport) -> None:
        """The run comes to a step; the verdict is what was known before."""
        ...

    def returns(self, steps: Sequence[StepReport], branch: str) -> None:
        """The run goes back to steps that it had passed: the branch has moved, and they are not settled any more."""
        ...

    def plans(self, one: StepReport, plan: Plan) -> None:
        """These effects come next (or would, in a dry run)."""
        ...

    def allows(self, one: StepReport, effects: Sequence[Effect]) -> bool:
        """Whether to apply them."""
        ...

    def applies(self, one: StepReport, effect: Effect, number: int, total: int) -> None:
        """One of the effects is applied now; numbers count from 1."""
        ...

    def hears(self, one: StepReport, output: Output) -> None:
        """A program of the step has ended well and printed this."""
        ...

    def waits(self, one: StepReport, seconds: float, patience: float, expected: float | None) -> None:
        """Something outside is in progress, for this long now. It is waited for no longer than the patience; as things
        usually go, it takes as long as is expected."""
        ...

    def puts_off(self, one: StepReport, why: Undecided) -> None:
        """The step stays as it is, since a person must decide, and the run goes on."""
        ...

    def leaves(self, one: StepReport, *, ticked: bool) -> None:
        """The run is through with a step, for now."""
        ...

    def reads(self, calls: Sequence[str]) -> None:
        """In a dry run: the requests and git commands for the step that was reached; before the first one, for all."""
        ...

    def hinders(self, problem: str) -> None:
        """In a dry run: what would stop a real one."""
        ...

    def needs(self, one: StepReport, why: Undecided) -> None:
        """In a dry run: what a real one would ask a person."""
        ...

    def ends(self) -> None:
        """The run is over, also by an error or Ctrl-C."""
        ...


@dataclass(slots=True)
class Walked:
    """What happened to one step."""

    step_id: str
    before: Status
    after: Status
    effects: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """The requests and git commands of the effects."""
    undecided: bool = False
    """Whether it was put off, since a person must decide."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run: the report at its end, what happened to each step, and why it stopped, if it did."""

    report: Report
    walked: tuple[Walked, ...]
    stopped: FastrelError | None = None
