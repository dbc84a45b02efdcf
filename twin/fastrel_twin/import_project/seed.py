"""A seed: what GitHub knows of a project shortly before a release, as values and as a file.

Bodies of issues are left out, except those of trackers: a rehearsal needs no more, and the file may be passed on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from fastrel.errors import FastrelError, UsageError
from fastrel.github.transport.fields import Fields

SCHEMA = "fastrel.seed/1"


@dataclass(frozen=True, slots=True)
class SeedPull:
    """What a pull request has besides an issue. `commits` are those that it brought, the merge first."""

    merged: bool
    base: str = ""
    commits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedIssue:
    number: int
    title: str
    author: str
    state: str
    state_reason: str = ""
    labels: tuple[str, ...] = ()
    milestone: str = ""
    """Title of the milestone; empty without one."""
    body: str = ""
    """Of a tracker; empty for every other issue."""
    created: str = ""
    closed: str = ""
    pull: SeedPull | None = None


@dataclass(frozen=True, slots=True)
class SeedMilestone:
    title: str
    state: str
    due: str = ""
    """ISO 8601, as all times; empty without one."""


@dataclass(frozen=True, slots=True)
class SeedRelease:
    tag: str
    name: str
    draft: bool
    prerelease: bool
    published: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """All that GitHub knows of a project shortly before a release."""

    repository: str
    login: str
    """Who rehearses."""
    role: str
    labels: tuple[str, ...] = ()
    milestones: tuple[SeedMilestone, ...] = ()
    issues: tuple[SeedIssue, ...] = ()
    releases: tuple[SeedRelease, ...] = ()
    categories: tuple[str, ...] = ()
    has_discussions: bool = False
    takes_pushes: bool = True
    """Whether the branch takes pushes."""
    checks: tuple[str, ...] = ()
    """Names of what runs or is required on the branch."""
    workflows: tuple[str, ...] = ()
    """Names of the workflows that the previous tag started."""
    web: str = "https://github.com"
    """Address of the server's pages."""
    taken_at: str = ""
    """Empty when GitHub was not asked."""


def seed_text(seed: Seed) -> str:
    """The content of a seed file."""
    return json.dumps({"schema": SCHEMA, **asdict(seed)}, indent=2, ensure_ascii=False) + "\n"


def read_seed(file: Path) -> Seed:
    """The seed in a file. UsageError when it is none."""
    try:
        data = Fields.of(json.loads(file.read_text(encoding="utf-8")))
        if data.text("schema") != SCHEMA:
            raise UsageError(f"its schema is “{data.text('schema')}”, not {SCHEMA}")
        return _seed(data)
    except (OSError, ValueError, FastrelError) as error:
        why = error.problem if isinstance(error, FastrelError) else str(error)
        raise UsageError(
            f"{file} is not a saved state: {why}",
            done="Nothing was started.",
            next_step=f"Write it anew: `fastrel-checklist rehearse --save {file}`.",
        ) from None


def _seed(data: Fields) -> Seed:
    return Seed(
        repository=data.text("repository"),
        login=data.text("login"),
        role=data.text("role"),
        labels=data.texts("labels"),
        milestones=tuple(
            SeedMilestone(one.text("title"), one.text("state"), _time(one, "due")) for one in data.items("milestones")
        ),
        issues=tuple(map(_issue, data.items("issues"))),
        releases=tuple(
            SeedRelease(
                one.text("tag"), one.text("name"), one.flag("draft"), one.flag("prerelease"), _time(one, "published")
            )
            for one in data.items("releases")
        ),
        categories=data.texts("categories"),
        has_discussions=data.flag("has_discussions"),
        takes_pushes=data.flag("takes_pushes"),
        checks=data.texts("checks"),
        workflows=data.texts("workflows"),
        web=data.text("web"),
        taken_at=_time(data, "taken_at"),
    )


def _issue(data: Fields) -> SeedIssue:
    pull = data.sub("pull")
    return SeedIssue(
        data.number("number"),
        data.text("title"),
        data.text("author"),
        data.text("state"),
        data.text("state_reason"),
        data.texts("labels"),
        data.text("milestone"),
        data.text("body"),
        _time(data, "created"),
        _time(data, "closed"),
        SeedPull(pull.flag("merged"), pull.text("base"), pull.texts("commits")) if pull.data else None,
    )


def _time(data: Fields, name: str) -> str:
    """A time that can be read again; empty without one."""
    moment = data.time(name)
    return moment.isoformat() if moment else ""


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
