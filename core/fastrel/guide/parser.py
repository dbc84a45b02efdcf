"""Parses Markdown into a `Guide`. Parsing never fails: problems are collected in `Guide.problems`, with lines."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from fastrel.errors import GuideError
from fastrel.github.role import Role
from fastrel.guide.attributes import Attributes, parse_attributes
from fastrel.guide.comments import without_all_comments, without_comments
from fastrel.guide.model import Guide, Phase, Problem, Step
from fastrel.guide.outline import Comment, Item, Outline, inside_of, outline
from fastrel.guide.settings import parse_settings
from fastrel.release import KINDS
from fastrel.text.suggest import nearest

SHELLS = ("bash", "sh", "shell", "zsh")
MARKDOWN = frozenset({"markdown", "md"})
PROPOSED = "proposed"
"""Stands in the comment of a step whose action `init` has proposed and nobody has confirmed."""
OWN = ("uses", "check", "confirm", "role", "if", "needs")
"""Attributes of a step that are not parameters of its action."""
_LONGEST = 180
"""Characters of an id that is made from a text; a number may follow, and the tracker knows ids of 200."""
_ID = re.compile(r"(?=.{1,200}\Z)[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_WORDS = ("step", "checklist", "/checklist")


def read_guide(path: Path) -> Guide:
    """The guide in a file. GuideError when it cannot be read as text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GuideError(f"{path} is not a UTF-8 text file.", done="Nothing was changed.") from None
    except OSError as error:
        raise GuideError(
            f"{path} cannot be read: {error.strerror or error}.",
            done="Nothing was changed.",
            next_step="Name the guide with --guide PATH.",
        ) from None
    return parse_guide(text, str(path))


@lru_cache(maxsize=4)
def parse_guide(text: str, path: str = "guide.md") -> Guide:
    """The guide that a text holds."""
    settings, problems = parse_settings(text, path)
    page = outline(text)
    reader = _Reader(path, page)
    phases = reader.phases()
    return Guide(path, text, settings, phases, (*problems, *reader.problems))


def slug(text: str) -> str:
    """An id from words."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")


@dataclass(slots=True)
class Block:
    """A checklist block: the lines between its comments, and the defaults of its steps."""

    start: int
    end: int
    defaults: Attributes = field(default_factory=lambda: Attributes((), {}))


def blocks_of(page: Outline) -> tuple[list[Block], list[tuple[int, str, str]]]:
    """The blocks of a page in order, and what is wrong with their comments as (line, message, suggestion)."""
    blocks: list[Block] = []
    problems: list[tuple[int, str, str]] = []
    current: Block | None = None
    for comment in page.comments:
        word = comment.inside.split(None, 1)[0] if comment.inside.split() else ""
        rest = comment.inside[len(word) :]
        if word == "checklist":
            if current:
                problems.append((comment.line, "a checklist block inside another", "close the first one before"))
                continue
            current = Block(comment.end, len(page.lines), parse_attributes(rest))
            blocks.append(current)
        elif word == "/checklist":
            if not current:
                problems.append((comment.line, "<!-- /checklist --> closes no block", "add <!-- checklist --> above"))
                continue
            current.end = max(comment.line, current.start)  # both may stand on one line
            current = None
    if current:
        problems.append(
            (current.start - 1, "checklist block is never closed", "add <!-- /checklist --> below its list")
        )
    return blocks, problems


def step_items(page: Outline, blocks: list[Block]) -> list[tuple[Item, Block | None]]:
    """The task items that are steps: those in blocks, or all of a page without any block."""
    tasks = [item for item in page.items if item.task]
    if not blocks:
        return [(item, None) for item in tasks]
    found: list[tuple[Item, Block | None]] = []
    position = 0
    for item in tasks:
        while position < len(blocks) and blocks[position].end <= item.start:
            position += 1
        if position < len(blocks) and blocks[position].start <= item.start:
            found.append((item, blocks[position]))
    return found


def step_comment(item: Item) -> Comment | None:
    """The item's `<!-- step ... -->`, the first one."""
    return next((one for one in item.comments if re.match(r"step(\s|\Z)", one.inside)), None)


