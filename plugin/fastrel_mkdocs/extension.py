"""Python-Markdown extension: checklist blocks with the live state of their steps. Knows no MkDocs.

A preprocessor makes the lists of the guide's source flat, with marks for where GitHub begins and ends lists and items;
a tree processor folds them again and draws the boxes, as `pymdownx.tasklist` would but with a name for those who cannot
see them, and adds the state. It runs before that extension (priority 25), which draws the other boxes of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from fastrel.errors import FastrelError
from fastrel.guide.model import Guide, Settings, Step
from fastrel.guide.parser import parse_guide
from fastrel.guide.site_source import replaced_comments, site_source
from fastrel_mkdocs.elements import (
    box_element,
    header_element,
    permalink_element,
    phase_element,
    step_element,
    unread_element,
)
from fastrel_mkdocs.fold import STEP, TICKED, fold
from fastrel_mkdocs.history import releases_element
from fastrel_mkdocs.view import GuideView, view_of

if TYPE_CHECKING:
    from markdown import Markdown

    from fastrel_mkdocs.board import BoardView

T = TypeVar("T")
RELEASES = re.compile(r"<!--\s*releases\s*-->")
BOARD = re.compile(r"<!--\s*board\s*-->")
PLACE = "fastrel:past:releases"
"""Stands where a releases block was, between the two processors."""
BOARD_PLACE = "fastrel:board"
BLOCK = re.compile(r"<!--\s*checklist\b")
HEADING = re.compile(r"h[1-6]")


@dataclass(frozen=True, slots=True)
class PageState:
    """What the host knows of the page that is rendered now."""

    settings: Settings
    view: GuideView | None
    """None: nothing is known, the steps are shown without state."""
    whole_page: bool = False
    """Whether the page is a guide even when it has no block: all its task items are steps then."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where the browser reads newer state: addresses by `snapshot` and `tracker`."""
    unread: bool = False
    """Whether the host wanted to know the state and could not, so that the page says so."""
    board: BoardView | None = None
    has_board: bool = False
    """Whether the host was asked for a board; without one, a board block is a comment like any other."""
    missing: Callable[[tuple[Step, ...]], None] | None = None
    """Hears of steps of the guide that are not on the page, which something else on the page has swallowed."""


Provider = Callable[[], PageState | None]


