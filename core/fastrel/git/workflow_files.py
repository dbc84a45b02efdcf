"""The workflow files of a checkout."""

from __future__ import annotations

from contextlib import suppress

from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.github.workflow_file import FOLDER, WorkflowFile, is_workflow, read_workflow


def workflow_files_of(worktree: Worktree) -> tuple[WorkflowFile, ...]:
    """The workflows in `.github/workflows`, by path; what is no YAML is passed over."""
    folder = worktree.root / FOLDER
    paths = [f"{FOLDER}{one.name}" for one in sorted(folder.iterdir())] if folder.is_dir() else []
    found: list[WorkflowFile] = []
    for path in filter(is_workflow, paths):
        with suppress(FastrelError, OSError):
            workflow = read_workflow(path, worktree.read(path) or "")
            found += [workflow] if workflow else []
    return tuple(found)
