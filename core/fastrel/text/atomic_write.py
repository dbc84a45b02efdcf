"""Writes a file so that nobody ever reads half of it. Every file that the product writes is written here.

Own code: `atomicwrites` is archived, and would put a file in the place of a link or a device.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, text: str, mode: int) -> None:
    """Write beside the file, then put it into its place, readable as `mode` says. Links are followed: what they lead to
    is replaced, and they stay. What is no regular file, such as a pipe or a device, is written to and never replaced.

    OSError when that cannot be done, such as when the folder does not exist; the file is as it was then.
    """
    target = Path(os.path.realpath(file))
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8") as out:
            out.write(text)
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        Path(name).chmod(mode)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
