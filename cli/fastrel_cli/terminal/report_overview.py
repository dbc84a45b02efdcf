"""A report short enough for one screen: a line for each finished phase and each open step, and the next step."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from itertools import groupby

import click

from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import Status
from fastrel.text.plain import plain_line
from fastrel_cli.streams.hyperlinks import linked_id
from fastrel_cli.streams.wrap import UNSEEN, echo_folded, width_of
from fastrel_cli.terminal.guide_changes import announcement_lines
from fastrel_cli.terminal.report_parts import heading_lines, next_line, sign_of, summary_words

NARROW = 60
"""With fewer columns the evidence stands below the step."""
MANY = 5
"""With more phases that wait they share a line."""


def show_overview(report: Report) -> None:
    """Print it on standard output."""
    for line in heading_lines(report, sys.stdout):
        echo_folded(line, sys.stdout)
    for line in announcement_lines(report.guide) if report.guide else ():
        echo_folded(click.style(line, fg="yellow"), sys.stdout)
    click.echo()
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in overview_lines(report, columns):
        click.echo(line)
    if words := next_line(report):
        click.echo()
        echo_folded(words, sys.stdout)


def overview_lines(report: Report, columns: int) -> list[str]:
    """The phases and the open steps, each cut to so many columns; 0 for no end."""
    phases = [(phase, list(steps)) for phase, steps in groupby(report.steps, key=lambda one: one.phase)]
    waiting = [phase for phase, steps in phases if _waits(steps)]
    width = max((len(one.step.id) for one in report.steps if _is_open(one)), default=0)
    lines: list[str] = []
    for phase, steps in phases:
        if len(waiting) > MANY and _waits(steps):
            if phase == waiting[0]:
                left = sum(len(steps) for _, steps in phases if _waits(steps))
                lines.append(_cut(f"{sign_of(Status.BLOCKED)} {len(waiting)} phases with {left} steps wait", columns))
            continue
        lines.append(_phase_line(phase, steps, columns))
        if all(one.status.settled for one in steps) or _waits(steps):
            continue
        for one in steps:
            if _is_open(one):
                lines += _step_lines(one, width, columns)
        blocked = [one.step.id for one in steps if one.status is Status.BLOCKED and not one.unverified]
        if blocked:
            words = f"{len(blocked)} {'step waits' if len(blocked) == 1 else 'steps wait'}: {', '.join(blocked)}"
            lines.append(_cut(f"    {sign_of(Status.BLOCKED)} {words}", columns))
    return lines


def _phase_line(phase: str, steps: Sequence[StepReport], columns: int) -> str:
    settled = sum(one.status.settled for one in steps)
    skipped = sum(one.status is Status.SKIPPED for one in steps)
    title = plain_line(phase) or "Steps"
    words = f"{settled} of {len(steps)}" + (f", {skipped} skipped" if skipped else "")
    if settled == len(steps):
        return _cut(f"{sign_of(Status.DONE)} {title}: {words}", columns)
    if _waits(steps):
        return _cut(f"{sign_of(Status.BLOCKED)} {title}: {words}", columns)
    return _cut(f"  {click.style(title, bold=True)}: {words}", columns)


def _step_lines(one: StepReport, width: int, columns: int) -> list[str]:
    words = summary_words(one) + (" (ticked, unverified)" if one.unverified else "")
    # In a pipe the status is a word, which can be searched for.
    status = sign_of(one.status) if columns else f"{one.status.value:<7}"
    begin = f"    {status} {linked_id(one, sys.stdout)}"
    if columns and columns < NARROW:
        return [_cut(begin, columns), _cut(f"      {words}", columns)]
    return [_cut(f"{begin}{' ' * (width - len(one.step.id))}  {words}", columns)]


def _is_open(one: StepReport) -> bool:
    return not one.status.settled and (one.status is not Status.BLOCKED or one.unverified)


def _waits(steps: Sequence[StepReport]) -> bool:
    """Whether nothing in a phase can be done yet."""
    left = [one for one in steps if not one.status.settled]
    return bool(left) and not any(_is_open(one) for one in left)


def _cut(line: str, columns: int) -> str:
    """A line that is not longer than the terminal is wide."""
    if not columns or width_of(line) <= columns:
        return line
    kept, seen = "", 0
    for part in _parts(line):
        if part.startswith("\x1b"):
            kept += part
        elif seen < columns - 1:
            kept, seen = kept + part, seen + 1
    return f"{kept}…"


def _parts(line: str) -> list[str]:
    """The line's codes for links and colours, and its characters."""
    parts: list[str] = []
    place = 0
    for code in UNSEEN.finditer(line):
        parts += [*line[place : code.start()], code[0]]
        place = code.end()
    return [*parts, *line[place:]]
