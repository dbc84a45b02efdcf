"""What is kept on disk between builds, as JSON."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from fastrel.text.atomic_write import write_whole


def read_kept(file: Path) -> object:
    """The JSON of a file; None when there is none."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def keep(file: Path, data: object) -> None:
    """Write for this user only, with a `.gitignore` beside it; a cache that cannot be written is no error."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.chmod(0o700)  # also when it was there before
        write_whole(file.parent / ".gitignore", "*\n", 0o600)
        write_whole(file, json.dumps(data), 0o600)
