"""`fastrel-checklist doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from fastrel_cli.options import JSON, project


@click.command("doctor")
@project
@JSON
def command(guide: Path | None, repo: str, as_json: bool) -> int:
    """Check everything that a release needs, and say how to fix what is wrong: token, scopes, role, branch and its
    protection, labels, milestone, discussions, release notes, GitHub Actions, guide, git, packages.

    Changes nothing. Exit code 0 when there is no problem, 1 otherwise; warnings and what could not be found out are no
    problems.

    \b
    fastrel-checklist doctor
    fastrel-checklist doctor --json \\
      | jq '.checks[] | select(.health == "problem")'
    """
    from fastrel.doctor.run import examination_json, examine
    from fastrel_cli.checkup import patient_here, show_examination

    subject = patient_here(guide, repo)
    examined = examine(subject)
    if as_json:
        click.echo(json.dumps(examination_json(examined, subject), indent=2, ensure_ascii=False))
    else:
        show_examination(examined)
    return 0 if examined.healthy else 1
