"""A report on the screen: a table in a terminal, plain lines when piped."""

from __future__ import annotations

import sys
from itertools import groupby

from fastrel.report.report import Report
from fastrel.text.plain import plain_line
from fastrel_cli.terminal.guide_changes import announcement_lines
from fastrel_cli.terminal.report_parts import heading_lines, nested_id, summary_words, ticked_words


def show_report(report: Report) -> None:
    """Print a report on standard output."""
    if sys.stdout.isatty():
        from fastrel_cli.terminal.report_table import show_table

        show_table(report)
        return
    for line in report_lines(report):
        print(line)  # noqa: T201


def report_lines(report: Report) -> list[str]:
    """The report as plain text, one line for each step, grouped by phase."""
    lines = [*heading_lines(report, sys.stdout), *(announcement_lines(report.guide) if report.guide else ())]
    width = max((len(nested_id(one)) for one in report.steps), default=0)
    for phase, steps in groupby(report.steps, key=lambda one: one.phase):
        lines += ["", plain_line(phase) or "Steps"]
        for one in steps:
            tail = f"  [{ticked_words(one)}]" if one.tick else ""
            lines.append(f"  {one.status.value:<8} {nested_id(one):<{width}}  {summary_words(one)}{tail}".rstrip())
            lines += [f"  {'':<8} {'':<{width}}  {plain_line(link.url)}" for link in one.verdict.links[:1]]
    return lines
