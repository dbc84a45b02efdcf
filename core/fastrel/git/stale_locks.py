"""Advice for a lock file of git, held by another git or left by one that was killed."""

from __future__ import annotations

import re
import shlex


def unlock(said: str) -> str:
    """What to do where git failed at a lock, by what it said; empty when that is not the cause."""
    lock = re.search(r"Unable to create '([^']+\.lock)': File exists", said)
    if not lock:
        return ""
    return f"{how_to_unlock(lock[1])}, then the same command again."


def how_to_unlock(lock: str) -> str:
    return (
        "Another git is at work in this checkout, or one was killed there. If none is running any more, type "
        f"`rm {shlex.quote(lock)}`"
    )
