"""`fastrel-checklist lint`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastrel_cli.options import JSON

if TYPE_CHECKING:
    from fastrel.git.worktree import Worktree
    from fastrel.guide.model import Guide, Problem


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@JSON
def command(paths: tuple[Path, ...], as_json: bool) -> int:
    """Check guides: every mistake with file, line and a suggestion.

    Without PATH: the guide of this project. In a checkout of its repository, version files and workflows are read,
    too. Exit code 0 when nothing is wrong, 1 otherwise. Warnings do not change the exit code: they report a step
    that is missing though another needs it, or a lock file that will be out of date.

    \b
    fastrel-checklist lint
    fastrel-checklist lint docs/release-guide.md docs/hotfix.md
    fastrel-checklist lint --json
    """
    from fastrel.guide.parser import read_guide
    from fastrel.text.plain import plain
    from fastrel_cli.sessions import guide_path, worktree_here

    worktree = worktree_here()
    if not paths:
        paths = (guide_path(worktree),)
    guides = [read_guide(path) for path in paths]
    looked = [_looked_at(guide, worktree) for guide in guides]
    found = [problems for problems, _ in looked]
    warnings = [warned for _, warned in looked]
    if as_json:
        click.echo(json.dumps(_lint_json(guides, found, warnings), indent=2, ensure_ascii=False))
    else:
        for guide, problems, warned in zip(guides, found, warnings, strict=True):
            for problem in problems:
                click.echo(plain(str(problem)))
            for one in warned:
                click.echo(plain(f"{one.path}:{one.line}: warning: {one.message} ({one.suggestion})"))
            if not problems:
                counts = f"{_counted(len(list(guide.steps())), 'step')} in {_counted(len(guide.phases), 'phase')}"
                click.echo(f"{plain(guide.path)}: {counts}, nothing wrong")
    return 1 if any(found) else 0


def _looked_at(guide: Guide, worktree: Worktree | None) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Mistakes and warnings, also about the files that the guide names, in a checkout of its repository."""
    from fastrel.actions.guide_problems import problems_of
    from fastrel.changelog.checkup import checkout_problems, checkout_warnings
    from fastrel.git.workflow_files import workflow_files_of
    from fastrel.guide.advice import advice
    from fastrel.guide.required_workflows import workflow_problems
    from fastrel.version_files.examine import file_problems, file_warnings
    from fastrel_cli.sessions import is_checkout_of

    problems, warned = problems_of(guide), advice(guide)
    if worktree is not None and is_checkout_of(guide, worktree):
        workflows = workflow_problems(guide, workflow_files_of(worktree))
        read = worktree.read
        problems = (*problems, *file_problems(guide, read), *checkout_problems(guide, read), *workflows)
        warned = (*warned, *file_warnings(guide, read, worktree.files()), *checkout_warnings(guide, read))
    return problems, warned


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _lint_json(
    guides: Sequence[Guide], found: Sequence[Sequence[Problem]], warnings: Sequence[Sequence[Problem]]
) -> dict[str, object]:
    """The documented form (see `docs/reference/json.md`)."""
    return {
        "schema": "fastrel.lint/1",
        "guides": [
            {
                "path": guide.path,
                "steps": len(list(guide.steps())),
                "phases": len(guide.phases),
                "problems": [_problem_json(one) for one in problems],
                "warnings": [_problem_json(one) for one in warned],
            }
            for guide, problems, warned in zip(guides, found, warnings, strict=True)
        ],
    }


def _problem_json(one: Problem) -> dict[str, object]:
    return {"line": one.line, "message": one.message, "suggestion": one.suggestion or None}
