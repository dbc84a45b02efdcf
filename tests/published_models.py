"""githubkit's models of GitHub's answers, which are generated from the newest edition of GitHub's description.

Found by operation, such as `issues/create`: githubkit has a method for each, whose return type names the model.
"""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from pydantic import TypeAdapter, ValidationError

VERSION = "githubkit_schemas.v2026_03_10"
RENAMED = {"repos/compare-commits-with-basehead": "repos/compare-commits"}
"""Operations that Octokit's edition of the description calls otherwise."""


@dataclass(frozen=True)
class Documented:
    """What githubkit knows of an operation."""

    method: str
    path: str
    page: str
    """Address of its documentation."""
    model: str
    """The type of its answer, as Python writes it; empty where there is none."""


@cache
def documented(operation: str) -> Documented:
    """LookupError when githubkit does not know the operation."""
    group, _, name = RENAMED.get(operation, operation).replace("-", "_").partition("/")
    try:
        rest = importlib.import_module(f"{VERSION}.rest.{group}")
        client = getattr(rest, "".join(word.title() for word in group.split("_")) + "Client")
        method = getattr(client, name)
    except (ImportError, AttributeError):
        raise LookupError(operation) from None
    text = str(method.__doc__)
    request = re.search(r"^\s*(GET|POST|PUT|PATCH|DELETE) (/\S*)$", text, re.MULTILINE)
    page = re.search(r"See also: (\S+)", text)
    assert request, text
    returned = ast.parse(method.__annotations__["return"], mode="eval").body
    model = ""
    if isinstance(returned, ast.Subscript) and isinstance(returned.slice, ast.Tuple):
        model = ast.unparse(returned.slice.elts[0])
    return Documented(request[1], request[2], page[1] if page else "", model)


def misfit(operation: str, answer: object) -> str:
    """Why an answer does not parse with the model of its operation; empty when it does, or when there is no model."""
    model = documented(operation).model
    if not model:
        return ""
    try:
        _adapter(model).validate_python(answer)
    except ValidationError as error:
        return str(error)
    return ""


@cache
def _adapter(model: str) -> TypeAdapter[object]:
    names = {name: getattr(_models(), name) for name in re.findall(r"[A-Z]\w+", model) if hasattr(_models(), name)}
    return TypeAdapter(eval(model, {**importlib.import_module("typing").__dict__, **names}))


def _models() -> ModuleType:
    # By name: the type checker would read some fifty megabytes of models.
    return importlib.import_module(f"{VERSION}.models")
