"""Instructions without boxes become a checklist: boxes are put before what is done, and nothing else is moved. Pure.

A step is an item of a list that tells to do or to look at something, in a section that tells how a release is made. Of
an item whose parts are such items, the parts are steps. A numbered heading without a list is a step of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fastrel.adopt.example_version import with_values
from fastrel.adopt.sentence import read
from fastrel.adopt.surroundings import headings_around, level_of
from fastrel.guide.lines import line_ends, split_lines
from fastrel.guide.outline import Item, Outline, outline

FEWEST = 2
"""Steps that make a page one about how to release."""
NO_PROCESS = re.compile(
    r"(?i)\b(?:polic(?:y|ies)|pre-?requisites?|requirements?|background|overview|versioning|version numbers?|rollback|"
    r"conventions?|trouble\s?shooting|faq|glossary|introduction|about|one[- ]time|set-?up|setting up|fails?|failed|who|"
    r"recover\w*|semantic|semver|rationale|history|contacts?|roles?|schedules?|cadence|naming|branching|what happens|"
    r"how it works|automat\w+|appendix|references?|see also|quick reference|tips|terminology|definitions?|permissions?|"
    r"secrets|types? of releases?|notes?|support|pre-?releases?|yanking|security|environments?|configuration|"
    r"install\w*)\b"
)
"""Headings of sections that explain."""
_NUMBERED = re.compile(r"(?i)^(?:step\s+)?\d+\s*[.):-]\s*(.+)|^step\s+\d+\s+(.+)")
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")


@dataclass(frozen=True, slots=True)
class Boxed:
    """A page with boxes."""

    text: str
    steps: int = 0
    code: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The code blocks below a heading that has become a step, by the 0-based line of the step."""


def with_boxes(text: str, only: str = "") -> Boxed:
    """The page with a box before each step; `only` restricts it to sections whose heading matches. The page itself when
    it has boxes, or when hardly any step is found."""
    page = outline(text)
    if any(item.task for item in page.items):
        return Boxed(text)
    chosen = [item for item in page.items if _in_process(page, item.start, only)]
    steps = _steps(chosen)
    headings = _heading_steps(page, steps, only)
    count = len(steps) + len(headings)
    if count < FEWEST:
        return Boxed(text)
    lines, ends = split_lines(text), line_ends(text)
    newline = ends[0] or "\n"
    for item in steps:
        place = _text_at(lines[item.start], item)
        lines[item.start] = f"{lines[item.start][:place]}[ ] {lines[item.start][place:]}"
    outermost = [
        one for one in page.items if one.level == 0 and any(one.start <= step.start < one.end for step in steps)
    ]
    with_values(lines, [(one.start, one.end) for one in outermost])
    code: dict[int, tuple[str, ...]] = {}
    out: list[str] = []
    for line, (content, end) in enumerate(zip(lines, ends, strict=True)):
        out.append(f"{content}{end}")
        if line in headings:
            words, code[len(out) + 1] = headings[line]
            follows = line + 1 < len(lines) and lines[line + 1].strip()
            out += [newline, f"- [ ] {words}{newline}", *([newline] if follows else [])]
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return Boxed(mark + "".join(out), count, code)


def _in_process(page: Outline, line: int, only: str) -> bool:
    around = headings_around(page, line)
    if only and not any(re.search(only, text, re.IGNORECASE) for text in around):
        return False
    # The title of the page is about all of it.
    title = page.headings[0].text if page.headings else ""
    return not any(NO_PROCESS.search(text) for text in around if text != title)


def _steps(items: list[Item]) -> list[Item]:
    """The items that are steps, in order."""
    lists: dict[tuple[int, int], list[Item]] = {}
    for item in items:
        lists.setdefault((item.list_start, item.level), []).append(item)
    found: set[int] = set()
    children: dict[int, list[Item]] = {}
    for item in items:
        if item.parent:
            children.setdefault(id(item.parent), []).append(item)

    def look(one: Item) -> None:
        parts = children.get(id(one), [])
        if _is_divided(one, parts):
            for part in parts:
                look(part)
        elif one.words:
            found.add(id(one))

    for members in lists.values():
        if members[0].level == 0 and _tells(members):
            for one in members:
                look(one)
    return [item for item in items if id(item) in found]


def _tells(items: list[Item]) -> bool:
    """Whether most items of a list tell to do something."""
    return 2 * sum(_is_act(one) or bool(one.fences) for one in items) > len(items)


def _is_divided(item: Item, parts: list[Item]) -> bool:
    return (
        bool(parts) and item.words.rstrip("*_ ").endswith(":") and all(_is_act(one) or _is_state(one) for one in parts)
    )


def _is_act(item: Item) -> bool:
    clauses = read(_without_lead(item.words)).clauses
    return bool(clauses) and (
        bool(clauses[0].verb) or (any(one.verb for one in clauses[1:]) and clauses[0].conditional)
    )


def _is_state(item: Item) -> bool:
    return bool(re.search(r"\b(?:should|must|is|are|has|have)\b", item.words)) and len(item.words.split()) > 2


def _without_lead(text: str) -> str:
    """The words behind a bold label such as “**Spread the word:**”."""
    return re.sub(r"^(?:\*\*|__)[^*_]+(?::\*\*|\*\*:|:__|__:)\s+(?=\S)", "", text)


def _text_at(line: str, item: Item) -> int:
    """Where the text of an item begins in its first line."""
    place = 0
    for match in _MARKER.finditer(line):
        if line[place : match.start()].strip(" \t>"):
            break
        place = match.end()
        if place >= item.indent + 2 and not _MARKER.match(line, place):
            break
    return place


def _heading_steps(page: Outline, steps: list[Item], only: str) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Numbered headings that tell to do something and have no step below: words and code blocks, by the line behind
    which a step goes."""
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    ends = [one.line for one in page.headings[1:]] + [len(page.lines)]
    for heading, end in zip(page.headings, ends, strict=False):
        numbered = _NUMBERED.match(heading.text) if page.lines[heading.line].lstrip().startswith("#") else None
        if numbered is None or any(heading.line < step.start < end for step in steps):
            continue
        words = numbered[1] or numbered[2]
        level = level_of(page.lines, heading.line)
        nested = any(
            heading.line < one.line and level_of(page.lines, one.line) > level
            for one in page.headings
            if one.line == end
        )
        if nested or not _in_process(page, heading.line + 1, only) or not any(one.verb for one in read(words).clauses):
            continue
        blocks = tuple(
            node.token.content for node in page.tree if node.kind == "fence" and heading.line < node.start < end
        )
        if blocks or any(node.kind == "paragraph" and heading.line < node.start < end for node in page.tree):
            found[heading.line] = (words, blocks)
    return found
