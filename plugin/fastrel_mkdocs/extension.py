"""Python-Markdown extension: checklist blocks with the live state of their steps. Knows no MkDocs.

A preprocessor makes the lists of the guide's source flat, with marks for where GitHub begins and ends lists and items;
a tree processor folds them again and draws the boxes, as `pymdownx.tasklist` would but with a name for those who cannot
see them, and adds the state. It runs before that extension (priority 25), which draws the other boxes of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from fastrel.errors import FastrelError
from fastrel.guide.model import Guide, Settings, Step
from fastrel.guide.parser import parse_guide
from fastrel.guide.settings import front_matter
from fastrel.guide.site_source import is_body_of, replaced_comments, site_source
from fastrel_mkdocs.html.elements import (
    ELSEWHERE,
    box_element,
    header_element,
    permalink_element,
    step_data,
    step_element,
    sticky_element,
    unread_element,
)
from fastrel_mkdocs.html.fold import STEP, TICKED, fold
from fastrel_mkdocs.html.phases import fold_phases
from fastrel_mkdocs.view import GuideView, PastView, view_of
from fastrel_mkdocs.words import Words

if TYPE_CHECKING:
    from markdown import Markdown

    from fastrel_mkdocs.html.board import BoardView

T = TypeVar("T")
BLOCKS = re.compile(r"<!--\s*(?:releases?|board)\b")
"""What a page may hold besides a checklist: lists of releases, the header alone, a board."""
PLACE = re.compile(r"fastrel:place:(releases|release|board):(\d+)")
"""Stands where one of them was, between the two processors."""
BLOCK = re.compile(r"<!--\s*checklist\b")


@dataclass(frozen=True, slots=True)
class PageState:
    """What the host knows of the page that is rendered now."""

    settings: Settings
    view: GuideView | None
    """None: nothing is known, the steps are shown without state."""
    whole_page: bool = False
    """Whether the page is a guide even when it has no block: all its task items are steps then."""
    guide: Guide | None = None
    """The guide in the page's file, as the host has read it."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where the browser reads newer state: addresses by `snapshot`, `tracker` and `list`."""
    unread: bool = False
    """Whether the host wanted to know the state and could not, so that the page says so."""
    exact: bool = False
    """Whether a view that is about other steps than the page is not shown."""
    board: BoardView | None = None
    has_board: bool = False
    """Whether the host was asked for a board; without one, a board block is a comment like any other."""
    missing: Callable[[tuple[Step, ...], tuple[Step, ...]], None] | None = None
    """Hears of steps of the guide that are not on the page, which something else on the page has swallowed, and of all
    steps of the page's text, to which another plugin may have added some."""
    guides: Mapping[str, PageState] = field(default_factory=dict)
    """All guides of the site by their names, for blocks that show one of them on another page."""
    words: Words = field(default_factory=Words)

    def of_block(self, attributes: Mapping[str, str]) -> list[PageState]:
        """The guides that a block is about: the one that it names, else the page's own, else all."""
        name = attributes.get("guide", "")
        if name:
            return [state for path, state in self.guides.items() if path == name or path.endswith(f"/{name}")]
        if self.view or self.unread or not self.guides:
            return [self]
        return list(self.guides.values())


Provider = Callable[[], PageState | None]


