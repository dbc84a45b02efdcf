"""GitHub-flavoured Markdown as GitHub shows it: task lists with boxes, tables, no comments, and no markup of others."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ALLOWED = re.compile(r"</?(?:details|summary|br|sub|sup|kbd|b|i|em|strong|code|p|ul|ol|li)\s*/?>", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\]\s+")
_BOX = '<input type="checkbox" disabled{}> '


def rendered(text: str) -> str:
    """The HTML of a text that anybody may have written."""
    return str(_parser().render(text))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.add_render_rule("html_block", _html)
    parser.add_render_rule("html_inline", _html)
    parser.core.ruler.push("tasks", _tasks)
    return parser


def _html(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    """Comments are not shown; tags without attributes that GitHub allows stay; everything else is text."""
    text, shown, at = _COMMENT.sub("", tokens[index].content), "", 0
    for tag in _ALLOWED.finditer(text):
        shown += escape(text[at : tag.start()]) + tag[0]
        at = tag.end()
    return shown + escape(text[at:])


def _tasks(state: StateCore) -> None:
    """Boxes for items that begin with `[ ]` or `[x]`."""
    tokens: list[Token] = state.tokens
    for before, item, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if inline.type != "inline" or item.type != "paragraph_open" or before.type != "list_item_open":
            continue
        found = _TASK.match(inline.content)
        first = inline.children[0] if inline.children else None
        if found and first and first.type == "text":
            before.attrJoin("class", "task-list-item")
            first.content = first.content[found.end() :] if first.content.startswith("[") else first.content
            box = Token("html_inline", "", 0, content="")
            box.type, box.content = "task_box", found[1].strip()
            inline.children = [box, *(inline.children or [])]


def _box(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return _BOX.format(" checked" if tokens[index].content else "")


_parser().add_render_rule("task_box", _box)
