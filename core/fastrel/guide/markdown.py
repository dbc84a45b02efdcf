"""The Markdown parser: CommonMark with tables, MkDocs' admonitions and tabs, and comments whose places are known."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

COMMENT_OFFSET = "fastrel_offset"
"""Key in a token's `meta`: where the comment (or the `<!--` of one that is not closed) begins in its block's text."""
_CONTAINER = re.compile(r"(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+\S")
_NESTING = 60
"""Levels of blocks in blocks; a list and its item are two. The parser's own limit of 20 is soon reached by lists."""


@cache
def parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable("table")
    made.block.ruler.before("fence", "mkdocs_container", _container, {"alt": ["paragraph", "list", "blockquote"]})
    made.inline.ruler.before("html_inline", "html_comment", _comment)
    return made


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


def _comment(state: StateInline, silent: bool) -> bool:
    """Inline rule for comments. `--` within them is allowed, as in CommonMark 0.31 and in HTML."""
    start = state.pos
    if not state.src.startswith("<!--", start):
        return False
    unclosed = state.env.get("fastrel_unclosed") is state.src
    end = -1 if unclosed else state.src.find("-->", start + 4)
    if end >= 0:
        if not silent:
            token = state.push("html_inline", "", 0)
            token.content = state.src[start : end + 3]
            token.meta = {COMMENT_OFFSET: start}
        state.pos = end + 3
        return True
    # Remembered, so that a page with many of them is not searched to its end for each.
    state.env["fastrel_unclosed"] = state.src
    if not silent:
        token = state.push("text", "", 0)
        token.content, token.meta = "<!--", {COMMENT_OFFSET: start}
    state.pos = start + 4
    return True
