"""Writing a file that `--output` names, or standard output for `-`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from fastrel.errors import UsageError
from fastrel.text.atomic_write import write_whole


def write_output(output: Path, text: str, *, make_folder: bool = False) -> None:
    """Write the whole text. UsageError when it cannot be written, or when its folder is not there and is not made."""
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    if not make_folder and not output.parent.is_dir():
        raise UsageError(
            f"There is no folder {output.parent}.",
            done="No file was written.",
            next_step=f"Make it first: `mkdir -p {shlex.quote(str(output.parent))}`.",
        )
    try:
        if make_folder:
            output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(output, text, 0o644)
    except OSError as error:
        raise UsageError(
            f"{output} cannot be written ({error.strerror}).",
            done="No file was written.",
            next_step="Give another --output.",
        ) from None
