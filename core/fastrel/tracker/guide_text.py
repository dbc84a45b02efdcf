"""The guide's text around its steps, for the issue: the line above a list, plain items, and what stands below a step. A
person who reads the issue alone can do the release. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from posixpath import dirname, normpath
from textwrap import dedent

from fastrel.guide.model import Guide
from fastrel.guide.outline import Heading, Item, Node, Outline, inside_of, outline

LONGEST_LINES, LONGEST = 14, 900
"""Lines and characters of what stands below a step that are copied; of more there is a link."""
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^)\s>]+)>?([^)]*)\)")
_REFERENCE = re.compile(r"(?<![\]\\])\[([^\[\]]+)\](?:\[([^\[\]]*)\])?(?![(:\[])")
_COMMENT = re.compile(r"[ ]*<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one step."""

    depth: int = 0
    """In how many items, plain ones, too, it is nested."""
    before: tuple[tuple[int, str], ...] = ()
    """Plain items by their depth, and paragraphs, of depth -1."""
    below: str = ""
    link: str = ""
    """Where to read what stands below it."""
    after: tuple[tuple[int, str], ...] = ()
    """What follows the last step of a section."""
    headings: tuple[str, ...] = ()
    """The headings above that of its phase, where the phase is the first one below them."""


@dataclass(slots=True)
class _Walk:
    """Walks over the page from top to bottom."""

    page: Outline
    steps: Mapping[int, str]
    written: Callable[[str], str]
    place: str
    found: dict[str, Around] = field(default_factory=dict)
    pending: list[tuple[int, str]] = field(default_factory=list)
    last: str = ""

    def blocks(self, nodes: list[Node], depth: int) -> None:
        lead: Node | None = None
        for node in nodes:
            if node.kind == "heading":
                self._close()
            elif node.kind == "paragraph" and depth == 0:
                lead = node
                continue
            elif node.kind in ("bullet_list", "ordered_list") and _steps_in(node, self.steps):
                if lead is not None and len(lead.text) <= LONGEST:
                    self.pending.append((-1, self.written(lead.text)))
                for one in node.children:
                    self._item(one, depth)
            elif node.children and node.kind not in ("bullet_list", "ordered_list", "table"):
                self.blocks(node.children, depth)
            lead = None

    def _item(self, node: Node, depth: int) -> None:
        item = node.item
        if item is None:
            return
        step = self.steps.get(item.start) if item.task else None
        if step:
            below, link = self._below(node, item)
            self.found[step] = Around(depth, tuple(self.pending), below, link)
            self.pending.clear()
            self.last = step
        else:
            words = item.words or ""
            self.pending.append((depth, self.written(words) or "…"))
        self.blocks([one for one in node.children if one.kind != "paragraph"], depth + 1)

    def _below(self, node: Node, item: Item) -> tuple[str, str]:
        """What stands in an item below its first paragraph, without steps; and a link when it is long."""
        lines: list[str] = []
        for child in node.children[1:]:
            if _steps_in(child, self.steps):
                continue
            code = child.kind in ("fence", "code_block")
            source = [inside_of(self.page.lines[line], item, code=code) for line in range(child.start, child.end)]
            text = "\n".join(source).rstrip()
            text = self.written(text) if not code else self._filled_code(text)
            lines += [*([""] if lines else []), *text.split("\n")] if text.strip() else []
        text = dedent("\n".join(lines))
        link = f"{self.place}?plain=1#L{item.start + 1}" if self.place else ""
        if not text.strip():
            return "", ""
        long = len(lines) > LONGEST_LINES or len(text) > LONGEST or _is_open(text)
        return ("", link) if long else (text, link)

    def _filled_code(self, text: str) -> str:
        return self.written(f"\0{text}").removeprefix("\0")

    def _close(self) -> None:
        """The end of a section: plain items behind its last step belong to that one."""
        if self.last and any(depth >= 0 for depth, _ in self.pending):
            one = self.found[self.last]
            self.found[self.last] = Around(one.depth, one.before, one.below, one.link, tuple(self.pending))
        self.pending.clear()
        self.last = ""


