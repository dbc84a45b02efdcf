"""A dry run lists, step by step, the effects of the run that follows, for each kind of release and of person."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.running.reporter import Options, Outcome
from fastrel.running.run import run
from fastrel_twin.server import Twin
from silent_reporter import Silent
from stage import Cli, Project, open_ready


def effects(outcome: Outcome) -> list[tuple[str, str]]:
    """In order; commits that a dry run cannot know yet are left out."""
    found = [(one.step_id, words) for one in outcome.walked for words in one.effects]
    return [(step, re.sub(r" [0-9a-f]{7}\b", "", words)) for step, words in found]


@pytest.mark.parametrize(
    ("version", "role", "last"),
    [
        ("0.2.0", "maintain", "close-tracker"),
        ("0.2.0", "write", "commit-version"),
        ("0.2.0-rc.1", "maintain", "close-tracker"),
        ("0.1.1", "maintain", "close-tracker"),  # a hotfix
    ],
)
def test_the_list_of_a_dry_run_is_what_the_run_does(
    cli: Cli, project: Project, twin: Twin, version: str, role: str, last: str
) -> None:
    if version == "0.1.1":
        base = project.git("rev-parse", "HEAD~1")
        open_ready(cli, project, version, "--commit", base)
        project.git("switch", "--quiet", "-c", "release/0.1.1", base)
        project.git("push", "--quiet", "origin", "release/0.1.1")
    else:
        open_ready(cli, project, version)
    options = Options(poll=0.02, patience=5, unattended=True)
    prompter = NonInteractive({"open-issue": "defer", "open-pull": "defer"})
    token = twin.tokens[role]
    dry = run(project.session(token), version, replace(options, dry_run=True), prompter, Silent())
    real = run(project.session(token), version, options, prompter, Silent())
    assert effects(dry) == effects(real)
    assert effects(real)[-1][0] == last
    assert (real.stopped is None) == (last == "close-tracker"), real.stopped
