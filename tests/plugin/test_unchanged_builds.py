"""A build for which GitHub has not changed asks the same requests again, conditionally, and evaluates nothing."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fastrel.errors import RemoteError
from fastrel.github.transport.connection import Connection
from fastrel.guide.model import Guide
from fastrel.guide.parser import parse_guide, read_guide
from fastrel.web.http import fetch, servers_asked
from fastrel_mkdocs.state.background import REQUESTS, ask, unchanged
from fastrel_mkdocs.state.cache import keep, read_kept
from fastrel_mkdocs.state.guide_state import kept_file, state_of
from fastrel_mkdocs.state.recheck import key_of, still_as
from fastrel_twin.server import Twin
from stage import Cli, Project

EVALUATED = """
import sys
from pathlib import Path
from fastrel.github.transport.connection import connection_from_environment
from fastrel.guide.parser import parse_guide, read_guide
from fastrel_mkdocs.state.background import unchanged
answer = unchanged(read_guide(Path("docs/release-guide.md")), connection_from_environment(), Path(sys.argv[1]))
assert answer is not None
assert not {"github", "requests", "fastrel.actions.registry", "fastrel.engine.session"} & set(sys.modules)
"""


@pytest.fixture
def file(project: Project, tmp_path: Path) -> Path:
    """The kept state of the guide, as the last build has left it."""
    file = kept_file(tmp_path / "kept", guide_of(project), "release-guide.md")
    state_of(guide_of(project), project.connection(), file, timedelta())
    return file


def guide_of(project: Project) -> Guide:
    return read_guide(project.path / "docs" / "release-guide.md")


def test_nothing_is_evaluated_while_github_answers_the_same(project: Project, twin: Twin, file: Path) -> None:
    evaluated = read_kept(file)
    before = len(twin.requests)
    answer = unchanged(guide_of(project), project.connection(), file)
    assert answer
    assert isinstance(evaluated, dict)
    assert {**answer.state, "at": ""} == {**evaluated, "at": ""}
    assert answer.mistakes == ()
    asked = twin.requests[before:]
    assert {status for method, _, status in asked if method == "GET"} == {304}
    done = subprocess.run(
        [sys.executable, "-c", EVALUATED, str(file)], cwd=project.path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr  # neither PyGithub nor an action is imported for it


def test_mistakes_in_the_guide_are_told_again(project: Project, tmp_path: Path) -> None:
    project.change_guide("uses=tag.push", "uses=tag.pusj")
    guide, file = guide_of(project), tmp_path / "state.json"
    first = state_of(guide, project.connection(), file, timedelta())
    again = state_of(guide, project.connection(), file, timedelta())
    assert first.mistakes == again.mistakes
    assert "tag.pusj" in again.mistakes[0].message


def test_a_change_on_github_is_evaluated(project: Project, twin: Twin, file: Path) -> None:
    twin.store.issues[29].state = "closed"
    assert unchanged(guide_of(project), project.connection(), file) is None
    state_of(guide_of(project), project.connection(), file, timedelta())
    push(project)
    assert unchanged(guide_of(project), project.connection(), file) is None


def push(project: Project) -> None:
    project.git("commit", "--quiet", "--allow-empty", "-m", "More")
    project.git("push", "--quiet", "origin", "main")


def test_what_is_kept_of_another_guide_or_another_day_is_evaluated(project: Project, file: Path) -> None:
    requests = file.with_suffix(REQUESTS)
    state, kept = json.loads(file.read_text()), json.loads(requests.read_text())
    guide, connection = guide_of(project), project.connection()
    hours = [datetime.now(UTC) + timedelta(hours=one) for one in (-25, 1)]
    spoilt: list[object] = [None, [], {"at": 3, "requests": [["GET"]]}]
    for wrong in (*spoilt, *({**kept, "at": one.isoformat()} for one in hours)):
        keep(requests, wrong)
        assert unchanged(guide, connection, file) is None, wrong
    keep(requests, kept)
    keep(file, {**state, "kind": "major"})
    assert unchanged(guide, connection, file) is None
    keep(file, state)
    assert unchanged(guide, connection, file)
    assert unchanged(parse_guide(f"{guide.text}\nMore.\n", guide.path), connection, file) is None


def test_a_milestone_that_becomes_overdue_is_evaluated(project: Project, twin: Twin, tmp_path: Path) -> None:
    milestone = next(one for one in twin.store.milestones.values() if one.title == "0.2.0")
    milestone.due_on = datetime.now(UTC) + timedelta(minutes=30)
    file = tmp_path / "state.json"
    state_of(guide_of(project), project.connection(), file, timedelta())
    kept, state = json.loads(file.with_suffix(REQUESTS).read_text()), json.loads(file.read_text())
    assert unchanged(guide_of(project), project.connection(), file)
    key = key_of(guide_of(project), project.connection())
    assert still_as(kept, state, key, project.connection(), datetime.now(UTC) + timedelta(minutes=20))
    assert still_as(kept, state, key, project.connection(), datetime.now(UTC) + timedelta(minutes=40)) is None


def test_a_state_that_waits_or_has_failed_is_evaluated(cli: Cli, project: Project, twin: Twin, tmp_path: Path) -> None:
    twin.simulated_ci.failing.add("CI")
    push(project)
    file = tmp_path / "state.json"
    state = ask(guide_of(project), project.connection(), file).state
    keep(file, state)
    steps = state["steps"]
    assert isinstance(steps, list)
    assert any(one["status"] in ("failed", "waiting") for one in steps)
    assert unchanged(guide_of(project), project.connection(), file) is None


def test_a_state_that_other_servers_have_shown_is_evaluated() -> None:
    """A registry and a site have no ETags of GitHub: an image may be gone."""
    assert "127.0.0.1:9" not in servers_asked()
    with pytest.raises(RemoteError):
        fetch("http://127.0.0.1:9/image")
    assert "127.0.0.1:9" in servers_asked()


def test_the_token_goes_to_no_other_server(project: Project, file: Path) -> None:
    """The kept files may have been restored by somebody else's cache."""
    requests = file.with_suffix(REQUESTS)
    kept = json.loads(requests.read_text())
    with socket.create_server(("127.0.0.1", 0)) as other:
        host = f"127.0.0.1:{other.getsockname()[1]}"
        for path in (f"http://{host}/user", f"@{host}/user", f"/user HTTP/1.1\r\nHost: {host}", ""):
            kept["requests"][0][1] = path
            keep(requests, kept)
            assert unchanged(guide_of(project), project.connection(), file) is None
        other.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody has called
            other.accept()
    assert project.token not in requests.read_text()


