"""Recorded payloads of GitHub's events, adapted to the twin as little as it takes; and the entry point run with them."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import requests

from fastrel_twin.records import Comment, User
from fastrel_twin.rest.run_shapes import workflow_file
from stage import ROOT, Project

Json = dict[str, object]
EXAMPLES = ROOT / "tests" / "node" / "node_modules" / "@octokit" / "webhooks-examples" / "api.github.com" / "index.json"


@cache
def _examples() -> list[Json]:
    if not EXAMPLES.is_file():
        pytest.skip("GitHub's recorded payloads are not there; `make node` installs them")
    loaded = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


def recorded(name: str, action: str = "", **wanted: object) -> Json:
    """A recorded payload of an event, by its action and top-level fields."""
    entry = next(one for one in _examples() if one["name"] == name)
    examples = entry["examples"]
    assert isinstance(examples, list)
    for one in examples:
        if (not action or one.get("action") == action) and wanted.items() <= one.items():
            found = copy.deepcopy(one)
            assert isinstance(found, dict)
            return found
    raise AssertionError(f"no recorded payload of {name} {action} {wanted}")


def part(payload: Json, *names: str) -> Json:
    """A nested object of a payload."""
    found: object = payload
    for name in names:
        assert isinstance(found, dict)
        found = found[name]
    assert isinstance(found, dict)
    return found


@dataclass(frozen=True)
class Ran:
    """How the entry point ended, and what it gave back to the workflow."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


REACT = ("react", "--interval", "0.05", "--timeout", "0.2")
InThisProcess = Callable[[Mapping[str, str], Path, list[str]], tuple[int, str]]
"""Runs a command line with an environment in a folder; its exit code and what it printed."""


@dataclass
class Runner:
    """GitHub Actions for the sample project: its token, its environment, its files, and the run that GitHub counts for
    the newest commit of the branch while it goes on and afterwards."""

    project: Project
    folder: Path
    bot: User
    here: InThisProcess
    """Runs a command line in this process, which is quicker than another one."""
    number: int = 1
    """Number of the tracker."""
    workflow: str = "Release checklist"
    """Of which the runs are; its file is called alike."""
    _runs: count[int] = field(default_factory=lambda: count(7001))

    @property
    def world_comments(self) -> list[Comment]:
        return self.project.twin.store.issues[self.number].comments

    @property
    def answers(self) -> list[str]:
        """What the tool answered, oldest first."""
        return [one.body for one in self.world_comments if one.author == self.bot.login]

    @property
    def body(self) -> str:
        return self.project.twin.store.issues[self.number].body

    def at_home(self, payload: Json) -> Json:
        """The payload as one of the sample project's."""
        if "repository" in payload:
            repository = part(payload, "repository")
            if "workflow_run" in payload:
                head = part(payload, "workflow_run", "head_repository")
                if head["full_name"] == repository["full_name"]:
                    head["full_name"] = self.project.twin.store.name
            repository["full_name"] = self.project.twin.store.name
        return payload

    def write(self, author: str, text: str, *, at: datetime | None = None) -> Comment:
        """A comment that a person writes in the tracker's thread."""
        store = self.project.twin.store
        comment = Comment(store.new_id(), author, text, at or datetime.now(UTC).replace(microsecond=0))
        self.world_comments.append(comment)
        return comment

    def commented(self, comment: Comment, *, issue: int = 0) -> Json:
        """The event of a comment: recorded, with the issue and the comment as the twin's API shows them."""
        payload = self.at_home(recorded("issue_comment", "created"))
        part(payload, "issue").update(self.issue(issue or self.number))
        user = part(payload, "comment", "user")
        user.update({"login": comment.author, "type": "Bot" if comment.author.endswith("[bot]") else "User"})
        moment = comment.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        part(payload, "comment").update(
            {"id": comment.id, "body": comment.body, "created_at": moment, "updated_at": moment}
        )
        part(payload, "sender").update(user)
        return payload

    def issue(self, number: int) -> Json:
        """An issue as the API shows it."""
        twin = self.project.twin
        answer = requests.get(f"{twin.api_url}/repos/{twin.store.name}/issues/{number}", timeout=10)
        loaded = answer.json()
        assert isinstance(loaded, dict)
        return loaded

    def says(self, author: str, text: str, *arguments: str) -> Ran:
        """A person writes a comment, and the workflow that it starts runs."""
        return self.on("issue_comment", self.commented(self.write(author, text)), *arguments)

    def on(self, name: str, payload: Json, *arguments: str, run: int = 0, attempt: int = 1) -> Ran:
        """Run the entry point for an event."""
        folder, environment, run = self._prepared(name, payload, run, attempt)
        code = -1
        try:
            code, log = self.here(environment, self.project.path, [*REACT, *arguments])
        finally:
            self.project.twin.simulated_ci.end(run, "failure" if code else "success")
        return ran(code, log, folder)

    def begin(self, name: str, payload: Json, *arguments: str, run: int = 0, attempt: int = 1) -> Running:
        """Start a process of the entry point for an event."""
        folder, environment, run = self._prepared(name, payload, run, attempt)
        process = subprocess.Popen(
            [sys.executable, "-m", "fastrel_cli", *REACT, *arguments],
            cwd=self.project.path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        simulated_ci = self.project.twin.simulated_ci
        return Running(process, folder, lambda conclusion: simulated_ci.end(run, conclusion))

    def _prepared(self, name: str, payload: Json, run: int, attempt: int) -> tuple[Path, dict[str, str], int]:
        """The folder of a run, its environment and its number; GitHub counts it from now on."""
        run = run or next(self._runs)
        folder = self.folder / f"run-{run}-{attempt}"
        folder.mkdir(parents=True)
        file = f".github/workflows/{workflow_file(self.workflow)}.yml"
        (folder / "event.json").write_text(json.dumps(payload), encoding="utf-8")
        environment = {
            **os.environ,
            "GH_TOKEN": self.bot.token,
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_REPOSITORY": self.project.twin.store.name,
            "GITHUB_RUN_ID": str(run),
            "GITHUB_RUN_ATTEMPT": str(attempt),
            "GITHUB_WORKFLOW_REF": f"{self.project.twin.store.name}/{file}@refs/heads/main",
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        }
        self.project.twin.simulated_ci.happen(name, self.workflow, f"checklist / {name}", number=run)
        return folder, environment, run


@dataclass(frozen=True)
class Running:
    """An entry point that runs."""

    process: subprocess.Popen[bytes]
    folder: Path
    conclude: Callable[[str], None]

    def end(self) -> Ran:
        try:
            log = self.process.communicate(timeout=120)[0].decode(errors="replace")
        finally:
            self.process.kill()
            self.conclude("failure" if self.process.returncode else "success")
        return ran(self.process.returncode, log, self.folder)


def ran(code: int, log: str, folder: Path) -> Ran:
    """What came of a run; its log has no traceback and no command for the workflow beside messages."""
    assert "Traceback" not in log, log
    commands = [line for line in log.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert all(line.startswith(("::error::", "::warning::")) for line in commands), commands

    def text(name: str) -> str:
        file = folder / name
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    outputs = dict(line.split("=", 1) for line in text("output").splitlines())
    return Ran(code, log, outputs, text("summary"))
