"""The structure of a Markdown page as GitHub sees it: headings, list items, our comments; each with its lines.

CommonMark is parsed by markdown-it-py; task items follow GitHub Flavored Markdown
(https://github.github.com/gfm/#task-list-items-extension-). MkDocs' admonitions and tabs are containers, too.
All lines are 0-based, ranges half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from fastrel.guide.markdown import COMMENT_OFFSET, parser

if TYPE_CHECKING:
    from markdown_it.token import Token

TAB = 4
_TASK = re.compile(r"\[([ xX])\][ \t\n\v\f]+(?=\S)")
_MARKER = re.compile(r"^([ >]*)([-*+]|\d{1,9}[.)])( +|$)")
_OURS = re.compile(r"<!--\s*(/?(?:step|checklist))\b")


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment: its text with the brackets, and where it stands."""

    text: str
    inside: str
    """What is between the brackets, without white space around."""
    line: int
    end: int
    """The line behind its last one."""
    own_line: bool
    """Whether it stands in a block of its own, not in a paragraph."""
    cuts: tuple[tuple[int, int, int], ...]
    """Its pieces as (line, first column, column behind), in characters of the page's lines."""
    offset: int = 0
    """Where it begins in the text of its paragraph."""

    @property
    def word(self) -> str:
        """Its first word, such as `step`; empty for an empty comment."""
        return self.inside.split(None, 1)[0] if self.inside else ""


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced code block that belongs to an item directly."""

    language: str
    content: str
    line: int
    end: int
    """The line behind its closing mark."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    line: int


@dataclass(slots=True)
class Item:
    """A list item; `task` tells whether it is a task-list item."""

    start: int
    end: int
    level: int
    """0 in the outermost list."""
    indent: int
    """Columns before the list marker."""
    content: int
    """Column at which the item's content begins."""
    quotes: int
    """How many block quotes it is nested in."""
    task: bool = False
    ticked: bool = False
    text: str = ""
    """The first paragraph without the box, lines joined by newlines."""
    text_offset: int = 0
    """How much of the paragraph the box takes."""
    paragraph_end: int = 0
    comments: list[Comment] = field(default_factory=list)
    task_depth: int = 0
    """How many task items this one is nested in."""
    fences: list[Fence] = field(default_factory=list)


class Kind(Enum):
    """What a span of lines is."""

    ITEM = "list item"
    QUOTE = "block quote"
    CONTAINER = "admonition or tab"
    LEAF = "paragraph, heading, fence, table or HTML"
    CODE = "indented code"


@dataclass(frozen=True, slots=True)
class Span:
    """Lines that belong together. The spans of a page come in the order of their first lines, outer ones first."""

    kind: Kind
    start: int
    end: int
    list_number: int
    """Which list an item belongs to; 0 for what is no item."""
    previous: Span | None
    """What stands before it in the same parent."""
    parent: Span | None


@dataclass(slots=True)
class Outline:
    """The page in the order of its lines."""

    lines: list[str]
    items: list[Item] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    """Comments outside of list items, and checklist comments wherever they are."""
    spans: list[Span] = field(default_factory=list)
    unclosed: list[tuple[int, str]] = field(default_factory=list)
    """Comments of ours without `-->`, as (line, word)."""


def outline(lines: list[str], first: int = 0) -> Outline:
    """The outline of a page; lines before `first` (the front matter) are passed over."""
    page = Outline(lines)
    tokens = parser().parse("\n".join([""] * first + lines[first:]))
    items: list[Item] = []
    quotes = 0
    for index, token in enumerate(tokens):
        if token.type == "list_item_open":
            item = _item(token, lines, len(items), quotes)
            item.task_depth = sum(one.task for one in items)
            _read_first_paragraph(item, tokens, index)
            items.append(item)
            page.items.append(item)
        elif token.type == "list_item_close":
            items.pop()
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "heading_open":
            page.headings.append(Heading(_plain(tokens[index + 1]), token.map[0] if token.map else 0))
        elif token.type == "html_block":
            _take_comments(page, items, _block_comments(token, page))
        elif token.type == "inline":
            _take_comments(page, items, _inline_comments(token, page))
        elif token.type == "fence" and items and token.map:
            words = token.info.split()
            language = words[0].strip("{}.").lower() if words else ""
            items[-1].fences.append(Fence(language, token.content, *token.map))
    page.spans = _spans(tokens)
    return page


def leading(line: str, columns: int) -> str:
    """The line without up to so many columns of leading white space; further tabs stay as they are."""
    rest = line.lstrip(" \t")
    space = line[: len(line) - len(rest)]
    if columns <= 0 or not space:
        return line
    if "\t" not in space:
        return line[min(columns, len(space)) :]
    return space.expandtabs(TAB)[columns:] + rest


