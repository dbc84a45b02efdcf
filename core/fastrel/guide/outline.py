"""The structure of a Markdown page as GitHub sees it: headings, task items, our comments; each with its lines.

CommonMark is parsed by markdown-it-py; task items follow GitHub Flavored Markdown
(https://github.github.com/gfm/#task-list-items-extension-). MkDocs' admonitions and tabs are containers, too.
All lines are 0-based, ranges half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from fastrel.guide.lines import TAB, from_column, split_lines
from fastrel.guide.settings import front_matter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_TASK = re.compile(r"\[([ xX])\][ \t\n\v\f\r]+(?=\S)")
_COMMENT = re.compile(r"<!--(.*)-->", re.DOTALL)
_QUOTE = re.compile(r" *> ?")
_MARKER = re.compile(r"( *)([-*+]|\d{1,9}[.)])( +|\Z)")
_CONTAINER = re.compile(r"(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+\S")


@dataclass(slots=True)
class Comment:
    """One of our comments: its text with the brackets, and the line on which it begins."""

    text: str
    inside: str
    line: int
    end: int
    """The line behind its last one."""
    own_line: bool
    """Whether it stands in a block of its own, not in a paragraph."""


@dataclass(slots=True)
class Item:
    """A list item; `task` tells whether it is a task-list item."""

    start: int
    end: int
    level: int
    """0 in the outermost list."""
    indent: int
    """Columns before the list marker, counted behind the marks of the block quotes around."""
    content: int
    """Column at which the item's content begins, counted likewise."""
    parent: Item | None = None
    """The item around this one."""
    quotes: int = 0
    """How many block quotes are around it."""
    task: bool = False
    ticked: bool = False
    text: str = ""
    """The first paragraph without the box, lines joined by newlines."""
    paragraph_end: int = 0
    comments: list[Comment] = field(default_factory=list)
    task_depth: int = 0
    """How many task items this one is nested in."""
    fences: list[Fence] = field(default_factory=list)
    words: str = ""
    """The first paragraph as it stands, with the box of a task item."""
    list_start: int = 0
    """The line on which its list begins."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block that belongs to an item directly."""

    language: str
    content: str
    line: int
    end: int
    """The line behind its closing mark."""


@dataclass(slots=True)
class Node:
    """A block of the page, with the blocks in it."""

    token: Token
    start: int
    end: int
    children: list[Node] = field(default_factory=list)
    text: str = ""
    """The Markdown of a paragraph, a heading or a cell of a table."""
    item: Item | None = None

    @property
    def kind(self) -> str:
        return self.token.type.removesuffix("_open")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    line: int
    level: int = 1


@dataclass(slots=True)
class Outline:
    """The page in the order of its lines."""

    lines: list[str]
    items: list[Item] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    """Comments outside of list items, and checklist comments wherever they are."""
    parts: list[tuple[int, int]] = field(default_factory=list)
    """The lines of each block at the top level: a list, a quote, a paragraph, ..."""
    references: dict[str, str] = field(default_factory=dict)
    """The addresses of reference links by their labels, as CommonMark compares them."""
    tree: list[Node] = field(default_factory=list)
    """The blocks at the top level, with all that is in them."""


@lru_cache(maxsize=4)  # a command reads, lints and renders the same page
def outline(text: str) -> Outline:
    """The outline of a page, which nobody changes; its front matter is passed over."""
    lines, first = split_lines(text), front_matter(text)[1]
    blanked = [""] * first + lines[first:]
    page = Outline(lines)
    stack: list[Item] = []
    quotes = 0
    lists: list[int] = []
    known: dict[str, dict[str, dict[str, str]]] = {}
    tokens = _parser().parse("\n".join(blanked), known)
    page.references.update({label: one["href"] for label, one in known.get("references", {}).items()})
    nodes = [page.tree]
    for index, token in enumerate(tokens):
        _grow(nodes, token)
        if token.level == 0 and token.nesting >= 0 and token.map:
            page.parts.append((token.map[0], token.map[1]))
        if token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token.map[0] if token.map else 0)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            item = _item(token, lines, stack, quotes)
            item.list_start = lists[-1]
            item.task_depth = sum(one.task for one in stack)
            _read_first_paragraph(item, tokens, index)
            stack.append(item)
            page.items.append(item)
            nodes[-2][-1].item = item
        elif token.type == "list_item_close":
            stack.pop()
        elif token.type == "heading_open":
            line = token.map[0] if token.map else 0
            page.headings.append(Heading(_plain(tokens[index + 1]), line, int(token.tag[1])))
        elif token.type == "html_block":
            _take_comments(page, stack, _block_comments(token))
        elif token.type == "inline":
            _take_comments(page, stack, _inline_comments(token))
        elif token.type == "fence" and stack and token.map:
            language = token.info.split()[0].strip("{}.").lower() if token.info.split() else ""
            stack[-1].fences.append(Fence(language, token.content, *token.map))
    return page


def headings_around(page: Outline, line: int) -> list[Heading]:
    """The headings whose sections a line is in, the outermost first; that of a heading itself is not counted."""
    around: list[Heading] = []
    for heading in page.headings:
        if heading.line >= line:
            break
        around = [one for one in around if one.level < heading.level] + [heading]
    return around


