"""`fastrel-checklist lint`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("lint", short_help="Check guides for mistakes.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def command(paths: tuple[Path, ...]) -> int:
    """Check guides: every mistake with file, line and a suggestion.

    Without PATH: the guide of this project. Exit code 0 when nothing is wrong, 1 otherwise.

    \b
    fastrel-checklist lint
    fastrel-checklist lint docs/release-guide.md docs/hotfix.md
    """
    from fastrel.guide.locate import find_guide
    from fastrel.guide.parser import read_guide
    from fastrel_cli.messages import plain
    from fastrel_cli.sessions import problems_of, worktree_here

    if not paths:
        worktree = worktree_here()
        paths = (find_guide(worktree.root if worktree and not Path("docs").is_dir() else Path.cwd()),)
    found = 0
    for path in paths:
        guide = read_guide(path)
        problems = problems_of(guide)
        found += len(problems)
        for problem in problems:
            click.echo(plain(problem))
        if not problems:
            steps = list(guide.steps())
            click.echo(f"{path}: {len(steps)} steps in {len(guide.phases)} phases, nothing wrong")
    return 1 if found else 0