class ChecklistExtension(Extension):
    """Options: `snapshot` and `board`, files with a report and a board in their JSON forms; `language`; `provider`, a
    function that a host gives."""

    def __init__(self, **options: object) -> None:
        self.config = {
            "snapshot": ["", "File with a report in its JSON form, as `status --json` prints it"],
            "board": ["", "File with a board in its JSON form, as `board --json` prints it"],
            "language": ["en", "The language of the words on the page: en, de or fr"],
            "provider": [_nothing, "For hosts: what is known of the page that is rendered now"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        snapshot, board = str(self.getConfig("snapshot")), str(self.getConfig("board"))
        words = Words(str(self.getConfig("language")))
        files = _file_provider(snapshot, board, words) if snapshot or board else None
        page = _Page(md, files or self.getConfig("provider"))
        # After whitespace is normal (30), before fences are taken out (25).
        md.preprocessors.register(page, "fastrel-source", 27)
        md.treeprocessors.register(_State(md, page), "fastrel-state", 26)
        # After MkDocs has looked at links (0): it knows those to files and warns of those to pages.
        md.treeprocessors.register(_Links(md), "fastrel-links", -1)


class _Page(Preprocessor):
    """Prepares the source of a guide; leaves every other page alone."""

    def __init__(self, md: Markdown, provider: Provider) -> None:
        super().__init__(md)
        self._provider = provider
        self.guide: Guide | None = None
        self.state: PageState | None = None
        self.blocks: list[dict[str, str]] = []
        """The attributes of the page's blocks that show something else than steps."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        self.guide, self.state = None, self._provider()
        self.blocks = []
        if self.state and BLOCKS.search(text):
            text = self._with_places(text, self.state)
            lines = text.split("\n")
        if not BLOCK.search(text) and not (self.state and self.state.whole_page):
            return lines
        # A page that nothing has changed on its way is taken apart once, as its file.
        read = self.state.guide if self.state else None
        guide = read if read and is_body_of(text, read) else self._parsed(text)
        if not any(True for _ in guide.steps()):
            return lines
        self.guide = guide
        state = self.state
        if state and state.exact and state.view and not state.view.is_about(step.id for step in guide.steps()):
            self.state = replace(state, view=None, unread=True)
        if read and guide is read:
            return [*site_source(read.text, read, self._values()).split("\n")[front_matter(read.text)[1] :], "", ""]
        return site_source(text, guide, self._values()).split("\n")

    def _parsed(self, text: str) -> Guide:
        """The guide that the page has become; its settings stand in the file, above what is on the page."""
        guide = parse_guide(text)
        return replace(guide, settings=self.state.settings) if self.state and self.state.whole_page else guide

    def _with_places(self, text: str, state: PageState) -> str:
        """The text with a place for each block that can be shown."""

        def place(word: str) -> Callable[[dict[str, str]], str]:
            def made(attributes: dict[str, str]) -> str:
                self.blocks.append(attributes)
                return f"\nfastrel:place:{word}:{len(self.blocks) - 1}\n"

            return made

        wanted = ["board"] if state.has_board else []
        if state.guides or state.view or state.unread:
            wanted += ["releases", "release"]
        return replaced_comments(text, {word: place(word) for word in wanted})

    def _values(self) -> dict[str, str] | None:
        if self.state is None or self.state.view is None:
            return None
        settings, view = self.state.settings, self.state.view
        return view.release(settings).values(view.repository)


class _State(Treeprocessor):
    """Puts the state of each step into the tree."""

    def __init__(self, md: Markdown, page: _Page) -> None:
        super().__init__(md)
        self._page = page

    def run(self, root: Element) -> None:
        page = self._page
        state = page.state or PageState(Settings(), None)
        if page.blocks:
            _fill_places(root, state, page.blocks)
        if page.guide is None:
            return
        fold(root, self.md)
        view, words = state.view, state.words
        numbers = {phase: number for number, phase in enumerate(view.phases())} if view else {}
        blocked = {phase for phase in numbers if view and view.before(phase)}
        missing = {step.id: step for step in page.guide.steps()}
        for around in list(root.iter()):
            for item in around:
                step_id = _step_of(item)
                if step_id in missing:
                    missing.pop(step_id)
                    step = view.steps.get(step_id) if view else None
                    self._show(around, item, _paragraph(item), step_id, view, words)
                    if step:
                        data = step_data(step, numbers[step.phase], by_phase=step.phase in blocked)
                        _add_class(item, data.pop("class"))
                        item.attrib.update(data)
        if state.missing:
            state.missing(tuple(missing.values()), tuple(page.guide.steps()))
        if view:
            fold_phases(root, view, words)
            _insert_header(root, header_element(view, state.sources, words), sticky_element(view, words))
        elif state.unread:
            _insert_header(root, unread_element(words))

    def _show(
        self, around: Element, item: Element, paragraph: Element, step_id: str, view: GuideView | None, words: Words
    ) -> None:
        step = view.steps.get(step_id) if view else None
        written = item.attrib.pop(TICKED, "") == "x"
        ticked = step.status.settled or step.ticked if step else written
        item.set("id", f"step-{step_id}")
        _add_class(item, "fastrel-step")
        _add_class(around, "fastrel-steps")
        for text in item:
            if text.tag == "p" and text is not paragraph:
                text.set("dir", "auto")
        box = box_element(step_id, step.status.value if step else "", ticked=ticked, words=words)
        title = Element("span", {"class": "fastrel-title", "dir": "auto"})
        title.text = (paragraph.text or "").strip()
        title.tail = " "
        paragraph.text = ""
        paragraph.insert(0, box)
        box.tail = " "
        paragraph.insert(1, title)
        paragraph.insert(2, permalink_element(step_id, words))
        if step and view:
            paragraph.insert(3, step_element(step, view.version, words))


class _Links(Treeprocessor):
    """Gives links to other pages of the site their addresses."""

    def run(self, root: Element) -> None:
        for anchor in root.iter("a"):
            if ELSEWHERE in anchor.attrib:
                anchor.set("href", anchor.attrib.pop(ELSEWHERE))


def _fill_places(root: Element, state: PageState, blocks: list[dict[str, str]]) -> None:
    """The elements of the page's blocks, each in the place that the text holds for it."""
    for parent in list(root.iter()):
        for number, child in reversed(list(enumerate(parent))):
            place = PLACE.fullmatch((child.text or "").strip()) if child.tag == "p" else None
            if place:
                parent[number : number + 1] = _block_elements(place[1], state, blocks[int(place[2])])


def _block_elements(word: str, state: PageState, attributes: Mapping[str, str]) -> list[Element]:
    words = state.words
    if word == "board":
        return [_board_element(state.board, words)]
    guides = state.of_block(attributes)
    views = [one.view for one in guides if one.view]
    if not views:
        return [unread_element(words)]
    if word == "releases":
        from fastrel_mkdocs.html.history import releases_element

        sources = guides[0].sources if len(guides) == 1 else {}
        return [releases_element(_past_of(views), words, sources, views[0])]
    return [header_element(one.view, one.sources, words, alone=True) for one in guides if one.view]


def _past_of(views: Sequence[GuideView]) -> list[PastView]:
    """The past releases of several guides, each once, the one that was closed last first."""
    found = {(view.repository, one.tracker): one for view in views for one in view.past}
    return sorted(found.values(), key=lambda one: one.closed, reverse=True)


def _add_class(element: Element, name: str) -> None:
    names = element.get("class", "").split()
    element.set("class", " ".join(dict.fromkeys([*names, *name.split()])))


def _step_of(item: Element) -> str:
    """The id of the step that a list item is; empty when it is none."""
    return item.get(STEP, "") if item.tag == "li" else ""


def _paragraph(item: Element) -> Element:
    """What holds the text of an item: its first paragraph in a loose list, else the item itself."""
    return item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item


def _insert_header(root: Element, *elements: Element) -> None:
    """Below the page's title, or at the top when it has none."""
    place = next((index + 1 for index, element in enumerate(root) if element.tag == "h1"), 0)
    root[place:place] = elements


def _nothing() -> PageState | None:
    """Nothing is known of the page."""
    return None


def _file_provider(snapshot: str, board: str, words: Words) -> Provider:
    def provide() -> PageState | None:
        view = _read(snapshot, lambda data: view_of(data, "snapshot"))
        shown = _read(board, _board_of)
        if not (snapshot or board):
            return None
        return PageState(
            Settings(),
            view,
            unread=bool(snapshot) and view is None,
            exact=True,
            board=shown,
            has_board=bool(board),
            words=words,
        )

    return provide


# Few sites have a board, and what it needs takes a while to import.
def _board_element(view: BoardView | None, words: Words) -> Element:
    from fastrel_mkdocs.html.board import board_element

    return board_element(view, words)


def _board_of(data: object) -> BoardView:
    from fastrel.board.board import board_from_json
    from fastrel_mkdocs.html.board import BoardView

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
