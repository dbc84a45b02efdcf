"""Keeps a verified step done when a later release has replaced its result."""

from __future__ import annotations

from dataclasses import replace

from fastrel.actions.action import Context
from fastrel.release import parse_version, released_versions, version_of_tag
from fastrel.report.verdict import Status, Verdict


def unless_superseded(context: Context, verdict: Verdict, words: str) -> Verdict:
    """The verdict; `done` where the step was verified before and a later release is what has changed it.

    `words` are in the summary of what was verified. That somebody has ticked the step proves nothing here.
    """
    if verdict.status not in (Status.WAITING, Status.FAILED, Status.TODO) or words not in context.verified:
        return verdict
    later = later_release(context)
    if not later:
        return verdict
    return replace(
        verdict, status=Status.DONE, summary=f"{context.verified}; {later} came later", part=None, patience=None
    )


def later_release(context: Context) -> str:
    """A release that came after this one: of a higher version, or published later. Empty when there is none."""
    tags, naming = context.repository.code.tags(), context.settings.naming
    own = parse_version(context.release.version, naming.scheme)
    higher = [one for one in released_versions(tags, naming) if one > own]
    if higher:
        return str(max(higher))
    entries = context.repository.releases.all()
    ours = next((one for one in entries if one.tag == context.release.tag and not one.draft), None)
    others = [one for one in entries if not one.draft and version_of_tag(one.tag, naming)]
    return next((one.tag for one in others if ours and one.is_newer_than(ours)), "")
