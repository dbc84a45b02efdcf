"""What tests hold in their hands: a project, the result of a command line, a screen without what changes."""

from __future__ import annotations

import atexit
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fastrel.engine.session import Session
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel.github.transport.connection import Connection
from fastrel.guide.parser import read_guide
from fastrel_twin.server import Twin
from forked import Programs, Started

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "release-guide.md"
GOLDEN_FILES = ROOT / "tests" / "golden"


@dataclass(frozen=True)
class Project:
    """A clone of the sample project, signed in as a person."""

    twin: Twin
    path: Path
    token: str

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def change_guide(self, old: str, new: str, *, push: bool = False) -> None:
        """Replace something in the checkout's guide; with `push`, on the branch, too."""
        guide = self.path / "docs" / "release-guide.md"
        text = guide.read_text()
        assert old in text
        guide.write_text(text.replace(old, new))
        if push:
            self.git("commit", "--quiet", "-am", "Change the guide")
            self.git("push", "--quiet", "origin", "main")

    def session(self, token: str | None = None) -> Session:
        """A session of its own, as another process would have it."""
        guide = read_guide(self.path / "docs" / "release-guide.md")
        client = Client(self.twin.api_url, self.token if token is None else token)
        return Session(guide, Repository(client, guide.settings.repository), Worktree.at(self.path))

    def connection(self) -> Connection:
        return Connection(self.twin.api_url, self.token)


@dataclass(frozen=True)
class Result:
    """What a command line printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        loaded = json.loads(self.out)
        assert isinstance(loaded, dict)
        return loaded

    def statuses(self) -> dict[str, str]:
        """Status by step id, of a command that printed a report."""
        steps = self.json["steps"]
        assert isinstance(steps, list)
        return {one["id"]: one["status"] for one in steps}


@dataclass(frozen=True)
class Cli:
    """The command line, in this process."""

    run: Callable[..., Result]
    reach: Callable[[tuple[str, ...], Callable[[], None]], None]
    """Does what brings the project to another state; from a state that is known by the same words, once."""

    def __call__(self, *arguments: str) -> Result:
        return self.run(*arguments)


Golden = Callable[[str, str], None]


def steady(text: str, twin: Twin) -> str:
    """A screen without what changes from run to run: addresses, commits, times, dates."""
    text = text.replace(twin.url, "https://github.example").replace(twin.url.partition("://")[2], "github.example")
    text = re.sub(r"\b[0-9a-f]{40}\b", "<sha>", text)
    text = re.sub(r"untagged-[0-9a-f]{20}", "untagged-<id>", text)
    text = re.sub(r"\b[0-9a-f]{7}\b", "<sha>", text)  # one commit in a thousand has letters only
    text = re.sub(r"sha256:[0-9a-f]+", "sha256:<digest>", text)
    text = re.sub(r"\b20\d\d(-|\\u002d)\d\d\1\d\dT\d\d:\d\d:\d\dZ", "<time>", text)  # also in the state's JSON
    text = re.sub(r"\b20\d\d-\d\d-\d\d \d\d:\d\d UTC", "<time>", text)
    text = re.sub(r"\b20\d\d-\d\d-\d\d\b", "<date>", text)
    text = re.sub(r"actions/runs/\d+", "actions/runs/<id>", text)
    text = re.sub(r"(discussioncomment|issuecomment)-\d+", r"\1-<id>", text)
    return re.sub(r"sum=[0-9a-f]{8}", "sum=<sum>", text)


DECISIONS = ("docs-current", "open-bugs", "edit-notes")
"""The steps of the Fast-LLM guide that need a person's decision."""


def open_ready(cli: Cli, project: Project, version: str = "0.2.0", *more: str) -> None:
    """Open a release and settle what needs a person, so that `run --yes --defer-open` goes to its end."""

    def settle() -> None:
        assert cli("open", version, *more).code == 0
        for number in (24, 27):
            project.twin.store.issues[number].labels.append("enhancement")
        for step in DECISIONS:
            assert cli("tick", step, "--version", version, "--note", "decided").code == 0

    cli.reach(("open ready", version, *more), settle)


