"""Rate limits that are waited for within a bound, clocks that are wrong, and zones of time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fastrel.engine.open_release import open_release
from fastrel.engine.session import utc_now
from fastrel.errors import NotAllowed
from fastrel.github.transport.client import Client
from fastrel.github.transport.failures import RateLimited
from fastrel_twin.faults import Fault
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, converse, steady

SECONDARY = "You have exceeded a secondary rate limit."


def limited(method: str, path: str, seconds: int, *, status: int = 403, after: int = 0) -> Fault:
    headers = {"Retry-After": str(seconds)}
    return Fault(method, path, status=status, message=SECONDARY, headers=headers, after=after)


@pytest.fixture
def client(project: Project, twin: Twin) -> Client:
    return Client(twin.api_url, project.token)


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_short_limit_is_waited_for_and_told(client: Client, twin: Twin, verb: str, status: int) -> None:
    twin.faults.add(limited(verb, "/issues", 1, status=status))
    told: list[tuple[float, float]] = []
    client.rate_limit.on_pause = lambda elapsed, seconds: told.append((elapsed, seconds))
    path = "/repos/ServiceNow/Fast-LLM/issues"
    if verb == "GET":
        assert client.get_all(path)
    else:
        assert client.send("POST", path, {"title": "A thing"}).text("title") == "A thing"
        assert sum(one.title == "A thing" for one in twin.store.issues.values()) == 1
    assert told[0][0] < 0.5
    assert told[-1] == (1, 1)
    assert client.rate_limit.away == 0


def test_all_threads_wait_and_one_tells(client: Client, twin: Twin) -> None:
    paths = [f"/repos/ServiceNow/Fast-LLM/issues/{number}" for number in (29, 30, 31, 32)]
    twin.faults.add(*(limited("GET", f"/issues/{path.rpartition('/')[2]}", 1) for path in paths))
    ends: list[float] = []
    client.rate_limit.on_pause = lambda elapsed, seconds: ends.append(elapsed) if elapsed >= seconds else None
    assert [one.number("number") for one in client.each(client.get, paths)] == [29, 30, 31, 32]
    assert 1 <= len(ends) < 4


def test_a_long_limit_is_not_waited_for(client: Client, twin: Twin) -> None:
    twin.faults.add(limited("GET", "/user", 3000))
    with pytest.raises(RateLimited) as caught:
        client.get("/user")
    assert caught.value.seconds == 3000
    assert "Type the same command again in 50 minutes, at 20" in caught.value.next_step
    assert 2990 < client.rate_limit.away <= 3000
    with client.rate_limit.no_wait():
        twin.faults.add(limited("GET", "/user", 1))
        with pytest.raises(RateLimited):
            client.get("/user")
    twin.faults.add(*(limited("GET", "/user", 1) for _ in range(3)))
    with pytest.raises(RateLimited):
        client.get("/user")
    assert client.get("/user").text("login") == "mia"


def test_the_limit_of_graphql_comes_with_status_200_and_is_waited_for_too(
    client: Client, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastrel_twin.graph.execute import execute

    answers = [{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}]
    monkeypatch.setattr("fastrel_twin.app.execute", lambda *call: answers.pop() if answers else execute(*call))
    client.rate_limit.max_wait = 0
    with pytest.raises(RateLimited, match="rate limit is used up"):
        client.graphql("query Viewer { viewer { login } }")
    twin.faults.add(limited("POST", "/api/graphql", 1))
    client.rate_limit.max_wait = 5
    assert client.graphql("query Viewer { viewer { login } }").sub("viewer").text("login") == "mia"


def test_the_command_line_says_that_it_waits(cli: Cli, project: Project, twin: Twin) -> None:
    twin.faults.add(limited("GET", "/milestones", 1))
    status = cli("status", "0.2.0")
    assert status.code == 0
    assert status.err.count("waiting: GitHub's rate limit is used up, for 1 s") == 1
    twin.faults.add(limited("GET", "/milestones", 2))
    code, screen = converse(["status", "0.2.0"], [])
    assert code == 0
    assert "of at most 2 s GitHub's rate limit is used up" in screen


def test_ctrl_c_ends_the_waiting_at_once(project: Project, twin: Twin) -> None:
    twin.faults.add(*(limited("GET", "", 60) for _ in range(40)))
    process = subprocess.Popen(
        [sys.executable, "-m", "fastrel_cli", "status", "0.2.0"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert "waiting: GitHub's rate limit" in process.stderr.readline()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    assert process.wait(timeout=50) == 130
    assert time.monotonic() - began < 40
    assert "Traceback" not in said
    assert "Stopped." in said


def test_a_limit_in_the_middle_of_waiting_for_ci_makes_it_slower_and_does_not_end_it(
    cli: Cli, project: Project, twin: Twin
) -> None:
    from fastrel_twin.records import Check

    begin_release(cli)
    store = twin.store
    check = Check(store.new_id(), store.bare.resolve("main"), "slow", "in_progress", None, store.now())
    store.checks.append(check)
    # The later ones of these come together, and so in several looks in a row.
    twin.faults.add(*(limited("GET", "/check-runs", 1, after=0 if number else 4) for number in range(4)))
    process = subprocess.Popen(
        [sys.executable, "-m", "fastrel_cli", "run", "main-ci", "--yes", "--interval", "0.05", "--timeout", "0.5"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
    )  # fmt: skip
    seen = ""
    assert process.stderr is not None
    for line in process.stderr:
        seen += line
        if "rate limit is used up for" in line:
            check.status, check.conclusion = "completed", "success"
    assert process.wait(timeout=60) == 0, seen
    assert "(GitHub's rate limit is used up for 1 second)" in seen


def test_a_run_says_before_it_starts_when_few_requests_are_left(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    assert "requests are left" not in cli("run", "--dry-run").out
    twin.store.rate_limit = 100
    run = cli("run", "--dry-run", "--json")
    said = re.search(r"Warning: (\d+) of 5000 requests are left until GitHub's rate limit is renewed at (.*) UTC; this run may need about (\d+)\.", run.err)  # fmt: skip
    assert said, run.err
    assert int(said[1]) < 100 < int(said[3])
    assert said[0].removeprefix("Warning: ") in str(run.json["warnings"])


def test_a_refused_change_names_the_scope(cli: Cli, project: Project, twin: Twin) -> None:
    headers = {"X-Accepted-OAuth-Scopes": "repo", "X-OAuth-Scopes": "public_repo"}
    twin.faults.add(Fault("POST", "/issues", status=403, message="Forbidden", headers=headers))
    refused = cli("open", "0.2.0")
    assert refused.code == 1
    assert "next: The token needs the scope repo; it has public_repo." in refused.err
    twin.faults.add(Fault("POST", "/issues", status=403, message="Resource not accessible by integration", headers={"X-Accepted-GitHub-Permissions": "issues=write"}))  # fmt: skip
    assert "add to the workflow's `permissions:` `issues: write`." in cli("open", "0.2.0").err
    twin.faults.add(Fault("GET", "/user", status=403, message="Resource protected by organization SAML enforcement.", headers={"X-GitHub-SSO": f"required; url={twin.url}/sso"}))  # fmt: skip
    sso = cli("open", "0.2.0")
    assert "SAML single sign-on" in sso.err or sso.code == 0


def test_what_graphql_cannot_name_is_an_error_of_its_own(project: Project, twin: Twin, client: Client) -> None:
    twin.faults.add(
        Fault("POST", "/api/graphql", status=403, message="Resource not accessible by personal access token")
    )
    with pytest.raises(NotAllowed) as caught:
        client.graphql("query Viewer { viewer { login } }")
    assert "fine-grained token lacks the permission" in caught.value.next_step


@pytest.mark.parametrize("off", [timedelta(days=-3), timedelta(hours=-2), timedelta(hours=2), timedelta(days=400)])
def test_a_wrong_clock_is_told_and_github_s_counts(cli: Cli, project: Project, twin: Twin, off: timedelta) -> None:
    right = cli("status", "0.2.0", "--json").json["milestone"]
    session = replace(project.session(), clock=lambda: utc_now() + off)
    report = session.report("0.2.0")
    assert isinstance(right, dict)
    assert report.milestone is not None
    assert report.milestone.overdue is right["overdue"]
    assert abs(report.at - datetime.now(UTC)) < timedelta(minutes=1)
    way = "ahead of" if off > timedelta() else "behind"
    assert any(f"{way} GitHub's, which counts here." in one for one in report.warnings), report.warnings
    open_release(session, "0.2.0")
    evidence = re.search(r' at="([^"]+)"', twin.store.issues[38].body)
    assert evidence
    assert abs(datetime.fromisoformat(evidence[1]) - datetime.now(UTC)) < timedelta(minutes=2)


def test_a_clock_that_is_a_little_off_counts_and_is_not_told(project: Project) -> None:
    session = replace(project.session(), clock=lambda: utc_now() - timedelta(seconds=20))
    report = session.report("0.2.0")
    assert not [one for one in report.warnings if "clock" in one]


@pytest.fixture
def far_zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    yield ["UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"]
    monkeypatch.undo()
    time.tzset()


def test_bodies_and_screens_are_the_same_in_every_zone(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch, far_zones: list[str]
) -> None:
    begin_release(cli)
    twin.store.milestones[2].due_on = datetime.now(UTC).replace(hour=12)
    assert cli("tick", "open-bugs", "--note", "ship").code == 0
    tracker = twin.store.issues[38]
    at = tracker.body
    seen = set()
    for zone in far_zones:
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        tracker.body = at
        status = cli("status", "0.2.0")
        milestone = cli("status", "0.2.0", "--json").json["milestone"]
        assert isinstance(milestone, dict)
        # It is due on this very day, so it is not overdue anywhere.
        assert milestone["overdue"] is False
        assert cli("skip", "announce-forum", "--reason", "quiet").code == 0
        seen.add((status.out, milestone["due"], steady(re.sub(r"T?\d\d:\d\d(:\d\dZ)?", "", tracker.body), twin)))
    assert len(seen) == 1