@pytest.mark.parametrize(
    "body",
    [
        {"query": "mutation Close($id: ID!) { closeIssue(input: {issueId: $id}) { issue { id } } }", "variables": {}},
        {"query": "query A { viewer { login } } mutation B { addStar { id } }", "operationName": "B"},
        {"query": "{ viewer { login } }", "operationName": "B"},
        {"query": "  # harmless\nmutation B { addStar { id } }"},
        ["query"],
    ],
)
def test_a_kept_file_makes_no_build_change_anything(project: Project, twin: Twin, file: Path, body: object) -> None:
    """It may have been restored by somebody else's cache; what a build repeats with the token only reads."""
    requests = file.with_suffix(REQUESTS)
    kept = json.loads(requests.read_text())
    kept["requests"].insert(0, ["POST", f"{twin.api_url.removesuffix('/v3')}/graphql", json.dumps(body), 200, "", "x"])
    keep(requests, kept)
    before = len(twin.requests)
    assert unchanged(guide_of(project), project.connection(), file) is None
    assert len(twin.requests) == before


@pytest.mark.parametrize(
    "path",
    [
        "/repos/ServiceNow/Fast-LLM/forks?a=/graphql",
        "/repos/ServiceNow/Fast-LLM/forks#/graphql",
        "/repos/ServiceNow/Fast-LLM/forks/graphql",
        "/repos/ServiceNow/Fast-LLM/actions/runs/1/approve?/graphql",
        "//elsewhere.example/graphql",
    ],
)
def test_a_kept_file_sends_no_query_to_another_place_than_graphql(
    project: Project, twin: Twin, file: Path, path: str
) -> None:
    requests = file.with_suffix(REQUESTS)
    kept = json.loads(requests.read_text())
    kept["requests"].insert(0, ["POST", path, json.dumps({"query": "query { viewer { login } }"}), 200, "", "x"])
    keep(requests, kept)
    before = len(twin.requests)
    assert unchanged(guide_of(project), project.connection(), file) is None
    assert not [one for one in twin.requests[before:] if one[0] == "POST"]


def test_a_query_of_two_meanings_is_not_repeated(project: Project, twin: Twin, file: Path) -> None:
    """Servers differ in which of two equal keys counts."""
    requests = file.with_suffix(REQUESTS)
    kept = json.loads(requests.read_text())
    body = '{"query": "mutation { addStar { id } }", "query": "query { viewer { login } }"}'
    kept["requests"].insert(0, ["POST", f"{twin.api_url.removesuffix('/v3')}/graphql", body, 200, "", "x"])
    keep(requests, kept)
    before = len(twin.requests)
    assert unchanged(guide_of(project), project.connection(), file) is None
    assert len(twin.requests) == before


def test_without_a_token_each_request_counts_so_none_is_made_twice(project: Project, twin: Twin, file: Path) -> None:
    before = len(twin.requests)
    assert unchanged(guide_of(project), Connection(twin.api_url, None), file) is None
    assert len(twin.requests) == before


def test_an_answer_that_cannot_be_read_is_another_one(
    project: Project, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one that is nested too deeply."""

    def refuse(*_: object) -> bool:
        raise RecursionError

    assert unchanged(guide_of(project), project.connection(), file)
    monkeypatch.setattr("fastrel_mkdocs.state.recheck._Asking._is_same", refuse)
    assert unchanged(guide_of(project), project.connection(), file) is None


def test_through_a_proxy_pygithub_asks(project: Project, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert unchanged(guide_of(project), project.connection(), file) is None
