"""Hyperlinks in terminals that support them; in others the text alone.

Source: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda (OSC 8)
"""

from __future__ import annotations

import os
from typing import TextIO

from fastrel.report.report import StepReport
from fastrel.tracker.escape import safe_url


def linked(words: str, address: str, stream: TextIO) -> str:
    """Words that are written to a stream, as a link to an address."""
    safe = safe_url(address)  # it becomes part of a command to the terminal
    if not safe or not stream.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return words
    return f"\x1b]8;;{safe}\x1b\\{words}\x1b]8;;\x1b\\"


def linked_id(one: StepReport, stream: TextIO) -> str:
    """The step's id as a link to its first evidence."""
    return linked(one.step.id, one.verdict.links[0].url if one.verdict.links else "", stream)
