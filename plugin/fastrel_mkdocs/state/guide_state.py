"""The state of a guide for a build: asked once, kept on disk, and used again when GitHub cannot be asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastrel.actions.guide_problems import problems_of
from fastrel.errors import FastrelError
from fastrel.github.transport.connection import Connection
from fastrel.guide.model import Guide, Problem
from fastrel_mkdocs.state.background import Asking, ask, unchanged
from fastrel_mkdocs.state.cache import keep, read_kept
from fastrel_mkdocs.view import GuideView, view_of


@dataclass(frozen=True, slots=True)
class Found:
    """A view, what is wrong in the guide, and what went wrong on the way to the view."""

    view: GuideView | None
    mistakes: tuple[Problem, ...]
    problem: FastrelError | None = None


FRESH = timedelta(hours=1)
"""Age up to which a snapshot that lies among the pages is shown without asking GitHub."""


def kept_file(cache: Path, guide: Guide, name: str) -> Path:
    """Where the state of a guide is kept, by the guide's name in the site and not by its text, so that it stays when
    the page is edited."""
    key = "\0".join([guide.settings.repository, guide.settings.version, name])
    return cache / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def published_view(file: Path, guide: Guide) -> GuideView | None:
    """The state in a snapshot that lies among the pages; None where there is none, or one about something else."""
    try:
        view = view_of(read_kept(file), "snapshot")
    except FastrelError:
        return None
    settings = guide.settings
    same = view.repository == settings.repository and settings.version in ("", view.version)
    return view if same and view.is_about(step.id for step in guide.steps()) else None


def begin_asking(
    guide: Guide, connection: Connection | None, file: Path, ttl: timedelta, published: GuideView | None = None
) -> Asking | None:
    """Begin with what `state_of` would ask; None when it would ask nothing."""
    if connection is None or _is_young(published, FRESH) or (ttl and _is_young(_kept(file, guide, "cached"), ttl)):
        return None
    return Asking(guide, connection, file)


def state_of(
    guide: Guide,
    connection: Connection | None,
    file: Path,
    ttl: timedelta,
    *,
    asking: Asking | None = None,
    published: GuideView | None = None,
) -> Found:
    """The live state, or the one kept in the file while it is younger than `ttl`, GitHub cannot be asked, or
    `connection` is None because it must not be asked. `published` is the state of the site's own snapshot."""
    if connection is None:
        return Found(_newest(_kept(file, guide, "offline"), published, "offline"), problems_of(guide))
    if _is_young(published, FRESH):
        return Found(published, problems_of(guide))

    def kept() -> GuideView | None:
        return _newest(_kept(file, guide, "cached"), published, "cached")

    if ttl and not asking and _is_young(found := kept(), ttl):
        return Found(found, problems_of(guide))
    answer = asking.answer() if asking else None
    if answer is None:
        answer = unchanged(guide, connection, file) or ask(guide, connection, file)
    if answer.error:
        return Found(kept(), answer.mistakes, answer.error)
    keep(file, answer.state)
    return Found(view_of(answer.state, "live"), answer.mistakes)


def _is_young(kept: GuideView | None, ttl: timedelta) -> bool:
    """Whether a kept state is young enough; one of the future is not, as the clock was wrong then or is now."""
    return kept is not None and kept.at is not None and timedelta() <= datetime.now(UTC) - kept.at < ttl


def _newest(kept: GuideView | None, published: GuideView | None, source: str) -> GuideView | None:
    if published is None or (kept and kept.at and (published.at is None or kept.at >= published.at)):
        return kept
    return replace(published, source=source)


def _kept(file: Path, guide: Guide, source: str) -> GuideView | None:
    """What is kept of the steps that the guide still has."""
    try:
        view = view_of(read_kept(file), source)
    except FastrelError:
        return None
    return replace(view, steps={step.id: view.steps[step.id] for step in guide.steps() if step.id in view.steps})
