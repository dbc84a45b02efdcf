"""Completion in a real bash: commands, options, steps of the guide, versions; without network, PyGithub and errors."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fastrel_twin.server import Twin
from stage import PATIENCE, Cli, Project


class Bash:
    """An interactive bash with our completion."""

    def __init__(self, main: int) -> None:
        self._main = main
        self.wait_for("ready$ ", typed="PS1='ready''$ '\n")
        self.wait_for("ready$ ", typed='bind "set bell-style none"; eval "$(fastrel-checklist completion bash)"\n')

    def wait_for(self, words: str, *, typed: str) -> str:
        """What appears after something is typed, up to the words."""
        os.write(self._main, typed.encode())
        seen, deadline = "", time.monotonic() + PATIENCE
        while words not in seen and time.monotonic() < deadline:
            if select.select([self._main], [], [], 0.1)[0]:
                seen += os.read(self._main, 65536).decode(errors="replace")
        assert words in seen, seen
        return seen


@contextmanager
def bash() -> Iterator[Bash]:
    main, other = pty.openpty()
    process = subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-i"], stdin=other, stdout=other, stderr=other, start_new_session=True,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200"},
    )  # fmt: skip
    os.close(other)
    try:
        yield Bash(main)
    finally:
        process.kill()
        process.wait()
        os.close(main)


def test_bash_completes_commands_steps_versions_and_options(project: Project, twin: Twin) -> None:
    before = len(twin.requests)
    with bash() as shell:
        assert "snapshot" in shell.wait_for("snapshot", typed="fastrel-checklist snap\t")
        shell.wait_for("ready$ ", typed="\x15\n")  # kill the line, then an empty one
        assert "open-bugs" in shell.wait_for("open-bugs", typed="fastrel-checklist tick open-b\t")
        shell.wait_for("ready$ ", typed="\x15\n")  # kill the line, then an empty one
        assert "0.2.0" in shell.wait_for("0.2.0", typed="fastrel-checklist open 0.2\t")
        shell.wait_for("ready$ ", typed="\x15\n")  # kill the line, then an empty one
        assert "--notes-file" in shell.wait_for("--notes-file", typed="fastrel-checklist run --not\t")
    assert len(twin.requests) == before


def offered(words: str, current: int) -> list[str]:
    """What the program answers to bash."""
    done = subprocess.run(
        [sys.executable, "-m", "fastrel_cli"],
        env={**os.environ, "_FASTREL_CHECKLIST_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(current)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_versions_are_those_that_may_follow_and_steps_those_that_are_not_named_yet(project: Project) -> None:
    assert offered("fastrel-checklist open ", 2) == ["0.1.1", "0.2.0", "1.0.0"]
    assert offered("fastrel-checklist run 0.2.0 push-tag push", 4) == []
    assert "create-tag" in offered("fastrel-checklist run --until c", 3)
    assert offered("fastrel-checklist run ", 2)[:3] == ["0.1.1", "0.2.0", "1.0.0"]


def test_where_there_is_no_guide_nothing_is_offered_and_nothing_fails(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert offered("fastrel-checklist tick ", 2) == []
    assert offered("fastrel-checklist open ", 2) == []


def test_completing_imports_nothing_slow(project: Project) -> None:
    probe = "import atexit, sys; atexit.register(lambda: print(sorted({'github', 'requests', 'rich', 'mkdocs'} & set(sys.modules)), file=sys.stderr)); from fastrel_cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", probe],
        env={**os.environ, "_FASTREL_CHECKLIST_COMPLETE": "bash_complete", "COMP_WORDS": "fastrel-checklist tick ", "COMP_CWORD": "2"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "plain,push-tag" in done.stdout
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_says_how_to_install_it_and_calls_the_program(cli: Cli, shell: str) -> None:
    result = cli("completion", shell)
    assert result.code == 0
    assert re.match(rf"# .*fastrel-checklist completion {shell}", result.out)
    assert f"_FASTREL_CHECKLIST_COMPLETE={shell}_complete" in result.out


def test_the_shell_is_that_of_the_environment(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "fish_complete" in cli("completion").out
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    result = cli("completion")
    assert (result.code, result.out) == (2, "")
    assert "There is no completion for the shell “tcsh”" in result.err
