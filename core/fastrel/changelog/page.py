"""Headings and link definitions of a Markdown page, each with the characters it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_MARKS = re.compile(r" {0,3}#{1,6}[ \t]*")
_SPACE = re.compile(r" {0,3}")
_DEFINITION = re.compile(r" {0,3}\[(?P<label>(?:\\.|[^\[\]\\])+)\]:[ \t]*(?P<address><[^<>\r\n]*>|[^\s<]\S*)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the top level of the page; all ranges are half-open, of characters."""

    level: int
    text: str
    """Its Markdown, without marks."""
    start: int
    end: int
    """Behind its last line, with the end of that line."""
    text_start: int
    line: int
    """1-based."""
    underline: tuple[int, int] | None = None
    """The characters of the line below it, when that is what makes it a heading."""

    @property
    def text_end(self) -> int:
        return self.text_start + len(self.text)


@dataclass(frozen=True, slots=True)
class Definition:
    """A link definition, `[label]: address`, that stands on one line."""

    label: str
    address: str
    start: int
    """Where its line begins."""
    end: int
    """Behind the end of its line."""
    label_start: int
    address_start: int

    def line(self, text: str, label: str, address: str) -> str:
        """A line like this one, without its end, for another label and address."""
        between = text[self.label_start + len(self.label) : self.address_start]
        rest = text[self.address_start + len(self.address) : self.end].rstrip("\r\n")
        return f"{text[self.start : self.label_start]}{label}{between}{address}{rest}"


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a changelog. Headings in code, comments, quotes and lists do not count."""

    text: str
    headings: tuple[Heading, ...]
    definitions: tuple[Definition, ...]
    code: tuple[tuple[int, int], ...]
    """The characters of code blocks."""
    hidden: tuple[tuple[int, int], ...]
    """The characters of comments that stand in a block of their own."""

    def definition(self, label: str) -> Definition | None:
        """The definition of a label; the first one counts, and case does not."""
        wanted = normal_label(label)
        return next((one for one in self.definitions if normal_label(one.label) == wanted), None)


def normal_label(label: str) -> str:
    """A label as CommonMark compares them."""
    return " ".join(label.split()).casefold()


@lru_cache(maxsize=8)
def read_page(text: str) -> Page:
    """Read a page. A byte-order mark stays outside of everything."""
    mark = len(text) - len(text.removeprefix("\ufeff"))
    spans = [match.span() for match in _LINE.finditer(text, mark) if match.end() > match.start()]
    known: dict[str, object] = {}
    tokens = _parser().parse(text[mark:], known)
    headings: list[Heading] = []
    code: list[tuple[int, int]] = []
    hidden: list[tuple[int, int]] = []
    for token in tokens:
        if not token.map or token.map[0] >= len(spans):
            continue
        around = (spans[token.map[0]][0], spans[min(token.map[1], len(spans)) - 1][1])
        if token.type == "heading_open" and token.level == 0:
            headings += _heading(text, token, spans)
        elif token.type in ("fence", "code_block"):
            code.append(around)
        elif token.type == "html_block" and re.match(r"\s*<!--", token.content):
            hidden.append(around)
    return Page(text, tuple(headings), tuple(_definitions(text, known, spans)), tuple(code), tuple(hidden))


def _heading(text: str, token: Token, spans: list[tuple[int, int]]) -> Iterator[Heading]:
    first, last = token.map if token.map else (0, 0)
    level = int(token.tag[1:])
    start, end = spans[first][0], spans[last - 1][1]
    line = text[slice(*spans[first])].rstrip()
    if token.markup.startswith("#"):
        marks = _MARKS.match(line)
        words = line[marks.end() :] if marks else ""
        bare = words.rstrip("#")
        if bare != words and (not bare or bare[-1] in " \t"):  # marks behind the text belong to it only without a space
            words = bare.rstrip()
        yield Heading(level, words, start, end, start + (marks.end() if marks else 0), first + 1)
    elif last - first == 2:
        space = _SPACE.match(line)
        indent = space.end() if space else 0
        below = text[slice(*spans[first + 1])]
        begin = spans[first + 1][0] + len(below) - len(below.lstrip())
        underline = (begin, begin + len(below.strip()))
        yield Heading(level, line[indent:], start, end, start + indent, first + 1, underline)


def _definitions(text: str, known: dict[str, object], spans: list[tuple[int, int]]) -> Iterator[Definition]:
    found = known.get("references", {})
    lines = sorted(one["map"][0] for one in found.values() if one["map"][1] - one["map"][0] == 1)  # type: ignore[attr-defined]  # what markdown-it-py keeps of a definition
    for number in lines:
        start, end = spans[number]
        match = _DEFINITION.match(text, start, end)
        if match:
            yield Definition(match["label"], match["address"], start, end, match.start("label"), match.start("address"))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").disable(["inline"])
