"""What a release has left behind, in a form in which two runs can be compared: without times, SHAs and ids."""

from __future__ import annotations

import json
import re
import subprocess
from difflib import unified_diff
from pathlib import Path

from fastrel.tracker.state import without_state
from fastrel_twin.records import Comment, Issue
from fastrel_twin.server import Twin
from stage import steady

EVIDENCE = re.compile(r"(<!-- step [\w-]+ -->) — .*? sum=\S+ -->")
"""What stands behind a ticked step. Its words depend on when the step was looked at; that it stands there does not."""


def final_state(twin: Twin, checkout: Path) -> str:
    """GitHub, the remote and the checkout as indented JSON, one fact a line."""
    return json.dumps({"github": _github(twin), "remote": _remote(twin), "checkout": _checkout(checkout)}, indent=1)


def difference(expected: str, found: str) -> str:
    """The lines that differ; empty when none do."""
    lines = unified_diff(expected.splitlines(), found.splitlines(), "clean", "found", lineterm="", n=1)
    return "\n".join(lines)


def _github(twin: Twin) -> dict[str, object]:
    store = twin.store
    titles = {number: one.title for number, one in store.milestones.items()}
    return {
        "issues": [_issue(twin, one, titles) for one in store.issues.values()],
        "milestones": [(one.title, one.state, bool(one.due_on)) for one in store.milestones.values()],
        "labels": sorted(store.labels),
        "releases": [
            (one.tag, one.name, one.draft, one.prerelease, one.make_latest, one.discussion, _text(twin, one.body),
             [asset.name for asset in one.assets])
            for one in store.releases.values()
        ],
        "discussions": [
            (one.number, one.title, one.category, _text(twin, one.body), _comments(twin, one.comments))
            for one in store.discussions.values()
        ],
    }  # fmt: skip


def _issue(twin: Twin, one: Issue, titles: dict[int, str]) -> object:
    head = [one.number, one.title, one.state, one.state_reason, sorted(one.labels), one.assignees]
    pull = [one.pull.head, one.pull.base, bool(one.pull.merged_at)] if one.pull else []
    return {
        "issue": json.dumps([*head, titles.get(one.milestone, ""), *pull]),
        "body": _text(twin, one.body).splitlines(),
        "comments": _comments(twin, one.comments),
    }


def _comments(twin: Twin, comments: list[Comment]) -> list[str]:
    return [f"{one.author}: {_text(twin, one.body)}" for one in comments]


def _text(twin: Twin, text: str) -> str:
    # The state is made of the task items; its words depend on the moment as theirs do.
    return steady(EVIDENCE.sub(r"\1 <evidence>", without_state(text)), twin)


def _remote(twin: Twin) -> dict[str, object]:
    bare = twin.store.bare
    refs, history = bare.refs(), bare.history(bare.resolve("main"))
    commits = _commits(twin.bare, *history, *(ref.commit for ref in refs.values()))
    found: dict[str, object] = {}
    for name, ref in sorted(refs.items()):
        tag = bare.tag(ref.sha) if ref.kind == "tag" else None
        found[name] = [ref.kind, tag.message if tag else "", commits[ref.commit]]
    found["history of main"] = [commits[sha] for sha in history]
    return found


def _checkout(path: Path) -> dict[str, object]:
    git = Path(_git(path, "rev-parse", "--absolute-git-dir"))
    return {
        "branch": _git(path, "branch", "--show-current"),
        "head": [*_commits(path, "HEAD").values()],
        "changes": _git(path, "status", "--porcelain").splitlines(),
        "tags": _git(path, "for-each-ref", "--format=%(refname) %(objecttype) %(contents:subject)", "refs/tags"),
        "worktrees": len(_git(path, "worktree", "list").splitlines()),
        "left behind": sorted(str(one.relative_to(git)) for one in [*git.rglob("*.lock"), *git.glob("worktrees/*")]),
    }


def _commits(path: Path, *names: str) -> dict[str, str]:
    """What commits say and hold, by SHA."""
    lines = _git(path, "log", "--no-walk=unsorted", "--format=%H %s, tree %T", *names).splitlines()
    return {sha: words for sha, _, words in (line.partition(" ") for line in lines)}


def _git(path: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=path, check=True, capture_output=True, text=True).stdout.strip()
