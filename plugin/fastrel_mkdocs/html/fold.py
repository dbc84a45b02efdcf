"""Folds flat lists again: the marks of `fastrel.guide.flat` become lists and items."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from fastrel.guide.flat import BEGIN, MARK

if TYPE_CHECKING:
    from markdown import Markdown

STEP = "data-fastrel-step"
TICKED = "data-fastrel-ticked"
"""How the guide has the box; taken away again once the box is drawn."""


def fold(parent: Element, md: Markdown) -> None:
    """Fold what is in an element, and in the elements in it."""
    children = list(parent)
    if not any(child.tag == "p" and (child.text or "").startswith(BEGIN) for child in children):
        for child in children:
            fold(child, md)
        return
    for child in children:
        parent.remove(child)
    inside = [parent]
    for child in children:
        text = child.text or ""
        if child.tag != "p" or not text.startswith(BEGIN):
            fold(child, md)
            inside[-1].append(child)
        elif _is_text(text):
            _add_text(inside[-1], child, text)
        else:
            for found in MARK.finditer(text):
                _apply(inside, found[1], unquote(found[2] or ""), md)


def _is_text(text: str) -> bool:
    first = MARK.match(text)
    return first is not None and first[1] in ("line", "tight")


def _add_text(around: Element, paragraph: Element, text: str) -> None:
    tight = text.startswith(f"{BEGIN}tight")
    words = MARK.sub("", text)
    if not tight or around.tag != "li":
        paragraph.text = words
        around.append(paragraph)
    elif len(around):
        around[-1].tail = f"{around[-1].tail or ''}\n{words}"
    else:
        around.text = f"{around.text or ''}{words}"


def _apply(inside: list[Element], name: str, value: str, md: Markdown) -> None:
    if name == "list":
        tag, _, first = value.partition(" ")
        inside.append(SubElement(inside[-1], tag, {} if first == "1" else {"start": first}))
    elif name == "item":
        item = SubElement(inside[-1], "li")
        if value:
            step, _, tick = value.partition(" ")
            item.set(STEP, step)
            item.set(TICKED, tick)
        inside.append(item)
    elif name in ("end", "close") and len(inside) > 1:
        inside.pop()
    elif name == "html":
        SubElement(inside[-1], "p").text = md.htmlStash.store(value)
