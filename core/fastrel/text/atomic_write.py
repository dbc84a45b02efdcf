"""Writing a file so that nobody ever reads half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, text: str, mode: int) -> None:
    """Write beside the file, then put it into its place, readable as `mode` says. OSError when that cannot be done; the
    file is as it was then."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(name).chmod(mode)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
