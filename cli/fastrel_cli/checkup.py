"""Examines the project of the current folder for `doctor`, and prints the findings."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path

import click

from fastrel.actions.registry import parameters_of_actions
from fastrel.doctor.finding import Health
from fastrel.doctor.run import Examined
from fastrel.doctor.subject import Subject
from fastrel.engine.session import utc_now
from fastrel.errors import GuideError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.connection import connection_from_environment
from fastrel.guide.locate import find_guide, guide_for
from fastrel.guide.model import Guide
from fastrel.guide.parser import read_guide
from fastrel.text.plain import plain
from fastrel_cli.sessions import client_of, origin_of, require_name, worktree_here
from fastrel_cli.streams.wrap import echo_folded
from fastrel_cli.terminal.report_overview import NARROW
from fastrel_cli.terminal.report_parts import COLOURS, console

SIGNS = {
    Health.OK: ("✔", "green"),
    Health.WARNING: ("!", "yellow"),
    Health.PROBLEM: ("✘", "red"),
    Health.UNKNOWN: ("?", "dim"),
}


def patient_here(guide: Path | None, repo: str) -> Subject:
    """The project around the current folder. UsageError only for wrong options or a wrong environment."""
    if repo:
        require_name(repo)
    connection = connection_from_environment()
    worktree = worktree_here()
    found, error = _guide(guide, worktree)
    name = repo or (found.settings.repository if found else "") or origin_of(worktree)
    client = client_of(connection)
    return Subject(
        connection,
        client,
        utc_now(),
        Repository(client, name) if name else None,
        found,
        error,
        worktree,
        parameters_of_actions(),
    )


def show_examination(examined: Examined) -> None:
    """A table in a terminal, plain lines in a pipe, on standard output."""
    if sys.stdout.isatty():
        show = _show_narrow if shutil.get_terminal_size().columns < NARROW else _show_table
        show(examined)
        return
    for line in examination_lines(examined):
        click.echo(line)


def examination_lines(examined: Examined) -> list[str]:
    """One line for each check, and below it how to fix what is wrong."""
    width = max(len(one.name) for one in examined.findings)
    lines: list[str] = []
    for group, findings in examined.groups:
        lines += [group]
        for one in findings:
            lines.append(f"  {one.health.value:<7}  {one.name:<{width}}  {_line(one.summary)}")
            lines += [f"  {'':<7}  {'':<{width}}  → {_line(one.mend)}"] if one.mend else []
        lines.append("")
    return [*lines, totals(examined)]


def totals(examined: Examined) -> str:
    """The last line: how many of each."""
    counted = Counter(one.health for one in examined.findings)
    words = [
        (Health.PROBLEM, "problem", "problems"),
        (Health.WARNING, "warning", "warnings"),
        (Health.UNKNOWN, "unknown", "unknown"),
    ]
    parts = [
        f"{counted[health]} {one if counted[health] == 1 else many}" for health, one, many in words if counted[health]
    ]
    return f"{counted[Health.OK]} ok" + (f", {', '.join(parts)}" if parts else "")


def _show_narrow(examined: Examined) -> None:
    """A few lines for each check, in a terminal that has no room for columns."""
    for group, findings in examined.groups:
        click.echo(click.style(group, bold=True))
        for one in findings:
            sign, style = SIGNS[one.health]
            coloured = click.style(sign, fg=COLOURS.get(style, style))
            echo_folded(f"{coloured} {one.name}: {_line(one.summary)}", sys.stdout)
            if one.mend:
                echo_folded(f"  → {_line(one.mend)}", sys.stdout)
        click.echo()
    click.echo(totals(examined))


def _show_table(examined: Examined) -> None:
    from rich.table import Table
    from rich.text import Text

    out = console()
    for group, findings in examined.groups:
        table = Table(
            title=Text(group, style="bold"),
            title_justify="left",
            box=None,
            show_header=False,
            padding=(0, 1),
            expand=True,
        )
        table.add_column(width=1)
        table.add_column(no_wrap=True, min_width=max(len(one.name) for one in examined.findings))
        table.add_column(ratio=1)
        for one in findings:
            sign, style = SIGNS[one.health]
            words = Text(_line(one.summary))
            if one.mend:
                words.append(f"\n→ {_line(one.mend)}", style="dim" if one.health is Health.UNKNOWN else style)
            table.add_row(Text(sign, style=style), one.name, words)
        out.print(table)
        out.print()
    out.print(Text(totals(examined), style="bold"))


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _guide(guide: Path | None, worktree: Worktree | None) -> tuple[Guide | None, GuideError | None]:
    try:
        here = Path.cwd()
        return read_guide(guide or (guide_for(here, worktree.root) if worktree else find_guide(here))), None
    except GuideError as error:
        return None, error
