"""Past releases: a table, how long each phase took, and who did what when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement

from fastrel.report.verdict import Link
from fastrel_mkdocs.html.parts import append_date, append_link, append_text, append_time, duration, inert
from fastrel_mkdocs.view import GuideView, PastView
from fastrel_mkdocs.words import Words

WIDTH = 1000
"""Of a bar, in its own units; it is stretched to the room that there is."""
COLOURS = 8
"""How many phases have a colour of their own; then they begin again."""
SHOWN = 12
"""Releases whose times are drawn."""
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))
ROUND = {
    "day": (1, 2, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500, 1000),
    "hour": (1, 2, 4, 6, 12),
    "minute": (1, 2, 5, 10, 15, 30),
}
"""Distances of the marks on an axis."""
MARKS = 6
"""Marks on an axis at most, without the first one."""


def releases_element(
    past: Sequence[PastView], words: Words, sources: Mapping[str, str] | None = None, view: GuideView | None = None
) -> Element:
    """What stands in place of a `<!-- releases -->` block; `view` is the guide whose releases `sources` are about."""
    translated = words.for_script()
    data: dict[str, str] = {
        f"data-fastrel-{name}": inert(url) for name, url in (sources or {}).items() if name == "snapshot"
    }
    data |= {"data-fastrel-words": json.dumps(translated, ensure_ascii=False)} if translated else {}
    section = Element("div", {"class": "fastrel-releases", "data-search-exclude": "true", **data})
    none = SubElement(section, "p", {"class": "fastrel-none"})
    none.text = inert(words("no_releases"))
    if past:
        none.set("hidden", "hidden")
    section.append(_table(past, words))
    timed = [one for one in past if not one.given_up and one.phases][:SHOWN]
    names = list(dict.fromkeys(name for one in timed for name, _ in one.phases))
    if view and view.at and "data-fastrel-snapshot" in data:
        section.set("data-fastrel-at", view.at.isoformat())
        section.set("data-fastrel-repository", inert(view.repository))
        if past:
            age = SubElement(section, "p", {"class": "fastrel-age fastrel-plot-age", "hidden": "hidden"})
            age.text = inert(f"{words('plot_built')} ")
            append_time(age, view.at)
    if timed:
        section.append(_figure(timed, names, words))
    for one in past[:SHOWN]:
        if one.ticks:
            section.append(_timeline(one, names, words))
    return section


def _table(past: Sequence[PastView], words: Words) -> Element:
    table = Element("table", {} if past else {"hidden": "hidden"})
    head = SubElement(SubElement(table, "thead"), "tr")
    names = ("col_release", "col_tracker", "col_begun", "col_ended", "col_took", "col_links")
    for name in names:
        SubElement(head, "th", {"scope": "col"}).text = inert(words(name))
    body = SubElement(table, "tbody")
    for one in past:
        row = SubElement(body, "tr")
        cells = [SubElement(row, "th", {"scope": "row"})]
        cells += [SubElement(row, "td", {"data-label": inert(words(name))}) for name in names[1:]]
        version = words("given_up", version=one.version) if one.given_up else one.version
        append_link(cells[0], Link(version, one.published))
        append_link(cells[1], one.tracker)
        append_date(cells[2], one.opened)
        append_date(cells[3], one.closed)
        cells[4].text = inert(duration(one.closed - one.opened, words))
        if one.published:
            append_link(cells[5], Link(words("notes"), one.published))
        if one.compare:
            append_link(cells[5], Link(words("compare"), one.compare), " · " if one.published else "")
    return table


def _figure(past: Sequence[PastView], names: Sequence[str], words: Words) -> Element:
    """Bars of the same scale, a part for each phase: from the end of the phase before to its own."""
    figure = Element("figure", {"class": "fastrel-plot"})
    caption = SubElement(figure, "figcaption")
    caption.text = inert(words("plot"))
    unit, marks = axis_marks(max((one.closed - one.opened for one in past), default=timedelta()))
    longest = timedelta(seconds=dict(UNITS)[unit] * marks[-1])
    rows = SubElement(figure, "div", {"class": "fastrel-plot-rows"})
    for one in past:
        name = SubElement(rows, "span", {"class": "fastrel-plot-name"})
        append_link(name, Link(one.version, one.published or one.tracker.url))
        rows.append(_bar(one, names, longest, len(marks), words))
        SubElement(rows, "span", {"class": "fastrel-plot-took"}).text = inert(duration(one.closed - one.opened, words))
        rows.append(_values(one, names, words))
    rows.append(_axis(unit, marks, words))
    figure.append(_legend(past, names, words))
    return figure


def axis_marks(longest: timedelta) -> tuple[str, list[int]]:
    """A unit, and where an axis that holds a time has its marks: at round distances from 0 on."""
    seconds = max(longest.total_seconds(), 60)
    unit, length = next((unit, length) for unit, length in UNITS if seconds >= 2 * length or unit == "minute")
    steps = ROUND[unit]
    step = next((one for one in steps if one * MARKS * length >= seconds), -(-int(seconds) // (length * MARKS)))
    return unit, [step * number for number in range(1, -(-int(seconds) // (step * length)) + 1)]


def _axis(unit: str, marks: Sequence[int], words: Words) -> Element:
    """Words below the marks; the first one is 0."""
    axis = Element("span", {"class": "fastrel-axis", "aria-hidden": "true"})
    SubElement(axis, "span").text = "0"
    for number in marks:
        last = number == marks[-1]
        text = words.number(unit, f"{unit}s", number) if last else str(number)
        SubElement(SubElement(axis, "span"), "span").text = inert(text)
    return axis


def _values(one: PastView, names: Sequence[str], words: Words) -> Element:
    """The time of each phase in words, so that nobody has to point at a bar."""
    values = Element("span", {"class": "fastrel-plot-values", "aria-hidden": "true"})
    for name, time in phase_times(one):
        key = SubElement(values, "span", {"class": f"fastrel-key {_colour(names.index(name))}", "title": inert(name)})
        key.text = inert(duration(time, words) if time.total_seconds() >= 60 else words("moment_short"))
    return values


def _bar(one: PastView, names: Sequence[str], longest: timedelta, marks: int, words: Words) -> Element:
    spoken = ", ".join(f"{name}: {duration(time, words)}" for name, time in phase_times(one))
    box = {
        "viewBox": f"0 0 {WIDTH} 10",
        "preserveAspectRatio": "none",
        "role": "img",
        "aria-label": inert(f"{one.version}: {spoken}"),
    }
    # Own code: packages that draw charts bring fonts and colours; these bars have those of the site, by their classes.
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **box})
    lines = " ".join(f"M{WIDTH * number / marks:.1f} 0V10" for number in range(1, marks))
    SubElement(svg, "path", {"d": lines})
    left = 0.0
    for name, time in phase_times(one):
        width = time / longest * WIDTH
        place = {"x": f"{left:.1f}", "y": "0", "width": f"{max(width, 0.5):.1f}", "height": "10"}
        bar = SubElement(svg, "rect", {"class": _colour(names.index(name)), **place})
        SubElement(bar, "title").text = inert(f"{one.version}, {name}: {duration(time, words)}")
        left += width
    return svg


def _legend(past: Sequence[PastView], names: Sequence[str], words: Words) -> Element:
    """The phases with their colours, and how long each took: the middle of all releases."""
    legend = Element("ul", {"class": "fastrel-legend"})
    for number, name in enumerate(names):
        times = sorted(time for one in past for phase, time in phase_times(one) if phase == name)
        item = SubElement(legend, "li", {"class": f"fastrel-key {_colour(number)}"})
        item.text = inert(f"{name} ")
        SubElement(item, "span", {"class": "fastrel-quiet"}).text = inert(duration(times[len(times) // 2], words))
    return legend


def _timeline(one: PastView, names: Sequence[str], words: Words) -> Element:
    fold = Element("details", {"class": "fastrel-timeline"})
    SubElement(fold, "summary").text = inert(words("timeline", version=one.version))
    steps = SubElement(fold, "ol")
    phase = ""
    for tick in one.ticks:
        colour = _colour(names.index(tick.phase)) if tick.phase in names else ""
        item = SubElement(steps, "li", {"class": f"fastrel-tick {colour}".rstrip()})
        append_time(item, tick.at).set("data-fastrel-exact", "")
        append_text(item, " ")
        if tick.phase != phase:
            phase = tick.phase
            SubElement(item, "strong", {"class": "fastrel-tick-phase"}).text = inert(phase)
            append_text(item, " ")
        SubElement(item, "code").text = inert(tick.step_id)
        if tick.skipped:
            who = words("skipped_by", login=tick.by) if tick.by else words("skipped_hand")
        else:
            who = words("by", login=tick.by) if tick.by else words("by_hand")
        SubElement(item, "span", {"class": "fastrel-quiet"}).text = inert(f" {who}")
    return fold


def phase_times(one: PastView) -> list[tuple[str, timedelta]]:
    """How long each phase took, in the order of the guide."""
    before, found = one.opened, []
    for name, ended in one.phases:
        found.append((name, max(ended - before, timedelta())))
        before = max(before, ended)
    return found


def _colour(number: int) -> str:
    return f"fastrel-colour-{number % COLOURS + 1}"
