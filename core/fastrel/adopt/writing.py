"""Writes the files of a proposal: each whole, and none that has changed since the diff was shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from fastrel.adopt.proposal import FileChange
from fastrel.errors import FastrelError, UsageError
from fastrel.text.atomic_write import write_whole


def require_writable(root: Path, changes: Sequence[FileChange]) -> None:
    """UsageError when a file, followed through its links, is not inside the checkout, or is not what was read."""
    top = root.resolve()
    for change in changes:
        file = (root / change.path).resolve()
        if not file.is_relative_to(top) or ".git" in file.relative_to(top).parts:
            raise UsageError(
                f"{change.path} leads out of the checkout.",
                done="Nothing was changed.",
                next_step="Replace the link by a file, or give another file with --guide.",
            )
        if _now(file) != change.before:
            raise UsageError(
                f"{change.path} has changed since it was read.",
                done="Nothing was changed.",
                next_step="Type the command again.",
            )


def write_changes(root: Path, changes: Sequence[FileChange]) -> None:
    """Write all files. FastrelError that says which ones were written when one cannot be."""
    require_writable(root, changes)
    written: list[str] = []
    for change in changes:
        file = (root / change.path).resolve()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, change.after, file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask())
        except OSError as error:
            raise FastrelError(
                f"{change.path} cannot be written ({error.strerror}).",
                done=f"Written: {', '.join(written)}." if written else "Nothing was changed.",
                next_step="Fix that and type the command again; what is written stays as it is.",
            ) from None
        written.append(change.path)


def _now(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8") if file.exists() else None
    except (OSError, UnicodeDecodeError):
        return ""


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
