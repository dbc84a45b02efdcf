"""Computes from verdicts which ticks of the tracker change. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from fastrel.guide.parser import id_of_title
from fastrel.report.report import StepReport
from fastrel.report.verdict import Status, Verdict
from fastrel.tracker.model import BEFORE, UNVERIFIED, Change, Entry, Evidence
from fastrel.tracker.new_body import Line


def evidence_of(verdict: Verdict, by: str, at: datetime) -> Evidence:
    """What stands behind a tick."""
    return Evidence(
        verdict.summary,
        tuple((link.text, link.url) for link in verdict.links),
        by=by,
        at=at,
        skip_reason=verdict.summary if verdict.status is Status.SKIPPED else "",
        covers=verdict.covers,
    )


def line_for(one: StepReport, by: str, at: datetime) -> Line:
    """The step's line in a new tracker, ticked where it is verified already."""
    change = Change(one.step.id, True, evidence_of(one.verdict, by, at)) if one.status.settled else None
    ticked = one.step.ticked and not one.step.uses
    plain = "" if one.step.annotated else id_of_title(one.step.title)
    return Line(one.phase, one.step.id, one.title, one.step.depth, change, ticked=ticked, plain_id=plain)


def changes_for(
    reports: Sequence[StepReport], entries: Mapping[str, Entry], by: str, at: datetime, *, proved: bool = True
) -> list[Change]:
    """What to write: ticks for what is done or skipped, and a word on ticks that the check contradicts. Not `proved`:
    these were just made by hand."""
    changes: list[Change] = []
    for one in reports:
        entry = entries.get(one.step.id)
        if entry is None:
            continue
        evidence = entry.evidence
        marked = evidence is not None and evidence.summary.startswith(UNVERIFIED)
        if one.status.settled and (not entry.ticked or marked or (evidence is None and one.step.uses)):
            found = evidence_of(one.verdict, by, at)
            if entry.ticked and evidence is None:
                # Ticked in the browser, where GitHub does not tell by whom: not by the one who runs this.
                found = replace(found, by="", at=None)
            changes.append(Change(one.step.id, True, found))
        elif one.doubt:
            continue  # a word of ours on it would make it ours
        elif entry.ticked and not one.status.settled and one.status is not Status.UNKNOWN:
            was_proved = evidence is not None and one.step.uses and _was_proved(evidence, proved=proved)
            doubt = Evidence(
                f"{BEFORE if was_proved else UNVERIFIED} {one.verdict.summary}",
                evidence.links if evidence and was_proved else (),
                by=evidence.by if evidence else "",
                at=evidence.at if evidence else None,
                covers=evidence.covers if evidence else (),
            )
            if evidence is None or evidence.summary != doubt.summary:
                changes.append(Change(one.step.id, True, doubt))
    return changes


def _was_proved(evidence: Evidence, *, proved: bool) -> bool:
    """Whether what stands behind a tick was verified once; `proved` says it of what is not marked."""
    marked = evidence.summary.startswith(UNVERIFIED)
    return evidence.summary.startswith(BEFORE) or (proved and not marked and not evidence.skip_reason)
