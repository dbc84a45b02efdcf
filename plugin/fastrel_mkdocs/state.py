"""The state of a guide for a build: asked once, kept on disk, and used again when GitHub cannot be asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastrel.connection import Connection
from fastrel.errors import FastrelError
from fastrel.guide.model import Guide, Problem
from fastrel_mkdocs.asking import Asking, ask, mistakes_in
from fastrel_mkdocs.kept import keep, read_kept
from fastrel_mkdocs.view import GuideView, view_of


@dataclass(frozen=True, slots=True)
class Found:
    """A view, what is wrong in the guide, and what went wrong on the way to the view."""

    view: GuideView | None
    mistakes: tuple[Problem, ...]
    problem: FastrelError | None = None


def begin_asking(
    guide: Guide, repository: str, connection: Connection | None, cache: Path, ttl: timedelta
) -> Asking | None:
    """Begin with what `state_of` would ask; None when it would ask nothing."""
    file = _cache_file(cache, repository, guide)
    if connection is None or _is_young(_kept(file, "cached"), ttl):
        return None
    return Asking(guide, repository, connection, file.with_suffix(".answers"))


def state_of(
    guide: Guide,
    repository: str,
    connection: Connection | None,
    cache: Path,
    ttl: timedelta,
    *,
    asking: Asking | None = None,
) -> Found:
    """The live state, or the kept one while it is younger than `ttl`, GitHub cannot be asked, or `connection` is None
    because it must not be asked."""
    file = _cache_file(cache, repository, guide)
    if connection is None:
        return Found(_kept(file, "offline"), mistakes_in(guide))
    kept = _kept(file, "cached")
    if kept and not asking and _is_young(kept, ttl):
        return Found(kept, mistakes_in(guide))
    answer = asking.answer() if asking else None
    if answer is None:
        answer = ask(guide, repository, connection, file.with_suffix(".answers"))
    if answer.error:
        return Found(kept, answer.mistakes, answer.error)
    keep(file, answer.state)
    return Found(view_of(answer.state, "live"), answer.mistakes)


def _is_young(kept: GuideView | None, ttl: timedelta) -> bool:
    """Whether a kept state is young enough; one of the future is not, as the clock was wrong then or is now."""
    return kept is not None and kept.at is not None and timedelta() <= datetime.now(UTC) - kept.at < ttl


def _cache_file(cache: Path, repository: str, guide: Guide) -> Path:
    key = hashlib.sha256("\0".join([repository, guide.settings.version, guide.text]).encode()).hexdigest()[:16]
    return cache / f"{key}.json"


def _kept(file: Path, source: str) -> GuideView | None:
    try:
        return view_of(read_kept(file), source)
    except FastrelError:
        return None
