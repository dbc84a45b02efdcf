"""What many tests begin with is made once by a process and then copied."""

from __future__ import annotations

import pytest

from stage import Cli, Project

MADE: list[Project] = []


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_state_is_made_once(cli: Cli, project: Project, time: str) -> None:
    def make() -> None:
        MADE.append(project)
        assert cli("open", "0.2.0").code == 0

    cli.reach(("a state of this test",), make)
    assert len(MADE) == 1
    assert project.twin.store.issues[38].labels == ["release"]


def test_what_a_test_has_replaced_is_tried_and_not_copied(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stage.PATIENCE", 1)
    made: list[Project] = []
    for _ in range(2):
        cli.reach(("another state of this test",), lambda: made.append(project))
    assert len(made) == 2
