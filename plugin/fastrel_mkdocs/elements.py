"""HTML elements for a guide's state. Text is always set as text, never as markup, and is not read as Markdown again."""

from __future__ import annotations

from urllib.parse import urlparse
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from fastrel.verdict import Link, Status
from fastrel_mkdocs.view import GuideView, StepView

SIGNS = {
    Status.DONE: "✔",
    Status.TODO: "○",
    Status.WAITING: "…",
    Status.FAILED: "✘",
    Status.MANUAL: "?",
    Status.BLOCKED: "·",
    Status.SKIPPED: "–",
    Status.UNKNOWN: "!",
}


def header_element(view: GuideView) -> Element:
    """What stands at the top of a guide: version, progress, milestone, tracker, and how old the state is."""
    header = Element("div", {"class": "fastrel-header", "data-search-exclude": "true"})
    line = SubElement(header, "p", {"class": "fastrel-release"})
    strong = SubElement(line, "strong")
    strong.text = _text(f"Release {view.version}")
    strong.tail = _text(f" ({view.kind}): {view.settled} of {view.total} steps ")
    SubElement(
        line,
        "progress",
        {"value": str(view.settled), "max": str(max(view.total, 1)), "aria-label": "Steps that are done or skipped"},
    )
    facts = SubElement(header, "p", {"class": "fastrel-facts"})
    if view.milestone:
        _append_text(facts, "Milestone ")
        _append_link(facts, view.milestone)
        _append_text(facts, f": {view.milestone_words}. ")
    if view.tracker:
        _append_text(facts, "Tracker ")
        _append_link(facts, view.tracker)
        _append_text(facts, ". ")
    else:
        _append_text(facts, "No tracker yet. ")
    if view.at:
        _append_text(facts, "As of ")
        moment = SubElement(facts, "time", {"datetime": view.at.isoformat()})
        moment.text = AtomicString(f"{view.at:%Y-%m-%d %H:%M} UTC")
        _append_text(facts, f" ({view.source}).")
    return header


def step_element(view: StepView) -> Element:
    """The state of one step: sign, status, evidence with links, who ticked it."""
    state = Element("span", {"class": f"fastrel-state fastrel-{view.status.value}", "data-search-exclude": "true"})
    sign = SubElement(state, "span", {"class": "fastrel-sign", "aria-hidden": "true"})
    sign.text = AtomicString(SIGNS[view.status])
    status = SubElement(state, "span", {"class": "fastrel-status"})
    status.text = AtomicString(view.status.value)
    status.tail = AtomicString(" ")
    evidence = SubElement(state, "span", {"class": "fastrel-evidence"})
    evidence.text = _text(view.summary)
    for link in view.links:
        _append_text(evidence, " ")
        _append_link(evidence, link)
    words = _ticked_words(view)
    if words:
        evidence.tail = AtomicString(" ")
        ticked = SubElement(state, "span", {"class": "fastrel-ticked"})
        ticked.text = _text(words)
    return state


def _ticked_words(view: StepView) -> str:
    if not view.ticked:
        return ""
    words = f"ticked by {view.by}" if view.by else "ticked by hand"
    if view.at:
        words += f" on {view.at:%Y-%m-%d %H:%M} UTC"
    return f"{words} (unverified)" if view.unverified else words


def _append_link(parent: Element, link: Link) -> None:
    """A link, or only its text when the address is not one that a page should follow."""
    if urlparse(link.url).scheme not in ("http", "https"):
        _append_text(parent, link.text)
        return
    anchor = SubElement(parent, "a", {"href": _text(link.url)})
    anchor.text = _text(link.text)


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        last = parent[-1]
        last.tail = _text((last.tail or "") + text)
    else:
        parent.text = _text((parent.text or "") + text)


def _text(text: str) -> AtomicString:
    """Text that Python-Markdown leaves alone: its own placeholders are made of control characters, so those go."""
    return AtomicString("".join(one for one in text if one.isprintable() or one == " "))
