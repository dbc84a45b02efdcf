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


def archived(twin: Twin) -> None:
    """The repository is archived."""
    twin.store.archived = True


def issues_disabled(twin: Twin) -> None:
    """Issues are switched off in the settings."""
    twin.store.has_issues = False


def empty(twin: Twin) -> None:
    """The repository has no commit."""
    for name in twin.store.bare.refs():
        twin.store.bare.delete_ref(name)


def issue_deleted(twin: Twin) -> None:
    """Issue 29 was deleted."""
    twin.store.delete(29)


def issue_transferred(twin: Twin) -> None:
    """Issue 29 was transferred to another repository."""
    twin.store.transfer(29, "ServiceNow/Elsewhere")


def issue_locked(twin: Twin) -> None:
    """The conversation of issue 29 is locked."""
    twin.store.issues[29].locked = True


def assigned(twin: Twin) -> None:
    """Issue 29 alone is assigned to somebody."""
    for issue in twin.store.issues.values():
        issue.assignees = ["mia"] if issue.number == 29 else []


def dispatchable(twin: Twin) -> None:
    """`ci.yaml` has no workflow_dispatch; `docs.yaml` has one with the input `tag`."""
    hand = "on:\n  workflow_dispatch:\n    inputs:\n      tag: {}\n"
    _commit(twin, {".github/workflows/ci.yaml": "on: [push]\n", ".github/workflows/docs.yaml": hand})


def _commit(twin: Twin, files: dict[str, str]) -> None:
    """A commit on main with these files, instead of those that are there."""
    bare = twin.store.bare
    folders: dict[str, list[str]] = {}
    for path, text in files.items():
        blob = bare.git("hash-object", "-w", "--stdin", data=text.encode())
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, []).append(f"100644 blob {blob}\t{name}")
    for folder, rows in folders.items():
        tree = bare.git("mktree", data="\n".join(rows).encode() + b"\n")
        for name in reversed(folder.split("/")):
            tree = bare.git("mktree", data=f"040000 tree {tree}\t{name}\n".encode())
    who = ("-c", "user.name=carl", "-c", "user.email=carl@example.org")
    bare.set_ref("refs/heads/main", bare.git(*who, "commit-tree", tree, "-p", bare.resolve("main"), "-m", "Workflows"))


def superseded(twin: Twin) -> dict[str, str]:
    """The workflow `Documentation` ran twice at the newest commit, and the older run was cancelled; `{newest}` is that commit."""
    for push in twin.store.pushes:
        push.at -= 1_000
    twin.simulated_ci.supersede("Documentation")
    return {"newest": twin.store.bare.resolve("main")}


def many_labels(twin: Twin) -> None:
    """250 labels more."""
    for number in range(250):
        twin.store.add_label(f"label {number}")


CONDITIONS: dict[str, Condition] = {
    name.replace("_", "-"): one
    for name, one in vars(sys.modules[__name__]).items()
    if not name.startswith("_") and callable(one) and getattr(one, "__module__", "") == __name__
}
