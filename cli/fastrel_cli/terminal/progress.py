"""Progress bar shown while a run waits: for what, how far it is, how long it has waited and may wait."""

from __future__ import annotations

from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from fastrel_cli.terminal.report_parts import console

BAR = 10
"""Characters of the bar."""
NARROW = 72
"""With fewer characters in a line there is no bar."""


class Waiting:
    """A progress bar on standard error, gone when it is stopped."""

    def __init__(self) -> None:
        out = console(stderr=True)
        self._progress = Progress(
            TextColumn("     "),
            SpinnerColumn(),
            *([BarColumn(bar_width=BAR)] if out.width >= NARROW else []),
            TimeElapsedColumn(),
            TextColumn("of {task.fields[bounds]}"),
            _Shortened("{task.description}", markup=False, table_column=Column()),
            console=out,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, bounds="")
        self._progress.start()

    def show(
        self,
        words: str,
        part: tuple[int, int] | None,
        seconds: float,
        patience: float,
        expected: float | None = None,
    ) -> None:
        """`part` is how many of how many things have ended; seconds are those waited so far, at most and as usual."""
        completed, total = part or (0, None)
        usual = "" if expected is None else f"about {_minutes(expected)}, "
        bounds = f"{usual}at most {_minutes(patience)}"
        self._progress.update(self._task, description=words, completed=completed, total=total, bounds=bounds)

    def stop(self) -> None:
        self._progress.stop()


class _Shortened(TextColumn):
    """The column that is shortened where the terminal is narrow, so that the times stay readable."""

    def render(self, task: Task) -> Text:
        text = super().render(task)
        text.no_wrap, text.overflow = True, "ellipsis"
        return text


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"
