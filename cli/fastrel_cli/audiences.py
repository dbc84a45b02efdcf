"""What a run looks like: every step, what it will do, what it waits for. All of it goes to standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from fastrel.actions.action import Effect
from fastrel.people import Undecided
from fastrel.report import Report, StepReport
from fastrel.runner import Options
from fastrel.verdict import Status
from fastrel_cli.messages import plain
from fastrel_cli.screen import SIGNS, heading_lines, title_words

COLOURS = {"dim": "bright_black"}


class Onlooker:
    """Shows a run line by line; asks before effects unless they are agreed beforehand."""

    def __init__(self, *, agreed: bool) -> None:
        self._agreed = agreed
        self._phase: str | None = None
        self._dry = False
        self._waiting = ""

    def begins(self, report: Report, options: Options) -> None:
        self._dry = options.dry_run
        for line in heading_lines(report):
            _say(line)
        if options.dry_run:
            _say("Dry run: nothing is changed.")

    def reaches(self, one: StepReport) -> None:
        if one.phase != self._phase:
            self._phase = one.phase
            _say("")
            _say(click.style(plain(one.phase), bold=True))
        if not one.status.settled:
            _say(f"  {_sign(one.status)} {one.step.id}: {title_words(one.title)}")
            _say(f"      {one.status}: {plain(one.verdict.summary)}")
        elif self._dry:
            _say(f"  {_sign(one.status)} {one.step.id}: {plain(one.verdict.summary)}")

    def plans(self, one: StepReport, effects: Sequence[Effect]) -> None:
        for effect in effects:
            _say(f"      {'would ' if self._dry else '→ '}{plain(effect.words)}")

    def allows(self, one: StepReport, effects: Sequence[Effect]) -> bool:
        if self._agreed:
            return True
        if not sys.stdin.isatty():
            raise Undecided(
                f"Nobody is there to confirm step {one.step.id}.", next_step="Add --yes, or run it in a terminal."
            )
        return click.confirm("      Do this?", default=True, err=True)

    def applies(self, one: StepReport, effect: Effect) -> None:
        pass

    def waits(self, one: StepReport, seconds: float) -> None:
        words = plain(one.verdict.summary)
        if sys.stderr.isatty():
            click.echo(f"\r\033[K      waiting {seconds:.0f} s: {words}", nl=False, err=True)
        elif words != self._waiting:
            _say(f"      waiting: {words}")
        self._waiting = words

    def leaves(self, one: StepReport, *, ticked: bool) -> None:
        if self._waiting and sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)
        self._waiting = ""
        if ticked:
            _say(f"  {_sign(one.status)} {one.step.id}: {plain(one.verdict.summary)}")

    def hinders(self, problem: str) -> None:
        _say(click.style(f"      in the way now: {plain(problem)}", fg="yellow"))


def _sign(status: Status) -> str:
    sign, colour = SIGNS[status]
    return click.style(sign, fg=COLOURS.get(colour, colour))


def _say(line: str) -> None:
    click.echo(line, err=True)
