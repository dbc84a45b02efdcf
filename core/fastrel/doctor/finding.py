"""The findings of an examination."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """The result of examining one thing."""

    OK = "ok"
    WARNING = "warning"
    """A release works, but not in every way."""
    PROBLEM = "problem"
    """A release does not work before this is mended."""
    UNKNOWN = "unknown"
    """It could not be found out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, a line of the output."""

    name: str
    health: Health
    summary: str
    mend: str = ""
    """A command to type or a page to open."""


def ok(name: str, summary: str) -> Finding:
    return Finding(name, Health.OK, summary)


def warning(name: str, summary: str, mend: str) -> Finding:
    return Finding(name, Health.WARNING, summary, mend)


def problem(name: str, summary: str, mend: str) -> Finding:
    return Finding(name, Health.PROBLEM, summary, mend)


def unknown(name: str, summary: str, mend: str = "") -> Finding:
    return Finding(name, Health.UNKNOWN, summary, mend)
