"""Real recorded events, given to the entry point as GitHub Actions gives them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from fastrel.bot.events import Nothing, Reaction, Sweep, Sync, reaction_to
from fastrel.github.transport.fields import Fields
from fastrel.guide.model import Settings
from fastrel_twin.faults import Fault
from stage import Cli, Project, step_of
from webhooks import Json, Runner, part, recorded

NAME = "ServiceNow/Fast-LLM"


def push(ref: str) -> Json:
    return recorded("push") | {"ref": ref}


def checks(name: str, branch: str | None, **fields: object) -> Json:
    payload = recorded(name, "completed")
    run = part(payload, name, "check_suite") if name == "check_run" else part(payload, name)
    run["head_branch"] = branch
    part(payload, name).update(fields)
    if name == "workflow_run":
        part(payload, name, "head_repository")["full_name"] = part(payload, "repository")["full_name"]
    return payload


def release(action: str, tag: str) -> Json:
    payload = recorded("release", action)
    part(payload, "release")["tag_name"] = tag
    return payload


def issue(action: str, *, tracker: bool, state: str = "open", sender: str = "User") -> Json:
    payload = recorded("issues", action)
    labels = [{"name": "Release" if tracker else "bug"}]
    body = '<!-- fastrel tracker version="0.2.0" -->\nRelease' if tracker else "It does not work"
    part(payload, "issue").update({"labels": labels, "body": body, "state": state})
    part(payload, "sender")["type"] = sender
    return payload


@pytest.mark.parametrize(
    ("name", "make", "expected"),
    [
        ("push", lambda: push("refs/heads/main"), Sync()),
        ("push", lambda: push("refs/heads/release/0.2.1"), Sync()),
        ("push", lambda: push("refs/tags/v0.2.0"), Sync()),
        ("push", lambda: push("refs/heads/topic"), None),
        ("push", lambda: push("refs/tags/nightly"), None),
        ("check_suite", lambda: checks("check_suite", "main"), Sync()),
        ("check_suite", lambda: checks("check_suite", "topic"), None),
        ("check_suite", lambda: checks("check_suite", None), Sync()),
        ("check_suite", lambda: recorded("check_suite", "requested"), None),
        ("check_run", lambda: checks("check_run", "main"), Sync()),
        ("workflow_run", lambda: checks("workflow_run", "main"), Sync()),
        ("workflow_run", lambda: checks("workflow_run", "v0.2.0"), Sync()),
        ("workflow_run", lambda: checks("workflow_run", "main", event="pull_request"), None),
        # The recorded one comes from another repository, whose branch is called main, too.
        ("workflow_run", lambda: recorded("workflow_run", "completed"), None),
        ("status", lambda: recorded("status") | {"branches": [{"name": "main"}]}, Sync()),
        ("status", lambda: recorded("status") | {"branches": [{"name": "topic"}]}, None),
        ("release", lambda: release("published", "v0.2.0"), Sync()),
        ("release", lambda: release("deleted", "v0.2.0"), Sync()),
        ("release", lambda: release("published", "docs-7"), None),
        ("issues", lambda: issue("edited", tracker=True), Sync("0.2.0")),
        ("issues", lambda: issue("edited", tracker=True, sender="Bot"), None),
        ("issues", lambda: issue("edited", tracker=True, state="closed"), None),
        ("issues", lambda: issue("edited", tracker=False), None),
        ("issues", lambda: issue("reopened", tracker=False), Sync()),
        ("issues", lambda: issue("demilestoned", tracker=False), Sync()),
        ("milestone", lambda: recorded("milestone", "closed"), Sync()),
        ("discussion_comment", lambda: recorded("discussion_comment", "created"), Sync()),
        ("deployment_status", lambda: recorded("deployment_status"), Sync()),
        ("workflow_dispatch", lambda: recorded("workflow_dispatch"), Sweep()),
        ("schedule", lambda: {"schedule": "17 */6 * * *"}, Sweep()),
        ("pull_request", lambda: recorded("pull_request", "opened"), None),
        ("watch", lambda: recorded("watch", "started"), None),
        ("issue_comment", lambda: recorded("issue_comment", "created"), None),
        ("issue_comment", lambda: recorded("issue_comment", "edited"), None),
    ],
)
def test_what_an_event_asks_for(name: str, make: object, expected: Reaction | None) -> None:
    assert callable(make)
    found = reaction_to(name, Fields(make()), Settings())
    if expected is None:
        assert isinstance(found, Nothing)
        assert found.reason.endswith(".")
    else:
        assert found == expected


def test_every_recorded_payload_of_github_is_understood() -> None:
    from webhooks import _examples

    seen = 0
    for entry in _examples():
        examples = entry["examples"]
        assert isinstance(examples, list)
        for payload in examples:
            reaction_to(str(entry["name"]), Fields(payload), Settings())
            seen += 1
    assert seen > 250


EVENTS = [
    ("push", lambda: push("refs/heads/main")),
    ("check_suite", lambda: checks("check_suite", "main")),
    ("workflow_run", lambda: checks("workflow_run", "main")),
    ("release", lambda: release("published", "v0.2.0")),
    ("schedule", lambda: {"schedule": "17 */6 * * *"}),
]


@pytest.mark.parametrize(("name", "make"), EVENTS, ids=[name for name, _ in EVENTS])
def test_an_event_brings_the_tracker_up_to_date(runner: Runner, cli: Cli, name: str, make: object) -> None:
    assert callable(make)
    for issue in runner.project.twin.store.issues.values():
        if issue.pull is None and issue.milestone == 2 and issue.number != runner.number:
            runner.project.twin.store.close(issue)
    ran = runner.on(name, runner.at_home(make()))
    assert ran.code == 0, ran.log
    assert ran.outputs == {"changed": "true", "version": "0.2.0"}
    step = step_of(cli, "milestone-issues")
    assert step["ticked"]["by"] == "github-actions[bot]"  # type: ignore[index]  # an object
    assert f"Release issue #{runner.number}" in ran.summary
    assert runner.world_comments == []
    again = runner.on(name, runner.at_home(make()))
    assert again.outputs["changed"] == "false"


def test_the_workflow_does_not_wait_for_itself(runner: Runner, cli: Cli) -> None:
    """Nor does a run count that GitHub has cancelled, since a later one took its place in the queue."""
    simulated_ci = runner.project.twin.simulated_ci
    simulated_ci.end(simulated_ci.happen("milestone", "Release checklist", "checklist / sync").id, "cancelled")
    ran = runner.on("push", runner.at_home(push("refs/heads/main")), "--task", "sync")
    assert ran.code == 0, ran.log
    assert "::warning::" not in ran.log
    assert "unverified:" not in runner.body
    assert step_of(cli, "main-ci")["status"] == "done"


def test_a_workflow_that_the_guide_does_not_know_says_what_to_write(runner: Runner, cli: Cli) -> None:
    runner.workflow = "Ticks"
    ran = runner.on("push", runner.at_home(push("refs/heads/main")))
    assert "::warning::What this workflow runs, .github/workflows/ticks.yml, counts as CI" in ran.log
    assert "Write `workflow: ticks.yml` under `fastrel:` in the guide." in ran.log
    assert "unverified: was verified before; 1 of 5 still running on main" in runner.body
    runner.project.change_guide("  branch: main\n", "  branch: main\n  workflow: ticks.yml\n")
    ran = runner.on("push", runner.at_home(push("refs/heads/main")))
    assert "::warning::" not in ran.log
    assert "unverified:" not in runner.body


def test_a_tick_in_the_browser_gets_its_evidence(runner: Runner, cli: Cli) -> None:
    store = runner.project.twin.store
    store.issues[runner.number].body = runner.body.replace("- [ ]", "- [x]", 1)
    payload = runner.at_home(recorded("issues", "edited"))
    part(payload, "issue").update(runner.issue(runner.number))
    ran = runner.on("issues", payload)
    assert (ran.code, ran.outputs["changed"]) == (0, "true")
    assert "unverified:" in runner.body


def test_what_concerns_no_release_changes_nothing_and_says_why(runner: Runner) -> None:
    before = len(runner.project.twin.requests)
    ran = runner.on("push", runner.at_home(push("refs/heads/topic")))
    assert ran.code == 0
    assert "The branch is none that is released from." in ran.summary
    assert ran.outputs == {"changed": "false", "version": ""}
    assert runner.project.twin.requests[before:] == []


def test_a_fork_does_nothing(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    runner.project.twin.store.name = "somebody/Fast-LLM"
    ran = runner.on("schedule", {"schedule": "17 */6 * * *"}, "--snapshot", "fastrel.json")
    assert ran.code == 0
    assert "This is somebody/Fast-LLM; the guide is that of ServiceNow/Fast-LLM." in ran.summary
    assert not (runner.project.path / "fastrel.json").exists()


def test_the_snapshot_is_written_for_the_docs(runner: Runner) -> None:
    ran = runner.on("push", runner.at_home(push("refs/heads/main")), "--snapshot", "out/fastrel.json")
    assert ran.code == 0, ran.log
    assert ran.outputs["snapshot"] == "out/fastrel.json"
    snapshot = json.loads((runner.project.path / "out" / "fastrel.json").read_text())
    assert (snapshot["version"], snapshot["schema"]) == ("0.2.0", "fastrel.report/1")


def test_a_snapshot_that_cannot_be_written_leaves_outputs_and_summary(runner: Runner) -> None:
    (runner.project.path / "out").write_text("a file where the folder would be")
    ran = runner.on("push", runner.at_home(push("refs/heads/main")), "--snapshot", "out/fastrel.json")
    assert ran.code == 2
    assert ran.outputs["version"] == "0.2.0"
    assert set(ran.outputs) == {"changed", "version"}
    assert f"Release issue #{runner.number}: Release 0.2.0" in ran.summary
    assert "The snapshot: out/fastrel.json cannot be written" in ran.summary
    assert "::error::out/fastrel.json cannot be written" in ran.log


@pytest.mark.parametrize(
    "version", ["1.0.0 && curl evil|sh", "0.2.0$(id)", "0.2.0\tx", "v0.2.0", "0.2", "", "0.2.0%0Aversion=6.6.6"]
)
def test_the_version_that_a_workflow_gets_is_one_or_empty(runner: Runner, version: str) -> None:
    """The next step of a workflow may put it into a script."""
    comment = runner.write("mia", "/status")
    payload = runner.commented(comment)
    store = runner.project.twin.store
    tracker = store.issues[runner.number]
    store.edit_body(tracker, tracker.body.replace('"0.2.0"', f'"{version}"', 1), "mia")
    ran = runner.on("issue_comment", payload)
    assert ran.outputs == {"changed": "false", "version": ""}
    payload = runner.at_home(recorded("issues", "edited"))
    part(payload, "issue").update(runner.issue(runner.number))
    assert runner.on("issues", payload).outputs["version"] == ""


def test_without_an_open_tracker_nothing_is_done(runner: Runner) -> None:
    store = runner.project.twin.store
    store.close(store.issues[runner.number])
    ran = runner.on("push", runner.at_home(push("refs/heads/main")))
    assert ran.code == 0
    assert "No release is in progress." in ran.summary


def test_a_failure_of_github_fails_the_run_and_says_so(runner: Runner) -> None:
    runner.project.twin.faults.add(*[Fault("PATCH", f"/issues/{runner.number}")] * 5)
    runner.project.twin.store.issues[runner.number].body += "\n"
    for issue in (29, 30, 31):
        runner.project.twin.store.close(runner.project.twin.store.issues[issue])
    ran = runner.on("push", runner.at_home(push("refs/heads/main")))
    assert ran.code == 1
    assert "::error::GitHub failed to answer PATCH" in ran.log


def test_one_release_issue_that_cannot_be_synced_leaves_the_others(runner: Runner, cli: Cli) -> None:
    store = runner.project.twin.store
    assert cli("open", "0.1.1").code == 0
    other = store.issues[max(store.issues)]
    for number in (31, 35, 36):  # the bugs, which both releases ask about
        store.close(store.issues[number])
    runner.project.twin.faults.add(Fault("PATCH", f"/issues/{runner.number}", times=9))
    before = other.body
    ran = runner.on("push", runner.at_home(push("refs/heads/main")))
    assert ran.code == 1
    assert other.body != before
    assert f"Release issue #{other.number}: Release 0.1.1: " in ran.summary
    assert f"Release issue #{runner.number}: GitHub failed to answer PATCH" in ran.summary


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "cannot be read (JSONDecodeError)"), ("[]", "an object was expected"), (None, "FileNotFoundError")],
)
def test_a_broken_event_is_one_clear_message(
    runner: Runner, cli: Cli, monkeypatch: pytest.MonkeyPatch, content: str | None, said: str
) -> None:
    file = runner.project.path.parent / "event.json"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("GITHUB_EVENT_NAME", "push")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(file))
    result = cli("react")
    assert result.code in (1, 2)
    assert said in result.err


def test_outside_of_actions_it_says_what_to_type(cli: Cli, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_EVENT_NAME", raising=False)
    result = cli("react")
    assert result.code == 2
    assert "By hand, type `fastrel-checklist sync`." in result.err


def test_a_token_that_may_not_see_drafts_does_not_doubt_them(runner: Runner, cli: Cli) -> None:
    """The job that syncs may read the code and no more; GitHub shows drafts with write access only."""
    from stage import open_ready, run_until

    open_ready(cli, runner.project)
    run_until(cli, "generate-notes")
    runner.bot.role = "triage"
    before = [line for line in runner.body.splitlines() if "draft-release" in line or "generate-notes" in line]
    ran = runner.on("push", runner.at_home(push("refs/tags/v0.2.0")), "--task", "sync")
    assert ran.code == 0, ran.log
    assert len(before) == 2
    assert set(before) <= set(runner.body.splitlines())
    assert step_of(cli, "draft-release")["status"] == "done"


def test_a_schedule_answers_what_was_left_and_syncs(runner: Runner) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    runner.write("carl", "/tick open-bugs ship", at=now - timedelta(days=3))
    runner.write("carl", "/skip announce-forum quiet", at=now - timedelta(hours=3))
    ran = runner.on("schedule", {"schedule": "17 */6 * * *"}, "--task", "sync")
    assert runner.answers == []
    ran = runner.on("schedule", {"schedule": "17 */6 * * *"}, "--task", "answer")
    assert ran.code == 0, ran.log
    (answer,) = runner.answers
    assert "`/skip announce-forum quiet`" in answer


def test_outside_of_actions_an_error_is_said_once(cli: Cli, project: Project) -> None:
    done = cli("react")
    assert done.code == 2
    assert done.err.count("There is no event") == 1
