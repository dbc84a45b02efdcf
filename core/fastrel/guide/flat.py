"""Lists for Python-Markdown, which nests by other rules than GitHub: each block of a list stands at the margin,
and marks between the blocks say where lists and items begin and end. Whoever renders the page folds them again.

So the site has exactly the items that were counted, at their depth, whatever stands in them or between them. A mark is
made of control characters, which Python-Markdown takes out of a page before: no page can hold one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastrel.guide.comments import without_comments
from fastrel.guide.outline import Node

BEGIN, END = "\x02fastrel:", "\x03"
MARK = re.compile(f"{BEGIN}([a-z]+)(?::([^{END}]*))?{END}")
"""A mark's name and value: `list` (tag and first number), `item` (step and its tick), `end`, `close`, `html`, and in
paragraphs `line` at the beginning of each line, with `tight` before the first one of a tight list."""
_OURS = re.compile(r"(?:step|/?checklist)(?:\s|\Z)")
_DEFINITION = re.compile(r"(?:[-*+]|\d+[.)])?\s*(\[[^\]]+\]:\s*\S.*)")
_COMMENT = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|[ ]*<!--(.*?)-->", re.DOTALL)
_CONTAINER = re.compile(r"(?:!!!|\?\?\?\+?|===[!+]?).*")
_LANGUAGE = re.compile(r"\{.*\}|[\w+#.-]+(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'|\S+))*")


def mark(name: str, value: str = "") -> str:
    """A mark; the value may hold anything."""
    return f"{BEGIN}{name}:{quote(value, safe=' /')}{END}" if value else f"{BEGIN}{name}{END}"


@dataclass(frozen=True, slots=True)
class Flattener:
    """Writes blocks for one page."""

    lines: Sequence[str]
    ids: Mapping[int, str]
    """The steps' ids by their 0-based lines."""
    fill: Callable[[str], str]
    """Puts the release's values into a text."""

    def flat(self, node: Node) -> list[str]:
        """The lines of a block at the top level."""
        return list(self._node(node, ""))

    def _node(self, node: Node, prefix: str) -> Iterator[str]:
        kind = node.kind
        if kind in ("bullet_list", "ordered_list"):
            first = str(node.token.attrGet("start") or 1)
            yield from _own(prefix, mark("list", f"{node.token.tag} {first}"))
            for item in node.children:
                yield from self._item(item, prefix)
            yield from _own(prefix, mark("close"))
        elif kind == "blockquote":
            yield from _own(prefix, "")
            yield from (line or f"{prefix}>" for line in self._inside(node, f"{prefix}> "))
            yield prefix.rstrip()
        elif kind == "container":
            opening = _CONTAINER.search(self.lines[node.start])
            yield from _own(prefix, self.fill(opening[0] if opening else ""))
            yield from self._inside(node, f"{prefix}    ")
        elif kind == "table":
            yield from _own(prefix, *_table(node, self.fill))
        else:
            yield from _own(prefix, *self._leaf(node))

    def _item(self, node: Node, prefix: str) -> Iterator[str]:
        item = node.item
        step = self.ids.get(item.start, "") if item and item.task else ""
        value = f"{step} {'x' if item and item.ticked else '-'}" if step else ""
        yield from _own(prefix, mark("item", value))
        yield from self._inside(node, prefix, step=bool(step))
        yield from _own(prefix, mark("end"))

    def _inside(self, node: Node, prefix: str, *, step: bool = False) -> Iterator[str]:
        covered = {line for child in node.children for line in range(child.start, child.end)}
        for number, child in enumerate(node.children):
            if step and number == 0 and node.item:
                comments = [
                    one.text for one in node.item.comments if not one.own_line and one.line < node.item.paragraph_end
                ]
                yield from _own(prefix, *self._paragraph(without_comments(node.item.text, comments), child))
            else:
                yield from self._node(child, prefix)
        for line in range(node.start, node.end):
            # Definitions of links are no blocks.
            found = _DEFINITION.match(self.lines[line].strip(" \t>")) if line not in covered else None
            if found:
                yield from _own(prefix, found[1])

    def _leaf(self, node: Node) -> list[str]:
        token = node.token
        if node.kind == "paragraph":
            return self._paragraph(_without_ours(node.text), node)
        if node.kind == "heading":
            return [f"{'#' * int(token.tag[1])} {self.fill(' '.join(node.text.split()))}"]
        if node.kind == "hr":
            return ["* * *"]
        if node.kind == "code_block":
            return [f"    {line}" if line else "" for line in self.fill(token.content).rstrip("\n").split("\n")]
        if node.kind == "fence":
            info = token.info.strip()
            known = _LANGUAGE.fullmatch(info)
            words = info if known or not info else info.split()[0].strip("{}.")
            content = self.fill(token.content).removesuffix("\n")
            return [f"{token.markup}{words}", *content.split("\n"), token.markup]
        if node.kind == "html_block":
            html = _without_ours(token.content)
            if "markdown=" in html and is_balanced(html):
                return self.fill(html).rstrip("\n").split("\n")
            return [mark("html", self.fill(html))] if html.strip() else []
        return [line.strip(" \t>") for line in self.lines[node.start : node.end]]

    def _paragraph(self, text: str, node: Node) -> list[str]:
        lines = [line.strip() for line in self.fill(text).split("\n")]
        if re.match(r"\[\^[^\]]+\]:", text):  # a footnote, to those who know them
            return lines
        first = mark("tight") if node.token.hidden else ""
        return [(first if number == 0 else "") + mark("line") + line for number, line in enumerate(lines)]


def is_balanced(html: str) -> bool:
    """Whether every tag that begins in a block of HTML ends in it."""
    tags = re.findall(r"<(/?)([a-zA-Z][\w-]*)(?:\s[^<>]*?)?(/?)>", re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))
    depth = 0
    for closing, name, alone in tags:
        if not alone and name.lower() not in _VOID:
            depth += -1 if closing else 1
        if depth < 0:
            return False
    return depth == 0


_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def _own(prefix: str, *lines: str) -> Iterator[str]:
    """Lines with a blank line behind them."""
    if lines:
        yield from (f"{prefix}{line}".rstrip(" ") if not line else f"{prefix}{line}" for line in lines)
        yield prefix.rstrip()


def _without_ours(text: str) -> str:
    """The text without our comments, which are for the guide; one in a code span is text."""
    return _COMMENT.sub(lambda match: "" if match[2] is not None and _OURS.match(match[2].strip()) else match[0], text)


def _table(node: Node, fill: Callable[[str], str]) -> list[str]:
    rows = [row for part in node.children for row in part.children]
    lines = ["| " + " | ".join(_cell(fill(cell.text)) for cell in row.children) + " |" for row in rows]
    signs = {"left": ":--", "right": "--:", "center": ":-:"}
    styles = [str(cell.token.attrGet("style") or "").rpartition(":")[2] for cell in rows[0].children] if rows else []
    return [*lines[:1], "| " + " | ".join(signs.get(style, "---") for style in styles) + " |", *lines[1:]]


def _cell(text: str) -> str:
    """A pipe in code divides no cells for Python-Markdown."""
    return re.sub(r"(`+)[^`]*\1|\|", lambda match: match[0] if match[1] else "\\|", text)
