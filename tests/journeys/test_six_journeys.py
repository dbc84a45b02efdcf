"""The six journeys that must work, from the command line; their screens are kept as golden files."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from docs_site import build
from fastrel_twin.clone import clone_sample
from fastrel_twin.faults import Fault
from fastrel_twin.records import Protection
from fastrel_twin.server import Twin
from stage import Cli, Golden, Project, ReleasedUpTo, begin_release, run_until, steady

PROMPT = "$ fastrel-checklist"


class Screen:
    """A terminal's screen: the commands typed and what they print, exit codes other than 0 below."""

    def __init__(self, cli: Cli, twin: Twin) -> None:
        self._cli = cli
        self._twin = twin
        self._parts: list[str] = []

    def says(self, words: str) -> None:
        self._parts.append(f"# {words}\n")

    def types(self, *arguments: str, code: int = 0) -> str:
        result = self._cli(*arguments)
        typed = " ".join(f"'{one}'" if " " in one else one for one in arguments)
        ended = f"[exit code {result.code}]\n" if result.code else ""
        self._parts.append(f"{PROMPT} {typed}\n{result.err}{result.out}{ended}")
        assert result.code == code, result.err
        return result.err + result.out

    @property
    def text(self) -> str:
        return steady("\n".join(self._parts), self._twin)


@pytest.fixture
def screen(cli: Cli, project: Project, twin: Twin) -> Screen:
    return Screen(cli, twin)


