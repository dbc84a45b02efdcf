"""Many repositories on one board: everything in progress, in few requests, and nothing of it believed or executed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from fastrel.board.board import board_from_json, board_json, board_of
from fastrel.board.fetch import open_issues
from fastrel.engine.session import utc_now
from fastrel.github.transport.client import CONNECTIONS, Client
from fastrel.tracker.model import UNVERIFIED, Change, Evidence
from fastrel.tracker.new_body import Header, Line, render_body
from fastrel_twin.faults import Fault
from fastrel_twin.records import Issue
from fastrel_twin.server import Twin
from fastrel_twin.store import Store
from stage import Cli, Project, begin_release, converse

MANY = 300


def tracker(
    store: Store, version: str, ticked: int, *, doubt: str = "", due: int | None = None, quiet: int = 0
) -> Issue:
    """A tracker of four steps in two phases; `due` and `quiet` in days from now and before it."""
    now = store.now()
    lines = []
    for number, step in enumerate(("ready", "tag", "publish", "tell")):
        done = Change(step, True, Evidence(doubt or "found", by="mia", at=now - timedelta(minutes=1)))
        lines.append(
            Line("1. Before" if number < 2 else "2. After", step, step, change=done if number < ticked else None)
        )
    milestone = store.add_milestone(version, "mia", now + timedelta(days=due)).number if due is not None else 0
    body = render_body(Header(version, "minor"), lines)
    issue = store.add_issue(
        f"Release {version}", "mia", body=body, labels=["release"], milestone=milestone, assignees=["mia"]
    )
    issue.created_at = now - timedelta(days=quiet + 1)
    issue.updated_at = now - timedelta(days=quiet)
    return issue


def many(twin: Twin, number: int = MANY) -> list[str]:
    """Repositories of one owner; every tenth has a release in progress."""
    names = [f"Acme/tool-{one:03}" for one in range(number)]
    for one, name in enumerate(names):
        store = twin.store.add_repository(name)
        store.add_issue("Something else", "carl", labels=["bug"])
        if one % 10 == 0:
            tracker(store, f"0.{one}.0", one % 4)
    return names


def asked(twin: Twin, before: int) -> list[tuple[str, str, int]]:
    return twin.requests[before:]


def releases(result: object) -> list[dict[str, object]]:
    assert isinstance(result, list)
    return result


def test_300_repositories_of_an_organization_cost_three_requests(cli: Cli, project: Project, twin: Twin) -> None:
    many(twin)
    before = len(twin.requests)
    result = cli("board", "Acme", "--json")
    assert result.code == 0, result.err
    assert [path for _, path, _ in asked(twin, before)] == ["/api/graphql"] * 3
    board = result.json
    assert (board["repositories"], board["requests"], board["problems"]) == (MANY, 3, [])
    assert len(releases(board["releases"])) == MANY // 10


def test_named_repositories_are_asked_fifty_at_a_time(cli: Cli, project: Project, twin: Twin) -> None:
    names = many(twin)
    before = len(twin.requests)
    result = cli("board", *names, "Acme/gone", "--json")
    assert [path for _, path, _ in asked(twin, before)] == ["/api/graphql"] * 7
    assert result.json["repositories"] == MANY
    assert result.json["problems"] == [
        {"place": "Acme/gone", "problem": "There is no such repository, or the token may not see it."}
    ]


@pytest.mark.all_connections
def test_without_a_token_each_repository_is_asked_and_only_some_at_a_time(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GH_TOKEN")
    twin.store.anonymous_limit = 5000  # an Enterprise Server can be set so
    many(twin)
    for number in range(100):  # nothing open there, so there is nothing to ask
        issues = twin.store.others[f"acme/tool-{number * 3 + 1:03}"].issues
        for one in issues.values():
            one.state = "closed"
    closed = sum(all(one.state == "closed" for one in store.issues.values()) for store in twin.store.others.values())
    twin.delay(0.01)  # on their way, requests are in flight together
    before = len(twin.requests)
    result = cli("board", "Acme", "--json")
    assert result.code == 0, result.err
    listed = sum("/orgs/Acme/repos" in path for _, path, _ in asked(twin, before))
    assert listed == 3
    assert len(asked(twin, before)) == listed + MANY - closed
    assert result.json["repositories"] == MANY
    assert 1 < twin.most_at_once <= CONNECTIONS


def test_asked_again_by_rest_what_has_not_changed_is_not_sent_again(project: Project, twin: Twin) -> None:
    twin.store.anonymous_limit = 5000  # an Enterprise Server can be set so
    names = many(twin, 30)

    def look(client: Client) -> tuple[list[int], int]:
        before = len(twin.requests)
        found = open_issues(client, names, "release")
        return [status for _, _, status in asked(twin, before)], len(found.issues)

    first = Client(twin.api_url, None)
    assert look(first) == ([200] * 30, 3)
    kept = first.kept_answers()
    again = Client(twin.api_url, None)
    again.keep_answers(kept)
    assert look(again) == ([304] * 30, 3)
    tracker(twin.store.others["acme/tool-001"], "0.9.0", 1)
    statuses, found = look(again)
    assert (statuses.count(304), statuses.count(200), found) == (29, 1, 4)


def test_the_rate_limit_without_a_token_says_what_a_token_changes(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = many(twin, 30)
    monkeypatch.delenv("GH_TOKEN")
    twin.store.anonymous_limit = 10
    result = cli("board", *names)
    assert result.code == 3
    assert result.out == ""
    assert "30 repositories need as many requests without a token" in result.err
    assert "Set GH_TOKEN" in result.err


def test_the_rate_limit_of_graphql_is_one(cli: Cli, project: Project, twin: Twin) -> None:
    many(twin, 3)
    twin.store.rate_limit = 0
    result = cli("board", "Acme")
    assert result.code == 3
    assert "rate limit is used up" in result.err


def test_what_needs_attention_comes_first(cli: Cli, project: Project, twin: Twin) -> None:
    add = twin.store.add_repository
    tracker(add("Acme/calm"), "1.0.0", 1, due=9)
    tracker(add("Acme/soon"), "2.0.0", 1, due=2)
    tracker(add("Acme/late"), "3.0.0", 1, due=-3)
    tracker(add("Acme/doubt"), "4.0.0", 2, doubt=f"{UNVERIFIED} 3 issues are open")
    tracker(add("Acme/quiet"), "5.0.0", 1, quiet=20)
    tracker(add("Acme/over"), "6.0.0", 4)
    found = releases(cli("board", "Acme", "--json").json["releases"])
    assert [(one["repository"], one["attention"]) for one in found] == [
        ("Acme/late", ["overdue"]), ("Acme/doubt", ["unverified"]), ("Acme/over", ["finished"]), ("Acme/quiet", ["quiet"]),
        ("Acme/soon", []), ("Acme/calm", []),
    ]  # fmt: skip
    result = cli("board", "acme")
    assert result.out.splitlines()[0].startswith("Acme/late  3.0.0  1 of 4  next: tag (1. Before)  due ")
    assert "[2 unverified]" in result.out
    assert "[quiet for 20 days]" in result.out
    assert "6 releases in progress in 6 repositories; 1 request." in result.err


def test_archived_repositories_and_forks_are_left_out_unless_asked_for(cli: Cli, project: Project, twin: Twin) -> None:
    old, fork = twin.store.add_repository("Acme/old"), twin.store.add_repository("Acme/fork")
    old.archived, fork.is_fork = True, True
    for store in (old, fork):
        tracker(store, "1.0.0", 1)
    seen = {
        flags: [one["repository"] for one in releases(cli("board", "Acme", *flags, "--json").json["releases"])]
        for flags in ((), ("--archived",), ("--forks",), ("--archived", "--forks"))
    }
    assert seen == {
        (): [], ("--archived",): ["Acme/old"], ("--forks",): ["Acme/fork"],
        ("--archived", "--forks"): ["Acme/fork", "Acme/old"],
    }  # fmt: skip


def test_without_a_name_it_is_the_owner_of_this_repository(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    (one,) = releases(cli("board", "--json").json["releases"])
    assert (one["repository"], one["version"], one["number"]) == ("ServiceNow/Fast-LLM", "0.2.0", 38)
    assert one["progress"] == {"settled": 1, "total": 25}
    assert one["milestone"] is not None
    status = cli("status", "--json").json["tracker"]
    assert isinstance(status, dict)
    assert one["url"] == status["url"]


def test_more_issues_with_the_label_than_one_request_brings_are_all_looked_at(
    cli: Cli, project: Project, twin: Twin
) -> None:
    store = twin.store.add_repository("Acme/crowded")
    tracker(store, "1.0.0", 1, quiet=1)
    for number in range(130):
        store.add_issue(f"About releases {number}", "carl", labels=["release"])
    before = len(twin.requests)
    (one,) = releases(cli("board", "Acme", "--json").json["releases"])
    assert one["version"] == "1.0.0"
    assert len(asked(twin, before)) == 3  # GraphQL, and two pages of that one repository


def test_another_label_is_another_board(cli: Cli, project: Project, twin: Twin) -> None:
    tracker(twin.store.add_repository("Acme/tool"), "1.0.0", 1).labels = ["shipping"]
    assert cli("board", "Acme", "--json").json["releases"] == []
    assert len(releases(cli("board", "Acme", "--label", "Shipping", "--json").json["releases"])) == 1


def test_an_owner_that_does_not_exist_is_said_and_the_rest_is_shown(cli: Cli, project: Project, twin: Twin) -> None:
    tracker(twin.store.add_repository("Acme/tool"), "1.0.0", 1)
    result = cli("board", "Nobody", "Acme")
    assert result.code == 0
    assert "Acme/tool  1.0.0" in result.out
    assert "Nobody: There is no such owner." in result.err


@pytest.mark.parametrize("place", ["a/b/c", "../..", "", "a b", "Acme/", "x\x1b[2J"])
def test_what_is_no_name_is_refused_before_anything_is_asked(
    cli: Cli, project: Project, twin: Twin, place: str
) -> None:
    before = len(twin.requests)
    result = cli("board", place)
    assert result.code == 2
    assert "neither an owner nor OWNER/NAME" in result.err
    assert "\x1b[2J" not in result.err
    assert len(twin.requests) == before


def test_a_failing_server_and_a_wrong_token_are_one_message(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin.faults.add(Fault("POST", "/api/graphql"))
    result = cli("board", "Acme")
    assert (result.code, result.out) == (1, "")
    assert "GitHub failed to answer" in result.err
    monkeypatch.setenv("GH_TOKEN", "wrong")
    assert cli("board", "Acme").code == 2


HOSTILE = "\x1b]0;owned\x07\x1b[31m<script>alert(1)</script> @everyone \u202e [x](javascript:alert(1))"


def hostile(twin: Twin) -> None:
    issue = tracker(twin.store.add_repository("Acme/tool"), "1.0.0", 1, due=-1)
    issue.body = issue.body.replace("version=1.0.0", f'version="{HOSTILE}"').replace("### 1. Before", f"### {HOSTILE}")
    assert HOSTILE in issue.body
    twin.store.others["acme/tool"].milestones[1].title = HOSTILE


def test_what_people_write_into_a_tracker_commands_no_terminal(cli: Cli, project: Project, twin: Twin) -> None:
    hostile(twin)
    result = cli("board", "Acme")
    assert "Acme/tool" in result.out
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", result.out + result.err)
    code, screen = converse(["board", "Acme"], [])
    assert code == 0
    assert "\x07" not in screen
    assert "\u202e" not in screen


def test_in_a_terminal_it_is_a_table(cli: Cli, project: Project, twin: Twin) -> None:
    tracker(twin.store.add_repository("Acme/tool"), "1.0.0", 2, due=-2)
    code, screen = converse(["board", "Acme"], [])
    assert code == 0
    assert re.search(r"Repository +Release +Steps +Next +Due +Who +Attention", screen)
    assert re.search(r"Acme/tool +1\.0\.0 +━{10} 2/4 +publish \(2\. After\) +20\d\d-\d\d-\d\d +mia +overdue", screen)


@pytest.mark.parametrize("columns", [60, 80])
def test_in_a_narrow_terminal_no_word_is_torn(cli: Cli, project: Project, twin: Twin, columns: int) -> None:
    tracker(twin.store.add_repository("Acme/a-tool-of-a-long-name"), "1.0.0-rc.1", 2, due=-2, quiet=20)
    code, screen = converse(["board", "Acme"], [], columns=columns)
    assert code == 0
    lines = screen[screen.index("Acme/") :].splitlines()
    assert all(len(line) <= columns for line in lines), screen
    assert lines[0].rstrip() == "Acme/a-tool-of-a-long-name 1.0.0-rc.1"
    words = " ".join(" ".join(lines).split())
    assert re.search(r"━{10} 2/4 · next: publish \(2\. After\) · due 20\d\d-\d\d-\d\d · mia overdue", words), screen
    assert "quiet for 20 days" in words


def read(twin: Twin, project: Project, places: Sequence[str]) -> dict[str, object]:
    client = Client(twin.api_url, project.token)
    return board_json(board_of(open_issues(client, places, "release"), places, utc_now(), client.requests))


def test_the_json_form_comes_back_as_the_same_board(project: Project, twin: Twin) -> None:
    many(twin, 20)
    hostile(twin)
    data = read(twin, project, ["Acme", "Acme/gone"])
    assert board_json(board_from_json(data)) == data
    assert len(releases(data["releases"])) == 3
