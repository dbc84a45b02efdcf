"""An Atom feed of a guide: its ticks, and the releases that were finished or given up. Pure.

Format: https://www.rfc-editor.org/rfc/rfc4287. Own code: `feedgen` needs lxml for this one kind of feed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlparse
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from fastrel_mkdocs.html.parts import duration, inert
from fastrel_mkdocs.view import GuideView, PastView
from fastrel_mkdocs.words import Words

SHOWN = 50
"""The newest entries."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that has happened."""

    key: str
    """Stays the same whenever it is told."""
    title: str
    at: datetime
    by: str
    text: str
    url: str


def atom_feed(view: GuideView, words: Words, page_url: str, feed_url: str) -> str:
    """The feed. The addresses are empty where the site does not say where it will be published."""
    entries = sorted(_entries(view, words, page_url), key=lambda one: (one.at, one.key), reverse=True)[:SHOWN]
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _text(feed, "id", _id(f"{view.repository} {view.guide_path}"))
    _text(feed, "title", words("feed", repository=view.repository))
    _text(feed, "updated", _time(entries[0].at if entries else view.at))
    _link(feed, page_url)
    _link(feed, feed_url, rel="self", type="application/atom+xml")
    _text(feed, "generator", "fastrel-checklist")
    for one in entries:
        _append(feed, one, view, words)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _append(feed: Element, one: Entry, view: GuideView, words: Words) -> None:
    entry = SubElement(feed, "entry")
    _text(entry, "id", _id(f"{view.repository} {one.key}"))
    _text(entry, "title", one.title)
    _text(entry, "updated", _time(one.at))
    author = SubElement(entry, "author")
    _text(author, "name", one.by or words("person"))
    _link(entry, one.url)
    _text(entry, "content", one.text or one.title).set("type", "text")


def _entries(view: GuideView, words: Words, page_url: str) -> Iterator[Entry]:
    tracker = view.tracker.url if view.tracker else ""
    for step in view.steps.values():
        if step.ticked and step.at:
            key = f"{view.version} {step.id} {_time(step.at)}"
            said = "feed_contradicted" if step.contradicted else "feed_skipped" if step.skipped else "feed_done"
            title = words(said, version=view.version, title=step.title or step.id)
            url = f"{page_url}#step-{step.id}" if page_url else tracker
            yield Entry(key, title, step.at, step.by, step.summary, url)
    for past in view.past:
        yield _ended(past, words)
        for tick in past.ticks:
            said = "feed_skipped" if tick.skipped else "feed_done"
            title = words(said, version=past.version, title=tick.step_id)
            key = f"{past.version} {tick.step_id} {_time(tick.at)}"
            yield Entry(key, title, tick.at, tick.by, tick.phase, past.tracker.url)


def _ended(past: PastView, words: Words) -> Entry:
    title = words("feed_given_up" if past.given_up else "feed_finished", version=past.version)
    text = duration(past.closed - past.opened, words)
    return Entry(
        f"{past.version} ended {_time(past.closed)}",
        title,
        past.closed,
        _last(past),
        text,
        past.published or past.tracker.url,
    )


def _last(past: PastView) -> str:
    return past.ticks[-1].by if past.ticks else ""


def _id(key: str) -> str:
    return uuid5(NAMESPACE_URL, f"https://github.com/ServiceNow/fastrel-checklist {key}").urn


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = str(inert(text))
    return element


def _link(parent: Element, url: str, **attributes: str) -> None:
    if urlparse(url).scheme in ("http", "https"):
        SubElement(parent, "link", {**attributes, "href": str(inert(url))})


def _time(at: datetime | None) -> str:
    moment = at or datetime(1970, 1, 1, tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
