"""Adds its progress below the heading of each phase, and folds the phase when it is done."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from fastrel_mkdocs.html.elements import blocked_element, phase_element
from fastrel_mkdocs.view import GuideView
from fastrel_mkdocs.words import Words

HEADING = re.compile(r"h[1-6]")


def fold_phases(root: Element, view: GuideView, words: Words) -> None:
    """Put each phase into `<details>` whose summary is its progress, open while something is left to do. Where the
    steps of a phase do not stand beside its heading, only the progress is shown there."""
    found = _phases(root, view)
    headings = {id(heading) for _, heading, _ in found}
    phases = view.phases()
    left = _by_phase(root, view)
    for parent, heading, phase in reversed(found):
        start = list(parent).index(heading) + 1
        end = start
        while end < len(parent) and not _ends(parent[end], heading, headings):
            end += 1
        inside = parent[start:end]
        if {step for one in inside for step in _steps_in(one)} != left[phase]:
            parent[start:start] = [phase_element(view, phase, words), blocked_element(view, phase, words)]
            continue
        fold = Element("details", {"class": "fastrel-fold"})
        settled, total = phases[phase]
        if settled < total:
            fold.set("open", "open")
        fold.append(phase_element(view, phase, words, "summary"))
        body = SubElement(fold, "div", {"class": "fastrel-fold-body"})
        body.append(blocked_element(view, phase, words))
        body.extend(inside)
        parent[start:end] = [fold]


def _steps_in(element: Element) -> list[str]:
    return [name for item in element.iter("li") if (name := item.get("data-fastrel-step"))]


def _by_phase(root: Element, view: GuideView) -> dict[str, set[str]]:
    """The steps of each phase that are on the page."""
    found: dict[str, set[str]] = {}
    for name in _steps_in(root):
        step = view.steps.get(name)
        if step:
            found.setdefault(step.phase, set()).add(name)
    return found


def _phases(root: Element, view: GuideView) -> list[tuple[Element, Element, str]]:
    """The heading of each phase with its parent."""
    shown: set[str] = set()
    found: list[tuple[Element, Element, str]] = []
    heading: tuple[Element, Element] | None = None
    around = {child: parent for parent in root.iter() for child in parent}
    for element in root.iter():
        if HEADING.fullmatch(str(element.tag)):
            heading = (around[element], element)
        step = view.steps.get(element.get("data-fastrel-step", ""))
        if step and heading and step.phase and step.phase not in shown:
            shown.add(step.phase)
            found.append((*heading, step.phase))
            heading = None
    return found


def _ends(element: Element, heading: Element, headings: set[int]) -> bool:
    """Whether what belongs to a heading ends before an element."""
    if not HEADING.fullmatch(str(element.tag)):
        return False
    return id(element) in headings or str(element.tag) <= str(heading.tag)
