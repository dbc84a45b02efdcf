"""The line that moves while something outside is in progress: what, how far, for how long, until when at most."""

from __future__ import annotations

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from fastrel_cli.screen import console


class Waiting:
    """A progress bar on standard error, gone when it is stopped."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("     "),
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
            TextColumn("of at most {task.fields[patience]}"),
            console=console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, patience="")
        self._progress.start()

    def show(self, words: str, part: tuple[int, int] | None, seconds: float, patience: float) -> None:
        """`part` is how many of how many things have ended; seconds are those waited so far and at most."""
        completed, total = part or (0, None)
        self._progress.update(
            self._task, description=f"waiting: {words}", completed=completed, total=total, patience=_minutes(patience)
        )

    def stop(self) -> None:
        self._progress.stop()


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"
