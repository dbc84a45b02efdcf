"""Small changes of meaning in a source text, found by its syntax tree: comparisons, conditions, constants, calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARED = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
_SCRIPT = (
    (r"===", "!=="),
    (r"!==", "==="),
    (r"&&", "||"),
    (r"\|\|", "&&"),
    (r"(?<![=<])<=", "<"),
    (r"(?<![=>])>=", ">"),
    (r"(?<=[\w)] )<(?= [\w(])", "<="),
    (r"(?<=[\w)] )>(?= [\w(])", ">="),
    (r"(?<=[ (])!(?=[\w(])", ""),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"\.some\(", ".every("),
    (r"\[0\]", "[1]"),
    (r"(?<=\) )return [^;{]+;", ";"),
)
"""What becomes what in JavaScript."""
_DECISIONS = ("link", "label", "evidence", "fromReport", "fromTicks", "open", "inOrder", "takeReport", "stateOf", "takeIssue",
              "takeList", "mayAsk")  # fmt: skip
"""The functions of the page's script that decide what is believed and shown; the others draw it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Other text in the place of a part of a file; `line` counts from one."""

    start: int
    end: int
    new: str
    line: int

    def applied(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]


def edits_of(text: str, name: str) -> list[Edit]:
    """All small changes of a file, in the order of its text."""
    found = _of_script(text) if name.endswith(".js") else _of_python(text)
    return sorted(found, key=lambda one: (one.start, one.end, one.new))


def _of_script(text: str) -> Iterator[Edit]:
    names = "|".join(_DECISIONS)
    begins = [one.start() for one in re.finditer(rf"(?m)^  (?:function (?:{names})\(|const (?:{names}) = )", text)]
    places = [
        (begin, text.find("\n  }", begin) if text[begin + 2] == "f" else text.find("\n", begin)) for begin in begins
    ]
    for pattern, new in _SCRIPT:
        for match in re.finditer(pattern, text):
            before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            decides = any(begin <= match.start() < end for begin, end in places)
            if decides and not before.lstrip().startswith(("*", "/*", "//")):
                yield Edit(match.start(), match.end(), new, text.count("\n", 0, match.start()) + 1)


def _of_python(text: str) -> Iterator[Edit]:
    data = text.encode()
    lines = [0]
    for line in data.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))

    def place(line: int, column: int) -> int:
        return len(data[: lines[line - 1] + column].decode())

    def span(node: ast.expr | ast.stmt) -> tuple[int, int]:
        return place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)

    def edit(node: ast.expr | ast.stmt, new: str) -> Edit:
        return Edit(*span(node), new, node.lineno)

    def source(node: ast.expr) -> str:
        start, end = span(node)
        return text[start:end]

    tree = ast.parse(text)
    # How a class is made, such as frozen, decides nothing by itself.
    above = {
        id(inner) for node in ast.walk(tree) for one in getattr(node, "decorator_list", ()) for inner in ast.walk(one)
    }
    for node in ast.walk(tree):
        if id(node) in above:
            continue
        match node:
            case ast.Compare(ops=[operator]):
                new = f"{source(node.left)} {_COMPARED[type(operator)]} {source(node.comparators[0])}"
                yield edit(node, f"({new})")
            case ast.BoolOp():
                other = " or " if isinstance(node.op, ast.And) else " and "
                yield edit(node, f"({other.join(f'({source(one)})' for one in node.values)})")
                same = " and " if isinstance(node.op, ast.And) else " or "
                for left in range(len(node.values)):
                    kept = [one for number, one in enumerate(node.values) if number != left]
                    yield edit(node, f"({same.join(f'({source(one)})' for one in kept)})")
            case ast.UnaryOp(op=ast.Not()):
                yield edit(node, f"({source(node.operand)})")
            case ast.If() | ast.IfExp() | ast.While():
                yield edit(node.test, f"(not ({source(node.test)}))")
            case ast.comprehension(ifs=[only]):
                yield edit(only, "True")
            case ast.Constant(value=bool(value)):
                yield edit(node, str(not value))
            case ast.Constant(value=int(value)):
                yield edit(node, str(value + 1))
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                sign = "-" if isinstance(node.op, ast.Add) else "+"
                yield edit(node, f"({source(node.left)} {sign} {source(node.right)})")
            case ast.Call(func=ast.Name(id=called)) if called in _NAMES:
                yield edit(node.func, _NAMES[called])
            case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break() | ast.Raise():
                yield edit(node, "pass")
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield edit(value, "None")
