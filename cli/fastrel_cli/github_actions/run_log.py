"""Reporter of a run in GitHub Actions: writes to the workflow's log, and keeps the lines for the answer."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.actions.action import Effect, Output, Plan
from fastrel.actions.questions.prompts import Undecided
from fastrel.guide.changes import GuideNews
from fastrel.report.report import Report, StepReport
from fastrel.running.reporter import Options
from fastrel_cli.github_actions.workflow_io import say
from fastrel_cli.terminal.guide_changes import announcement_lines


class RunLog:
    """A reporter that agrees to every effect, since whoever wrote the command did."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._said = ""

    @property
    def log(self) -> str:
        return "\n".join(self._lines)

    def announces(self, news: GuideNews) -> None:
        for line in announcement_lines(news):
            self._say(line)

    def agrees(self, news: GuideNews) -> bool:
        # The guide of a workflow is that of the branch, which was reviewed; the log says what is new in it.
        return True

    def begins(self, report: Report, options: Options) -> None:
        self._say(f"Release {report.release.version}: {report.settled} of {len(report.steps)} steps")

    def reaches(self, one: StepReport) -> None:
        if not one.status.settled:
            self._say(f"{one.step.id}: {one.status}, {one.verdict.summary}")

    def returns(self, steps: Sequence[StepReport], branch: str) -> None:
        self._say(f"{branch} has moved; looked at again: {', '.join(one.step.id for one in steps)}")

    def plans(self, one: StepReport, plan: Plan) -> None:
        for notice in plan.notices:
            self._say(f"    note: {notice}")

    def allows(self, one: StepReport, effects: Sequence[Effect]) -> bool:
        return True

    def applies(self, one: StepReport, effect: Effect, number: int, total: int) -> None:
        self._say(f"    {number} of {total}: {effect.words}")

    def hears(self, one: StepReport, output: Output) -> None:
        # For the log of the workflow alone: an answer on GitHub is read by more people.
        for line in output.text.splitlines():
            say(f"        {line}")

    def waits(self, one: StepReport, seconds: float, patience: float, expected: float | None) -> None:
        if one.verdict.summary != self._said:
            self._said = one.verdict.summary
            self._say(f"    waiting: {one.verdict.summary}")

    def puts_off(self, one: StepReport, why: Undecided) -> None:
        self._say(f"    stays open: {why.problem}")

    def leaves(self, one: StepReport, *, ticked: bool) -> None:
        if ticked:
            self._say(f"{one.step.id}: {one.status}, {one.verdict.summary}")

    def hinders(self, problem: str) -> None:
        self._say(f"    blocks the run: {problem}")

    def reads(self, calls: Sequence[str]) -> None:
        """A workflow makes no dry run."""

    def needs(self, one: StepReport, why: Undecided) -> None:
        self.hinders(why.problem)

    def ends(self) -> None:
        self._said = ""

    def _say(self, line: str) -> None:
        line = " ".join(line.splitlines())
        self._lines.append(line)
        say(line)
