"""Doctor finds out whether git can sign by signing something."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from stage import Cli, Project


def objects(project: Project) -> int:
    return int(project.git("count-objects").split()[0])


def test_a_program_that_cannot_sign_is_a_problem_and_nothing_is_left(cli: Cli, project: Project) -> None:
    project.git("config", "tag.gpgsign", "true")
    project.git("config", "gpg.program", "true")
    before = objects(project)
    shown = cli("doctor")
    assert "git could not sign" in " ".join(shown.out.split())
    assert objects(project) == before


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="there is no ssh-keygen")
def test_a_key_of_ssh_that_can_sign_is_fine(cli: Cli, project: Project, tmp_path: Path) -> None:
    key, program = tmp_path / "key", shutil.which("ssh-keygen", path="/usr/bin:/bin") or "ssh-keygen"
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in (("tag.gpgsign", "true"), ("gpg.format", "ssh"), ("user.signingKey", str(key))):
        project.git("config", name, value)
    project.git("config", "gpg.ssh.program", program)
    before = objects(project)
    assert "tags are signed by ssh" in cli("doctor").out
    assert "could not sign" not in cli("doctor").out
    assert objects(project) == before
