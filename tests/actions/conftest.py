"""The sample project with an open tracker, and the token of GitHub Actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from stage import Cli, Project
from webhooks import Runner


@pytest.fixture
def runner(cli: Cli, project: Project, tmp_path: Path) -> Runner:
    world = project.twin.world
    bot = world.add_user("github-actions[bot]", "write", bot=True, app=True)
    opened = cli("open", "0.2.0", "--json")
    assert opened.code == 0, opened.err
    number = opened.json["number"]
    assert isinstance(number, int)
    return Runner(project, tmp_path / "runner", bot, number)
