"""The workflows that a twin simulates: those in `.github/workflows`, started by their own triggers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastrel.github.workflow_file import FOLDER, WorkflowFile, is_workflow, read_workflow
from fastrel_twin.bare_repository import Bare

AFTER_TAG = ("create", "release")
"""Events that come with a release besides the push of its tag."""


@dataclass(frozen=True, slots=True)
class PlayedWorkflows:
    """Names of the workflows that a push to the branch and the tag start, and the names of their jobs."""

    on_branch: tuple[str, ...] = ()
    on_tag: tuple[str, ...] = ()
    jobs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Paths of their files, by name."""


def workflow_files(bare: Bare, branch: str, besides: str = "") -> tuple[WorkflowFile, ...]:
    """The workflows at the head of a branch, without the one of that path."""
    sha = bare.resolve(branch)
    found = []
    for path in sorted(f"{FOLDER}{one.name}" for one in bare.folder(sha, FOLDER)):
        content = bare.file(sha, path) if is_workflow(path) and path != besides else None
        workflow = read_workflow(path, content[1].decode(errors="replace")) if content else None
        found += [workflow] if workflow else []
    return tuple(found)


def played_workflows(bare: Bare, branch: str, tag: str, besides: str = "") -> PlayedWorkflows:
    """What pushes to a branch and of a tag start in the repository as it stands on the branch."""
    files = workflow_files(bare, branch, besides)
    on_branch = [one for one in files if one.runs_for_branch(branch)]
    on_tag = [one for one in files if one.runs_for_tag(tag) or set(AFTER_TAG) & set(one.triggers)]
    return PlayedWorkflows(
        tuple(one.name for one in on_branch),
        tuple(one.name for one in on_tag),
        {one.name: one.jobs for one in files if one.jobs},
        {one.name: one.path for one in files},
    )
