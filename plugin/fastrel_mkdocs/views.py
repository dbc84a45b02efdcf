"""Other views of a guide's state: badge, feed and calendar as files, a description in the head of its page. Pure."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fastrel_mkdocs.files.badge import badge_of, badge_svg, shields_json
from fastrel_mkdocs.files.calendar_file import Due, due_of, icalendar
from fastrel_mkdocs.files.feed import atom_feed
from fastrel_mkdocs.html.headline import headline_of
from fastrel_mkdocs.html.parts import inert
from fastrel_mkdocs.view import GuideView
from fastrel_mkdocs.words import Words

if TYPE_CHECKING:
    from fastrel.board.board import Board

FOLDER = "fastrel"
"""Of the site, where the files are."""
HEAD = re.compile(r"</head\s*>", re.IGNORECASE)


def place_of(guide: str, ending: str) -> str:
    """The path in the site of a file about a guide, by the guide's path among the pages."""
    return f"{FOLDER}/{PurePosixPath(guide).with_suffix('')}.{ending}"


def files_of(guide: str, view: GuideView | None, words: Words, *, page_url: str, site_url: str) -> dict[str, str]:
    """The files about a guide by their paths in the site. Addresses are empty where the site has none."""
    badge = badge_of(view, words)
    found = {
        place_of(guide, "svg"): badge_svg(badge),
        place_of(guide, "json"): json.dumps(shields_json(badge), ensure_ascii=False, indent=2) + "\n",
    }
    if view is None:
        return found
    feed = place_of(guide, "atom")
    found[feed] = atom_feed(view, words, page_url, f"{site_url}{feed}" if site_url else "")
    calendar = icalendar(due_of(view, words), view.at or datetime(1970, 1, 1, tzinfo=UTC), words)
    return {**found, place_of(guide, "ics"): calendar} if calendar else found


def board_calendar(board: Board, words: Words) -> str:
    """The due milestones of all releases of a board."""
    dues = [
        Due(
            row.repository,
            row.version,
            row.milestone.due,
            row.url,
            words("count", settled=row.progress.settled, total=row.progress.total),
        )
        for row in board.rows
        if row.milestone and row.milestone.due
    ]
    return icalendar(dues, board.at, words)


def description_of(view: GuideView, words: Words) -> str:
    """The state in a line, for those that show a preview of the page."""
    headline = headline_of(view, words)
    parts = [
        f"{words('release', version=view.version)}: {headline.words}",
        words("count", settled=view.settled, total=len(view.steps)),
        headline.contradicted,
        headline.late,
        f"{words('next')} {headline.step.title or headline.step.id}" if headline.step else "",
        f"{words('checked')} {view.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if view.at else "",
    ]
    return str(inert(" · ".join(filter(None, parts))))


def with_head(html: str, view: GuideView, words: Words, *, feed_url: str) -> str:
    """The page with its description and its feed in the head, unless another plugin has described it."""
    lines = []
    if "og:description" not in html:
        title = words("release_of", version=view.version, repository=view.repository)
        lines += [
            f'<meta property="og:title" content="{escape(inert(title))}">',
            f'<meta property="og:description" content="{escape(description_of(view, words))}">',
        ]
    feed_title = escape(inert(words("feed", repository=view.repository)))
    lines.append(f'<link rel="alternate" type="application/atom+xml" title="{feed_title}" href="{escape(feed_url)}">')
    return HEAD.sub(lambda found: "\n".join(lines) + f"\n{found[0]}", html, count=1)