class _Reader:
    """Reads the steps of one page and collects what is wrong."""

    def __init__(self, path: str, page: Outline) -> None:
        self._path = path
        self._page = page
        self._ids: dict[str, int] = {}
        self._suffixes: dict[str, int] = {}
        self._same: dict[str, int] = {}
        self.problems: list[Problem] = []

    def phases(self) -> tuple[Phase, ...]:
        blocks, wrong = blocks_of(self._page)
        for line, message, suggestion in wrong:
            self._wrong(line, message, suggestion)
        items = step_items(self._page, blocks)
        self._check_blocks(blocks, items)
        self._check_stray_comments(items, blocks)
        grouped: list[tuple[int, list[Step]]] = []
        headings = self._page.headings
        # Ids that the guide gives are taken first, so that none is lost to the slug of an earlier item.
        given = [self._given_id(item) for item, _ in items]
        self._count([item for (item, _), own in zip(items, given, strict=True) if not own])
        position = -1
        for (item, block), own in zip(items, given, strict=True):
            while position + 1 < len(headings) and headings[position + 1].line < item.start:
                position += 1
            if not grouped or grouped[-1][0] != position:
                grouped.append((position, []))
            grouped[-1][1].append(self._step(item, block, own))
        return self._named_phases(grouped)

    def _named_phases(self, grouped: list[tuple[int, list[Step]]]) -> tuple[Phase, ...]:
        taken: dict[str, int] = {}
        phases: list[Phase] = []
        for position, steps in grouped:
            heading = self._page.headings[position] if position >= 0 else None
            name = slug(heading.text) if heading else ""
            name = name or "steps"
            taken[name] = taken.get(name, 0) + 1
            unique = name if taken[name] == 1 else f"{name}-{taken[name]}"
            line = heading.line if heading else steps[0].line - 1
            phases.append(Phase(unique, heading.text if heading else "", line + 1, tuple(steps)))
        return tuple(phases)

    def _given_id(self, item: Item) -> str:
        comment = step_comment(item)
        if comment is None:
            return ""
        words = parse_attributes(comment.inside[4:]).words
        given = words[0] if words else ""
        if not given:
            self._wrong(comment.line, "a step comment without an id", f"write <!-- step {proposed_id(item)} -->")
            return ""
        if not _ID.match(given):
            self._wrong(comment.line, f"“{given}” is not a step id", f"write {slug(given) or proposed_id(item)}")
            return ""
        if given in self._ids:
            self._wrong(comment.line, f"step id “{given}” is used in line {self._ids[given]} already", "choose another")
            return ""
        self._ids[given] = item.start + 1
        return given

    def _step(self, item: Item, block: Block | None, given: str) -> Step:
        comment = step_comment(item)
        attributes = parse_attributes(comment.inside[4:]) if comment else Attributes((), {})
        line = comment.line if comment else item.start
        for problem in attributes.problems:
            self._wrong(line, problem)
        pairs = {**(dict(block.defaults.pairs) if block else {}), **attributes.pairs}
        runs = "run" in attributes.words[1:]
        for word in attributes.words[1:]:
            if word not in ("run", PROPOSED) and "=" not in word and '"' not in word and "'" not in word:
                self._wrong(line, f"unknown word “{word}” in a step comment", "write KEY=VALUE, or run")
        proposed = PROPOSED in attributes.words[1:]
        if proposed and "uses" not in pairs:
            self._wrong(line, f"the step says {PROPOSED}, but uses no action", f"remove {PROPOSED}, or add uses=")
        return Step(
            id=given or self._slug_id(item),
            title=_title(item),
            line=item.start + 1,
            details=self._details(item),
            uses=",".join(name.strip() for name in pairs.get("uses", "").split(",")),
            proposed=proposed,
            script=self._script(item, line, pairs) if runs else None,
            template=next((fence.content for fence in item.fences if fence.language in MARKDOWN), ""),
            check=pairs.get("check", ""),
            confirm=pairs.get("confirm", ""),
            role=self._role(pairs.get("role", ""), line),
            kinds=self._kinds(pairs.get("if", ""), line),
            needs=tuple(one.strip() for one in pairs.get("needs", "").split(",") if one.strip()),
            params=MappingProxyType({key: value for key, value in attributes.pairs.items() if key not in OWN}),
            depth=item.task_depth,
            ticked=item.ticked,
            annotated=bool(given),
        )

    def _count(self, items: list[Item]) -> None:
        """Count the titles of steps without an id of their own. Of those that several have, each takes its place into
        its id, so that one more or less of them changes no other's."""
        for item in items:
            name = proposed_id(item)
            self._same[name] = self._same.get(name, 0) + 1

    def _slug_id(self, item: Item) -> str:
        name = proposed_id(item)
        if self._same.get(name, 0) > 1:
            name = "-".join(filter(None, (name, place_of(self._page, item))))
        number = self._suffixes.get(name, 1)
        unique = name if number == 1 else f"{name}-{number}"
        while unique in self._ids:
            number += 1
            unique = f"{name}-{number}"
        self._suffixes[name] = number + 1
        self._ids[unique] = item.start + 1
        return unique

    def _script(self, item: Item, line: int, pairs: dict[str, str]) -> str:
        if "uses" in pairs:
            self._wrong(line, "a step cannot both run its code block and use an action", "remove run or uses=")
        found = next((fence.content for fence in item.fences if fence.language in SHELLS), None)
        if found is None:
            self._wrong(line, "the step says run, but has no shell code block", "add a ```bash block to the item")
        return found or ""

    def _role(self, text: str, line: int) -> Role:
        if not text:
            return Role.WRITE
        if text in set(Role):
            return Role(text)
        self._wrong(line, f"unknown role “{text}”", f"use {nearest(text, Role) or 'write, maintain or admin'}")
        return Role.ADMIN

    def _kinds(self, text: str, line: int) -> tuple[str, ...]:
        kinds = tuple(one.strip() for one in text.split(",") if one.strip())
        for kind in kinds:
            if kind not in KINDS:
                hint = nearest(kind, KINDS)
                self._wrong(line, f"unknown kind “{kind}” in if=", f"use {hint or ', '.join(KINDS)}")
        return kinds

    def _details(self, item: Item) -> str:
        """The lines below the first paragraph, without nested task items and our comments, dedented."""
        lines = self._page.lines[item.paragraph_end : item.end]
        skip = {number for start, end in self._children.get(item.start, ()) for number in range(start, end)}
        code = {number for fence in item.fences for number in range(fence.line + 1, fence.end)}
        skip.update(line for one in item.comments if one.own_line for line in range(one.line, one.end))
        kept = [
            inside_of(line, item, code=number in code)
            for number, line in enumerate(lines, start=item.paragraph_end)
            if number not in skip
        ]
        return "\n".join(kept).strip("\n")

    @cached_property
    def _children(self) -> dict[int, list[tuple[int, int]]]:
        """For each task item, by its first line: the ranges of the task items directly in it."""
        ranges: dict[int, list[tuple[int, int]]] = {}
        around: list[Item] = []
        for item in self._page.items:
            if not item.task:
                continue
            while around and around[-1].end <= item.start:
                around.pop()
            if around:
                ranges.setdefault(around[-1].start, []).append((item.start, item.end))
            around.append(item)
        return ranges

    def _check_blocks(self, blocks: list[Block], items: list[tuple[Item, Block | None]]) -> None:
        used = {id(block) for _, block in items}
        for block in blocks:
            line = block.start - 1
            if id(block) not in used:
                self._wrong(line, "checklist block without a task item", "add a list with `- [ ]` items")
            for problem in block.defaults.problems:
                self._wrong(line, problem)
            for key in block.defaults.pairs:
                if key not in ("role", "if"):
                    self._wrong(line, f"unknown attribute “{key}” of a checklist block", "it has role= and if=")
            for word in block.defaults.words:
                self._wrong(line, f"unknown word “{word}” in a checklist comment", "it has role= and if=")

    def _check_stray_comments(self, items: list[tuple[Item, Block | None]], blocks: list[Block]) -> None:
        steps = {id(item) for item, _ in items}
        for item in self._page.items:
            own = step_comment(item)
            for comment in item.comments:
                word = comment.inside.split(None, 1)[0] if comment.inside.split() else ""
                if word == "step" and id(item) not in steps:
                    where = "outside of a checklist block" if item.task else "in an item without a box"
                    self._wrong(comment.line, f"a step comment {where}", "put it behind the text of a `- [ ]` item")
                elif word == "step" and comment is not own:
                    self._wrong(comment.line, "a second step comment in one item", "remove one")
                elif word == "step" and not blocks:
                    self._wrong(
                        comment.line,
                        "a step comment on a page without a checklist block",
                        "put <!-- checklist --> above the list and <!-- /checklist --> below",
                    )
                self._check_word(comment, word)
        for comment in self._page.comments:
            word = comment.inside.split(None, 1)[0] if comment.inside.split() else ""
            if word == "step":
                self._wrong(
                    comment.line, "a step comment outside of a task item", "put it behind the text of a `- [ ]` item"
                )
            self._check_word(comment, word)

    def _check_word(self, comment: Comment, word: str) -> None:
        if word in _WORDS:
            return
        meant = nearest(word, _WORDS) if word.isascii() else ""
        if meant and word.lower().lstrip("/")[:4] in ("step", "chec"):
            self._wrong(comment.line, f"unknown comment “{word}”", f"did you mean {meant}?")

    def _wrong(self, line: int, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(self._path, line + 1, message, suggestion))


