"""CI on the branch and on the tag: keyed on the commit, waited for, never taken for green too early."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from fastrel.actions.registry import action_of
from fastrel.engine.evaluate import check_action
from fastrel.engine.session import Session
from fastrel.report.verdict import Verdict
from fastrel_twin.records import Check, CommitStatus, Protection
from fastrel_twin.server import Twin
from fastrel_twin.workflows.simulated_ci import Timing
from stage import Cli, Project, ReleasedUpTo, converse, open_ready, run_until, step_of


def head(twin: Twin) -> str:
    return twin.store.bare.resolve("main")


def check(twin: Twin, name: str, conclusion: str | None) -> None:
    status = "completed" if conclusion else "in_progress"
    twin.store.checks.append(Check(twin.store.new_id(), head(twin), name, status, conclusion, twin.store.now()))


def status(twin: Twin, context: str, state: str) -> None:
    one = CommitStatus(twin.store.new_id(), head(twin), context, state, "mia", twin.store.now())
    twin.store.statuses.append(one)


def main_ci(cli: Cli) -> tuple[str, str]:
    step = step_of(cli, "main-ci", "0.2.0")
    return str(step["status"]), str(step["summary"])


def test_checks_and_statuses_count_together(cli: Cli, project: Project, twin: Twin) -> None:
    assert main_ci(cli)[0] == "done"
    check(twin, "lint", "neutral")
    check(twin, "optional", "skipped")
    status(twin, "coverage/patch", "pending")
    assert main_ci(cli) == ("waiting", f"1 of 7 still running on main ({head(twin)[:7]}): coverage/patch (pending)")
    status(twin, "coverage/patch", "success")
    assert main_ci(cli)[0] == "done"
    status(twin, "external", "error")
    assert main_ci(cli) == ("failed", f"red on main ({head(twin)[:7]}): external (error)")


def test_red_is_said_at_once_while_others_still_run(cli: Cli, project: Project, twin: Twin) -> None:
    check(twin, "slow", None)
    check(twin, "fast", "failure")
    assert main_ci(cli)[0] == "failed"


def test_a_new_run_of_a_check_takes_the_place_of_a_failed_one(cli: Cli, project: Project, twin: Twin) -> None:
    check(twin, "flaky", "failure")
    assert main_ci(cli)[0] == "failed"
    check(twin, "flaky", None)
    assert main_ci(cli)[0] == "waiting"
    check(twin, "flaky", "success")
    assert main_ci(cli)[0] == "done"


def test_checks_of_another_commit_do_not_count(project: Project) -> None:
    """The branch moves between two requests of one look."""
    session = project.session()
    old = session.repository.code.head("main")  # remembered until the next look
    project.git("commit", "--quiet", "--allow-empty", "-m", "Meanwhile")
    project.git("push", "--quiet", "origin", "main")
    verdict = session_check(session)
    assert (verdict.status, verdict.summary) == ("waiting", "main is moving just now")
    session.repository.fresh()
    assert session.repository.code.head("main") != old
    assert session_check(session).status == "done"


def session_check(session: Session) -> Verdict:
    """What the check of the branch's step finds, without forgetting what was read before."""
    return check_action(session.context("0.2.0").contexts()["main-ci"])


def test_thousands_of_check_runs_are_all_read(cli: Cli, project: Project, twin: Twin) -> None:
    for number in range(2500):
        check(twin, f"shard {number}", "success")
    assert main_ci(cli) == ("done", f"2504 checks are green on main ({head(twin)[:7]})")
    twin.store.checks[0].conclusion = "failure"
    assert main_ci(cli) == ("failed", f"red on main ({head(twin)[:7]}): shard 0 (failure)")


def test_checks_that_the_branch_requires_must_be_there(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.protect("main", Protection(pulls=False, checks=("Test", "security")))
    assert main_ci(cli) == ("waiting", f"not registered yet on main ({head(twin)[:7]}): security")
    check(twin, "security", "success")
    assert main_ci(cli)[0] == "done"


def test_checks_that_the_guide_requires_must_be_there(cli: Cli, project: Project, twin: Twin) -> None:
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text().replace("uses=ci.branch", 'uses=ci.branch required="Test, nightly"'))
    assert main_ci(cli) == ("waiting", f"not registered yet on main ({head(twin)[:7]}): nightly")


def test_no_check_at_all_is_waited_for_and_not_for_ever(cli: Cli, project: Project, twin: Twin) -> None:
    """flutter#144663: checks had not registered yet."""
    twin.simulated_ci.on_branch = ()
    assert main_ci(cli) == ("waiting", f"no check is registered yet on main ({head(twin)[:7]})")
    open_ready(cli, project)
    given_up = cli("run", "main-ci", "--yes", "--interval", "0.02", "--timeout", "0.005")
    assert given_up.code == 3
    assert "Step main-ci is still waiting after 0 seconds: no check is registered yet" in given_up.err
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text().replace("uses=ci.branch", "uses=ci.branch none=done"))
    assert main_ci(cli) == ("done", f"main ({head(twin)[:7]}) has no checks, as the guide says")


