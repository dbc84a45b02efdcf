"""A report as tables in a terminal, one for each phase."""

from __future__ import annotations

import re
import sys
from itertools import groupby

from rich.table import Table
from rich.text import Text

from fastrel.report.report import Report, StepReport
from fastrel.report.verdict import Link, Status
from fastrel.text.plain import plain_line
from fastrel.tracker.escape import safe_url
from fastrel_cli.terminal.guide_changes import announcement_lines
from fastrel_cli.terminal.report_parts import (
    SIGNS,
    console,
    heading_lines,
    nested_id,
    next_line,
    summary_words,
    ticked_words,
)

WIDE = 120
"""From how many characters on there is room for a column with the ticks; else they stand below the evidence."""
SHOWN = 3
"""How many links follow the evidence."""


def show_table(report: Report) -> None:
    """Print it on standard output."""
    out = console()
    first, *rest = heading_lines(report, sys.stdout)
    out.print(Text(first, style="bold"))
    for line in rest:
        out.print(Text.from_ansi(line))
    for line in announcement_lines(report.guide) if report.guide else ():
        out.print(Text(line, style="yellow"))
    for phase, steps in groupby(report.steps, key=lambda one: one.phase):
        out.print()
        out.print(_table(phase, list(steps), wide=out.width >= WIDE))
    if words := next_line(report):
        out.print()
        out.print(Text(words))


def _table(phase: str, steps: list[StepReport], *, wide: bool) -> Table:
    table = Table(
        title=Text(plain_line(phase) or "Steps", style="bold"),
        title_justify="left",
        box=None,
        expand=True,
        show_header=False,
        padding=(0, 1),
    )
    table.add_column(width=1)
    table.add_column(no_wrap=True, min_width=20)
    table.add_column(no_wrap=True, min_width=7)
    table.add_column(ratio=1)
    if wide:
        table.add_column(style="dim", max_width=WIDE // 3)
    for one in steps:
        sign, style = SIGNS[one.status]
        evidence, ticked = _evidence(one), Text(ticked_words(one), style="dim")
        more = [ticked] if wide else []
        if ticked and not wide:
            evidence.append("\n").append(ticked)
        table.add_row(Text(sign, style=style), nested_id(one), Text(one.status.value, style=style), evidence, *more)
    return table


def _evidence(one: StepReport) -> Text:
    """The summary. A link whose name stands in it is behind these words; the others follow, unless the words are about
    other steps, as those of a blocked one are."""
    summary = Text(summary_words(one))
    left: list[Link] = []
    for link in one.verdict.links if one.status is not Status.BLOCKED else ():
        name = plain_line(link.text)
        found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", summary.plain) if name else None
        if found:
            summary.stylize(_style(link), *found.span())
        else:
            left.append(link)
    for number, link in enumerate(left[:SHOWN]):
        summary.append(" " if number else " · ").append(plain_line(link.text), style=_style(link))
    return summary.append(" …") if len(left) > SHOWN else summary


def _style(link: Link) -> str:
    address = safe_url(link.url)  # it becomes part of a command to the terminal
    return f"underline link {address}" if address else ""
