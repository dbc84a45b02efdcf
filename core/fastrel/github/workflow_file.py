"""Reads a workflow file: its name, its jobs, and which pushes start it. Pure.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#on
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

FOLDER = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A workflow as its file describes it. All scalars are text."""

    path: str
    name: str
    triggers: Mapping[str, object] = field(default_factory=dict)
    """The events that start it, with their filters."""
    jobs: tuple[str, ...] = ()
    """The names of its jobs, as their checks are called; those of a matrix are not told apart."""
    data: Mapping[str, object] = field(default_factory=dict)

    def runs_for_branch(self, branch: str) -> bool:
        """Whether a push to the branch starts it. Filters by path are taken as fulfilled."""
        return self._runs("branches", "tags", branch)

    def runs_for_tag(self, tag: str) -> bool:
        """Whether a push of the tag starts it."""
        return self._runs("tags", "branches", tag)

    def _runs(self, own: str, other: str, name: str) -> bool:
        if "push" not in self.triggers:
            return False
        push = self.triggers["push"]
        filters = push if isinstance(push, Mapping) else {}
        wanted, ignored = _patterns(filters.get(own)), _patterns(filters.get(f"{own}-ignore"))
        if wanted:
            return _matches(wanted, name)
        if ignored:
            return not _matches(ignored, name)
        # With filters of the other kind alone, nothing of this kind starts it.
        return not (filters.keys() & {other, f"{other}-ignore"})


@lru_cache(maxsize=64)
def read_workflow(path: str, text: str) -> WorkflowFile | None:
    """The workflow in a file; None when the file holds none."""
    import yaml

    try:
        # Every scalar stays text, so that `on` is no truth value, and no tag is executed.
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    name = data.get("name")
    return WorkflowFile(path, name if isinstance(name, str) and name else path, _triggers(data), _jobs(data), data)


def is_workflow(path: str) -> bool:
    """Whether GitHub takes the file for a workflow."""
    return re.fullmatch(rf"{re.escape(FOLDER)}[^/]+\.ya?ml", path) is not None


def _triggers(data: Mapping[str, object]) -> Mapping[str, object]:
    on = data.get("on")
    if isinstance(on, str):
        return {on: None}
    if isinstance(on, list):
        return {str(one): None for one in on}
    return {str(name): value for name, value in on.items()} if isinstance(on, dict) else {}


def _jobs(data: Mapping[str, object]) -> tuple[str, ...]:
    jobs = data.get("jobs")
    found = []
    for key, job in jobs.items() if isinstance(jobs, dict) else ():
        name = job.get("name") if isinstance(job, dict) else None
        found.append(name if isinstance(name, str) and name else str(key))
    return tuple(found)


def _patterns(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _matches(patterns: tuple[str, ...], name: str) -> bool:
    """The last pattern that matches decides; one that begins with `!` takes back."""
    found = False
    for one in patterns:
        if re.fullmatch(_regular(one.removeprefix("!")), name):
            found = not one.startswith("!")
    return found


def _regular(pattern: str) -> str:
    """Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet"""
    parts: list[str] = []
    for part in re.findall(r"\*\*|\*|\?|\+|\[[^\]]*\]|\\.|.", pattern, re.DOTALL):
        if part == "**":
            parts.append(".*")
        elif part == "*":
            parts.append("[^/]*")
        elif part in "?+":
            parts.append(part if parts else re.escape(part))
        elif len(part) > 2 and part.startswith("["):
            inner = part[1:-1].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
            parts.append(f"[{inner}]")
        else:
            parts.append(re.escape(part.removeprefix("\\") if len(part) == 2 else part))
    text = "".join(parts)
    try:
        re.compile(text)
    except re.error:
        return re.escape(pattern)
    return text
