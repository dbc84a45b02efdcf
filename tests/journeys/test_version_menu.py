"""`open` without a version shows what was merged and asks which version; `patch`, `minor` and `major` are words for it."""

from __future__ import annotations

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, converse


def titles(twin: Twin) -> list[str]:
    return [one.title for one in twin.store.issues.values() if "release" in one.labels]


def test_the_menu_shows_what_was_merged_and_the_versions(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.issues[27].title = "Log \x1b[31mthe memory"
    code, screen = converse(["open"], [("Which version? [q,?] (Enter: 2)", "")], columns=80)
    assert code == 0, screen
    assert "8 pull requests were merged since v0.1.0." in screen
    assert "#27 Log " in screen
    assert "\x1b[31mthe" not in screen
    assert "  1. 0.1.1  patch" in screen
    assert "  2. 0.2.0  minor  (milestone 0.2.0, due on " in screen
    assert "  3. 1.0.0  major" in screen
    assert titles(twin) == ["Release 0.2.0"]


@pytest.mark.parametrize(("typed", "opened"), [("pat", "0.1.1"), ("3", "1.0.0"), ("0.2.0-rc.1", "0.2.0-rc.1")])
def test_a_number_a_word_or_a_version_is_chosen(project: Project, twin: Twin, typed: str, opened: str) -> None:
    code, screen = converse(["open"], [("Which version?", typed)])
    assert code == 0, screen
    assert titles(twin) == [f"Release {opened}"]


def test_quit_opens_nothing(project: Project, twin: Twin) -> None:
    code, screen = converse(["open"], [("Which version?", "q")])
    assert code == 3, screen
    assert "stopped: No release was opened." in screen
    assert titles(twin) == []


def test_a_second_release_is_never_the_default(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    code, screen = converse(["open"], [("Which version?", ""), ("Which version?", "q")])
    assert code == 3, screen
    assert "In progress: 0.2.0." in screen
    assert titles(twin) == ["Release 0.2.0"]


@pytest.mark.parametrize(("word", "version"), [("patch", "0.1.1"), ("minor", "0.2.0"), ("major", "1.0.0")])
def test_a_word_stands_for_a_version_without_a_terminal(cli: Cli, project: Project, word: str, version: str) -> None:
    assert cli("open", word).code == 0
    assert f"Release {version} (" in cli("status").out


def test_without_a_version_and_a_terminal_nothing_is_opened(cli: Cli, project: Project, twin: Twin) -> None:
    assert cli("open").code == 3
    assert titles(twin) == []
    assert cli("open", "--yes").code == 0
    assert titles(twin) == ["Release 0.2.0"]
