"""Lists nested by four columns a level, as Python-Markdown wants them, wherever they are: in block quotes, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fastrel.guide.lines import TAB, from_column
from fastrel.guide.outline import Item, Outline, behind_quotes


def nested(page: Outline, lines: Sequence[str], regions: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The new text of each line of a list in the regions; `lines` are the page's as they are now."""
    innermost: dict[int, Item] = {}
    position = 0
    for item in page.items:
        while position < len(regions) and regions[position][1] <= item.start:
            position += 1
        if position < len(regions) and item.start >= regions[position][0]:
            innermost.update(dict.fromkeys(range(item.start, item.end), item))
    fences = (fence for item in page.items for fence in item.fences)
    code = {line for fence in fences for line in range(fence.line + 1, fence.end)}
    contents = _contents(page, innermost)
    indents: dict[int, int] = {}
    for item in page.items:
        indents[id(item)] = _indent(item, indents)
    for number, item in innermost.items():
        yield number, _moved(lines[number], number, item, indents, contents[id(item)], code=number in code)


def _contents(page: Outline, innermost: Mapping[int, Item]) -> dict[int, int]:
    """The column of each item's content as its author has it: many indent by four columns behind a marker of two."""
    found = {id(item): item.content + TAB for item in page.items}
    for number, item in innermost.items():
        expanded = page.lines[number].expandtabs(TAB)
        column = behind_quotes(expanded, item.quotes)
        lead = len(expanded) - len(expanded[column:].lstrip(" ")) - column
        if number != item.start and expanded[column:].strip() and lead >= item.content:
            found[id(item)] = min(found[id(item)], lead)
    return {id(item): item.content if found[id(item)] == item.content + TAB else found[id(item)] for item in page.items}


def _indent(item: Item, indents: Mapping[int, int]) -> int:
    """Columns before the item's marker, behind those of quotes."""
    parent = item.parent if item.parent and item.parent.quotes == item.quotes else None
    # Four more for each admonition or tab in between.
    own = max(item.indent - (parent.content if parent else 0), 0) // TAB * TAB
    return own + (indents[id(parent)] + TAB if parent else 0)


def _moved(line: str, number: int, item: Item, indents: Mapping[int, int], content: int, *, code: bool) -> str:
    """A line of an item, which may be the first one of items around it as well."""
    first = item.start == number
    while first and item.parent and item.parent.start == number:
        item = item.parent
    expanded = line.expandtabs(TAB)
    before, column, seen, indent = "", 0, 0, 0
    for last in _last_in_quotes(item):
        behind = behind_quotes(expanded, last.quotes - seen, column)
        marks = expanded[column:behind]
        if marks.count(">") < last.quotes - seen:
            return line  # it goes on with a paragraph without saying so
        before += " " * indent + (marks.lstrip(" ") if indent else marks)
        before += "" if not marks or marks.endswith(" ") else " "
        column, seen, indent = behind, last.quotes, indents[id(last)] + TAB
    if first:
        return before + " " * (indent - TAB) + from_column(line, column + item.indent, code=True)
    lead = len(expanded) - len(expanded[column:].lstrip(" ")) - column
    rest = from_column(line, column + min(content, lead), code=code)
    return (before + " " * indent + rest) if rest.strip() else before.rstrip()


def _last_in_quotes(item: Item) -> list[Item]:
    """Of the items around this one, and it: the innermost in each depth of quotes, outermost first."""
    found, one = [item], item.parent
    while one:
        if one.quotes != found[-1].quotes:
            found.append(one)
        one = one.parent
    return found[::-1]
