"""The verdicts of a finished release: its tracker was closed as completed with every step ticked and proved, and is its
record whatever happens later on GitHub. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from fastrel.actions.registry import action_of
from fastrel.github.model import Issue
from fastrel.guide.model import Guide, Step
from fastrel.report.verdict import Link, Verdict, done, skipped
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import GIVEN_UP
from fastrel.tracker.model import UNVERIFIED, Entry

LATER = "came into the guide after this release"


def final_verdicts(guide: Guide, tracker: Issue | None) -> dict[str, Verdict] | None:
    """The verdicts that a finished release ended with, by step id; None when it is not finished."""
    if tracker is None or tracker.state != "closed" or tracker.state_reason in GIVEN_UP:
        return None
    entries = parse_body(tracker.body).entries
    steps = list(guide.steps())
    if not any(step.id in entries for step in steps):
        return None
    if not all(_is_proved(step, entries[step.id]) for step in steps if step.id in entries):
        return None
    return {step.id: _verdict(step, entries) for step in steps}


def _is_proved(step: Step, entry: Entry) -> bool:
    """Whether a line is ticked with what the tool wrote as proof. That the tracker is closed may be ticked later; a
    step that only a person can judge needs no more than the tick."""
    if _is_last(step):
        return True
    if not entry.ticked:
        return False
    return not step.uses or (entry.evidence is not None and not entry.evidence.summary.startswith(UNVERIFIED))


def _verdict(step: Step, entries: Mapping[str, Entry]) -> Verdict:
    entry = entries.get(step.id)
    if _is_last(step) and (entry is None or entry.evidence is None):
        return done("the release issue is closed")
    if entry is None:
        return skipped(LATER)
    evidence = entry.evidence
    if evidence is None:
        return done("ticked in the release issue")
    if evidence.skip_reason:
        return skipped(evidence.skip_reason)
    return done(evidence.summary, *(Link(text, url) for text, url in evidence.links))


def _is_last(step: Step) -> bool:
    return bool(step.uses) and action_of(step).last
