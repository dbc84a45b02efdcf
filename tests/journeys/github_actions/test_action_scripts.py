"""The scripts of `action.yml`, executed by bash as the runner does: hostile inputs stay single words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from fastrel_twin.server import Twin
from stage import ROOT, Project
from webhooks import Runner

STEPS = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]


def script(name: str) -> str:
    (found,) = [str(step["run"]) for step in STEPS if str(step.get("name", "")).startswith(name)]
    return found


def bash(text: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """As the runner starts it: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"""
    file = folder.parent / "script.sh"
    file.write_text(text)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
        cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """Where the runner keeps what the action has installed."""
    programs = tmp_path / "temp" / "fastrel" / "bin"
    programs.mkdir(parents=True)
    command = programs / "fastrel-checklist"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m fastrel_cli "$@"\n')
    command.chmod(0o755)
    return tmp_path / "temp"


def test_the_entry_point_gets_its_options_from_the_environment(runner: Runner, tool: Path, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"schedule": "17 */6 * * *"}')
    environment = {
        "RUNNER_TEMP": str(tool), "GITHUB_EVENT_NAME": "schedule", "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "ServiceNow/Fast-LLM", "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GH_TOKEN": runner.bot.token, "TASK": "sync", "TIMEOUT_MINUTES": "5", "REPOSITORY": "",
    }  # fmt: skip
    done = bash(
        script("React"), runner.project.path, **environment, GUIDE="docs/release-guide.md", SNAPSHOT="out dir/f.json"
    )
    assert done.returncode == 0, done.stderr
    assert (runner.project.path / "out dir" / "f.json").is_file()
    assert "snapshot=out dir/f.json" in (tmp_path / "output").read_text()
    for evil in ("x; touch pwned", "$(touch pwned)", "`touch pwned`", "--help", "* ?"):
        refused = bash(script("React"), runner.project.path, **environment, GUIDE=evil, SNAPSHOT="")
        assert refused.returncode != 0, evil
    assert not (runner.project.path / "pwned").exists()


def test_git_pushes_with_the_token_of_the_environment_to_one_host_only(
    project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.git("config", "--unset-all", "credential.helper")
    done = bash(script("Let git"), project.path, GITHUB_SERVER_URL=twin.url)
    assert done.returncode == 0, done.stderr
    bash(script("Let git"), project.path, GITHUB_SERVER_URL=twin.url)  # twice is once
    helpers = project.git("config", "--get-all", f"credential.{twin.url}.helper").splitlines()
    assert len(helpers) == 1 or helpers[0] == ""
    assert project.git("config", "user.name") == "github-actions[bot]"
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    project.git("commit", "--quiet", "--allow-empty", "-m", "More")
    project.git("push", "--quiet", "origin", "main")
    assert twin.store.bare.refs()["refs/heads/main"].sha == project.git("rev-parse", "HEAD")
    assert project.token not in (project.path / ".git" / "config").read_text()
    asked = subprocess.run(
        ["git", "credential", "fill"], cwd=project.path, input="protocol=http\nhost=evil.example\n\n",
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert project.token not in asked.stdout + asked.stderr


def test_a_folder_that_is_no_checkout_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    done = bash(script("Let git"), tmp_path / "plain", GITHUB_SERVER_URL="https://github.com")
    assert (done.returncode, list((tmp_path / "plain").iterdir())) == (0, [])
