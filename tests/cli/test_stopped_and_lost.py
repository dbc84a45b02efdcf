"""What is typed where the folder is gone is answered in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from stage import Cli


@pytest.mark.parametrize("command", ["status", "doctor", "lint", "run"])
def test_a_folder_that_was_deleted_is_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    shown = cli(command)
    assert shown.code == 2
    assert "The folder that you are in does not exist any more." in shown.err
