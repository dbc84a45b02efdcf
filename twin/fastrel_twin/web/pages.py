"""Web pages of the repository, of issues, pull requests, milestones, releases and discussions, so that links open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from fastrel_twin.records import Issue, Release
from fastrel_twin.store import Store
from fastrel_twin.web.markdown import rendered

HERE = Path(__file__).parent
LATEST = 10
"""Commits on the first page."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows: one record of a kind, or a list."""

    kind: str
    title: str
    tab: str
    shown: object = None
    others: Sequence[object] = ()


def web_page(store: Store, path: str) -> str | None:
    """The HTML of a path below the repository; None where there is no such page."""
    parts = path.strip("/").split("/")[2:]
    kind, key = (parts[0] if parts else ""), (parts[-1] if len(parts) > 1 else "")
    find = _FINDERS.get(kind, _front)
    page = find(store, key)
    return None if page is None else _html(store, page)


def _front(store: Store, key: str) -> Page:
    branch = f"refs/heads/{store.default_branch}"
    log = (
        store.bare.git("log", "--format=%h %s", f"--max-count={LATEST}", branch) if branch in store.bare.refs() else ""
    )
    rows = [(subject, "", sha) for sha, _, subject in (line.partition(" ") for line in log.splitlines())]
    return Page("front", f"Commits of {store.default_branch}", "Code", others=rows)


def _issue(store: Store, key: str) -> Page | None:
    if not key:
        return Page("issues", "Open issues", "Issues", others=_open(store, pulls=False))
    issue = store.issues.get(_number(key))
    return Page("issue", issue.title, "Pull requests" if issue.pull else "Issues", issue) if issue else None


def _pulls(store: Store, key: str) -> Page:
    return Page("issues", "Open pull requests", "Pull requests", others=_open(store, pulls=True))


def _milestone(store: Store, key: str) -> Page | None:
    if not key:
        return _milestones(store, key)
    milestone = store.milestones.get(_number(key))
    inside = [one for one in store.issues.values() if milestone and one.milestone == milestone.number]
    return Page("milestone", milestone.title, "Milestones", milestone, inside) if milestone else None


def _milestones(store: Store, key: str) -> Page:
    place = f"{store.url}/{store.name}/milestone"
    rows = [
        (one.title, f"{place}/{one.number}", f"{one.state}{f', due on {one.due_on:%Y-%m-%d}' if one.due_on else ''}")
        for one in store.milestones.values()
    ]
    return Page("list", "Milestones", "Milestones", others=rows)


def _release(store: Store, key: str) -> Page | None:
    if not key:
        rows = [
            (
                one.name or one.tag,
                f"{store.url}/{store.name}/releases/tag/{_name(one)}",
                "draft" if one.draft else f"tag {one.tag}",
            )
            for one in reversed(store.releases.values())
        ]
        return Page("list", "Releases", "Releases", others=rows)
    release = next((one for one in store.releases.values() if key == _name(one)), None)
    return Page("release", release.name or release.tag, "Releases", release) if release else None


def _discussion(store: Store, key: str) -> Page | None:
    if not key:
        place = f"{store.url}/{store.name}/discussions"
        rows = [(one.title, f"{place}/{one.number}", one.category) for one in store.discussions.values()]
        return Page("list", "Discussions", "Discussions", others=rows)
    discussion = store.discussions.get(_number(key))
    return Page("discussion", discussion.title, "Discussions", discussion) if discussion else None


_FINDERS: dict[str, Callable[[Store, str], Page | None]] = {
    "issues": _issue,
    "pull": _issue,
    "pulls": _pulls,
    "milestone": _milestone,
    "milestones": _milestones,
    "releases": _release,
    "discussions": _discussion,
}


def _open(store: Store, *, pulls: bool) -> list[Issue]:
    found = [one for one in store.issues.values() if one.state == "open" and (one.pull is not None) == pulls]
    return found[::-1]


def _name(release: Release) -> str:
    """The last part of its address."""
    return f"untagged-{release.id:020x}" if release.draft else release.tag


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _html(store: Store, page: Page) -> str:
    style = (HERE / "page.css").read_text(encoding="utf-8")
    web = f"{store.url}/{store.name}"
    return _template().render(store=store, page=page, web=web, style=style, rendered=rendered)


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("page.html.jinja")
