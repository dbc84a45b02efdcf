"""The table and the plot of past releases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from fastrel_mkdocs.elements import append_link, inert
from fastrel_mkdocs.view import PastView

WIDTH, ROW, LABEL, GAP = 640, 26, 90, 6
"""Of the plot, in its own units: whole width, height of a row, width of the labels, space between rows."""
COLOURS = 8
"""How many phases have a colour of their own; then they begin again."""
SHOWN = 12
"""Releases in the plot."""


def releases_element(past: Sequence[PastView]) -> Element:
    """What stands in place of a `<!-- releases -->` block."""
    section = Element("div", {"class": "fastrel-releases"})
    if not past:
        SubElement(section, "p").text = AtomicString("No release has been finished yet.")
        return section
    section.append(_table(past))
    timed = [one for one in past if not one.given_up and one.phases][:SHOWN]
    if timed:
        section.append(_figure(timed))
    return section


def _table(past: Sequence[PastView]) -> Element:
    table = Element("table")
    head = SubElement(SubElement(table, "thead"), "tr")
    for title in ("Release", "Tracker", "Begun", "Ended", "Took"):
        SubElement(head, "th").text = AtomicString(title)
    body = SubElement(table, "tbody")
    for one in past:
        row = SubElement(body, "tr")
        SubElement(row, "td").text = inert(f"{one.version} (given up)" if one.given_up else one.version)
        append_link(SubElement(row, "td"), one.tracker)
        for moment in (one.opened, one.closed):
            cell = SubElement(SubElement(row, "td"), "time", {"datetime": moment.isoformat()})
            cell.text = AtomicString(f"{moment:%Y-%m-%d}")
        SubElement(row, "td").text = AtomicString(duration(one.closed - one.opened))
    return table


def _figure(past: Sequence[PastView]) -> Element:
    """Bars of the same scale, a part for each phase: from the end of the phase before to its own last tick."""
    names = list(dict.fromkeys(name for one in past for name, _ in one.phases))
    figure = Element("figure", {"class": "fastrel-plot"})
    height = (ROW + GAP) * len(past)
    words = "Time from the opening of the tracker to its closing, by phase"
    box = {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": words}
    svg = SubElement(figure, "svg", {"xmlns": "http://www.w3.org/2000/svg", **box})
    longest = max((one.closed - one.opened for one in past), default=timedelta()) or timedelta(seconds=1)
    for number, one in enumerate(past):
        top = number * (ROW + GAP)
        label = SubElement(svg, "text", {"x": "0", "y": str(top + ROW * 0.7)})
        label.text = inert(one.version)
        before = one.opened
        for name, ended in sorted(one.phases, key=lambda phase: phase[1]):
            left = LABEL + (before - one.opened) / longest * (WIDTH - LABEL)
            width = (ended - before) / longest * (WIDTH - LABEL)
            place = {"x": f"{left:.1f}", "y": str(top), "width": f"{max(width, 0.5):.1f}", "height": str(ROW)}
            bar = SubElement(svg, "rect", {"class": _colour(names.index(name)), **place})
            SubElement(bar, "title").text = inert(f"{one.version}, {name}: {duration(ended - before)}")
            before = ended
    caption = SubElement(figure, "figcaption")
    caption.text = AtomicString(f"{words}: ")
    for number, name in enumerate(names):
        key = SubElement(caption, "span", {"class": f"fastrel-key {_colour(number)}"})
        key.text = inert(name)
        key.tail = AtomicString(" ")
    return figure


def _colour(number: int) -> str:
    return f"fastrel-colour-{number % COLOURS + 1}"


def duration(time: timedelta) -> str:
    """In the one unit that says most: `6 days`, `3 hours`, `12 minutes`."""
    seconds = max(int(time.total_seconds()), 0)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length or (seconds >= length and unit == "minute"):
            number = round(seconds / length)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"
