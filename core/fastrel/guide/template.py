"""`{{ }}` in a guide: the release's values by name, nothing else. Parsed and rendered by Jinja2's sandbox, strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from fastrel.errors import GuideError
from fastrel.text.suggest import nearest

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment


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
    problems = template_problems(text, values)
    if problems:
        raise GuideError(problems[0][1], next_step="Type `fastrel-checklist lint` to see where.")
    return _environment().from_string(text).render(dict(values))


def template_problems(text: str, known: Mapping[str, str] | frozenset[str]) -> list[tuple[int, str]]:
    """What is wrong with the `{{ }}` of a text: 0-based line within it, and the message."""
    if "{{" not in text:
        return []
    from jinja2 import TemplateSyntaxError, nodes

    try:
        tree = _environment().parse(text)
    except TemplateSyntaxError as error:
        return [((error.lineno or 1) - 1, f"{{{{ }}}} cannot be read: {error.message}")]
    except (RecursionError, ValueError, OverflowError, MemoryError):  # parentheses without end, a number of any size
        return [(0, "{{ }} cannot be read: too deep or too large")]
    problems: list[tuple[int, str]] = []
    for output in tree.body:
        for node in output.nodes if isinstance(output, nodes.Output) else [output]:
            if isinstance(node, nodes.TemplateData):
                continue
            if not isinstance(node, nodes.Name):
                problems.append((node.lineno - 1, "{{ }} may hold the name of a value and nothing else"))
            elif node.name not in known:
                hint = nearest(node.name, known)
                tail = f"; did you mean {hint}?" if hint else f"; known are {', '.join(sorted(known))}"
                problems.append((node.lineno - 1, f"unknown value “{node.name}” in {{{{ }}}}{tail}"))
    return problems


def names_in(text: str) -> frozenset[str]:
    """The names of values in the `{{ }}` of a text; none when it cannot be read."""
    if "{{" not in text:
        return frozenset()
    from jinja2 import TemplateSyntaxError, meta

    try:
        return frozenset(meta.find_undeclared_variables(_environment().parse(text)))
    except (TemplateSyntaxError, RecursionError):
        return frozenset()


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # `{%` and `{#` are ordinary text in a guide (`{#anchor}` belongs to attr_list), so their marks are out of reach.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # the result is Markdown, not HTML
        keep_trailing_newline=True,
        block_start_string="\0{%",
        block_end_string="%}\0",
        comment_start_string="\0{#",
        comment_end_string="#}\0",
    )
