"""Completion in real shells: commands, options, steps of the guide, versions; without network, PyGithub and errors."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fastrel_twin.server import Twin
from stage import PATIENCE, Cli, Project

ARGUMENTS = {
    "bash": ["--noprofile", "--norc", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "--interactive"],
}
BEGINNINGS = {
    "bash": ["PS1='ready''$ '", 'bind "set bell-style none"; eval "$(fastrel-checklist completion bash)"'],
    "zsh": [
        "unsetopt beep; PS1='ready''$ '",
        'autoload -U compinit; compinit -u -D; eval "$(fastrel-checklist completion zsh)"',
    ],
    "fish": ["function fish_prompt; echo -n 'ready''$ '; end", "fastrel-checklist completion fish | source"],
}
"""A prompt that is not what was typed to get it, and the completion as its first line says to install it."""


class Shell:
    """An interactive shell with our completion."""

    def __init__(self, name: str, main: int) -> None:
        self._main = main
        for line in BEGINNINGS[name]:
            self.wait_for("ready$ ", typed=f"{line}\n")

    def completes(self, typed: str, words: str) -> None:
        """Fails unless the words appear when Tab is typed behind a line."""
        self.wait_for(words, typed=f"{typed}\t")
        self.wait_for("ready$ ", typed="\x15\n")  # kill the line, then an empty one

    def wait_for(self, words: str, *, typed: str) -> None:
        """Return when words appear after something is typed."""
        os.write(self._main, typed.encode())
        seen, deadline = "", time.monotonic() + PATIENCE
        while words not in seen and time.monotonic() < deadline:
            if select.select([self._main], [], [], 0.1)[0]:
                seen += os.read(self._main, 65536).decode(errors="replace")
        assert words in seen, seen


@contextmanager
def shell(name: str) -> Iterator[Shell]:
    found = shutil.which(name, path="/bin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    main, other = pty.openpty()
    process = subprocess.Popen(
        # The first terminal that a new session opens controls it; fish wants one.
        ["sh", "-c", 'exec "$@" < "$0" > "$0" 2>&1', os.ttyname(other), found, *ARGUMENTS[name]],
        start_new_session=True, env={**os.environ, "TERM": "dumb", "COLUMNS": "200"},
    )  # fmt: skip
    try:
        yield Shell(name, main)
    finally:
        process.kill()
        process.wait()
        os.close(other)
        os.close(main)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_shell_completes_commands_steps_versions_and_options(project: Project, twin: Twin, name: str) -> None:
    before = len(twin.requests)
    with shell(name) as one:
        one.completes("fastrel-checklist snap", "snapshot")
        one.completes("fastrel-checklist tick open-b", "open-bugs")
        one.completes("fastrel-checklist open 0.2", "0.2.0")
        one.completes("fastrel-checklist run --not", "--notes-file")
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
