"""Instructions without boxes become a checklist: boxes are put before what is done, and nothing else is moved. Pure.

A step is an item of a list that tells to do or to look at something, in a section that tells how a release is made. Of
an item whose parts are such items, the parts are steps. A numbered heading without a list is a step of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fastrel.adopt.recognition.example_version import with_values
from fastrel.adopt.recognition.sentence import Clause, read
from fastrel.adopt.recognition.surroundings import lead
from fastrel.guide.lines import line_ends, split_lines
from fastrel.guide.outline import Item, Outline, headings_around, outline

FEWEST = 2
"""Steps that make a page one about how to release."""
NO_PROCESS = re.compile(
    r"(?i)\b(?:polic(?:y|ies)|pre-?requisites?|requirements?|background|overview|roll(?:ing)? ?back|"
    r"known issues|goes wrong|problems?|undo\w*|criteria|"
    r"conventions?|trouble\s?shooting|faq|glossary|introduction|one[- ]time|set-?up|setting up|fails?|failed|who|"
    r"recover\w*|semantic|semver|rationale|contacts?|roles?|cadence|branching|what happens|best practices|"
    r"how it works|automat\w+|appendix|see also|quick reference|tips|terminology|definitions?|permissions?|"
    r"secrets|(?:types? of releases?|release types?)|pre-?releases|yanking|install\w*)\b"
)
"""Headings of sections that explain."""
SUBJECTS = re.compile(
    r"(?i)\b(?:about|versioning|version numbers?|history|schedules?|naming|references?|notes?|support|security|"
    r"environments?|configuration|examples?)\b"
)
"""The same, unless the heading tells to do something: “Write the release notes”."""
_REQUIRED = re.compile(
    r"(?i)\b(?:you (?:will |must |should )?(?:need|have)|requires?|required|any of|must have)\b[^.]*:"
)
"""The line above a list that says what there must be, or when."""
_NUMBERED = re.compile(r"(?i)^(?:step\s+)?\d+\s*[.):-]\s*(.+)|^step\s+\d+\s+(.+)")
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")


@dataclass(frozen=True, slots=True)
class Boxed:
    """A page to which checkboxes were added."""

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
    steps = _steps(page, chosen)
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
    around = [one.text for one in headings_around(page, line)]
    if only and not any(re.search(only, text, re.IGNORECASE) for text in around):
        return False
    # The title of the page is about all of it.
    title = page.headings[0].text if page.headings else ""
    return not any(_explains(text) for text in around if text != title)


def _explains(heading: str) -> bool:
    heading = re.sub(r"\([^()]*\)", "", heading)
    if NO_PROCESS.search(heading):
        return True
    told = _clauses(heading)
    return SUBJECTS.search(heading) is not None and not (told and told[0].verb)


def _steps(page: Outline, items: list[Item]) -> list[Item]:
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
                if not _is_title(one) or _is_act(part):
                    look(part)
        elif one.words:
            found.add(id(one))

    for members in lists.values():
        if members[0].level == 0 and _tells(members) and not _REQUIRED.search(lead(page, members[0])):
            for one in members:
                look(one)
    return [item for item in items if id(item) in found]


def _tells(items: list[Item]) -> bool:
    """Whether most items of a list tell to do something."""
    return 2 * sum(_is_act(one) or bool(one.fences) for one in items) > len(items)


def _is_divided(item: Item, parts: list[Item]) -> bool:
    """Whether the parts of an item are its steps: the words above tell to do them, or are their title."""
    if not parts:
        return False
    words = item.words.strip()
    if _is_title(item):
        return any(_is_act(one) for one in parts)
    told = re.split(r"[.!?]\s+", words.rstrip("*_ "))[-1]
    return (
        told.endswith(":")
        and (_is_act(item) if told == words else bool(_clauses(told)[0].verb if _clauses(told) else ""))
        and all(_is_act(one) or _is_state(one) for one in parts)
    )


def _is_title(item: Item) -> bool:
    return re.fullmatch(r"(?:\*\*|__)[^*_]+(?:\*\*|__):?", item.words.strip()) is not None


def _is_act(item: Item) -> bool:
    clauses = _clauses(item.words)
    return re.fullmatch(r"(`+)[^`]*[ /][^`]*\1[.:]?", item.words.strip()) is not None or (
        bool(clauses) and (bool(clauses[0].verb) or (any(one.verb for one in clauses[1:]) and clauses[0].conditional))
    )


def _clauses(words: str) -> tuple[Clause, ...]:
    return read(_without_lead(words)).clauses


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
    """Headings that tell to do something and have no step below: words and code blocks, by the line behind which a step
    goes. Where lists have steps, only numbered ones."""
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    ordered = any(_NUMBERED.match(one.text) for one in page.headings)
    ends = [one.line for one in page.headings[1:]] + [len(page.lines)]
    for heading, end in zip(page.headings, ends, strict=False):
        numbered = _NUMBERED.match(heading.text) if page.lines[heading.line].lstrip().startswith("#") else None
        if (numbered is None and (steps or ordered or heading is page.headings[0])) or any(
            heading.line < step.start < end for step in steps
        ):
            continue
        words = (numbered[1] or numbered[2]) if numbered else heading.text
        nested = any(heading.line < one.line and one.level > heading.level for one in page.headings if one.line == end)
        told = read(words).clauses
        if nested or not _in_process(page, heading.line + 1, only) or not any(one.verb for one in told):
            continue
        if numbered is None and not _is_told(words, told[0].verb):
            continue
        blocks = tuple(
            node.token.content for node in page.tree if node.kind == "fence" and heading.line < node.start < end
        )
        if blocks or any(node.kind == "paragraph" and heading.line < node.start < end for node in page.tree):
            found[heading.line] = (words, blocks)
    return found


def _is_told(words: str, verb: str) -> bool:
    """Whether a heading begins with an imperative; “Branch management” and “Release schedule” do not."""
    first, _, rest = words.casefold().partition(" ")
    return bool(verb) and (first not in _NOUNS or re.match(r"(?:and|the|a|an|each|all|your|it)\b", rest) is not None)


_NOUNS = frozenset(
    "branch build change document draft label list log note package post release review schedule share tag test".split()  # noqa: SIM905
)
