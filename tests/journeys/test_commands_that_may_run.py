"""Commands of a guide are executed only as the release branch on the remote has them, or as a person has agreed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release

NEW = "- [ ] Push the tag. <!-- step push-tag"
CHECKED = """- [ ] Look around. <!-- step look run check="touch trap-check" role=write -->

    ```bash
    touch trap-script
    ```

- [ ] Push the tag. <!-- step push-tag"""
SCRIPTED = CHECKED.replace(' check="touch trap-check"', "")
READING = [("status",), ("status", "0.2.0"), ("snapshot", "--output", "x.json"), ("open", "0.2.0")]


def trapped(project: Project) -> list[str]:
    return sorted(one.name for one in project.path.glob("trap-*"))


@pytest.mark.parametrize("command", READING)
def test_a_contributors_branch_executes_nothing_in_reading_commands(
    cli: Cli, project: Project, command: tuple[str, ...]
) -> None:
    project.git("switch", "--quiet", "--create", "contribution")
    project.change_guide(NEW, CHECKED)
    project.git("commit", "--quiet", "-am", "Look")
    project.git("push", "--quiet", "origin", "contribution")
    cli(*command)
    assert trapped(project) == []


@pytest.mark.parametrize("setting", ["branch: contribution", "branch: main"])
def test_the_guide_at_hand_cannot_name_the_branch_that_is_believed(cli: Cli, project: Project, setting: str) -> None:
    project.git("switch", "--quiet", "--create", "contribution")
    project.change_guide(NEW, CHECKED)
    project.change_guide("branch: main", setting)
    project.git("commit", "--quiet", "-am", "Look")
    project.git("push", "--quiet", "origin", "contribution")
    cli("status")
    assert trapped(project) == []


def test_the_guide_at_hand_cannot_name_the_repository_that_is_believed(cli: Cli, project: Project, twin: Twin) -> None:
    """A fork that is a remote under its owner's name is not the project."""
    address = project.git("remote", "get-url", "origin")
    project.git("remote", "rename", "origin", "alice")
    project.git("remote", "add", "origin", address.replace("ServiceNow/Fast-LLM", "ServiceNow/Other"))
    project.change_guide(NEW, CHECKED)
    project.git("commit", "--quiet", "-am", "Look")
    project.git("push", "--quiet", "alice", "HEAD:main")
    cli("status")
    assert trapped(project) == []


def test_the_release_branchs_commands_are_executed_without_a_question(cli: Cli, project: Project) -> None:
    project.change_guide(NEW, CHECKED, push=True)
    assert cli("status").code == 0
    assert trapped(project) == ["trap-check"]


def test_a_version_that_is_refused_executes_nothing(cli: Cli, project: Project) -> None:
    project.change_guide(NEW, CHECKED, push=True)
    for command in (("status", "7.0.0"), ("snapshot", "7.0.0", "--output", "x.json"), ("open", "7.0.0")):
        assert cli(*command).code == 2
    assert trapped(project) == []


def test_what_a_person_agreed_to_is_remembered_by_its_exact_text(
    cli: Cli, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    begin_release(cli)
    project.change_guide(NEW, CHECKED)
    shown = cli("run", "main-ci")
    assert shown.code == 3
    assert "look, check: touch trap-check" in shown.err
    assert "look, script: touch trap-script" in shown.err
    assert trapped(project) == []
    cli("run", "main-ci", "--yes")
    assert trapped(project) == ["trap-check"]
    (project.path / "trap-check").unlink()
    cli("status")
    assert trapped(project) == ["trap-check"]
    (project.path / "trap-check").unlink()
    project.change_guide("touch trap-check", "touch trap-check ")
    cli("status")
    assert trapped(project) == []
    agreed = tmp_path / "state" / "fastrel-checklist" / "agreed"
    assert agreed.stat().st_mode & 0o077 == 0


def test_in_github_actions_nobody_agrees(
    cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin_release(cli)
    text, first = (project.path / "docs/release-guide.md").read_text(), "- [ ] Wait until the checks of"
    other = tmp_path / "guide.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for steps, why in ((CHECKED, "`run` shows it and asks"), (SCRIPTED, "The script of step look is not executed")):
        other.write_text(text.replace(first, steps.replace(NEW, first)))
        refused = cli("run", "look", "--yes", "--guide", str(other))
        assert trapped(project) == []
        assert refused.code != 0
        assert why in refused.out + refused.err


def test_a_guide_outside_of_the_repository_executes_nothing_before_somebody_agreed(
    cli: Cli, project: Project, tmp_path: Path
) -> None:
    outside = tmp_path / "release-guide.md"
    text = (project.path / "docs/release-guide.md").read_text(encoding="utf-8")
    outside.write_text(text.replace(NEW, CHECKED), encoding="utf-8")
    shown = cli("status", "--guide", str(outside), "--json")
    assert trapped(project) == []
    warning = f"The guide {outside} lies outside of the repository: its steps and roles are those of whoever wrote it"
    assert [one for one in shown.json["warnings"] if one.startswith(warning)]  # type: ignore[attr-defined]  # a list
    inside = cli("status", "--guide", "docs/release-guide.md", "--json")
    assert "lies outside" not in str(inside.json["warnings"])


def test_a_link_to_a_guide_outside_of_the_repository_is_outside(cli: Cli, project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "release-guide.md"
    guide = project.path / "docs/release-guide.md"
    guide.rename(outside)
    guide.symlink_to(outside)
    assert "lies outside of the repository" in cli("status").out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process below /proc")
def test_a_script_finds_no_token_in_the_processes_that_started_it(cli: Cli, project: Project, tmp_path: Path) -> None:
    """Each process above the script is looked at, up to the one that this test has started."""
    found = tmp_path / "found"
    climb = f"""process=$$
    while [ "$process" -gt 1 ]; do
      cat "/proc/$process/environ" >> {found} || true
      echo >> {found}
      if [ "$process" = "$FIRST" ]; then break; fi
      read -r _ _ _ process _ < "/proc/$process/stat"
    done
    """
    (project.path / "climb.sh").write_text(climb)
    project.change_guide(NEW, CHECKED.replace("touch trap-check", "bash climb.sh"), push=True)
    begin_release(cli)
    secret = project.token
    command = f'export FIRST=$$; exec "{sys.executable}" -m fastrel_cli run 0.2.0 look --yes'
    done = subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "GH_TOKEN": secret, "DOCS_TOKEN": secret, "MARK": "is there"},
        capture_output=True,
        text=True,
        check=False,
    )
    told = found.read_bytes()
    assert b"MARK=is there" in told  # the environments were read
    assert b"GH_TOKEN=****" in told
    assert secret.encode() not in told
    assert done.returncode == 0, done.stderr  # the token was used all the same
