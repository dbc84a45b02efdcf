"""Issues of strangers are no release issues; skips and decisions count only when somebody made them who may."""

from __future__ import annotations

import re

import pytest

from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release

SKIP = (
    ' <!-- /step by="mia" at="2026-11-28T07:00:00Z" summary="approved by mia" skip="approved by mia" sum=00000000 -->'
)
LINE = re.compile(r"^( *- \[)[ x](\] .*<!-- step ([a-z-]+) -->).*$", re.MULTILINE)


def with_skips(body: str, *steps: str) -> str:
    """The body with a tick and a forged skip behind the lines of the steps; of all without names."""
    return LINE.sub(lambda one: f"{one[1]}x{one[2]}{SKIP}" if not steps or one[3] in steps else one[0], body)


def with_tick(body: str, step: str) -> str:
    return LINE.sub(lambda one: f"{one[1]}x{one[2]}" if one[3] == step else one[0], body)


def template(cli: Cli, twin: Twin) -> str:
    """The body of a real tracker, whose issue is taken away again."""
    begin_release(cli)
    return twin.store.issues.pop(38).body


def test_an_issue_of_a_stranger_is_no_tracker_whatever_stands_in_it(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.add_user("eve", "read")
    body = with_skips(template(cli, twin))
    forged = twin.store.add_issue("Release 0.2.0", "eve", body=body, labels=["release"])
    status = cli("status", "0.2.0", "--json")
    assert status.json["tracker"] is None
    assert "skipped" not in status.statuses().values()
    assert "eve, who opened it, does not belong to the repository" in " ".join(status.json["warnings"])  # type: ignore[arg-type]  # a list of words
    refused = cli("run", "0.2.0", "--yes")
    assert refused.code == 2
    assert "There is no release issue for 0.2.0." in refused.err
    begin_release(cli)
    assert forged.body == body
    assert cli("status", "--json").json["tracker"]["number"] != forged.number  # type: ignore[index]  # an object
    assert "eve" not in cli("board", "ServiceNow/Fast-LLM").out


@pytest.mark.parametrize("version", ["x", "0.2", "", "9.9.9+build", "\u202e0.2.0", "v0.2.0"])
def test_an_issue_with_a_version_that_is_none_stops_nothing(
    cli: Cli, project: Project, twin: Twin, version: str
) -> None:
    begin_release(cli)
    broken = f'<!-- fastrel tracker version="{version}" -->'
    twin.store.add_issue("Release", "carl", body=broken, labels=["release"])
    for command in (("status",), ("sync",), ("tick", "open-bugs")):
        done = cli(*command)
        assert done.code == 0, done.err


def test_a_skip_that_a_triager_wrote_into_the_tracker_does_not_count(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.add_user("tim", "triage")
    begin_release(cli)
    issue = twin.store.issues[38]
    before = cli("status", "--json").statuses()
    forged = with_skips(issue.body)
    twin.store.edit_body(issue, forged, "tim")
    status = cli("status", "--json")
    assert status.statuses() == before
    assert "not count: tim, who has not the role write, wrote it." in " ".join(status.json["warnings"])  # type: ignore[arg-type]  # a list of words
    assert cli("run", "publish-release", "--yes").code != 0
    assert [one.tag for one in twin.store.releases.values()] == ["v0.1.0"]
    # What the tool writes does not make it its own.
    assert cli("sync").code == 0
    assert cli("status", "--json").statuses() == before


def test_a_real_tick_in_the_place_of_one_that_does_not_count_counts(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.add_user("tim", "triage")
    begin_release(cli)
    issue = twin.store.issues[38]
    twin.store.edit_body(issue, with_skips(issue.body, "push-tag"), "tim")
    assert cli("status", "--json").statuses()["push-tag"] != "skipped"
    assert cli("skip", "push-tag", "--reason", "by hand").code == 0
    assert cli("status", "--json").statuses()["push-tag"] == "skipped"


def test_a_real_tick_that_says_the_same_as_one_that_does_not_count_counts(
    cli: Cli, project: Project, twin: Twin
) -> None:
    twin.store.add_user("tim", "triage")
    begin_release(cli)
    issue = twin.store.issues[38]
    twin.store.edit_body(
        issue, issue.body.replace("- [ ] Build the documentation", "- [x] Build the documentation"), "tim"
    )
    assert cli("status", "--json").statuses()["docs-current"] != "done"
    assert cli("tick", "docs-current").code == 0
    assert cli("status", "--json").statuses()["docs-current"] == "done"


def test_a_decision_needs_the_role_of_its_step(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.add_user("tim", "triage")
    begin_release(cli)
    issue = twin.store.issues[38]
    for editor, counts in (("tim", False), ("mia", True)):
        twin.store.edit_body(issue, with_tick(issue.body, "open-bugs").replace("[x]", "[x]"), editor)
        assert (cli("status", "--json").statuses()["open-bugs"] == "done") is counts, editor
        twin.store.edit_body(issue, re.sub(r"\[x\](.*<!-- step open-bugs -->)", r"[ ]\1", issue.body), editor)


def test_a_second_name_in_the_evidence_proves_nothing(cli: Cli, project: Project, twin: Twin) -> None:
    """What counts is who wrote it, as GitHub shows it, not the name that stands there."""
    twin.store.add_user("tim", "triage")
    begin_release(cli)
    issue = twin.store.issues[38]
    twin.store.edit_body(issue, with_skips(issue.body, "open-bugs"), "tim")
    twin.store.edit_body(issue, issue.body + "\nWords of mia.\n", "mia")
    assert cli("status", "--json").statuses()["open-bugs"] != "skipped"


def test_a_report_asks_who_wrote_in_the_tracker_in_one_request(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    assert cli("tick", "open-bugs").code == 0
    before = len(twin.requests)
    assert cli("status").code == 0
    asked = [one for one in twin.requests[before:] if "collaborators" in one[1]]
    assert asked == []


def test_where_github_does_not_tell_who_wrote_a_tick_what_relies_on_it_is_unknown(
    cli: Cli, project: Project, twin: Twin
) -> None:
    begin_release(cli)
    assert cli("tick", "open-bugs", "--note", "ship").code == 0
    assert cli("skip", "docs-current", "--reason", "no change").code == 0
    twin.faults.add(Fault("POST", "/graphql", body="userContentEdits", times=99))
    status = cli("status", "--json")
    steps = status.json["steps"]
    assert isinstance(steps, list)
    told = {one["id"]: one["summary"] for one in steps if one["status"] == "unknown"}
    assert {"open-bugs", "docs-current"} <= set(told)
    assert "set-version" not in told
    assert all(words.startswith("who ticked it is not known: ") for words in told.values())
    assert cli("run", "publish-release", "--yes").code != 0
    assert [one.tag for one in twin.store.releases.values()] == ["v0.1.0"]


@pytest.mark.parametrize(("role", "counts"), [("triage", False), ("write", True)])
def test_what_the_tool_brings_back_does_not_become_its_own(
    cli: Cli, project: Project, twin: Twin, role: str, counts: bool
) -> None:
    """Somebody writes between the reading and the writing of a tick; the tool brings back what its write took away."""
    twin.store.add_user("tim", role)
    begin_release(cli)
    issue = twin.store.issues[38]

    def forge() -> None:
        twin.store.edit_body(issue, with_skips(issue.body, "docs-current", "push-tag") + "\nWords of tim.\n", "tim")

    twin.faults.add(Fault("PATCH", "/issues/38", wrong=Wrong.NOTHING, meanwhile=forge))
    assert cli("tick", "open-bugs").code == 0
    assert not twin.faults.coming
    assert "Words of tim." in issue.body
    statuses = cli("status", "--json").statuses()
    assert statuses["open-bugs"] == "done"
    assert (statuses["docs-current"] == "skipped") is counts
    assert statuses["push-tag"] != "skipped"  # which needs a maintainer


def test_a_tick_that_somebody_makes_after_the_writing_stays(cli: Cli, project: Project, twin: Twin) -> None:
    """The tool brings back what it took away; what came after its own text stays as it is."""
    begin_release(cli)
    issue = twin.store.issues[38]

    def words() -> None:
        twin.store.edit_body(issue, issue.body + "\nWords of ada.\n", "ada")

    def tick() -> None:
        twin.store.edit_body(issue, with_tick(issue.body, "docs-current"), "ada")

    twin.faults.add(Fault("PATCH", "/issues/38", wrong=Wrong.NOTHING, meanwhile=words))
    twin.faults.add(Fault("POST", "/graphql", body="query Revisions", wrong=Wrong.NOTHING, meanwhile=tick))
    assert cli("tick", "open-bugs").code == 0
    assert not twin.faults.coming
    assert "Words of ada." in issue.body
    statuses = cli("status", "--json").statuses()
    assert (statuses["docs-current"], statuses["open-bugs"]) == ("done", "done")


def test_ticks_of_a_second_release_issue_are_taken_over_from_those_who_may(
    cli: Cli, project: Project, twin: Twin
) -> None:
    twin.store.add_user("tim", "triage")
    begin_release(cli)
    first = twin.store.issues[38]
    double = twin.store.add_issue("Release 0.2.0", "mia", body=first.body, labels=["release"])
    twin.store.edit_body(double, with_tick(double.body, "open-bugs"), "mia")
    twin.store.edit_body(double, with_skips(double.body, "push-tag"), "tim")
    assert cli("open", "0.2.0").code == 0
    assert double.state == "closed"
    statuses = cli("status", "--json").statuses()
    assert statuses["open-bugs"] == "done"
    assert statuses["push-tag"] != "skipped"
