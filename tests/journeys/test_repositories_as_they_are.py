"""Repositories that were renamed, archived, disabled, emptied: one message in the first round, and no verdict on others' data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fastrel_twin.faults import Fault
from fastrel_twin.records import CommitStatus
from fastrel_twin.server import Twin
from github_conditions import CONDITIONS
from recording import Recorder
from stage import Cli, Project, begin_release, open_ready, run_until

READING = (
    ("status", "0.2.0"),
    ("status", "0.2.0", "--json"),
    ("open", "0.2.0"),
    ("run", "0.2.0", "--yes"),
)


def renamed(twin: Twin) -> None:
    CONDITIONS["renamed"](twin)


def no_branch(twin: Twin) -> None:
    twin.store.bare.set_ref("refs/heads/trunk", twin.store.bare.resolve("main"))
    twin.store.bare.delete_ref("refs/heads/main")
    twin.store.default_branch = "trunk"  # GitHub refuses to delete the default branch


def disabled(twin: Twin) -> None:
    twin.store.disabled = True


@pytest.mark.parametrize(
    ("condition", "says", "mend"),
    [
        (renamed, "ServiceNow/Fast-LLM was renamed or transferred: it is ServiceNow/Faster-LLM now.", "Set `repository: ServiceNow/Faster-LLM` in the guide"),
        (CONDITIONS["issues-disabled"], "Issues are switched off in ServiceNow/Fast-LLM", "/ServiceNow/Fast-LLM/settings (General, Features, Issues)"),
        (CONDITIONS["empty"], "ServiceNow/Fast-LLM has no commit yet.", "Push a first commit"),
        (no_branch, "ServiceNow/Fast-LLM has no branch main.", "Set `branch: trunk` in the guide if that is the one, or push main."),
        (CONDITIONS["blocked-by-law"], "GitHub does not show the repository, for legal reasons", "ask GitHub's support"),
        (disabled, "GitHub has disabled the repository", "ask GitHub's support"),
    ],
)  # fmt: skip
def test_a_repository_that_cannot_hold_a_release_is_told_in_one_message(
    cli: Cli, project: Project, recorder: Recorder, condition: Callable[[Twin], object], says: str, mend: str
) -> None:
    condition(project.twin)
    before = len(project.twin.requests)
    for command in READING:
        refused = cli(*command)
        assert refused.code == 2, (command, refused.out, refused.err)
        assert says in refused.err, (command, refused.err)
        assert mend in refused.err, (command, refused.err)
        assert "othing was changed" in refused.err or "disabled" in refused.err or "legal" in refused.err
        assert refused.out == ""
    recorder.exchanges.clear()  # status 451 is not described
    asked = project.twin.requests[before:]
    assert {verb for verb, path, _ in asked if path != "/api/graphql"} == {"GET"}


def test_nothing_is_concluded_from_what_an_old_name_leads_to(cli: Cli, project: Project, twin: Twin) -> None:
    head = twin.store.bare.resolve("main")
    twin.store.statuses.append(CommitStatus(twin.store.new_id(), head, "coverage", "failure", "mia", twin.store.now()))
    renamed(twin)
    assert cli("status", "0.2.0").code == 2
    # Every redirection that was followed had its query.
    assert all("page" in path or "?" in path or "issues" not in path for _, path, _ in twin.requests)


def test_a_renamed_repository_is_found_by_doctor(cli: Cli, project: Project, twin: Twin) -> None:
    renamed(twin)
    examined = cli("doctor")
    assert examined.code == 1
    assert "problem  repository" in examined.out
    assert "it is ServiceNow/Faster-LLM now" in examined.out
    assert "Set `repository: ServiceNow/Faster-LLM`" in " ".join(examined.out.split())


def test_a_branch_that_was_renamed_is_none(cli: Cli, project: Project, twin: Twin) -> None:
    """GitHub sends a request for the branch to another one, which it does not for its commits."""
    CONDITIONS["branch-renamed"](twin)
    project.change_guide("branch: main", "branch: master")
    for command in READING:
        refused = cli(*command)
        assert refused.code == 2, command
        assert "ServiceNow/Fast-LLM has no branch master." in refused.err
        assert "Set `branch: main` in the guide" in refused.err
    examined = " ".join(cli("doctor").out.split())
    assert "transferred" not in examined
    assert "problem branch" in examined


def test_upper_and_lower_case_are_one_name(cli: Cli, project: Project) -> None:
    project.change_guide("repository: ServiceNow/Fast-LLM", "repository: servicenow/fast-llm")
    assert cli("status", "0.2.0").code == 0


def test_an_archived_repository_is_read_and_not_changed(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    twin.store.archived = True
    status = cli("status", "0.2.0")
    assert status.code == 0
    assert "ServiceNow/Fast-LLM is archived: GitHub takes no changes to it." in " ".join(
        (status.out + status.err).split()
    )
    before = len(twin.requests)
    for command in (("open", "0.3.0"), ("run", "0.2.0", "--yes"), ("run", "0.3.0", "--yes")):
        refused = cli(*command)
        assert refused.code, refused.out
        assert "is archived" in refused.err
        assert "Unarchive it on GitHub first" in " ".join(refused.err.split())
        assert refused.code == 2
    asked = [one for one in twin.requests[before:] if one[0] != "GET" and one[1].startswith("/api/v3")]
    assert asked == []
    ticked = cli("tick", "docs-current", "--version", "0.2.0", "--note", "x")
    assert ticked.code == 1
    assert "Unarchive it" in ticked.err
    assert "is archived" in cli("doctor").out


def test_a_release_issue_that_was_deleted_or_transferred_is_none(cli: Cli, project: Project, twin: Twin) -> None:
    for goes in ("deleted", "transferred"):
        begin_release(cli)
        number = max(twin.store.issues)
        if goes == "deleted":
            twin.store.delete(number)
        else:
            twin.store.transfer(number, "ServiceNow/Elsewhere")
        refused = cli("tick", "docs-current", "--version", "0.2.0", "--note", "x")
        assert refused.code == 2
        assert "There is no release issue for 0.2.0" in refused.err
        assert "fastrel-checklist open 0.2.0" in refused.err
        session = project.session()
        with pytest.raises(Exception, match=r"gone: This issue was deleted|was transferred to ServiceNow/Elsewhere"):
            session.repository.issues.one(number)


def test_a_token_that_expires_in_the_middle_of_a_run_leaves_a_run_that_goes_on(
    cli: Cli, project: Project, twin: Twin
) -> None:
    open_ready(cli, project)
    twin.faults.add(Fault("POST", "/releases", 401, message="Bad credentials"))
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "draft-release")
    assert stopped.code == 2
    assert "does not accept the token (401 Bad credentials)" in stopped.err
    assert "Then type the same command again: it goes on from there." in " ".join(stopped.err.split())
    assert [one.tag for one in twin.store.releases.values() if one.tag == "v0.2.0"] == []
    run_until(cli, "draft-release")
    assert [one.tag for one in twin.store.releases.values() if one.tag == "v0.2.0"] == ["v0.2.0"]
