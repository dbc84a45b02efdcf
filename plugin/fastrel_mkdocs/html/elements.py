"""HTML elements for a guide's state: the header, a phase, a step."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from fastrel.report.verdict import Status
from fastrel_mkdocs.html.headline import Headline, headline_of
from fastrel_mkdocs.html.parts import (
    append_age,
    append_command,
    append_date,
    append_evidence,
    append_link,
    append_progress,
    append_text,
    append_time,
    inert,
)
from fastrel_mkdocs.view import GuideView, MilestoneView, StepView
from fastrel_mkdocs.words import Words

Sources = Mapping[str, str]
"""Addresses: where the script reads newer state, `snapshot`, `tracker`, and `list`, where a tracker is looked for; and
where the guide is, `page`."""

ELSEWHERE = "data-fastrel-href"
"""Holds the address of a link to another page of the site until the host has looked at the links that people wrote."""
DENSE = 60
"""Cells beyond which there is no room between them."""


def header_element(view: GuideView, sources: Sources, words: Words, *, alone: bool = False) -> Element:
    """What stands at the top of a guide: the verdict, the next step, progress, milestone, release issue, and how old
    the state is. The script fills other words into these elements, so those that are empty now are there as well.
    Alone, on another page, it holds what the script has to know of the steps."""
    headline = headline_of(view, words)
    header = Element(
        "div", {"class": f"fastrel-header fastrel-is-{headline.kind}", **_header_data(view, sources, words)}
    )
    page = sources.get("page", "") if alone else ""
    if alone:
        header.set("data-fastrel-steps", json.dumps(_steps_alone(view), ensure_ascii=False, separators=(",", ":")))
    _append_verdict(header, headline)
    top = SubElement(header, "p", {"class": "fastrel-release"})
    around = SubElement(top, "a", {"href": "#", ELSEWHERE: inert(page)}) if page else top
    SubElement(around, "strong").text = inert(words("release", version=view.version))
    append_text(top, " ")
    kind = SubElement(top, "span", {"class": "fastrel-kind"})
    kind.text = inert(words(view.kind) if view.kind in ("major", "minor", "patch") else view.kind)
    if view.base:
        append_text(top, f" {words('from', commit=view.base[:7])}")
    append_text(top, " ")
    append_progress(top, view.settled, len(view.steps), words("progress"), words)
    _append_strip(header, view, page, words)
    _append_next(header, headline, page, words)
    _append_facts(header, view, words)
    for warning in view.warnings:
        note = SubElement(header, "p", {"class": "fastrel-warning", "role": "note"})
        note.text = inert(f"{words('warning')} {warning}")
    if not alone:
        _append_filter(header, view, words)
    append_age(header, view.at, view.source, words)
    return header


def _header_data(view: GuideView, sources: Sources, words: Words) -> dict[str, str]:
    translated = words.for_script()
    return {
        "role": "region",
        "aria-label": inert(words("release", version=view.version)),
        "data-search-exclude": "true",
        "data-fastrel-version": inert(view.version),
        "data-fastrel-repository": inert(view.repository),
        "data-fastrel-at": view.at.isoformat() if view.at else "",
        **({"data-fastrel-given-up": ""} if view.given_up else {}),
        **({"data-fastrel-assignees": inert(" ".join(view.assignees))} if view.assignees else {}),
        **({"data-fastrel-words": json.dumps(translated, ensure_ascii=False)} if translated else {}),
        **{f"data-fastrel-{name}": inert(url) for name, url in sources.items() if url},
    }


def _steps_alone(view: GuideView) -> list[dict[str, object]]:
    """What the script has to know of each step where the steps are not on the page; what is empty is left out."""
    numbers = {phase: number for number, phase in enumerate(view.phases())}
    return [
        {
            "id": step.id,
            "title": inert(step.title or step.id),
            "phase": numbers[step.phase],
            "status": step.status.value,
            "role": step.role,
            **({"alone": step.alone.value, "summary": inert(step.alone_summary)} if step.alone else {}),
            **({"needs": list(step.needs)} if step.needs else {}),
            **({"contradicted": True} if step.contradicted else {}),
            **({"ticked": True} if step.ticked or step.status.settled else {}),
            **({"at": step.at.isoformat()} if step.at else {}),
            **({"decided": True} if step.decided else {}),
            **({"hand": True} if step.by_hand else {}),
        }
        for step in view.steps.values()
    ]


def sticky_element(view: GuideView, words: Words) -> Element:
    """A small bar that stays in sight while the header is not; the script shows it."""
    headline = headline_of(view, words)
    bar = Element(
        "div", {"class": f"fastrel-sticky fastrel-is-{headline.kind}", "data-search-exclude": "true", "hidden": ""}
    )
    line = SubElement(bar, "p")
    SubElement(line, "span", {"class": "fastrel-dot", "aria-hidden": "true"})
    SubElement(line, "strong").text = inert(view.version)
    append_text(line, " ")
    count = SubElement(line, "span", {"class": "fastrel-count"})
    count.text = inert(words("count", settled=view.settled, total=len(view.steps)))
    append_text(line, " ")
    link = SubElement(
        line, "a", {"class": "fastrel-next-link", "href": f"#step-{headline.step.id}" if headline.step else "#"}
    )
    link.text = inert(headline.step.title or headline.step.id) if headline.step else ""
    return bar


def unread_element(words: Words) -> Element:
    """What stands where the state would be, when there is none to show."""
    note = Element("p", {"class": "fastrel-unread", "role": "note", "data-search-exclude": "true"})
    note.text = inert(words("unread"))
    return note


def phase_element(view: GuideView, phase: str, words: Words, tag: str = "p") -> Element:
    """The progress of a phase, to stand below its heading."""
    settled, total = view.phases()[phase]
    line = Element(tag, {"class": "fastrel-phase", "data-search-exclude": "true"})
    append_progress(line, settled, total, words("progress_phase"), words)
    return line


def blocked_element(view: GuideView, phase: str, words: Words) -> Element:
    """What blocks a phase as a whole, to stand below its progress: said once and not with each step."""
    settled, total = view.phases()[phase]
    blocked = Element("p", {"class": "fastrel-phase-blocked", "data-search-exclude": "true"})
    before = view.before(phase)
    blocker = before[0] if before and settled < total else None
    if blocker is None:
        blocked.set("hidden", "hidden")
    append_text(blocked, f"{words('blocked_by')} ")
    link = SubElement(blocked, "a", {"href": f"#step-{blocker.id}" if blocker else "#"})
    link.text = inert(blocker.title or blocker.id) if blocker else ""
    more = SubElement(blocked, "span", {"class": "fastrel-phase-more"})
    more.text = inert(f" {words('and_more', count=len(before) - 1)}") if len(before) > 1 else ""
    return blocked


def step_element(view: StepView, version: str, words: Words) -> Element:
    """The state of one step in a quiet line: status, evidence with links, who ticked it, and the command for it."""
    # Material's search leaves an element out until the first end tag of the same name: no other `small` is in it.
    state = Element("small", {"class": "fastrel-state", "data-search-exclude": "true", "dir": "auto"})
    status = SubElement(state, "span", {"class": "fastrel-status"})
    status.text = inert(words(view.status.value))
    status.tail = AtomicString(" ")
    doubt = SubElement(state, "strong", {"class": "fastrel-unverified"})
    doubt.text = inert(words("contradicted") if view.contradicted else "")
    doubt.tail = AtomicString(" ")
    evidence = SubElement(state, "span", {"class": "fastrel-evidence"})
    append_evidence(evidence, view.summary, view.links)
    evidence.tail = AtomicString(" ")
    ticked = SubElement(state, "span", {"class": "fastrel-ticked"})
    if view.ticked:
        _append_ticked(ticked, view, words)
    ticked.tail = AtomicString(" ")
    command = append_command(state, view.command(version), words)
    if view.status.settled or view.status is Status.BLOCKED:
        command.set("hidden", "hidden")
    return state


def step_data(view: StepView, phase: int, *, by_phase: bool) -> dict[str, str]:
    """What the script has to know of a step as it was built, and its classes."""
    alone = view.alone or view.status
    classes = ["fastrel-step", f"fastrel-{view.status.value}"]
    classes += ["fastrel-contradicted"] if view.contradicted else []
    classes += ["fastrel-by-phase"] if by_phase and view.status is Status.BLOCKED else []
    return {
        "class": " ".join(classes),
        "data-fastrel-phase": str(phase),
        "data-fastrel-status": view.status.value,
        "data-fastrel-role": inert(view.role),
        **({"data-fastrel-alone": alone.value} if view.alone else {}),
        **({"data-fastrel-summary": inert(view.alone_summary)} if view.alone else {}),
        **({"data-fastrel-needs": inert(" ".join(view.needs))} if view.needs else {}),
        **({"data-fastrel-decided": ""} if view.decided else {}),
        **({"data-fastrel-hand": ""} if view.by_hand else {}),
    }


def box_element(step_id: str, status: str, *, ticked: bool, words: Words) -> Element:
    """The mark of a step, a checkbox for those who hear the page; nobody can tick it here."""
    label = Element("label", {"class": "fastrel-box"})
    name = inert(words("step", step=step_id, status=words(status)) if status else step_id)
    box = SubElement(label, "input", {"type": "checkbox", "disabled": "disabled", "aria-label": name})
    if ticked:
        box.set("checked", "checked")
    SubElement(label, "span", {"class": "fastrel-mark", "aria-hidden": "true"})
    return label


def permalink_element(step_id: str, words: Words) -> Element:
    """A link to the step, in the way of the links of headings."""
    anchor = Element("a", {"class": "headerlink fastrel-permalink", "href": f"#step-{step_id}"})
    anchor.set("title", inert(words("link")))
    anchor.set("aria-label", inert(f"{words('link')}: {step_id}"))
    anchor.text = AtomicString("¶")
    return anchor


def _place(page: str, step_id: str) -> dict[str, str]:
    """Where a link to a step leads, on this page or on another one."""
    anchor = f"#step-{step_id}"
    return {"href": "#", ELSEWHERE: f"{inert(page)}{anchor}"} if page else {"href": anchor}


def _append_verdict(header: Element, headline: Headline) -> None:
    line = SubElement(header, "p", {"class": "fastrel-verdict"})
    SubElement(line, "span", {"class": "fastrel-mark", "aria-hidden": "true"})
    SubElement(line, "strong", {"class": "fastrel-verdict-words"}).text = inert(headline.words)
    append_text(line, " ")
    chips = SubElement(line, "span", {"class": "fastrel-counts"})
    for name, words in (("contradictions", headline.contradicted), ("late", headline.late)):
        if words:
            SubElement(chips, "span", {"class": f"fastrel-chip fastrel-{name}"}).text = inert(words)
            append_text(chips, " ")


def _append_strip(header: Element, view: GuideView, page: str, words: Words) -> None:
    """A cell for each step in its colour, those of a phase together. Who hears the page has the progress instead."""
    dense = " fastrel-dense" if len(view.steps) > DENSE else ""
    strip = SubElement(header, "p", {"class": f"fastrel-strip{dense}", "aria-hidden": "true"})
    phase, cells = "", strip
    for step in view.steps.values():
        if step.phase != phase or cells is strip:
            phase = step.phase
            cells = SubElement(strip, "span", {"class": "fastrel-strip-phase"})
        name = f"{step.title or step.id}: {words(step.status.value)}"
        cell = SubElement(cells, "a", {"class": _cell(step), **_place(page, step.id), "tabindex": "-1"})
        cell.set("title", inert(name))


def _cell(step: StepView) -> str:
    return f"fastrel-cell fastrel-{step.status.value}{' fastrel-contradicted' if step.contradicted else ''}"


def _append_next(header: Element, headline: Headline, page: str, words: Words) -> None:
    line = SubElement(header, "p", {"class": "fastrel-next"})
    if headline.step is None:
        line.set("hidden", "hidden")
    step = headline.step
    # What the command line calls next is another step than one that failed further below.
    label = words("failed_step" if step and step.status is Status.FAILED else "next")
    SubElement(line, "span", {"class": "fastrel-next-label"}).text = inert(label)
    append_text(line, " ")
    place = _place(page, step.id) if step else {"href": "#"}
    link = SubElement(line, "a", {"class": "fastrel-next-link", **place})
    link.text = inert(step.title or step.id) if step else ""
    append_text(line, " ")
    why = SubElement(line, "span", {"class": "fastrel-next-why"})
    shown = step is not None and step.status in (Status.FAILED, Status.WAITING, Status.UNKNOWN)
    why.text = inert(" · ".join(filter(None, [step.summary if step and shown else "", headline.usually])))
    append_text(line, " ")
    SubElement(line, "span", {"class": "fastrel-next-role"}).text = inert(headline.who)


def _append_facts(header: Element, view: GuideView, words: Words) -> None:
    facts = SubElement(header, "ul", {"class": "fastrel-facts"})
    if view.milestone:
        _append_milestone(SubElement(facts, "li", {"class": "fastrel-milestone"}), view.milestone, words)
    tracker = SubElement(facts, "li", {"class": "fastrel-tracker"})
    if view.tracker:
        append_link(tracker, view.tracker, f"{words('tracker')} ")
        state = SubElement(tracker, "span", {"class": "fastrel-tracker-state"})
        state.text = inert("" if view.tracker_open else f" ({words('closed')})")
    else:
        if view.given_up:
            append_link(tracker, view.given_up, f"{words('tracker')} ")
            append_text(tracker, f" ({words('closed')}). {words('anew')} ")
        else:
            tracker.text = inert(f"{words('no_tracker')} ")
        append_command(tracker, f"fastrel-checklist open {view.version}", words)
    if view.published:
        append_link(SubElement(facts, "li", {"class": "fastrel-published"}), view.published, f"{words('published')} ")


def _append_milestone(parent: Element, milestone: MilestoneView, words: Words) -> None:
    append_link(parent, milestone.link, f"{words('milestone')} ")
    count = SubElement(parent, "span", {"class": "fastrel-milestone-count"})
    count.text = inert(f" {words('milestone_count', open=milestone.open, closed=milestone.closed)}")
    if milestone.due:
        due = SubElement(parent, "span", {"class": "fastrel-overdue" if milestone.overdue else "fastrel-due"})
        before, _, after = words("overdue" if milestone.overdue else "due").partition("{date}")
        append_text(due, f", {before}")
        append_date(due, milestone.due)
        append_text(due, after)


def _append_filter(header: Element, view: GuideView, words: Words) -> None:
    """Buttons that choose which steps are shown; without the script they would do nothing, so it shows them."""
    group = SubElement(header, "div", {"class": "fastrel-filter", "role": "group", "hidden": "hidden"})
    group.set("aria-label", inert(words("filter")))
    roles: Sequence[str] = tuple(dict.fromkeys(step.role for step in view.steps.values()))
    shown = [("all", words("show_all")), ("open", words("show_open"))]
    shown += [(f"role:{role}", words("show_role", role=role)) for role in roles] if len(roles) > 1 else []
    for value, text in shown:
        button = SubElement(group, "button", {"type": "button", "data-fastrel-show": inert(value)})
        button.set("aria-pressed", "true" if value == "all" else "false")
        button.text = inert(text)


def _append_ticked(parent: Element, view: StepView, words: Words) -> None:
    if view.skipped:
        parent.text = inert(words("skipped_by", login=view.by) if view.by else words("skipped_hand"))
    else:
        parent.text = inert(words("by", login=view.by) if view.by else words("by_hand"))
    if view.at:
        append_text(parent, " ")
        append_time(parent, view.at)