class ChecklistExtension(Extension):
    """Options: `snapshot` and `board`, files with a report and a board in their JSON forms; `provider`, a function that
    a host gives."""

    def __init__(self, **options: object) -> None:
        self.config = {
            "snapshot": ["", "File with a report in its JSON form, as `status --json` prints it"],
            "board": ["", "File with a board in its JSON form, as `board --json` prints it"],
            "provider": [_nothing, "For hosts: what is known of the page that is rendered now"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        snapshot, board = str(self.getConfig("snapshot")), str(self.getConfig("board"))
        files = _file_provider(snapshot, board) if snapshot or board else None
        page = _Page(md, files or self.getConfig("provider"))
        # After whitespace is normal (30), before fences are taken out (25).
        md.preprocessors.register(page, "fastrel-source", 27)
        md.treeprocessors.register(_State(md, page), "fastrel-state", 26)


class _Page(Preprocessor):
    """Prepares the source of a guide; leaves every other page alone."""

    def __init__(self, md: Markdown, provider: Provider) -> None:
        super().__init__(md)
        self._provider = provider
        self.guide: Guide | None = None
        self.state: PageState | None = None

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        self.guide, self.state = None, self._provider()
        if RELEASES.search(text) and self.state and (self.state.view or self.state.unread):
            text = replaced_comments(text, "releases", f"\n{PLACE}\n")
            lines = text.split("\n")
        if BOARD.search(text) and self.state and self.state.has_board:
            text = replaced_comments(text, "board", f"\n{BOARD_PLACE}\n")
            lines = text.split("\n")
        if not BLOCK.search(text) and not (self.state and self.state.whole_page):
            return lines
        guide = parse_guide(text)
        if not any(True for _ in guide.steps()):
            return lines
        self.guide = guide
        return site_source(text, guide, self._values()).split("\n")

    def _values(self) -> dict[str, str] | None:
        if self.state is None or self.state.view is None:
            return None
        settings, view = self.state.settings, self.state.view
        return view.release(settings.tag, settings.branch).values(view.repository)


class _State(Treeprocessor):
    """Puts the state of each step into the tree."""

    def __init__(self, md: Markdown, page: _Page) -> None:
        super().__init__(md)
        self._page = page

    def run(self, root: Element) -> None:
        page = self._page
        view = page.state.view if page.state else None
        unread = page.state is not None and page.state.unread
        if view or unread:
            _put(root, PLACE, lambda: releases_element(view.past) if view else unread_element())
        if page.state and page.state.has_board:
            board = page.state.board
            _put(root, BOARD_PLACE, lambda: _board_element(board))
        if page.guide is None:
            return
        fold(root, self.md)
        if view:
            _insert_phases(root, view)
        missing = {step.id: step for step in page.guide.steps()}
        for around in list(root.iter()):
            for item in around:
                step_id = _step_of(item)
                if step_id in missing:
                    missing.pop(step_id)
                    self._show(around, item, _paragraph(item), view)
        if missing and page.state and page.state.missing:
            page.state.missing(tuple(missing.values()))
        if unread:
            _insert_header(root, unread_element())
        if view:
            _insert_header(root, header_element(view, page.state.sources if page.state else {}))

    def _show(self, around: Element, item: Element, paragraph: Element, view: GuideView | None) -> None:
        step_id = _step_of(item)
        step = view.steps.get(step_id) if view else None
        written = item.attrib.pop(TICKED, "") == "x"
        ticked = step.status.settled or step.ticked if step else written
        item.set("id", f"step-{step_id}")
        _add_class(item, "fastrel-step task-list-item")
        _add_class(around, "task-list")
        box = box_element(step_id, ticked=ticked)
        box.tail = f" {(paragraph.text or '').strip()} "
        paragraph.text = ""
        paragraph.insert(0, box)
        paragraph.insert(1, permalink_element(step_id))
        if step:
            paragraph.insert(2, step_element(step))


def _add_class(element: Element, name: str) -> None:
    if name not in element.get("class", ""):
        element.set("class", f"{element.get('class', '')} {name}".strip())


def _insert_phases(root: Element, view: GuideView) -> None:
    """Below the heading of each phase, its progress."""
    shown: set[str] = set()
    found: list[tuple[Element, Element, str]] = []
    heading: tuple[Element, Element] | None = None
    around = {child: parent for parent in root.iter() for child in parent}
    for element in root.iter():
        if HEADING.fullmatch(str(element.tag)):
            heading = (around[element], element)
        marked = _step_of(element)
        step = view.steps.get(marked) if marked else None
        if step and heading and step.phase and step.phase not in shown:
            shown.add(step.phase)
            found.append((*heading, step.phase))
            heading = None
    phases = view.phases()
    below = {id(element): phase_element(*phases[phase]) for _, element, phase in found}
    for parent in {id(parent): parent for parent, _, _ in found}.values():
        parent[:] = [one for child in parent for one in (child, below.get(id(child))) if one is not None]


def _step_of(item: Element) -> str:
    """The id of the step that a list item is; empty when it is none."""
    return item.get(STEP, "") if item.tag == "li" else ""


def _paragraph(item: Element) -> Element:
    """What holds the text of an item: its first paragraph in a loose list, else the item itself."""
    return item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item


def _put(root: Element, place: str, element: Callable[[], Element]) -> None:
    """An element in each of the places that a text holds for it."""
    for parent in list(root.iter()):
        for number, child in enumerate(parent):
            if child.tag == "p" and (child.text or "").strip() == place:
                parent[number] = element()


def _insert_header(root: Element, header: Element) -> None:
    """Below the page's title, or at the top when it has none."""
    for index, element in enumerate(root):
        if element.tag == "h1":
            root.insert(index + 1, header)
            return
    root.insert(0, header)


def _nothing() -> PageState | None:
    """Nothing is known of the page."""
    return None


def _file_provider(snapshot: str, board: str) -> Provider:
    def provide() -> PageState | None:
        view = _read(snapshot, lambda data: view_of(data, "snapshot"))
        shown = _read(board, _board_of)
        return PageState(Settings(), view, board=shown, has_board=bool(board)) if view or board else None

    return provide


# Few sites have a board, and what it needs takes a while to import.
def _board_element(view: BoardView | None) -> Element:
    from fastrel_mkdocs.board import board_element

    return board_element(view)


def _board_of(data: object) -> BoardView:
    from fastrel.board.board import board_from_json
    from fastrel_mkdocs.board import BoardView

    return BoardView(board_from_json(data), "snapshot")


def _read(path: str, parse: Callable[[object], T]) -> T | None:
    """What a file holds; None when it cannot be read."""
    try:
        return parse(json.loads(Path(path).read_text(encoding="utf-8"))) if path else None
    except (OSError, ValueError, RecursionError, FastrelError):
        return None


def makeExtension(**options: object) -> ChecklistExtension:
    return ChecklistExtension(**options)


__all__ = ["ChecklistExtension", "PageState", "Provider", "makeExtension"]
