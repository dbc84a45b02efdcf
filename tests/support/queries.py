"""The GraphQL operations that the product's code has, by their names, so that none can be forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from stage import ROOT

CORE = ROOT / "core"
OPERATION = re.compile(r"\b(query|mutation) ([A-Z]\w*) ?[({]")
"""An operation as it is written; every one of ours has a name."""


@dataclass(frozen=True, slots=True)
class Query:
    """An operation, and the module that sends it."""

    kind: str
    name: str
    module: str


@cache
def queries() -> tuple[Query, ...]:
    """All operations, in the order of their modules."""
    return tuple(
        Query(kind, name, ".".join(file.relative_to(CORE).with_suffix("").parts))
        for file in sorted(CORE.rglob("*.py"))
        for kind, name in OPERATION.findall(file.read_text(encoding="utf-8"))
    )
