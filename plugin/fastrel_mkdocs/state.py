"""The state of a guide for a build: asked once, kept on disk, and used again when GitHub cannot be asked."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastrel.connection import Connection
from fastrel.errors import FastrelError
from fastrel.files import write_whole
from fastrel.guide.model import Guide
from fastrel_mkdocs.asking import Asking
from fastrel_mkdocs.view import GuideView, view_of

MAX_WAIT = 5
"""Seconds for which a build waits for a rate limit."""


@dataclass(frozen=True, slots=True)
class Found:
    """A view, and what went wrong on the way to it."""

    view: GuideView | None
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
        return Found(_kept(file, "offline"))
    kept = _kept(file, "cached")
    if kept and not asking and _is_young(kept, ttl):
        return Found(kept)
    try:
        found = asking.answer() if asking else None
        data = found or ask(guide, repository, connection, file.with_suffix(".answers"))
    except FastrelError as error:
        return Found(kept, error)
    keep(file, data)
    return Found(view_of(data, "live"))


def ask(guide: Guide, repository: str, connection: Connection, answers: Path) -> dict[str, object]:
    """The state from GitHub. What has not changed since the last build costs nothing of the rate limit."""
    from fastrel.repository.client import Client
    from fastrel.repository.gateway import Repository
    from fastrel.session import Session

    client = Client(connection.api_url, connection.token, max_wait=MAX_WAIT)
    client.keep_answers(read_kept(answers))
    session = Session(guide, Repository(client, repository))
    # The first request decides whether there is anybody to ask; without it every step would be `unknown`.
    session.repository.facts()
    snapshot = session.snapshot()
    keep(answers, client.kept_answers())
    return snapshot


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


def read_kept(file: Path) -> object:
    """The JSON of a file; None when there is none."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def keep(file: Path, data: object) -> None:
    """Write for this user only, with a `.gitignore` beside it; a cache that cannot be written is no error."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.chmod(0o700)  # also when it was there before
        (file.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        write_whole(file, json.dumps(data), 0o600)
