"""HTML elements for a guide's state. Text is always set as text, never as markup, and is not read as Markdown again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlparse
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from fastrel.report.verdict import Link, Status
from fastrel_mkdocs.view import GuideView, MilestoneView, StepView

Sources = Mapping[str, str]
"""Where the script reads newer state: `snapshot` and `tracker`, addresses."""

UNREAD = "The state of the release is not shown: it could not be read when this page was built."

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


def header_element(view: GuideView, sources: Sources) -> Element:
    """What stands at the top of a guide: version, progress, milestone, tracker, what comes next, how old the state is.

    The script fills other words into these elements and makes none, so those that are empty now are there as well.
    """
    data = {
        "class": "fastrel-header",
        "role": "region",
        "aria-label": inert(f"Release {view.version}"),
        "data-search-exclude": "true",
        "data-fastrel-version": inert(view.version),
        "data-fastrel-at": view.at.isoformat() if view.at else "",
        **{f"data-fastrel-{name}": inert(url) for name, url in sources.items() if url},
    }
    header = Element("div", data)
    line = SubElement(header, "p", {"class": "fastrel-release"})
    strong = SubElement(line, "strong")
    strong.text = inert(f"Release {view.version}")
    start = f" from {view.base[:7]}" if view.base else ""
    strong.tail = inert(f" ({view.kind}{start}) ")
    append_progress(line, view.settled, len(view.steps), "all steps")
    facts = SubElement(header, "ul", {"class": "fastrel-facts"})
    if view.milestone:
        _append_milestone(SubElement(facts, "li", {"class": "fastrel-milestone"}), view.milestone)
    tracker = SubElement(facts, "li", {"class": "fastrel-tracker"})
    if view.tracker:
        tracker.text = AtomicString("Tracker ")
        append_link(tracker, view.tracker)
        state = SubElement(tracker, "span", {"class": "fastrel-tracker-state"})
        state.text = AtomicString("" if view.tracker_open else " (closed)")
    else:
        tracker.text = AtomicString("No tracker yet: ")
        _append_command(tracker, f"fastrel-checklist open {view.version}")
    if view.published:
        append_link(SubElement(facts, "li", {"class": "fastrel-published"}), view.published, "Published: ")
    _append_next(SubElement(facts, "li", {"class": "fastrel-next"}), view.next)
    for warning in view.warnings:
        note = SubElement(header, "p", {"class": "fastrel-warning", "role": "note"})
        note.text = inert(f"Warning: {warning}")
    append_age(header, view.at, view.source)
    return header


def unread_element() -> Element:
    """What stands where the state would be, when there is none to show."""
    note = Element("p", {"class": "fastrel-unread", "role": "note", "data-search-exclude": "true"})
    note.text = AtomicString(UNREAD)
    return note


def phase_element(settled: int, total: int) -> Element:
    """The progress of a phase, to stand below its heading."""
    line = Element("p", {"class": "fastrel-phase", "data-search-exclude": "true"})
    append_progress(line, settled, total, "the steps of this phase")
    return line


def step_element(view: StepView) -> Element:
    """The state of one step: sign, status, evidence with links, who ticked it, and the command that does it."""
    # Material's search leaves an element out until the first end tag of the same name: no other `small` is in it.
    state = Element("small", {"class": f"fastrel-state fastrel-{view.status.value}", "data-search-exclude": "true"})
    sign = SubElement(state, "span", {"class": "fastrel-sign", "aria-hidden": "true"})
    sign.text = AtomicString(SIGNS[view.status])
    status = SubElement(state, "span", {"class": "fastrel-status"})
    status.text = AtomicString(view.status.value)
    status.tail = AtomicString(" ")
    evidence = SubElement(state, "span", {"class": "fastrel-evidence"})
    evidence.text = inert(view.summary)
    evidence.tail = AtomicString(" ")
    links = SubElement(state, "span", {"class": "fastrel-links"})
    for link in view.links:
        append_link(links, link)
        _append_text(links, " ")
    ticked = SubElement(state, "span", {"class": "fastrel-ticked"})
    ticked.text = inert(_ticked_words(view))
    ticked.tail = AtomicString(" ")
    unverified = SubElement(state, "strong", {"class": "fastrel-unverified"})
    unverified.text = AtomicString("unverified" if view.ticked and view.unverified else "")
    command = _append_command(state, f"fastrel-checklist {'tick' if view.by_hand else 'run'} {view.id}")
    if view.status.settled or view.status is Status.BLOCKED:
        command.set("hidden", "hidden")
    return state


def box_element(step_id: str, *, ticked: bool) -> Element:
    """The checkbox of a step; nobody can tick it here."""
    label = Element("label", {"class": "task-list-control"})
    box = SubElement(label, "input", {"type": "checkbox", "disabled": "disabled", "aria-label": f"Step {step_id}"})
    if ticked:
        box.set("checked", "checked")
    SubElement(label, "span", {"class": "task-list-indicator"})
    return label


def permalink_element(step_id: str) -> Element:
    """A link to the step, in the way of the links of headings."""
    anchor = Element("a", {"class": "headerlink fastrel-permalink", "href": f"#step-{step_id}"})
    anchor.set("title", "Link to this step")
    anchor.set("aria-label", f"Link to step {step_id}")
    anchor.text = AtomicString("¶")
    return anchor


def append_age(parent: Element, at: datetime | None, source: str) -> None:
    """How old what stands above is, and how it was read."""
    age = SubElement(parent, "p", {"class": "fastrel-age"})
    if at:
        age.text = AtomicString("As of ")
        moment = SubElement(age, "time", {"datetime": at.isoformat()})
        moment.text = AtomicString(_moment(at))
        moment.tail = AtomicString(" ")
        SubElement(age, "span", {"class": "fastrel-source"}).text = AtomicString(f"({source})")


def append_progress(parent: Element, settled: int, total: int, what: str) -> None:
    """A bar and the numbers; `what` says to those who cannot see the bar of what it is."""
    bar = {
        "class": "fastrel-bar",
        "value": str(settled),
        "max": str(max(total, 1)),
        "aria-label": inert(f"Progress of {what}"),
    }
    SubElement(parent, "progress", bar).tail = AtomicString(" ")
    SubElement(parent, "span", {"class": "fastrel-count"}).text = AtomicString(f"{settled} of {total} steps")


def _append_milestone(parent: Element, milestone: MilestoneView) -> None:
    append_link(parent, milestone.link, "Milestone ")
    count = SubElement(parent, "span", {"class": "fastrel-milestone-count"})
    count.text = AtomicString(f" {milestone.open} open, {milestone.closed} closed")
    if milestone.due:
        due = SubElement(parent, "span", {"class": "fastrel-overdue" if milestone.overdue else "fastrel-due"})
        words = "overdue since" if milestone.overdue else "due on"
        due.text = AtomicString(f", {words} {milestone.due:%Y-%m-%d}")


def _append_next(parent: Element, step: StepView | None) -> None:
    if step is None:
        parent.text = AtomicString("Every step is done or skipped.")
        return
    parent.text = AtomicString("Next: ")
    anchor = SubElement(parent, "a", {"href": f"#step-{step.id}"})
    anchor.text = inert(step.id)
    needs = "a person" if step.by_hand else step.role
    SubElement(parent, "span", {"class": "fastrel-next-role"}).text = inert(f" ({step.status.value}, needs {needs})")


def _append_command(parent: Element, command: str) -> Element:
    """A command with a button that copies it; the button appears when the script is there to serve it."""
    shown = SubElement(parent, "span", {"class": "fastrel-command"})
    SubElement(shown, "code").text = inert(command)
    button = SubElement(shown, "button", {"type": "button", "class": "fastrel-copy"})
    button.set("aria-label", inert(f"copy {command}"))
    button.text = AtomicString("copy")
    return shown


def _ticked_words(view: StepView) -> str:
    if not view.ticked:
        return ""
    words = f"{'skipped' if view.skipped else 'ticked'} by {view.by or 'hand'}"
    return f"{words} on {_moment(view.at)}" if view.at else words


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def append_link(parent: Element, link: Link, before: str = "") -> None:
    """A link, or only its text when the address is not one that a page should follow."""
    if before:
        _append_text(parent, before)
    if urlparse(link.url).scheme not in ("http", "https"):
        _append_text(parent, link.text)
        return
    anchor = SubElement(parent, "a", {"href": inert(link.url)})
    anchor.text = inert(link.text)


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        last = parent[-1]
        last.tail = inert((last.tail or "") + text)
    else:
        parent.text = inert((parent.text or "") + text)


def inert(text: str) -> AtomicString:
    """Text that Python-Markdown leaves alone: its own placeholders are made of control characters, so those go."""
    return AtomicString("".join(one for one in text if one.isprintable() or one == " "))
