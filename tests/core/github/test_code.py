"""The commits of a release: asked once while both ends are the same, and never of a moment between."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from fastrel.errors import NotFound
from fastrel.github.code import Code
from fastrel.github.transport.client import Client
from fastrel.process.reads import noted
from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.server import Twin
from recording import Recorder
from stage import Project


@pytest.fixture
def code(twin: Twin) -> Code:
    return Code(Client(twin.api_url, twin.tokens["maintain"]), twin.store.name)


def push(project: Project, title: str) -> str:
    project.git("commit", "--quiet", "--allow-empty", "-m", title)
    project.git("push", "--quiet", "origin", "main")
    return project.git("rev-parse", "HEAD")


def test_the_same_commits_are_asked_once(code: Code, project: Project, recorder: Recorder) -> None:
    first = code.new_commits("v0.1.0", "main")
    assert [one.sha for one in first] == [one.sha for one in code.commits_since("v0.1.0", "main")]
    assert not any(one.pulls for one in first)
    code.client.forget()
    asked = len(recorder.queries)
    assert code.new_commits("v0.1.0", "main") == first
    assert len(recorder.queries) == asked
    newest = push(project, "One more")
    code.client.forget()
    assert [one.sha for one in code.new_commits("v0.1.0", "main")] == [newest, *(one.sha for one in first)]


def test_commits_that_come_while_they_are_asked_are_not_kept_for_the_older_end(
    code: Code, project: Project, twin: Twin
) -> None:
    before = project.git("rev-parse", "HEAD")
    twin.faults.add(Fault("POST", "/graphql", wrong=Wrong.NOTHING, meanwhile=lambda: push(project, "Too quick")))
    assert code.new_commits("v0.1.0", "main")[0].headline == "Too quick"
    assert not twin.faults.coming
    twin.store.bare.set_ref("refs/heads/main", before)
    code.client.forget()
    assert code.new_commits("v0.1.0", "main")[0].sha == before


def test_who_comes_second_has_read_it_too(code: Code) -> None:
    """Which of two steps asks first is chance; a dry run shows the same for both."""
    head = code.head("main")

    def reads(*questions: Callable[[], object]) -> set[str]:
        with noted() as found:
            for question in questions:
                question()
        return set(found)

    history = partial(code.new_commits, "v0.1.0", "main")
    code.client.forget()
    assert "POST /api/graphql" in reads(history)
    assert "POST /api/graphql" in reads(history)
    commit = partial(code.client.read, f"/repos/{code.name}/commits/{head}")  # asked once, and kept
    assert reads(commit) == reads(commit) != set()


def test_a_branch_that_is_not_there_is_named(code: Code) -> None:
    with pytest.raises(NotFound, match=r"no history of hotfix-0\.1\.1 since v0\.1\.0"):
        code.new_commits("v0.1.0", "hotfix-0.1.1")
