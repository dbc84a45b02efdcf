"""Reads YAML of others within bounds: no aliases, merges, nesting or giant numbers that cost far more than the text
itself.

Own code on top of PyYAML, since neither it nor ruamel.yaml bounds aliases and nesting, and strictyaml refuses YAML that
GitHub takes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml import Node, SafeLoader, Token

DEEPEST = 50
"""Levels of nesting."""
NODES = 100_000
"""Values, those of aliases counted wherever they are used."""
DIGITS = 100
"""Characters of a number."""

_NUMBER = re.compile(r"[-+]?(?:[\d_.eE+-]+|0[xob][\da-f_]+|\.(?:inf|nan))", re.IGNORECASE)


class BadYaml(Exception):
    """The text is no YAML, or more than we read, from a line on (0-based)."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


def read_yaml(text: str) -> tuple[object, Node | None]:
    """The value of a text, and the node that it was made from, which knows places. BadYaml when there is none."""
    import yaml

    try:
        loader = _loader()(text)
        node = loader.get_single_node()
        if node is None:
            return None, None
        _measure(node)
        return loader.construct_document(node), node
    except RecursionError:
        raise BadYaml("it is nested too deeply") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(error.problem or "it cannot be read", mark.line if mark else 0) from None
    except yaml.reader.ReaderError as error:
        raise BadYaml(str(error.reason), text.count("\n", 0, error.position)) from None
    except (yaml.YAMLError, ValueError, OverflowError, TypeError, KeyError, IndexError, AttributeError):
        # A date that does not exist, a number that is none, or a case that PyYAML has not thought of.
        raise BadYaml("it holds an invalid value") from None


def _measure(root: Node) -> None:
    """BadYaml when the value would be larger, or deeper, than we read. Each node is looked at once."""
    sizes: dict[int, tuple[int, int]] = {}
    entered: set[int] = set()
    left: list[tuple[Node, bool]] = [(root, False)]
    while left:
        node, seen = left.pop()
        key = id(node)
        children = _children(node)
        if seen:
            size = 1 + sum(sizes[id(child)][0] for child in children)
            depth = 1 + max((sizes[id(child)][1] for child in children), default=0)
            if size > NODES:
                raise BadYaml(f"it has more than {NODES} values", node.start_mark.line)
            if depth > DEEPEST:
                raise BadYaml("it is nested too deeply", node.start_mark.line)
            sizes[key] = size, depth
            entered.discard(key)
        elif key in entered:
            raise BadYaml("an alias stands for what it is part of", node.start_mark.line)
        elif key not in sizes:
            entered.add(key)
            left.append((node, True))
            left += [(child, False) for child in children]


def _children(node: Node) -> list[Node]:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


@cache
def _loader() -> type[SafeLoader]:
    import yaml

    class Bounded(yaml.SafeLoader):
        """The safe loader, without giant numbers, or brackets in brackets for ever, whose scanning is quadratic."""

        def fetch_flow_collection_start(self, token_class: type[Token]) -> None:
            if self.flow_level >= DEEPEST:
                raise yaml.scanner.ScannerError(None, None, "it is nested too deeply", self.get_mark())
            super().fetch_flow_collection_start(token_class)

    def number(loader: Bounded, node: yaml.ScalarNode) -> object:
        if len(node.value) > DIGITS:
            raise yaml.constructor.ConstructorError(None, None, "a number is too long", node.start_mark)
        if _NUMBER.fullmatch(node.value) is None:
            return loader.construct_scalar(node)  # 12:30 is a time of day, not a number to the base 60
        read = yaml.SafeLoader.construct_yaml_int if node.tag.endswith(":int") else yaml.SafeLoader.construct_yaml_float
        return read(loader, node)

    for kind in ("int", "float"):
        Bounded.add_constructor(f"tag:yaml.org,2002:{kind}", number)
    return Bounded
