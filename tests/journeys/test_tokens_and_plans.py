"""Private repositories, plans without rulesets, and tokens of each kind: what cannot be read is said with the cause."""

from __future__ import annotations

import pytest

from fastrel_twin.records import CommitStatus
from fastrel_twin.server import Twin
from github_conditions import CONDITIONS
from stage import Cli, Project, ReleasedUpTo, Result, begin_release, open_ready, run_until, step_of

READS = {"contents": "write", "issues": "write", "pull_requests": "write", "discussions": "write"}


def ci(cli: Cli) -> tuple[str, str]:
    step = step_of(cli, "main-ci")
    return str(step["status"]), str(step["summary"])


def doctor(cli: Cli, name: str) -> dict[str, str]:
    checks = cli("doctor", "--json").json["checks"]
    assert isinstance(checks, list)
    found = next(one for one in checks if one["id"] == name)
    assert isinstance(found, dict)
    return found


def test_a_private_repository_on_the_free_plan_is_released(cli: Cli, project: Project, twin: Twin) -> None:
    """It has no rules (403), and nobody is told to ask for a higher role."""
    twin.store.private = True
    open_ready(cli, project)
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "publish-release")
    assert done.code == 0, done.err
    assert "higher role" not in done.err
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()


def test_a_fine_grained_token_sees_the_jobs_in_the_place_of_checks(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.private = True
    open_ready(cli, project)
    status, summary = ci(cli)
    assert status == "done"
    assert " green on main" in summary
    assert "only those of GitHub Actions" in summary
    twin.store.private = False
    counted = summary.partition(" on main")[0]
    assert ci(cli)[1].partition(" on main")[0] == counted  # as many as there are checks
    twin.store.private = True
    (name, *_) = twin.simulated_ci.on_branch
    twin.simulated_ci.failing.add(name)
    assert ci(cli)[0] == "failed"
    assert "(failure)" in ci(cli)[1]


def test_a_required_check_of_another_app_is_unknown_to_such_a_token(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.private = True
    project.change_guide("uses=ci.branch", 'uses=ci.branch required="codecov/patch"')
    status, summary = ci(cli)
    assert status == "unknown"
    assert "codecov/patch" in summary
    assert "Fine-grained tokens have no permission for checks" in summary


@pytest.mark.parametrize(
    ("granted", "words"),
    [
        (READS, "actions: read"),
        ({**READS, "actions": "read"}, "statuses: read"),
    ],
)
def test_what_the_token_lacks_is_in_the_verdict(
    cli: Cli, project: Project, twin: Twin, granted: dict[str, str], words: str
) -> None:
    twin.store.private = True
    twin.store.users["mia"].permissions = granted
    status, summary = ci(cli)
    assert status == "unknown"
    assert words in summary


def test_a_token_that_may_not_read_discussions_is_told_so(cli: Cli, project: Project, twin: Twin) -> None:
    """GraphQL answers with status 200, and names no permission."""
    twin.store.private = True
    twin.store.users["mia"].permissions = {one: two for one, two in READS.items() if one != "discussions"}
    step = step_of(cli, "announce-forum")
    assert step["status"] == "unknown"
    assert "The fine-grained token lacks the permission `discussions: read`" in str(step["summary"])


def test_a_token_that_may_not_write_discussions_ends_the_run_before_the_announcement(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("announce-discussion")
    twin.store.users["mia"].permissions = {**READS, "discussions": "read"}
    before = len(twin.store.discussions)
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "announce-forum")
    assert stopped.code == 1
    assert "lacks the permission `discussions: write`" in stopped.err
    assert "announce-forum is not ticked." in stopped.err
    assert len(twin.store.discussions) == before


def test_a_classic_token_sees_all_checks_of_a_private_repository(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.private = True
    twin.store.users["mia"].scopes = ("repo", "workflow")
    sha = twin.store.bare.resolve("main")
    twin.store.statuses.append(CommitStatus(twin.store.new_id(), sha, "coverage", "failure", "mia", twin.store.now()))
    assert ci(cli) == ("failed", f"red on main ({sha[:7]}): coverage (failure)")


def test_a_classic_token_without_the_scope_is_told_which(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.private = True
    twin.store.users["mia"].scopes = ("gist",)
    result = cli("status")
    assert result.code != 0
    assert "There is no repository ServiceNow/Fast-LLM" in result.err
    assert "needs the scope repo; it has gist" in result.err


def test_doctor_says_what_a_fine_grained_token_lacks_and_what_to_tick(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.private = True
    twin.store.users["mia"].permissions = READS
    one = doctor(cli, "scopes")
    assert one["health"] == "problem"
    assert "Actions: Read-only" in one["summary"]
    assert "Commit statuses: Read-only" in one["summary"]
    assert "/settings/personal-access-tokens" in one["mend"]
    for label in ("Actions: Read", "Contents: Read and write", "Issues: Read and write", "Discussions: Read and write"):
        assert label in one["mend"]
    assert "Checks" not in one["mend"]
    twin.store.users["mia"].permissions = None
    one = doctor(cli, "scopes")
    assert one["health"] == "warning"
    assert "checks of other apps than GitHub Actions" in one["summary"]


def test_doctor_says_what_the_token_of_a_workflow_needs(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = twin.store.add_user("github-actions[bot]", "write", bot=True, app=True)
    monkeypatch.setenv("GH_TOKEN", bot.token)
    one = doctor(cli, "scopes")
    assert "contents: write" in one["mend"]
    assert "issues: write" in one["mend"]
    assert "pull-requests: write" in one["mend"]
    assert "starts no workflow" in one["mend"]
    monkeypatch.delenv("GH_TOKEN")
    assert "Contents: Read and write" in doctor(cli, "scopes")["mend"]


def test_an_app_that_has_no_role_is_told_how_it_gets_one(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ready(cli, project)
    login = "release-bot[bot]"
    bot = twin.store.add_user(login, "maintain", bot=True)
    monkeypatch.setenv("GH_TOKEN", bot.token)
    assert cli("status", "--json").code == 0
    stopped = cli("run", "--yes", "--until", "milestone-issues")
    assert f"GitHub does not say which role {login} has" in stopped.err
    assert "`maintainers:`" in stopped.err
    project.change_guide("  branch: main\n", f'  branch: main\n  maintainers: ["{login}"]\n', push=True)
    run = cli("run", "milestone-issues", "--yes", "--defer-open", "--interval", "0.05")
    assert run.code == 0, run.err


@pytest.mark.parametrize(
    ("condition", "mend"),
    [
        ("ip-allow-list", "Work from an IP address that is on the organization's list"),
        ("classic-tokens-forbidden", "Make a fine-grained token for the organization"),
    ],
)
def test_a_policy_of_the_organization_is_no_question_of_roles(
    cli: Cli, project: Project, twin: Twin, condition: str, mend: str
) -> None:
    CONDITIONS[condition](twin)
    for command in (("status",), ("open", "0.2.0"), ("run", "0.2.0", "--yes")):
        refused = cli(*command)
        assert refused.code == 1, command
        assert mend in refused.err
        assert "higher role" not in refused.err
        assert "done: Nothing was changed." in refused.err
    assert mend in " ".join(cli("doctor").out.split())


# Opening


def test_who_may_not_set_a_label_opens_no_release(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub would leave the label out, and the issue would be no release issue."""
    twin.store.add_label("release")
    before = set(twin.store.issues)
    monkeypatch.setenv("GH_TOKEN", twin.tokens["read"])
    refused = cli("open", "0.2.0")
    assert refused.code == 2
    assert "needs role triage, since its issue gets a label; rae has read." in refused.err
    assert set(twin.store.issues) == before
    monkeypatch.setenv("GH_TOKEN", twin.tokens["triage"])
    begin_release(cli)


def opened(cli: Cli) -> Result:
    return cli("open", "0.2.0", "--json")


def test_who_cannot_be_assigned_is_named_and_nothing_is_opened(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide("  branch: main\n", "  branch: main\n  assignees: [carl, ghost]\n")
    before = set(twin.store.issues)
    refused = opened(cli)
    assert refused.code == 1
    assert "GitHub cannot assign ghost to issues of ServiceNow/Fast-LLM" in refused.err
    assert "No release issue was opened." in refused.err
    assert "Correct `assignees:` in the guide" in refused.err
    assert set(twin.store.issues) == before


def test_the_token_of_actions_is_never_assigned(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = twin.store.add_user("github-actions[bot]", "write", bot=True, app=True)
    monkeypatch.setenv("GH_TOKEN", bot.token)
    result = opened(cli)
    assert result.code == 0, result.err
    number = result.json["number"]
    assert isinstance(number, int)
    assert twin.store.issues[number].assignees == []


def test_a_label_that_exists_is_not_made_again(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.add_label("release")
    assert opened(cli).code == 0
    assert not [one for one in twin.requests if one[0] == "POST" and one[1].endswith("/labels")]


def test_who_may_not_make_the_label_is_told_so(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", twin.tokens["triage"])
    refused = opened(cli)
    assert refused.code == 1
    assert "ServiceNow/Fast-LLM has no label" in refused.err
    assert "Somebody with role write makes the label" in refused.err
    label = next(one for one in refused.err.split() if one.startswith("release"))
    twin.store.add_label(label.strip(",."))
    assert opened(cli).code == 0


def test_a_run_in_a_private_repository_with_a_fine_grained_token(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.private = True
    open_ready(cli, project)
    run_until(cli, "push-tag")
