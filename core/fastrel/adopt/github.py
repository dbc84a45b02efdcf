"""What GitHub adds to the findings, asked in one round; what it does not tell stays unknown, and the notes say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from fastrel.adopt.detection import with_note
from fastrel.adopt.drafting import PLACEHOLDER, Tool
from fastrel.adopt.findings import Findings, Found
from fastrel.errors import FastrelError
from fastrel.github.gateway import Repository
from fastrel.github.model import Milestone

T = TypeVar("T")
FROM_GITHUB = "milestones, labels and categories of Discussions"


def with_github(findings: Findings, repository: Repository) -> Findings:
    """The findings with what GitHub says. Never fails: what cannot be read is noted."""
    signed_in = repository.client.authenticated
    reads: list[Callable[[], object]] = [
        repository.facts,
        repository.milestones.all,
        repository.issues.labels,
    ]
    repository.client.concurrently(*reads, *([repository.discussions.categories] if signed_in else []))
    try:
        facts = repository.facts()
    except FastrelError as error:
        return with_note(findings, f"{FROM_GITHUB} could not be found out: {error.problem}")
    found = replace(findings, branch=Found(facts.default_branch or findings.branch.value, "GitHub's default branch"))
    milestones, found = _read(repository.milestones.all, found, "milestones")
    labels, found = _read(repository.issues.labels, found, "labels")
    if milestones is not None:
        found = replace(found, milestones=any(map(_names_a_version, milestones)), milestone=_by_line(milestones))
    if facts.has_discussions and signed_in:
        categories, found = _read(repository.discussions.categories, found, "categories of Discussions")
        found = replace(found, categories=None if categories is None else tuple(one.name for one in categories))
    elif facts.has_discussions:
        found = with_note(
            found, "categories of Discussions could not be found out: GitHub tells them only with a token"
        )
    else:
        found = replace(found, categories=())
    return replace(found, labels=labels)


def with_commit(tool: Tool, repository: Repository) -> Tool:
    """The tool with the commit that its tag marks. As it is where that is not known: never fails."""
    if tool.repository == PLACEHOLDER or tool.is_pinned:
        return tool
    try:
        tag = repository.code.tags().get(tool.ref)
        return replace(tool, commit=repository.code.commit_of(tag)) if tag else tool
    except FastrelError:
        return tool


def unasked(findings: Findings, why: str) -> Findings:
    """The findings when GitHub was not asked at all."""
    return with_note(findings, f"{FROM_GITHUB} could not be found out: {why}")


def _read(read: Callable[[], T], findings: Findings, what: str) -> tuple[T | None, Findings]:
    try:
        return read(), findings
    except FastrelError as error:
        return None, with_note(findings, f"{what} could not be found out: {error.problem}")


def _by_line(milestones: Sequence[Milestone]) -> str:
    """The template of titles such as 0.2 or v0.2, where most are so; empty where they have the whole version."""
    found = [one for one in milestones if _names_a_version(one)]
    lines = [one.title.strip() for one in found if one.title.count(".") == 1]
    if 2 * len(lines) <= len(found):
        return ""
    return "v{line}" if lines[-1].startswith("v") else "{line}"


def _names_a_version(milestone: Milestone) -> bool:
    return re.fullmatch(r"v?\d+\.\d+(?:\.\d+)?", milestone.title.strip()) is not None
