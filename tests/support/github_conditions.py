"""The conditions of the table of facts about GitHub: each puts a twin into a state.

A condition is a function here without a leading underscore; its name with hyphens is what the table writes under
`given:`. It returns further names for paths and bodies, or nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from fastrel_twin.server import Twin

Condition = Callable[[Twin], dict[str, str] | None]


def many_issues(twin: Twin) -> None:
    """250 open issues more, 60 of them with the label `bug`."""
    for number in range(250):
        twin.store.add_issue(f"Issue {number}", "carl", labels=["bug"] if number < 60 else [])


def many_labels(twin: Twin) -> None:
    """250 labels more."""
    for number in range(250):
        twin.store.add_label(f"label {number}")


CONDITIONS: dict[str, Condition] = {
    name.replace("_", "-"): one
    for name, one in vars(sys.modules[__name__]).items()
    if callable(one) and getattr(one, "__module__", "") == __name__ and not name.startswith("_")
}
