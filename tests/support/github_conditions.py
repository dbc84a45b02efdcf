"""The conditions of the table of facts about GitHub: each puts a twin into a state.

A condition is a function here without a leading underscore; its name with hyphens is what the table writes under
`given:`. It returns further names for paths and bodies, or nothing.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from urllib.parse import quote

from fastrel_twin.server import Twin

Condition = Callable[[Twin], dict[str, str] | None]


def many_issues(twin: Twin) -> dict[str, str]:
    """300 issues, all new, 60 of them with the label `bug`; `{after_bug_50}` is the cursor behind the 50th of these."""
    store = twin.store
    store.issues.clear()
    made = [store.add_issue(f"Issue {number}", "carl", labels=["bug"] if number < 60 else []) for number in range(300)]
    place = f"cursor:v2:{made[49].created_at}|{made[49].number}"
    return {"after_bug_50": quote(base64.b64encode(place.encode()).decode())}


def renamed(twin: Twin) -> dict[str, str]:
    """The repository has another name now; `{old}` is its former path."""
    old = twin.store.name
    twin.store.rename("ServiceNow/Faster-LLM")
    return {"old": f"/repos/{old}", "repo": f"/repos/{twin.store.name}"}


def many_labels(twin: Twin) -> None:
    """250 labels more."""
    for number in range(250):
        twin.store.add_label(f"label {number}")


CONDITIONS: dict[str, Condition] = {
    name.replace("_", "-"): one
    for name, one in vars(sys.modules[__name__]).items()
    if callable(one) and getattr(one, "__module__", "") == __name__ and not name.startswith("_")
}