def test_what_never_registers_ends_the_wait_with_what_to_do(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin.simulated_ci.on_branch = ()
    open_ready(cli, project)
    monkeypatch.setattr("fastrel.actions.checks.check_verdict.REGISTERED", 0)  # ten minutes are too long for a test
    given_up = cli("run", "main-ci", "--yes", "--interval", "0.02")
    assert given_up.code == 3
    assert "See whether something should have started" in given_up.err
    assert "fastrel-checklist skip main-ci --reason WHY" in given_up.err


@pytest.mark.parametrize(
    ("event", "conclusion"), [("issue_comment", None), ("schedule", "cancelled"), ("milestone", "failure")]
)
def test_the_checklists_own_workflow_is_no_check_of_the_branch(
    cli: Cli, project: Project, twin: Twin, event: str, conclusion: str | None
) -> None:
    """GitHub counts a run that no push has started for the newest commit of the default branch."""
    run = twin.simulated_ci.happen(event, "Release checklist", "any / name")
    if conclusion:
        twin.simulated_ci.end(run.id, conclusion)
    assert main_ci(cli) == ("done", f"4 checks are green on main ({head(twin)[:7]})")
    # It does not stand in for checks that are not there either.
    twin.simulated_ci.on_branch = ()
    assert main_ci(cli) == ("waiting", f"no check is registered yet on main ({head(twin)[:7]})")


def test_no_other_workflow_is_taken_for_the_checklists_own(cli: Cli, project: Project, twin: Twin) -> None:
    """Not even one whose job has the same name."""
    for workflow in ("Release checklist", "Nightly"):
        twin.simulated_ci.end(twin.simulated_ci.happen("schedule", workflow, "checklist / sync").id, "cancelled")
    assert main_ci(cli) == ("failed", f"red on main ({head(twin)[:7]}): checklist / sync (cancelled)")
    project.change_guide("  branch: main\n", "  branch: main\n  workflow: nightly.yml\n")
    assert main_ci(cli)[0] == "failed"
    twin.simulated_ci.events.popitem()
    project.change_guide("workflow: nightly.yml", "workflow: release-checklist.yml")
    assert main_ci(cli)[0] == "done"


def test_the_checklists_own_run_is_not_run_again(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to()
    twin.simulated_ci.flaky.add("CI")
    twin.simulated_ci.end(twin.simulated_ci.happen("schedule", "Release checklist", "checklist / sync").id, "failure")
    done = cli("run", "main-ci", "--yes", "--rerun-failed", "--interval", "0.02")
    assert done.code == 0, done.err
    assert len([one for one in twin.requests if one[1].endswith("/rerun-failed-jobs")]) == 1


def test_the_checklists_own_workflow_is_no_workflow_of_the_tag(
    cli: Cli, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    twin.simulated_ci.on_tag = ()
    for event, conclusion in (("push", "cancelled"), ("release", "")):
        run = twin.simulated_ci.happen(event, "Release checklist", "checklist / sync", ref="refs/tags/v0.2.0")
        if conclusion:
            twin.simulated_ci.end(run.id, conclusion)
    assert "not registered yet on v0.2.0: " in str(step_of(cli, "tag-ci")["summary"])


def test_the_run_waits_for_running_checks_and_goes_on(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to()
    twin.simulated_ci.on_branch = ()
    project.git("commit", "--quiet", "--allow-empty", "-m", "Start CI again")
    project.git("push", "--quiet", "origin", "main")

    def looked(times: int) -> None:
        """Return when CI has been looked at so many times more."""
        path = "/commits/main/check-runs"
        wanted = sum(path in one[1] for one in twin.requests) + times
        while sum(path in one[1] for one in twin.requests) < wanted:
            time.sleep(0.01)

    def in_the_world_meanwhile() -> None:
        looked(3)
        check(twin, "Tests", None)
        looked(3)
        check(twin, "Tests", "success")

    store = threading.Thread(target=in_the_world_meanwhile, daemon=True)
    store.start()
    done = cli("run", "main-ci", "--yes", "--interval", "0.02")
    store.join(timeout=30)
    assert done.code == 0, done.err
    assert "waiting: no check is registered yet on main" in done.err
    assert "waiting: 1 of 1 still running on main" in done.err
    assert "✔ main-ci: 1 check is green on main" in done.err


@pytest.mark.parametrize(("step", "until"), [("main-ci", "milestone-pulls"), ("tag-ci", "push-tag")])
def test_at_a_terminal_the_run_says_how_long_it_usually_takes(
    cli: Cli, project: Project, twin: Twin, step: str, until: str, released_up_to: ReleasedUpTo
) -> None:
    released_up_to()
    run_until(cli, until)
    for push in twin.store.pushes:
        push.at -= 10_000
    if step == "main-ci":
        project.git("commit", "--quiet", "--allow-empty", "-m", "Start CI again")
        project.git("push", "--quiet", "origin", "main")
        twin.simulated_ci.observe()
    newest = twin.store.pushes[-1]
    newest.at = twin.simulated_ci.clock() - 60
    twin.simulated_ci.timing = Timing(ci_seconds=600)

    def asked() -> int:
        ref = "main" if step == "main-ci" else "v0.1.0"
        return sum(f"/actions/runs?branch={ref}" in one[1] for one in twin.requests)

    def in_the_world_meanwhile() -> None:
        while not asked():
            time.sleep(0.01)
        looked = len(twin.requests)
        while len(twin.requests) < looked + 20:
            time.sleep(0.01)
        newest.at -= 10_000

    store = threading.Thread(target=in_the_world_meanwhile, daemon=True)
    store.start()
    code, screen = converse(["run", step, "--yes", "--interval", "0.1"], [])
    store.join(timeout=30)
    assert code == 0, screen
    assert "of about 9 min, at most 60 min" in screen
    assert asked() == 1  # one request, however long it takes


def test_how_long_the_checks_of_others_take_is_not_known(cli: Cli, project: Project, twin: Twin) -> None:
    check(twin, "external", None)
    session = project.session()
    context = session.context("0.2.0").contexts()["main-ci"]
    assert action_of(context.step).expectation(context) is None
    assert not any("/actions/runs?branch=" in one[1] for one in twin.requests)


def test_red_ci_names_the_job_and_the_way_on(cli: Cli, project: Project, twin: Twin) -> None:
    twin.simulated_ci.flaky.add("CI")
    open_ready(cli, project)
    red = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert red.code == 1
    assert "Step main-ci needs repair: red on main" in red.err
    assert "Test (failure)" in red.err
    assert "--rerun-failed`" in red.err
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()
    again = cli("run", "main-ci", "--yes", "--rerun-failed", "--interval", "0.05")
    assert again.code == 0, again.err
    assert "→ run the failed jobs of CI again" in again.err


def test_red_jobs_are_run_again_once_and_no_more(cli: Cli, project: Project, twin: Twin) -> None:
    twin.simulated_ci.failing.add("CI")
    open_ready(cli, project)
    red = cli("run", "main-ci", "--yes", "--rerun-failed", "--interval", "0.02")
    assert red.code == 1
    assert len([one for one in twin.requests if one[1].endswith("/rerun-failed-jobs")]) == 1


def test_a_red_tag_workflow_is_named_and_run_again(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to()
    twin.simulated_ci.on_branch = ("Documentation",)
    twin.simulated_ci.flaky.add("CI")
    red = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert red.code == 1
    assert "Step tag-ci needs repair: red on v0.2.0: CI (failure)" in red.err
    # The image does not exist, and nothing later was done.
    assert step_of(cli, "image-available")["status"] == "waiting"
    assert step_of(cli, "announce-discussion")["status"] == "blocked"
    done = cli("run", "--yes", "--rerun-failed", "--interval", "0.05")
    assert done.code == 0, done.err


def test_workflows_of_the_tag_are_waited_for_by_name(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """The first one that is registered and green is not taken for all."""
    released_up_to("push-tag")
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text().replace("required=CI", 'required="CI, Wheels"'))
    twin.simulated_ci.on_tag = ("CI",)
    tag_ci = step_of(cli, "tag-ci")
    assert (tag_ci["status"], tag_ci["summary"]) == (
        "waiting",
        "not registered yet on v0.2.0: Wheels",
    )
    twin.simulated_ci.on_tag = ("CI", "Wheels")
    assert step_of(cli, "tag-ci")["status"] == "done"


def test_ctrl_c_while_waiting_loses_nothing(cli: Cli, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to()
    check(twin, "endless", None)
    # A shell that runs the tests in the background has them ignore Ctrl-C; a person's shell does not.
    program = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('fastrel_cli', run_name='__main__')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "run", "0.2.0", "--yes", "--defer-open", "--interval", "0.1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stderr is not None
        seen = ""
        deadline = time.monotonic() + 60
        while "waiting: 1 of 5 still running" not in seen and time.monotonic() < deadline:
            seen += process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, seen + rest
    assert "Traceback" not in seen + rest
    assert "What is done stays done; type the same command again to continue." in rest
    # What was done before is ticked, and the next run goes on.
    assert "milestone-pulls" in seen
    line = next(one for one in twin.store.issues[38].body.splitlines() if "<!-- step milestone-pulls -->" in one)
    assert line.startswith("- [x]")
    check(twin, "endless", "success")
    run_until(cli, "set-version")


def test_what_was_cancelled_since_a_newer_run_of_the_workflow_replaced_it_is_not_red(
    cli: Cli, project: Project, twin: Twin
) -> None:
    twin.simulated_ci.supersede("CI")
    assert main_ci(cli)[0] == "done"
    twin.simulated_ci.failing.add("CI")
    assert main_ci(cli) == ("failed", f"red on main ({head(twin)[:7]}): Test (failure)")
