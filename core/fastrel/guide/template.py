"""`{{ }}` in a guide: the release's values by name, nothing else. Parsed by Jinja2; nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from fastrel.errors import GuideError
from fastrel.text.suggest import nearest

if TYPE_CHECKING:
    from jinja2 import Environment, nodes


LITERAL = "literal"
"""The value of the setting `placeholders` with which `{{ }}` that is not ours stays as it is."""
_NAME = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def render(text: str, values: Mapping[str, str], *, literal: bool = False) -> str:
    """The text with each `{{ name }}` replaced. GuideError for an unknown name or anything but a name; where what is
    not ours is literal, it stays."""
    if "{{" not in text:
        return text
    if literal:
        return _NAME.sub(lambda match: values.get(match[1], match[0]), text)
    parts, problems = _read(text, values)
    if problems:
        raise GuideError(problems[0][1], next_step="Type `fastrel-checklist lint` to see where.")
    return "".join(values[part] if is_name else part for part, is_name in parts)


def template_problems(text: str, known: Mapping[str, str] | frozenset[str]) -> list[tuple[int, str]]:
    """What is wrong with the `{{ }}` of a text: 0-based line within it, and the message."""
    return _read(text, known)[1] if "{{" in text else []


def _read(text: str, known: Mapping[str, str] | frozenset[str]) -> tuple[list[tuple[str, bool]], list[tuple[int, str]]]:
    """The parts of a text, each with whether it is the name of a value, and what is wrong with them."""
    from jinja2 import TemplateSyntaxError, nodes

    try:
        tree = _tree(text)
    except TemplateSyntaxError as error:
        return [], [((error.lineno or 1) - 1, f"{{{{ }}}} cannot be read: {error.message}")]
    except (RecursionError, ValueError, OverflowError, MemoryError):  # parentheses without end, a number of any size
        return [], [(0, "{{ }} cannot be read: too deep or too large")]
    parts: list[tuple[str, bool]] = []
    problems: list[tuple[int, str]] = []
    for output in tree.body:
        for node in output.nodes if isinstance(output, nodes.Output) else [output]:
            if isinstance(node, nodes.TemplateData):
                parts.append((node.data, False))
            elif not isinstance(node, nodes.Name):
                problems.append((node.lineno - 1, "{{ }} may hold the name of a value and nothing else"))
            elif node.name not in known:
                hint = nearest(node.name, known)
                tail = f"; did you mean {hint}?" if hint else f"; known are {', '.join(sorted(known))}"
                problems.append((node.lineno - 1, f"unknown value “{node.name}” in {{{{ }}}}{tail}"))
            else:
                parts.append((node.name, True))
    return parts, problems


def names_in(text: str) -> frozenset[str]:
    """The names of values in the `{{ }}` of a text; none when it cannot be read."""
    if "{{" not in text:
        return frozenset()
    from jinja2 import TemplateSyntaxError, meta

    try:
        return frozenset(meta.find_undeclared_variables(_tree(text)))
    except (TemplateSyntaxError, RecursionError):
        return frozenset()


@lru_cache(maxsize=256)  # the texts of a guide are checked, then filled in
def _tree(text: str) -> nodes.Template:
    return _environment().parse(text)


@cache
def _environment() -> Environment:
    from jinja2 import Environment

    # `{%` and `{#` are ordinary text in a guide (`{#anchor}` belongs to attr_list), so their marks are out of reach.
    return Environment(  # it parses and renders nothing, and the result is Markdown, not HTML
        keep_trailing_newline=True,
        block_start_string="\0{%",
        block_end_string="%}\0",
        comment_start_string="\0{#",
        comment_end_string="#}\0",
    )
