"""The JSON form of reports: its name, its version, which changes when a reader could break, and its times."""

from __future__ import annotations

from datetime import UTC, datetime

SCHEMA = "fastrel.report/1"


def json_time(moment: datetime | None) -> str | None:
    """A moment in UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
