"""Small parts of HTML that all views share. Text is set as text, never as markup, and is not read as Markdown again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlparse
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from fastrel.report.verdict import Link
from fastrel_mkdocs.words import Words

HIDDEN = {"class": "fastrel-hidden"}
"""For those who hear the page and do not see it."""


def append_progress(parent: Element, settled: int, total: int, what: str, words: Words) -> None:
    """A bar and the numbers; `what` says to those who cannot see the bar of what it is."""
    bar = {"class": "fastrel-bar", "value": str(settled), "max": str(max(total, 1)), "aria-label": inert(what)}
    SubElement(parent, "progress", bar).tail = AtomicString(" ")
    count = SubElement(parent, "span", {"class": "fastrel-count"})
    count.text = inert(words("count", settled=settled, total=total))


def append_time(parent: Element, at: datetime) -> Element:
    """A moment; the script shows how long ago it is, and keeps this for the pointer."""
    moment = SubElement(parent, "time", {"datetime": at.astimezone(UTC).isoformat()})
    moment.text = AtomicString(f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    return moment


def append_date(parent: Element, at: datetime) -> None:
    """A day."""
    moment = SubElement(parent, "time", {"datetime": at.astimezone(UTC).isoformat(), "data-fastrel-day": ""})
    moment.text = AtomicString(f"{at.astimezone(UTC):%Y-%m-%d}")


def append_age(parent: Element, at: datetime | None, source: str, words: Words) -> None:
    """When what stands above was checked; the script adds when it has read ticks, and what went wrong."""
    age = SubElement(parent, "p", {"class": "fastrel-age"})
    if at:
        checked = SubElement(age, "span", {"class": "fastrel-checked"})
        checked.text = inert(f"{words('checked')} ")
        append_time(checked, at)
    if source == "cached":
        SubElement(age, "span", {"class": "fastrel-cached"}).text = inert(f" {words('not_read')}")
    SubElement(age, "span", {"class": "fastrel-read", "hidden": "hidden"})
    SubElement(age, "span", {"class": "fastrel-trouble", "role": "status"})


def append_link(parent: Element, link: Link, before: str = "") -> None:
    """A link, or only its text when the address is not one that a page should follow."""
    if before:
        append_text(parent, before)
    if urlparse(link.url).scheme not in ("http", "https"):
        append_text(parent, link.text)
        return
    anchor = SubElement(parent, "a", {"href": inert(link.url)})
    anchor.text = inert(link.text)


def append_evidence(parent: Element, summary: str, links: Iterable[Link]) -> None:
    """What proves a step, once: a link whose words stand in the summary is put there; the others come behind it."""
    rest, behind = summary, []
    for link in links:
        before, found, after = rest.partition(link.text) if link.text else (rest, "", "")
        if found:
            append_text(parent, before)
            append_link(parent, link)
            rest = after
        else:
            behind.append(link)
    append_text(parent, rest)
    for link in behind:
        append_text(parent, " ")
        append_link(parent, link)


def append_command(parent: Element, command: str, words: Words) -> Element:
    """A command with a button that copies it; the button appears when the script is there to serve it."""
    shown = SubElement(parent, "span", {"class": "fastrel-command"})
    SubElement(shown, "code", {"dir": "ltr"}).text = inert(command)
    button = SubElement(shown, "button", {"type": "button", "class": "fastrel-copy"})
    button.set("aria-label", inert(f"{words('copy')} {command}"))
    button.text = inert(words("copy"))
    return shown


def append_text(parent: Element, text: str) -> None:
    """Text at the end of what an element holds."""
    if len(parent):
        last = parent[-1]
        last.tail = inert((last.tail or "") + text)
    else:
        parent.text = inert((parent.text or "") + text)


def duration(time: timedelta, words: Words) -> str:
    """In the one unit that says most: `6 days`, `3 hours`, `12 minutes`."""
    seconds = max(int(time.total_seconds()), 0)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length or (seconds >= length and unit == "minute"):
            return words.number(unit, f"{unit}s", round(seconds / length))
    return words("moment")


def inert(text: str) -> AtomicString:
    """Text that Python-Markdown leaves alone: its own placeholders are made of control characters, so those go."""
    return AtomicString("".join(one for one in text if one.isprintable() or one == " "))


Data = Mapping[str, str]
