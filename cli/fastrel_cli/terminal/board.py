"""The board on the screen: a table in a wide terminal, a few lines for each release in a narrow one, one when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from fastrel.board.board import Attention, Board, Row
from fastrel.text.plain import plain
from fastrel.tracker.escape import safe_url
from fastrel_cli.streams.verbosity import say
from fastrel_cli.terminal.report_parts import console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDE = 120
"""From how many characters on a table has room for whole words."""
WORDS: dict[Attention, Callable[[Row, datetime], str]] = {
    Attention.OVERDUE: lambda row, at: "overdue",
    Attention.UNVERIFIED: lambda row, at: f"{row.progress.unverified} unverified",
    Attention.FINISHED: lambda row, at: "all steps done, still open",
    Attention.QUIET: lambda row, at: f"quiet for {(at - row.updated).days} days" if row.updated else "quiet",
}
BAR = 10
"""Characters of the progress bar."""


def show_board(board: Board) -> None:
    """Print the board on standard output, and on standard error what could not be read."""
    if sys.stdout.isatty() and board.rows:
        out = console()
        show = _show_table if out.width >= WIDE else _show_blocks
        show(board, out)
    else:
        for line in board_lines(board):
            click.echo(line)
    for one in board.troubles:
        words = f"{plain(one.place)}: {plain(one.problem)}"
        click.echo(f"{click.style('warning', fg='yellow', bold=True)}: {words}", err=True)
    repositories, requests = _count(board.repositories, "repository", "repositories"), _count(board.requests, "request")
    releases = _count(len(board.rows), "release")
    say(f"{releases} in progress in {repositories}; {requests}.")


def board_lines(board: Board) -> list[str]:
    """A line for each release, its parts by two spaces."""
    return ["  ".join(part for part in (*_parts(row, board.at), row.url) if part) for row in board.rows]


def next_words(row: Row) -> str:
    """What comes next, and in which phase."""
    if not row.progress.next_step:
        return "nothing left" if row.progress.total else "no steps"
    phase = f" ({plain(row.progress.next_phase)})" if row.progress.next_phase else ""
    return f"{row.progress.next_step}{phase}"


def attention_words(row: Row, at: datetime) -> str:
    """Why somebody should look."""
    return ", ".join(WORDS[one](row, at) for one in row.attention)


def _parts(row: Row, at: datetime) -> tuple[str, ...]:
    return (
        plain(row.repository),
        plain(row.name),
        f"{row.progress.settled} of {row.progress.total}",
        f"next: {next_words(row)}",
        f"due {_day(row)}" if _day(row) else "",
        f"last tick {row.progress.ticked_at:%Y-%m-%d}" if row.progress.ticked_at else "",
        _who(row),
        f"[{attention_words(row, at)}]" if row.attention else "",
    )


def _day(row: Row) -> str:
    return f"{row.milestone.due:%Y-%m-%d}" if row.milestone and row.milestone.due else ""


def _who(row: Row) -> str:
    return " ".join(plain(one) for one in row.assignees)


def _show_blocks(board: Board, out: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    for row in board.rows:
        facts = [_bar(row), Text(f"next: {next_words(row)}"), _due_text(row, "due "), Text(_who(row))]
        out.print(Text(f"{plain(row.repository)} ", style="bold").append_text(_release(row)))
        out.print(Padding(Text(" · ").join(one for one in facts if one), (0, 0, 0, 2)))
        if row.attention:
            out.print(Padding(Text(attention_words(row, board.at), style="yellow"), (0, 0, 0, 2)))
        out.print()


def _show_table(board: Board, out: Console) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, expand=True, padding=(0, 1), header_style="bold")
    table.add_column("Repository", ratio=3, overflow="fold")
    table.add_column("Release", no_wrap=True)
    table.add_column("Steps", no_wrap=True)
    table.add_column("Next", ratio=3, overflow="fold")
    table.add_column("Due", no_wrap=True)
    table.add_column("Who", ratio=1, overflow="fold")
    table.add_column("Attention", ratio=2)
    for row in board.rows:
        table.add_row(
            Text(plain(row.repository)),
            _release(row),
            _bar(row),
            Text(next_words(row)),
            _due_text(row),
            Text(_who(row)),
            Text(attention_words(row, board.at), style="yellow"),
        )
    out.print(table)


def _release(row: Row) -> Text:
    from rich.style import Style
    from rich.text import Text

    return Text(plain(row.name), style=Style(underline=True, link=safe_url(row.url) or None))


def _bar(row: Row) -> Text:
    from rich.text import Text

    settled, total = row.progress.settled, row.progress.total
    filled = BAR * settled // total if total else 0
    return Text.assemble(("━" * filled, "green"), ("━" * (BAR - filled), "dim"), f" {settled}/{total}")


def _due_text(row: Row, before: str = "") -> Text:
    from rich.text import Text

    words = f"{before}{_day(row)}" if _day(row) else ""
    return Text(words, style="red" if Attention.OVERDUE in row.attention else "")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"