def _grow(nodes: list[list[Node]], token: Token) -> None:
    """Put the block that a token begins or ends into the tree; `nodes` are the open ones' children."""
    if token.type == "inline":
        if len(nodes) > 1 and nodes[-2]:
            nodes[-2][-1].text = token.content
        return
    if token.nesting < 0:
        nodes.pop()
        return
    start, end = token.map or (nodes[-2][-1].start, nodes[-2][-1].end) if len(nodes) > 1 else token.map or (0, 0)
    nodes[-1].append(Node(token, start, end))
    if token.nesting > 0:
        nodes.append(nodes[-1][-1].children)


def _item(token: Token, lines: list[str], stack: list[Item], quotes: int) -> Item:
    start, end = token.map or [0, 0]
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    parent = stack[-1] if stack else None
    line = lines[start].expandtabs(TAB)
    outer = [one for one in stack if one.start == start]
    # Behind the marks of quotes and of other items on the same line.
    base = column = behind_quotes(line, outer[0].quotes if outer else quotes)
    for number, one in enumerate(outer, start=1):
        column = base + one.content
        between = (outer[number].quotes if number < len(outer) else quotes) - one.quotes
        if between:
            base = column = behind_quotes(line, between, column)
    marker = _MARKER.match(line, column)
    if marker is None:
        return Item(start, end, len(stack), 0, 2, parent, quotes)
    indent, width, pad = marker.end(1) - base, len(marker[2]), len(marker[3])
    content = indent + width + (pad if 1 <= pad <= 4 else 1)
    return Item(start, end, len(stack), indent, content, parent, quotes)


def inside_of(line: str, item: Item, *, code: bool) -> str:
    """A line of the item without the marks of quotes and up to as much indentation as the item's content has."""
    expanded = line.expandtabs(TAB)
    base = behind_quotes(expanded, item.quotes)
    lead = len(expanded) - len(expanded[base:].lstrip(" ")) - base
    return from_column(line, base + min(item.content, lead), code=code)


def behind_quotes(line: str, quotes: int, column: int = 0) -> int:
    """The column behind so many marks of block quotes; behind those that are there, when there are fewer."""
    for _ in range(quotes):
        mark = _QUOTE.match(line, column)
        if mark is None:
            break
        column = mark.end()
    return column


def _read_first_paragraph(item: Item, tokens: list[Token], index: int) -> None:
    if index + 2 >= len(tokens) or tokens[index + 1].type != "paragraph_open":
        return
    inline = tokens[index + 2]
    item.words = inline.content
    box = _TASK.match(inline.content)
    if box is None:
        return
    item.task, item.ticked = True, box[1] in "xX"
    item.text = inline.content[box.end() :]
    item.paragraph_end = inline.map[1] if inline.map else item.start + 1


def _take_comments(page: Outline, stack: list[Item], comments: Iterator[Comment]) -> None:
    for comment in comments:
        word = comment.inside.split(None, 1)[0] if comment.inside.split() else ""
        if stack and not word.lstrip("/").startswith("checklist"):
            stack[-1].comments.append(comment)
        else:
            page.comments.append(comment)


def _block_comments(token: Token) -> Iterator[Comment]:
    line = token.map[0] if token.map else 0
    text, at = token.content, 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        line += text.count("\n", at, start)
        at = end + 3
        height = text.count("\n", start, at)
        yield Comment(text[start:at], text[start + 4 : end].strip(), line, line + height + 1, own_line=True)
        line += height


def _inline_comments(token: Token) -> Iterator[Comment]:
    text, at = token.content, 0
    line, counted = token.map[0] if token.map else 0, 0
    for child in token.children or []:
        if child.type == "code_inline":  # may hold what looks like a comment, and line breaks that are no tokens
            inside = text.find(child.markup, at) + len(child.markup)
            at = text.find(child.markup, inside + len(child.content)) + len(child.markup)
        elif child.type == "html_inline":
            at = max(text.find(child.content, at), at)
            match = _COMMENT.fullmatch(child.content)
            if match:
                line += text.count("\n", counted, at)
                counted = at
                end = line + child.content.count("\n") + 1
                yield Comment(child.content, match[1].strip(), line, end, own_line=False)
            at += len(child.content)


def _plain(inline: Token) -> str:
    parts = [child.content for child in inline.children or [] if child.type in ("text", "code_inline")]
    return " ".join("".join(parts).split())


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.block.ruler.before("fence", "mkdocs_container", _container, {"alt": ["paragraph", "list", "blockquote"]})
    return parser


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule for `!!! note`, `??? note` and `=== "Tab"` with a body that is indented by four columns."""
    if state.is_code_block(start):
        return False
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not _CONTAINER.match(text):
        return False
    if silent:
        return True
    indent = state.sCount[start] + 4
    stop, line = start + 1, start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= indent):
        line += 1
        if not state.isEmpty(line - 1):
            stop = line
    outer, outer_end = state.blkIndent, state.lineMax
    state.blkIndent, state.lineMax = indent, stop
    state.push("container_open", "div", 1).map = [start, stop]
    state.md.block.tokenize(state, start + 1, stop)
    state.push("container_close", "div", -1)
    state.blkIndent, state.lineMax = outer, outer_end
    state.line = stop
    return True
