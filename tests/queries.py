"""The GraphQL documents that the product sends, found in its code, so that none can be forgotten."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fastrel

_OPERATION = re.compile(r"\s*(query|mutation)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Query:
    """A document, and the module that sends it."""

    kind: str
    name: str
    text: str
    module: str


@cache
def queries() -> list[Query]:
    """All GraphQL documents of the core, in the order of their modules: constants of modules and texts in functions."""
    found: dict[str, Query] = {}
    for info in pkgutil.walk_packages(fastrel.__path__, "fastrel."):
        module = importlib.import_module(info.name)
        texts = [value for value in vars(module).values() if isinstance(value, str)]
        texts += _in_functions(str(module.__file__))
        for text in texts:
            match = _OPERATION.match(text)
            if match and "{" in text and text not in found:
                found[text] = Query(match[1], match[2], text, info.name)
    return list(found.values())


def _in_functions(file: str) -> list[str]:
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    constants = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Constant)]
    return [node.value for node in constants if isinstance(node.value, str)]