def test_read(screen: Screen, project: Project, twin: Twin, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.says("Before anything has begun, by a reader")
    monkeypatch.setenv("GH_TOKEN", twin.tokens["read"])
    screen.types("status", "0.2.0")
    monkeypatch.setenv("GH_TOKEN", project.token)
    screen._cli("open", "0.2.0")
    screen.says("In progress, without a token")
    monkeypatch.delenv("GH_TOKEN")
    screen.types("status")
    screen.says("Without a network")
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    screen.types("status", code=1)
    golden("journeys/1-read.txt", screen.text)


def test_read_the_page_without_network_and_token(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GH_TOKEN")
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    code, said, page = build(project.path)
    assert code == 0, said
    assert "Settle every open issue of the milestone." in page


def test_open(screen: Screen, twin: Twin, golden: Golden) -> None:
    screen.types("open", "0.2.0")
    screen.types("open", "0.2.0")
    (tracker,) = [one for one in twin.store.issues.values() if "release" in one.labels]
    assert (tracker.title, tracker.assignees) == ("Release 0.2.0", ["mia"])
    screen.types("open", "0.4.0", code=2)
    golden("journeys/2-open.txt", screen.text)


def test_run(
    screen: Screen,
    cli: Cli,
    project: Project,
    twin: Twin,
    golden: Golden,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    released_up_to: ReleasedUpTo,
) -> None:
    released_up_to()
    screen.types("run", "0.2.0", "--yes", "--defer-open", "--until", "main-ci", "--dry-run")
    screen.types("run", "0.2.0", "--yes", "--defer-open", "--until", "push-tag")
    screen.says("Stopped there, and continued on another machine")
    monkeypatch.chdir(clone_sample(twin, tmp_path / "other" / "Fast-LLM"))
    screen.types("run", "--yes", "--until", "docs-live", "--interval", "0.05")
    screen.types("run", "--yes", "--interval", "0.05")
    screen.types("status", "0.2.0")
    golden("journeys/3-run.txt", screen.text)


def test_hand_over(
    screen: Screen, twin: Twin, golden: Golden, monkeypatch: pytest.MonkeyPatch, released_up_to: ReleasedUpTo
) -> None:
    released_up_to()
    screen.says("Carl, who has write access")
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    screen.types("run", "--yes", "--defer-open", code=3)
    screen.says("Mia, the maintainer")
    monkeypatch.setenv("GH_TOKEN", twin.tokens["maintain"])
    screen.types("status")
    screen.types("run", "--yes", "--until", "publish-release", "--interval", "0.05")
    golden("journeys/4-hand-over.txt", screen.text)


def test_patch(screen: Screen, golden: Golden) -> None:
    screen.types("open", "0.1.1")
    screen.types("status")
    golden("journeys/5-patch.txt", screen.text)


def test_trouble(
    screen: Screen,
    cli: Cli,
    project: Project,
    twin: Twin,
    golden: Golden,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    again = ("--yes", "--defer-open", "--interval", "0.05")
    screen.says("A pull request without a label")
    begin_release(cli)
    assert cli("tick", "docs-current", "--note", "decided").code == 0
    assert cli("tick", "open-bugs", "--note", "decided").code == 0
    screen.types("run", "pull-labels", "--yes", code=3)
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")

    screen.says("Red checks")
    twin.simulated_ci.failing.add("CI")
    screen.types("run", *again, "--until", "main-ci", code=1)
    twin.simulated_ci.failing.clear()

    screen.says("A token that has expired")
    monkeypatch.setenv("GH_TOKEN", "expired")
    screen.types("run", *again, code=2)
    monkeypatch.setenv("GH_TOKEN", project.token)

    screen.says("A rate limit that is used up")
    limit, twin.store.rate_limit = twin.store.rate_limit, 0
    screen.types("run", *again, code=3)
    twin.store.rate_limit = limit

    screen.says("A branch that takes no pushes")
    project.change_guide("  branch: main\n", "  branch: main\n  bump: direct\n", push=True)
    twin.store.protect("main", Protection())
    screen.types("run", *again, code=1)
    twin.store.protect("main", Protection(pulls=False))
    project.git("reset", "--quiet", "--hard", "origin/main")

    screen.says("A second operator was faster")
    run_until(cli, "set-version")
    other = clone_sample(twin, tmp_path / "other" / "Fast-LLM")
    monkeypatch.chdir(other)
    run_until(cli, "commit-version")
    monkeypatch.chdir(project.path)
    screen.types("run", *again, "--until", "create-tag", code=2)
    project.git("restore", ".")
    project.git("pull", "--quiet", "--ff-only", "origin", "main")

    screen.says("A tag that somebody moved")
    run_until(cli, "push-tag")
    moved = twin.store.bare.commit(twin.store.bare.resolve("main")).parents[0]
    twin.store.bare.git("update-ref", "refs/tags/v0.2.0", moved)
    screen.types("run", *again, code=2)
    assert twin.store.bare.resolve("v0.2.0") == moved
    golden("journeys/6-trouble.txt", screen.text)


@pytest.mark.parametrize("late", [0, 1, 4, 20])
def test_a_run_that_cannot_look_any_more_says_what_it_did(
    cli: Cli, twin: Twin, late: int, released_up_to: ReleasedUpTo
) -> None:
    """semantic-release#2204: a rate limit afterwards turned success into failure without a word."""
    released_up_to()

    def writes() -> int:
        return len([one for one in twin.requests if one[0] == "PATCH" and "/issues/38" in one[1]])

    before = writes()

    def used_up() -> None:
        while writes() == before:
            time.sleep(0.005)
        twin.faults.add(Fault("GET", "/Fast-LLM", 403, after=late), *[Fault("GET", "/Fast-LLM", 403)] * 500)

    store = threading.Thread(target=used_up, daemon=True)
    store.start()
    stopped = cli("run", "milestone-issues", "--yes", "--defer-open", "--interval", "0.05")
    store.join(timeout=30)
    twin.faults.coming.clear()
    assert stopped.code == 1 or "✔ milestone-issues" in stopped.err
    assert "  done: " in stopped.err or stopped.code == 0
    assert "Everything else is ticked" not in stopped.err
    again = cli("run", "milestone-issues", "--yes", "--defer-open")
    assert again.code == 0, again.err
    line = next(one for one in twin.store.issues[38].body.splitlines() if "<!-- step milestone-issues -->" in one)
    assert line.startswith("- [x]")
