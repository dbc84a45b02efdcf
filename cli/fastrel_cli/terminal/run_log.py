"""Reporter of a run in a terminal: prints each step, its effects and what it waits for to standard error, and the plan
of a dry run to standard output."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from fastrel.actions.action import Effect, Output, Plan
from fastrel.actions.questions.prompts import PutOff, Undecided
from fastrel.guide.changes import GuideNews
from fastrel.report.report import Report, StepReport
from fastrel.running.reporter import Options
from fastrel.text.plain import plain, plain_line
from fastrel_cli.command_hints import with_given_options
from fastrel_cli.streams.hyperlinks import linked_id
from fastrel_cli.streams.verbosity import is_quiet
from fastrel_cli.streams.wrap import echo_folded
from fastrel_cli.terminal.ask import NO, PHASE, QUIT, RELEASE, SKIP, YES, ask, confirmed
from fastrel_cli.terminal.guide_changes import announcement_lines
from fastrel_cli.terminal.report_parts import heading_lines, sign_of, title_words

if TYPE_CHECKING:
    from fastrel_cli.terminal.progress import Waiting

SHOWN = 20
"""How many effects are listed before they are confirmed."""
MANY = 5
"""From how many effects on each is counted while it is applied."""


class TerminalReporter:
    """Shows a run line by line; asks before effects unless they are agreed beforehand."""

    def __init__(self, *, agreed: bool, plan_is_result: bool = False) -> None:
        """`plan_is_result`: whether this is a dry run whose plan is printed on standard output."""
        self._agreed = agreed
        self._stream = sys.stdout if plan_is_result else sys.stderr
        self._phase: str | None = None
        self._agreed_phase: str | None = None
        self._agreed_to_release = False
        self._dry = False
        self._said = ""
        self._waiting: Waiting | None = None

    def announces(self, news: GuideNews) -> None:
        for line in announcement_lines(news):
            _warn(click.style(line, fg="yellow"))

    def agrees(self, news: GuideNews) -> bool:
        if self._agreed:
            return True
        if not sys.stdin.isatty():
            raise Undecided(
                "Nobody is there to agree to the guide as it is now.",
                next_step="Read what has changed, then add --yes, or run it in a terminal.",
            )
        return confirmed("Go on with the guide as it is now?", default=False)

    def begins(self, report: Report, options: Options) -> None:
        self._dry = options.dry_run
        for line in heading_lines(report, self._stream):
            self._say(line)
        if options.dry_run:
            self._say("Dry run: nothing is changed. Lines with $ were read now; lines with ! are what a run would do.")
            if report.tracker:
                self._say("A run ticks each step in the release issue as soon as it is done:")
                self._call(f"      ! PATCH /repos/{plain_line(report.repository)}/issues/{report.tracker.number}")
            self._say("Read for the report:")

    def reaches(self, one: StepReport) -> None:
        if one.phase != self._phase:
            self._phase = one.phase
            self._say("")
            self._say(click.style(plain_line(one.phase), bold=True))
        if not one.status.settled:
            self._say(f"  {sign_of(one.status)} {linked_id(one, self._stream)}: {title_words(one.title)}")
            self._say(f"      {one.status}: {plain_line(one.verdict.summary)}")
            self._said = plain_line(one.verdict.summary)  # waiting for it does not say so once more
        elif self._dry:
            self._say(f"  {sign_of(one.status)} {linked_id(one, self._stream)}: {plain_line(one.verdict.summary)}")

    def returns(self, steps: Sequence[StepReport], branch: str) -> None:
        names = ", ".join(one.step.id for one in steps)
        self._say("")
        self._say(f"{plain_line(branch)} has moved, so {names} {'is' if len(steps) == 1 else 'are'} looked at again.")

    def plans(self, one: StepReport, plan: Plan) -> None:
        self._stop_waiting()
        show = self._say if self._dry else _warn
        for notice in plan.notices:
            show(click.style(f"      note: {plain_line(notice)}", fg="yellow"))
        for effect in plan.effects[:SHOWN]:
            self._say(f"      {'would ' if self._dry else '→ '}{plain_line(effect.words)}")
            if effect.text and not self._agreed:
                self._say("\n".join(f"        {line}".rstrip() for line in plain(effect.text).splitlines()))
            for call in effect.calls if self._dry else ():
                self._call(f"        ! {plain_line(call)}")
        if len(plan.effects) > SHOWN:
            self._say(f"      … and {len(plan.effects) - SHOWN} more like these")

    def allows(self, one: StepReport, effects: Sequence[Effect]) -> bool:
        if self._agreed or self._agrees_to_all(one, effects):
            return True
        if not sys.stdin.isatty():
            raise Undecided(
                f"Nobody is there to confirm step {one.step.id}.",
                next_step=f"Add --yes or `--answer {one.step.id}=yes`, or run it in a terminal.",
            )
        way = ask("Do this?", (YES, NO, SKIP, PHASE, RELEASE, QUIT), default=YES)
        if way is SKIP:
            raise PutOff
        if way is RELEASE:
            self._agreed_to_release = True
        elif way is PHASE:
            self._agreed_phase = one.phase
        return way not in (NO, QUIT)

    def _agrees_to_all(self, one: StepReport, effects: Sequence[Effect]) -> bool:
        """Whether a person has agreed to effects like these: those that nobody else sees, of this phase or of all."""
        agreed = self._agreed_to_release or self._agreed_phase == one.phase
        return agreed and not any(effect.public for effect in effects)

    def applies(self, one: StepReport, effect: Effect, number: int, total: int) -> None:
        if one.step.script is not None:
            self._say("      running …")
        if total >= MANY and sys.stderr.isatty() and not is_quiet():
            click.echo(f"\r\033[K      {number} of {total}: {plain_line(effect.words)}", nl=number == total, err=True)

    def hears(self, one: StepReport, output: Output) -> None:
        for line in output.text.splitlines():
            self._say(click.style(f"        {plain_line(click.unstyle(line))}", dim=True))

    def waits(self, one: StepReport, seconds: float, patience: float, expected: float | None) -> None:
        words = plain_line(one.verdict.summary)
        if sys.stderr.isatty() and not is_quiet():
            self._show_waiting(words, one.verdict.part, seconds, patience, expected)
        elif words != self._said:
            self._say(f"      waiting: {words}")
        self._said = words

    def puts_off(self, one: StepReport, why: Undecided) -> None:
        self._stop_waiting()
        _warn(click.style(f"      {one.step.id} stays open: {plain_line(why.problem)}", fg="yellow"))
        for words in filter(None, (why.done, why.next_step)):
            _warn(f"      {with_given_options(plain_line(words))}")

    def leaves(self, one: StepReport, *, ticked: bool) -> None:
        self._stop_waiting()
        if ticked:
            self._say(f"  {sign_of(one.status)} {linked_id(one, self._stream)}: {plain_line(one.verdict.summary)}")

    def reads(self, calls: Sequence[str]) -> None:
        for call in calls:
            self._call(click.style(f"      $ {plain_line(call)}", dim=True))

    def hinders(self, problem: str) -> None:
        self._say(click.style(f"      blocks the run: {plain_line(problem)}", fg="yellow"))

    def needs(self, one: StepReport, why: Undecided) -> None:
        self._say(click.style(f"      needs you: {plain_line(why.asks or why.problem)}", fg="yellow"))

    def ends(self) -> None:
        self._stop_waiting()

    def _say(self, line: str) -> None:
        """A line of progress; whoever is asked must see what about, so `--quiet` counts only with `--yes`."""
        if not (self._agreed and is_quiet()) or self._stream is sys.stdout:
            echo_folded(line, self._stream)

    def _call(self, line: str) -> None:
        """A request or a command, which is not folded, so that it can be copied."""
        if not (self._agreed and is_quiet()) or self._stream is sys.stdout:
            click.echo(line, file=self._stream)

    def _show_waiting(
        self, words: str, part: tuple[int, int] | None, seconds: float, patience: float, expected: float | None
    ) -> None:
        if self._waiting is None:
            from fastrel_cli.terminal.progress import Waiting

            self._waiting = Waiting()
        self._waiting.show(words, part, seconds, patience, expected)

    def _stop_waiting(self) -> None:
        self._said = ""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None


def _warn(line: str) -> None:
    echo_folded(line, sys.stderr)