def _item(token: Token, lines: list[str], level: int, quotes: int) -> Item:
    start, end = token.map or [0, 0]
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    marker = _MARKER.match(lines[start].expandtabs(TAB))
    if marker is None:
        return Item(start, end, level, 0, 2, quotes)
    indent, width, pad = len(marker[1]), len(marker[2]), len(marker[3])
    return Item(start, end, level, indent, indent + width + (pad if 1 <= pad <= 4 else 1), quotes)


def _read_first_paragraph(item: Item, tokens: list[Token], index: int) -> None:
    if tokens[index + 1].type != "paragraph_open":
        return
    inline = tokens[index + 2]
    box = _TASK.match(inline.content)
    if box is None:
        return
    item.task, item.ticked = True, box[1] in "xX"
    item.text, item.text_offset = inline.content[box.end() :], box.end()
    item.paragraph_end = inline.map[1] if inline.map else item.start + 1


def _take_comments(page: Outline, items: list[Item], comments: Iterator[Comment]) -> None:
    for comment in comments:
        if items and not comment.word.lstrip("/").startswith("checklist"):
            items[-1].comments.append(comment)
        else:
            page.comments.append(comment)


def _block_comments(token: Token, page: Outline) -> Iterator[Comment]:
    content = token.content.removesuffix("\n")
    position = 0
    while (start := content.find("<!--", position)) >= 0:
        position = content.find("-->", start + 4) + 3
        if position < 3:
            _note_unclosed(page, token, content, start)
            return
        yield _comment(page, token, content, start, position, own_line=True)


def _inline_comments(token: Token, page: Outline) -> Iterator[Comment]:
    for child in token.children or []:
        offset = child.meta.get(COMMENT_OFFSET) if child.meta else None
        if offset is None:
            continue
        if child.type == "html_inline":
            yield _comment(page, token, token.content, offset, offset + len(child.content), own_line=False)
        else:
            _note_unclosed(page, token, token.content, offset)


def _note_unclosed(page: Outline, token: Token, content: str, start: int) -> None:
    ours = _OURS.match(content, start)
    if ours:
        page.unclosed.append(((token.map or [0])[0] + content.count("\n", 0, start), ours[1]))


def _comment(page: Outline, token: Token, content: str, start: int, end: int, *, own_line: bool) -> Comment:
    text = content[start:end]
    first = (token.map or [0])[0] + content.count("\n", 0, start)
    line_start = content.rfind("\n", 0, start) + 1
    cuts: list[tuple[int, int, int]] = []
    for number, piece in enumerate(text.split("\n"), start=first):
        line_end = content.find("\n", start)
        content_line = content[line_start : line_end if line_end >= 0 else len(content)]
        # What a block holds of a line is the line's end, but for white space; its beginning is marks and indentation.
        behind = len(content_line.rstrip()) - (start - line_start)
        column = max(len(page.lines[number].rstrip()) - behind, 0)
        cuts.append((number, column, column + len(piece)))
        start = line_start = line_end + 1
    return Comment(text, text[4:-3].strip(), first, first + len(cuts), own_line, tuple(cuts), end - len(text))


def _plain(inline: Token) -> str:
    parts = [child.content for child in inline.children or [] if child.type in ("text", "code_inline")]
    return " ".join("".join(parts).split())


_KINDS = {
    "list_item_open": Kind.ITEM,
    "blockquote_open": Kind.QUOTE,
    "container_open": Kind.CONTAINER,
    "paragraph_open": Kind.LEAF,
    "heading_open": Kind.LEAF,
    "table_open": Kind.LEAF,
    "fence": Kind.LEAF,
    "html_block": Kind.LEAF,
    "hr": Kind.LEAF,
    "code_block": Kind.CODE,
}


def _spans(tokens: list[Token]) -> list[Span]:
    spans: list[Span] = []
    parents: list[Span | None] = [None]
    last: list[Span | None] = [None]
    lists: list[int] = []
    count = 0
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            count += 1
            lists.append(count)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type in _KINDS and token.map:
            kind = _KINDS[token.type]
            number = lists[-1] if kind is Kind.ITEM else 0
            span = Span(kind, token.map[0], token.map[1], number, last[-1], parents[-1])
            spans.append(span)
            last[-1] = span
            if token.nesting == 1 and kind is not Kind.LEAF:
                parents.append(span)
                last.append(None)
        elif token.type in ("list_item_close", "blockquote_close", "container_close"):
            parents.pop()
            last.pop()
    return spans
