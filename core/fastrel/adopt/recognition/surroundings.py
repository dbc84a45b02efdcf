"""What stands around an item of a page: headings, parent items, the line above its list. Pure."""

from __future__ import annotations

import re

from fastrel.adopt.findings import Findings
from fastrel.adopt.recognition.recognise import Surroundings
from fastrel.guide.outline import Item, Outline, headings_around


def surroundings(page: Outline, item: Item, findings: Findings) -> Surroundings:
    """What stands around an item: headings, the items around it, the line above its list, the text in it."""
    above: list[str] = []
    around = item.parent
    while around:
        above.append(" ".join(page.lines[around.start : max(around.paragraph_end, around.start + 1)]))
        around = around.parent
    outermost = item
    while outermost.parent:
        outermost = outermost.parent
    first = next((one for one in page.items if one.list_start == outermost.list_start), outermost)
    above += [words] if (words := lead(page, first)) else []
    above += [one.text for one in reversed(headings_around(page, item.start))]
    code = {line for fence in item.fences for line in range(fence.line, fence.end)}
    nested = {line for one in page.items if one.parent is item and one.task for line in range(one.start, one.end)}
    below = "\n".join(
        page.lines[line] for line in range(item.paragraph_end, item.end) if line not in code and line not in nested
    )
    prefix = findings.tag.value.partition("{version}")[0]
    return Surroundings(tuple(above), below, tuple(dict.fromkeys((prefix, "v", ""))), findings.branch.value)


def lead(page: Outline, first: Item) -> str:
    """The line above a list, when it belongs to it: bold, or with a colon at its end."""
    line = first.start - 1
    while line >= 0 and not page.lines[line].strip():
        line -= 1
    text = page.lines[line].strip() if line >= 0 else ""
    return (
        text
        if re.fullmatch(r"(?:[*_]{2}.+[*_]{2}:?|.+:[*_]*)", text) and not text.startswith(("#", "<!--", "|"))
        else ""
    )
