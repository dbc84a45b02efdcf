"""A report on the screen: a table in a terminal, plain lines when piped."""

from __future__ import annotations

import shutil
import sys
from itertools import groupby

from fastrel.report.report import Report
from fastrel.text.plain import plain_line
from fastrel_cli.streams.hyperlinks import linked_id
from fastrel_cli.streams.wrap import echo_folded
from fastrel_cli.terminal.guide_changes import announcement_lines
from fastrel_cli.terminal.report_overview import NARROW, show_overview
from fastrel_cli.terminal.report_parts import heading_lines, nested_id, next_line, sign_of, summary_words, ticked_words


def show_report(report: Report, *, whole: bool = False) -> None:
    """Print a report on standard output: what fits a screen, or each step with its evidence and who ticked it."""
    if not whole:
        show_overview(report)
    else:
        _show_whole(report)


def _show_whole(report: Report) -> None:
    if sys.stdout.isatty() and shutil.get_terminal_size().columns < NARROW:
        for line in narrow_lines(report):
            echo_folded(line, sys.stdout)
        return
    if sys.stdout.isatty():
        from fastrel_cli.terminal.report_table import show_table

        show_table(report)
        return
    for line in report_lines(report):
        print(line)  # noqa: T201


def narrow_lines(report: Report) -> list[str]:
    """The report for a terminal that has no room for columns: a few lines for each step."""
    lines = [*heading_lines(report, sys.stdout), *(announcement_lines(report.guide) if report.guide else ())]
    for phase, steps in groupby(report.steps, key=lambda one: one.phase):
        lines += ["", plain_line(phase) or "Steps"]
        for one in steps:
            lines.append(f"{sign_of(one.status)} {linked_id(one, sys.stdout)} ({one.status.value})")
            lines.append(f"  {summary_words(one)}")
            lines += [f"  {ticked_words(one)}"] if one.tick else []
    words = next_line(report)
    return [*lines, "", words] if words else lines


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
    words = next_line(report)
    return [*lines, "", words] if words else lines
