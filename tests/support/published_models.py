"""githubkit's models of GitHub's answers, which are generated from the newest edition of GitHub's description.

githubkit has a method for each operation, whose docstring names method, path and documentation, and whose return type
names the model.
"""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType

from pydantic import TypeAdapter, ValidationError

VERSION = "githubkit_schemas.v2026_03_10"
CLIENTS = (
    "actions.ActionsClient",
    "checks.ChecksClient",
    "git.GitClient",
    "issues.IssuesClient",
    "meta.MetaClient",
    "pulls.PullsClient",
    "rate_limit.RateLimitClient",
    "repos.ReposClient",
    "users.UsersClient",
)
"""The parts of the API that the product uses."""
_HEAD = re.compile(r"(\S+)\n\s*\n\s*(GET|POST|PUT|PATCH|DELETE) (/\S*)\n")


@dataclass(frozen=True, slots=True)
class Documented:
    """What githubkit knows of an operation."""

    id: str
    method: str
    path: str
    page: str
    """Address of its documentation."""
    model: str
    """The type of its answer, as Python writes it; empty where there is none."""


@cache
def operations() -> dict[tuple[str, str], Documented]:
    """By method and path."""
    found = {}
    for client in CLIENTS:
        module, _, name = client.partition(".")
        for method in vars(getattr(importlib.import_module(f"{VERSION}.rest.{module}"), name)).values():
            text = method.__doc__ if isinstance(method, FunctionType) else None
            head = _HEAD.match(text or "")
            if head and text:
                page = re.search(r"See also: (\S+)", text)
                one = Documented(head[1], head[2], head[3], page[1] if page else "", _model(method))
                found[one.method, one.path] = one
    return found


def misfit(method: str, path: str, answer: object) -> str:
    """Why an answer does not parse with the model of its operation; empty when it does, or when there is no model."""
    model = operations()[method, path].model
    if not model:
        return ""
    try:
        _adapter(model).validate_python(answer)
    except ValidationError as error:
        return str(error)
    return ""


def _model(method: FunctionType) -> str:
    """The first argument of `Response[Issue, IssueType]`."""
    returned = ast.parse(method.__annotations__["return"], mode="eval").body
    if isinstance(returned, ast.Subscript) and isinstance(returned.slice, ast.Tuple):
        return ast.unparse(returned.slice.elts[0])
    return ""


@cache
def _adapter(model: str) -> TypeAdapter[object]:
    models = _models()
    names = {name: getattr(models, name) for name in re.findall(r"[A-Z]\w+", model) if name != "Union"}
    return TypeAdapter(eval(model, {"Union": importlib.import_module("typing").Union, **names}))


def _models() -> ModuleType:
    # By name: the type checker would read some fifty megabytes of models.
    return importlib.import_module(f"{VERSION}.models")