def around_steps(guide: Guide, fill: Callable[[str], str], guide_url: str, path: str) -> dict[str, Around]:
    """What stands around each step, by its id. `guide_url` is where the guide is on GitHub, `path` where in the
    repository."""
    page = outline(guide.text)
    links = linker(guide.text, guide_url, path)

    def written(text: str) -> str:
        return fill(text) if text.startswith("\0") else links(fill(text))

    walk = _Walk(page, {step.line - 1: step.id for step in guide.steps()}, written, guide_url)
    walk.blocks(page.tree, 0)
    walk._close()
    for step_id, headings in _headings_above(guide, page).items():
        walk.found[step_id] = replace(walk.found[step_id], headings=headings)
    return walk.found


def _headings_above(guide: Guide, page: Outline) -> dict[str, tuple[str, ...]]:
    """By the first step of a phase: the headings above the phase's own that no phase before it stands below, without
    the title of the page."""
    found: dict[str, tuple[str, ...]] = {}
    written = {phase.line - 1 for phase in guide.phases}
    top = [one for one in page.headings if one.level == 1]
    if len(top) == 1:
        written.add(top[0].line)
    phases = {phase.line - 1: phase for phase in guide.phases}
    around: list[Heading] = []
    for heading in page.headings:
        around = [one for one in around if one.level < heading.level]
        above = [one for one in around if one.line not in written] if heading.line in phases else []
        written.update(one.line for one in above)
        if above:
            found[phases[heading.line].steps[0].id] = tuple(one.text for one in above)
        around.append(heading)
    return found


def linker(text: str, guide_url: str, path: str) -> Callable[[str], str]:
    """A function that makes the links of a piece of the page work elsewhere: references become addresses, relative
    addresses absolute; nobody is mentioned, and no comment is left."""
    references = outline(text).references
    root = guide_url.removesuffix(f"/{path}") if path else ""

    def absolute(address: str) -> str:
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", address) or not root:
            return address
        if address.startswith("#"):
            return f"{guide_url}{address}"
        file, mark, anchor = address.partition("#")
        target = normpath(file.lstrip("/") if file.startswith("/") else f"{dirname(path)}/{file}".lstrip("/"))
        return address if target.startswith("..") else f"{root}/{target}{mark}{anchor}"

    def referred(match: re.Match[str]) -> str:
        known = references.get(_label(match[2] or match[1]))
        return f"[{match[1]}]({absolute(known)})" if known else match[0]

    def outside(part: str) -> str:
        part = _COMMENT.sub("", part)
        part = _LINK.sub(lambda match: f"{match[1]}[{match[2]}]({absolute(match[3])}{match[4]})", part)
        part = _REFERENCE.sub(referred, part)
        return re.sub(r"(?<![\w/])@(?=\w)", "@&#8203;", part)

    def linked(piece: str) -> str:
        parts: list[str] = []
        at = 0
        for code in _CODE.finditer(piece):
            parts += [outside(piece[at : code.start()]), code[0]]
            at = code.end()
        return "".join([*parts, outside(piece[at:])])

    return linked


def _label(text: str) -> str:
    from markdown_it.common.utils import normalizeReference

    return str(normalizeReference(text))


def _steps_in(node: Node, steps: Mapping[int, str]) -> bool:
    own = bool(node.item and node.item.task and node.item.start in steps)
    return own or any(_steps_in(child, steps) for child in node.children)


def _is_open(text: str) -> bool:
    """Whether a fence or a tag of the text does not end in it, so that it would swallow what follows."""
    fences = [line for line in text.split("\n") if re.match(r"\s*(?:```|~~~)", line)]
    return len(fences) % 2 == 1 or re.search(r"(?m)^\s{0,3}</?[a-zA-Z!]", text) is not None
