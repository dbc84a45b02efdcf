"""Links that lead out of the repository are neither read nor written; a snapshot is written as a shell would."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from stage import Cli, Project, begin_release


def test_a_version_file_that_is_a_link_out_of_the_repository_is_not_read(
    cli: Cli, project: Project, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text('__version__ = "s3cr3t"\n')
    file = project.path / "fast_llm" / "__init__.py"
    file.unlink()
    file.symlink_to(secret)
    project.git("commit", "--quiet", "-am", "Link")
    project.git("push", "--quiet", "origin", "main")
    begin_release(cli)
    for command in (("status",), ("run", "--dry-run"), ("run", "set-version", "--yes"), ("doctor",), ("lint",)):
        shown = cli(*command)
        assert "s3cr3t" not in shown.out + shown.err, command
    assert "leads out of the repository" in cli("status", "--json").out + cli("run", "set-version", "--yes").err
    assert secret.read_text() == '__version__ = "s3cr3t"\n'


def test_the_files_of_git_are_no_files_of_the_project(project: Project) -> None:
    worktree = project.session().worktree
    assert worktree
    for path in (".git/config", "docs/../.git/config", "../outside", "/etc/passwd"):
        with pytest.raises(Exception, match="leads out of the repository"):
            worktree.read(path)


def test_a_snapshot_goes_to_standard_output(cli: Cli, project: Project) -> None:
    shown = cli("snapshot", "--output", "-")
    assert shown.code == 0, shown.err
    assert json.loads(shown.out)["schema"].startswith("fastrel.report/")


def test_a_snapshot_is_written_into_a_pipe_and_through_a_link(cli: Cli, project: Project, tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    assert cli("snapshot", "--output", str(pipe)).code == 0
    reader.join(10)
    assert pipe.is_fifo()
    assert json.loads(read[0])
    link.symlink_to(tmp_path / "target")
    assert cli("snapshot", "--output", str(link)).code == 0
    assert link.is_symlink()
    assert json.loads((tmp_path / "target").read_text())


def test_a_snapshot_makes_no_folder(cli: Cli, project: Project, tmp_path: Path) -> None:
    refused = cli("snapshot", "--output", str(tmp_path / "new" / "state.json"))
    assert refused.code == 2
    assert "There is no folder" in refused.err
    assert "mkdir -p" in refused.err
    assert not (tmp_path / "new").exists()
