"""Python-Markdown extension: checklist blocks with the live state of their steps. Knows no MkDocs.

A preprocessor turns the guide's source into Markdown that Python-Markdown nests as GitHub does and marks every step;
a tree processor then sets the ticks and adds the state. It runs before `pymdownx.tasklist` (priority 25), which draws
the boxes; without that extension the boxes are drawn here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from fastrel.errors import FastrelError
from fastrel.guide.model import Guide, Settings
from fastrel.guide.parser import parse_guide
from fastrel.guide.site_source import site_source
from fastrel.verdict import Status
from fastrel_mkdocs.elements import header_element, step_element
from fastrel_mkdocs.view import GuideView, view_of

if TYPE_CHECKING:
    from markdown import Markdown

BLOCK = re.compile(r"<!--\s*checklist\b")
STEP = re.compile(r"\s*<!-- step ([a-z0-9][a-z0-9-]*) -->\s*\Z")
TASK = re.compile(r"\A\s*\[([ xX])\](?=\s)")


@dataclass(frozen=True, slots=True)
class PageState:
    """What the host knows of the page that is rendered now."""

    settings: Settings
    view: GuideView | None
    """None: nothing is known, the steps are shown without state."""
    whole_page: bool = False
    """Whether the page is a guide even when it has no block: all its task items are steps then."""


Provider = Callable[[], PageState | None]


class ChecklistExtension(Extension):
    """Options: `snapshot`, a file with a report in its JSON form; `provider`, a function that a host gives."""

    def __init__(self, **options: object) -> None:
        self.config = {
            "snapshot": ["", "File with a report in its JSON form, as `status --json` prints it"],
            "provider": [_nothing, "For hosts: what is known of the page that is rendered now"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        snapshot = str(self.getConfig("snapshot"))
        page = _Page(md, _snapshot_provider(snapshot) if snapshot else self.getConfig("provider"))
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
        if page.guide is None:
            return
        view = page.state.view if page.state else None
        draws_boxes = "task-list" not in self.md.treeprocessors
        for item in root.iter("li"):
            paragraph = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
            marked = STEP.search(paragraph.text or "")
            task = TASK.match(paragraph.text or "")
            if not marked or not task:
                continue
            self._show(item, paragraph, marked, view, draws_boxes=draws_boxes)
        if view:
            _insert_header(root, header_element(view))

    def _show(
        self, item: Element, paragraph: Element, marked: re.Match[str], view: GuideView | None, *, draws_boxes: bool
    ) -> None:
        step_id = marked[1]
        step = view.steps.get(step_id) if view else None
        text = (paragraph.text or "")[: marked.start()].rstrip()
        if step:
            ticked = step.status in (Status.DONE, Status.SKIPPED) or step.ticked
            text = TASK.sub("[x]" if ticked else "[ ]", text)
        item.set("id", f"step-{step_id}")
        item.set("class", f"{item.get('class', '')} fastrel-step".strip())
        item.set("data-fastrel-step", step_id)
        if draws_boxes:
            text = _draw_box(paragraph, text)
        paragraph.text = text
        if step:
            paragraph.insert(1 if draws_boxes else 0, step_element(step))
            if not draws_boxes:
                paragraph.text = f"{text} "


def _draw_box(paragraph: Element, text: str) -> str:
    """A checkbox as an element, with the item's text behind it; returns the text that stands before: none."""
    task = TASK.match(text)
    attributes = {"type": "checkbox", "disabled": "disabled"}
    if task and task[1] in "xX":
        attributes["checked"] = "checked"
    box = Element("input", attributes)
    box.tail = f"{text[task.end() :] if task else text} "
    paragraph.insert(0, box)
    return ""


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


def _snapshot_provider(path: str) -> Provider:
    def provide() -> PageState | None:
        try:
            view = view_of(json.loads(Path(path).read_text(encoding="utf-8")), "snapshot")
        except (OSError, ValueError, FastrelError):
            return None
        return PageState(Settings(), view)

    return provide


def makeExtension(**options: object) -> ChecklistExtension:
    return ChecklistExtension(**options)


__all__ = ["ChecklistExtension", "PageState", "Provider", "makeExtension"]
