"""A guide's Markdown as the docs site needs it: values filled in, lists with steps flat."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress

from fastrel.errors import GuideError
from fastrel.guide.attributes import parse_attributes
from fastrel.guide.comments import without_comments
from fastrel.guide.flat import Flattener, is_balanced, mark
from fastrel.guide.lines import line_ends, split_lines
from fastrel.guide.model import Guide
from fastrel.guide.outline import Comment, Node, Outline, outline
from fastrel.guide.parser import blocks_of
from fastrel.guide.settings import front_matter
from fastrel.guide.template import LITERAL, render


def site_source(text: str, guide: Guide, values: Mapping[str, str] | None) -> str:
    """The page's text for the docs site. What is outside of checklist blocks stays byte for byte, but for a byte-order
    mark, and for a tag around steps that ends in another block.

    In blocks (everywhere on a page without any) `{{ }}` is rendered when there are values, block comments become blank
    lines, and lists with steps are flat, as `fastrel.guide.flat` describes. `guide` is what `text` was parsed to.
    """
    lines, ends = split_lines(text), line_ends(text)
    newline = ends[0] or "\n"
    page = outline(text)
    blocks, _ = blocks_of(page)
    regions = [(block.start, block.end) for block in blocks] or [(front_matter(text)[1], len(lines))]
    ids = {step.line - 1: step.id for step in guide.steps()}
    filled = values if blocks else None

    def fill(part: str) -> str:
        return _rendered(part, filled, literal=guide.settings.placeholders == LITERAL)

    flattener = Flattener(lines, ids, fill)
    # Parts of the page, by their first lines: flat lists, and tags without their ends.
    parts = {node.start: (node.end, flattener.flat(node)) for node in page.tree if _has_step(node, ids)}
    parts |= {node.start: (node.end, [mark("html", node.token.content), ""]) for node in _open_tags(page, ids)}
    edited = _without_block_comments(page)
    out: list[str] = []
    number = 0
    inside = {line for start, end in regions for line in range(start, end)}
    while number < len(lines):
        if number in parts:
            number, flat = parts[number]
            out += [newline, *(f"{line}{newline}" for line in flat)]
            continue
        until = number
        while until < len(lines) and until not in parts and (until in inside) == (number in inside):
            until += 1
        chunk = "".join(map("".join, zip(edited[number:until], ends[number:until], strict=True)))
        out.append(fill(chunk) if number in inside else chunk)
        number = until
    return "".join(out)


def is_body_of(text: str, guide: Guide) -> bool:
    """Whether a page's text is that of the guide's file without its front matter, whatever blank lines surround it."""
    body = "\n".join(guide.text.split("\n")[front_matter(guide.text)[1] :])
    return body.strip("\n") == text.strip("\n")


def block_comments(text: str, words: Collection[str]) -> list[tuple[str, dict[str, str]]]:
    """The comments `<!-- WORD [NAME=VALUE ...] -->` that `replaced_comments` would replace, with their attributes."""
    return [found for comment in outline(text).comments if (found := _block_comment(comment, words))]


def replaced_comments(text: str, replacements: Mapping[str, Callable[[dict[str, str]], str]]) -> str:
    """The page with a text in place of each comment `<!-- WORD [NAME=VALUE ...] -->` on lines of its own, outside of
    lists and code; the text is made of the comment's attributes."""
    lines, ends = split_lines(text), line_ends(text)
    for comment in outline(text).comments:
        found = _block_comment(comment, replacements)
        if found:
            lines[comment.line : comment.end] = [
                replacements[found[0]](found[1]),
                *[""] * (comment.end - comment.line - 1),
            ]
    return "".join(map("".join, zip(lines, ends, strict=True)))


def _block_comment(comment: Comment, words: Collection[str]) -> tuple[str, dict[str, str]] | None:
    word, _, attributes = comment.inside.partition(" ")
    if not comment.own_line or word not in words:
        return None
    return word, dict(parse_attributes(attributes).pairs)


def _has_step(node: Node, ids: Mapping[int, str]) -> bool:
    return bool(node.item and node.item.task and node.item.start in ids) or any(
        _has_step(child, ids) for child in node.children
    )


def _open_tags(page: Outline, ids: Mapping[int, str]) -> list[Node]:
    """The blocks of HTML around steps that only begin, or only end, an element: on GitHub there is Markdown between."""
    if not ids:
        return []
    first, last = min(ids), max(ids)
    html = [node for node in page.tree if node.kind == "html_block" and not is_balanced(node.token.content)]
    before = [node for node in html if node.end <= last]
    return before + [node for node in html if node.start > first and node not in before] if before else []


def _without_block_comments(page: Outline) -> list[str]:
    """The lines without the comments of checklist blocks."""
    lines = list(page.lines)
    _take_out(lines, [one for one in page.comments if re.match(r"/?checklist(\s|\Z)", one.inside)])
    return lines


def _take_out(lines: list[str], comments: Iterable[Comment]) -> None:
    """Remove comments from the lines, all that share a line at once; the number of lines stays."""
    groups: list[tuple[int, int, list[Comment]]] = []
    for comment in sorted(comments, key=lambda one: one.line):
        if groups and comment.line < groups[-1][1]:
            start, end, together = groups[-1]
            groups[-1] = (start, max(end, comment.end), [*together, comment])
        else:
            groups.append((comment.line, comment.end, [comment]))
    for start, end, together in groups:
        text = "\n".join(lines[start:end])
        rest = without_comments(text, [one.text for one in together]).split("\n")
        lines[start:end] = rest + [""] * (end - start - len(rest))


def _rendered(text: str, values: Mapping[str, str] | None, *, literal: bool) -> str:
    if values is not None:
        with suppress(GuideError):  # lint reports it; a page with a wrong name is better than none
            return render(text, values, literal=literal)
    return text
