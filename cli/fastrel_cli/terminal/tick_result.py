"""Output of `tick`, `untick` and `skip`."""

from __future__ import annotations

import sys

import click

from fastrel.report.report import Report
from fastrel.text.plain import plain
from fastrel_cli.streams.hyperlinks import linked_id
from fastrel_cli.streams.json_output import print_json
from fastrel_cli.terminal.report_parts import ticked_words


def show_marked(report: Report, step_id: str, *, as_json: bool) -> None:
    """The step as it stands now, and where to see it."""
    if as_json:
        print_json(report)
        return
    one = report.of(step_id)
    words = f" [{ticked_words(one)}]" if one.tick else ""
    click.echo(f"{linked_id(one, sys.stdout)}: {one.status}, {plain(one.verdict.summary)}{words}")
    if one.unverified:
        click.echo("GitHub does not show it; the tick is kept and marked as unverified.", err=True)
    if report.tracker:
        click.echo(report.tracker.url)