def _title(item: Item) -> str:
    first = [one.text for one in item.comments if not one.own_line and one.line < item.paragraph_end]
    return " ".join(without_comments(item.text, first).split())


def place_of(page: Outline, item: Item) -> str:
    """What tells an item from others of the same title, as a part of an id: the items around it, and its heading."""
    names: list[str] = []
    around = item.parent
    while around and len(names) < 2:
        words = without_all_comments(around.text or around.words)
        names.append("-".join(slug(re.sub(r"\]\([^)]*\)", "]", words)).split("-")[:4]))
        around = around.parent
    place = bisect_left(page.headings, item.start, key=lambda one: one.line)
    names.append("-".join(slug(page.headings[place - 1].text).split("-")[:4]) if place else "")
    return "-".join(filter(None, names[:2]))


def proposed_id(item: Item) -> str:
    """An id from the words of an item."""
    return id_of_title(_title(item))


def id_of_title(title: str) -> str:
    """An id from a title."""
    text = _without(_without(title, "{{", "}}"), "](", ")")
    name = "-".join(slug(text).split("-")[:8])[:_LONGEST].strip("-")
    letters = [one for one in text if one.isalnum()]
    kept = len(slug(text).replace("-", ""))
    if not name or 2 * kept < len(letters):
        # Of a title in another script little or nothing is left; what it says makes the id, not its place.
        digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]
        return f"{name or 'step'}-{digest}"
    return name


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between these two, and them."""
    kept: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return " ".join([*kept, text[at:]])
