"""The progress of a release, by the text of its tracker alone. Pure.

People may write anything into that text; what is read here is on one line and without control characters, and still has
to be escaped where it is shown.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime

from fastrel.tracker.escape import one_line, shorten
from fastrel.tracker.evidence import read_segment
from fastrel.tracker.layout import Layout, Row, layout
from fastrel.tracker.model import UNVERIFIED, Evidence

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|(&#?\w{1,20};)")
_NAME = 200
"""Characters of a phase's name."""


@dataclass(frozen=True, slots=True)
class PhaseProgress:
    """How many steps of a phase are ticked, without those that the check contradicts, and how many there are."""

    name: str
    settled: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What the boxes of a tracker say."""

    phases: tuple[PhaseProgress, ...] = ()
    unverified: int = 0
    """Ticks that the check contradicted at the last look."""
    skipped: int = 0
    next_step: str = ""
    """Id of the first step that is not settled; empty when there is none."""
    next_phase: str = ""
    ticked_by: str = ""
    """Who made the last tick of which the time is known."""
    ticked_at: datetime | None = None

    @property
    def settled(self) -> int:
        return sum(phase.settled for phase in self.phases)

    @property
    def total(self) -> int:
        return sum(phase.total for phase in self.phases)


def progress_of(text: str, *, since: datetime | None = None, until: datetime | None = None) -> Progress:
    """The progress of a tracker's body. Times outside of `since` and `until` are not believed."""
    page = layout(text)
    ticks: dict[str, bool] = {}
    phases: dict[str, str] = {}
    evidence: dict[str, Evidence] = {}
    for row in page.rows:
        # Of copies of a line, a tick on any counts, and the first says to which phase it belongs.
        ticks[row.step_id] = row.ticked or ticks.get(row.step_id, False)
        phases.setdefault(row.step_id, _phase(page, row))
        found = read_segment(row.rest)[0]
        if found and row.ticked:
            evidence.setdefault(row.step_id, found)
    unverified = {step for step, one in evidence.items() if one.summary.startswith(UNVERIFIED)}
    settled = {step for step, ticked in ticks.items() if ticked} - unverified
    following = next((step for step in ticks if step not in settled), "")
    moments = [
        (one.at, one.by)
        for one in evidence.values()
        if one.at and (since is None or one.at >= since) and (until is None or one.at <= until)
    ]
    last, by = max(moments, default=(None, ""))
    return Progress(
        tuple(
            PhaseProgress(
                name,
                sum(step in settled for step in phases if phases[step] == name),
                sum(phases[step] == name for step in phases),
            )
            for name in dict.fromkeys(phases.values())
        ),
        unverified=len(unverified),
        skipped=sum(bool(one.skip_reason) for one in evidence.values()),
        next_step=following,
        next_phase=phases.get(following, ""),
        ticked_by=by,
        ticked_at=last,
    )


def _phase(page: Layout, row: Row) -> str:
    """The words of the heading above a row."""
    above = max((number for number in page.headings if number < row.number), default=None)
    if above is None:
        return ""
    found = _HEADING.fullmatch(page.lines[above].rstrip("\r\n"))
    words = found[1] if found else page.lines[above]
    read = _ESCAPED.sub(lambda match: match[1] or html.unescape(match[2]), words)
    return shorten(one_line(read), _NAME)