def begin_release(cli: Cli, version: str = "0.2.0") -> None:
    """Open a release, of which nothing is done."""

    def opened() -> None:
        done = cli("open", version)
        assert done.code == 0, done.err

    cli.reach(("open", version), opened)


def run_until(cli: Cli, step: str) -> None:
    """Run up to and with a step, which must succeed."""

    def run() -> None:
        done = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", step)
        assert done.code == 0, done.err

    cli.reach(("run", step), run)


class ReleasedUpTo(Protocol):
    def __call__(self, step: str = "", version: str = "0.2.0") -> None: ...


def step_of(cli: Cli, step: str, *arguments: str) -> dict[str, object]:
    """What `status --json` says of a step."""
    steps = cli("status", *arguments, "--json").json["steps"]
    assert isinstance(steps, list)
    found = next(one for one in steps if one["id"] == step)
    assert isinstance(found, dict)
    return found


PATIENCE = 60
"""Seconds after which a terminal that says nothing more is given up."""


_servers: dict[tuple[tuple[str, str], ...], Programs] = {}


def _begin(arguments: list[str], terminal: int, environment: dict[str, str]) -> Started:
    """Begin a program in a terminal, by a server that has begun with the same settings of Python."""
    of_python = tuple(
        sorted(one for one in environment.items() if one[0].startswith(("PYTHON", "LC_", "LANG", "COVERAGE")))
    )
    if of_python not in _servers:
        _servers[of_python] = Programs()
        atexit.register(_servers[of_python].end)
    return _servers[of_python].start(arguments, os.ttyname(terminal), environment=environment)


TOO_EARLY = "\x00"
"""Begins an answer that `converse` types as soon as its words appear."""


def converse(
    arguments: list[str],
    answers: list[tuple[str, str]],
    *,
    otherwise: tuple[str, str] | None = None,
    raw: bool = False,
    term: str = "xterm",
    columns: int = 120,
    anew: bool = False,
) -> tuple[int, str]:
    """Run the command in a pseudo-terminal; each answer is typed at the prompt of its question, as all must appear;
    then those of `otherwise`, however often they appear. What begins with `TOO_EARLY` is typed before the prompt.
    `raw` keeps the codes for colours, links and the cursor; `anew` starts Python for it, as people do."""
    main, other = pty.openpty()
    environment = {**os.environ, "TERM": term, "COLUMNS": str(columns)}
    process: Started | subprocess.Popen[bytes]
    if anew:
        command = [sys.executable, "-m", "fastrel_cli", *arguments]
        process = subprocess.Popen(command, stdin=other, stdout=other, stderr=other, close_fds=True, env=environment)
    else:
        process = _begin(["fastrel_cli", *arguments], other, environment)
    os.close(other)
    screen, seen, left = "", 0, list(answers)
    deadline = time.monotonic() + PATIENCE
    while in_time := time.monotonic() < deadline:
        ready, _, _ = select.select([main], [], [], 0.1)
        if ready:
            try:
                chunk = os.read(main, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                break
            if not chunk:
                break
            screen += chunk
        question, answer = left[0] if left else otherwise or ("", "")
        # At a prompt, since the words of a question may appear before it; and one answer for each prompt.
        at_prompt = answer.startswith(TOO_EARLY) or _without_codes(screen).endswith(" ")
        if question and question in screen[seen:] and at_prompt:
            seen = len(screen)
            os.write(main, f"{answer.removeprefix(TOO_EARLY)}\n".encode())
            del left[:1]
        if not ready and process.poll() is not None:
            break
    os.close(main)
    code = process.wait(timeout=10)
    assert in_time, f"it waits for an answer:\n{screen}"
    assert not left, f"it has not asked {left[0][0]!r}:\n{screen}"
    if raw:
        return code, screen
    return code, _without_codes(screen)


def _without_codes(screen: str) -> str:
    """What a terminal showed, without the codes for colours, links and the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", "", screen)
