"""What a run asks again and again, and what it asks once; what others do meanwhile is seen all the same."""

from __future__ import annotations

import re

from fastrel_twin.faults import Fault, Wrong
from fastrel_twin.records import CommitStatus
from fastrel_twin.server import Twin
from recording import Recorder
from stage import Cli, Project, ReleasedUpTo, open_ready

SKIP = ' <!-- /step by="mia" at="2026-11-28T07:00:00Z" summary="by mia" skip="by mia" sum=00000000 -->'


def skipped(body: str, step: str) -> str:
    """The body with a forged skip of a step."""
    return re.sub(rf"\[ \](.*<!-- step {step} -->).*", rf"[x]\1{SKIP}", body)


def asked(recorder: Recorder, query: str) -> int:
    return sum(f"query {query}(" in one for one in recorder.queries)


def test_a_run_asks_once_who_it_is_and_who_wrote_what(
    cli: Cli, project: Project, twin: Twin, recorder: Recorder
) -> None:
    open_ready(cli, project)
    before = len(twin.requests)
    recorder.queries.clear()
    assert cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "push-tag").code == 0
    paths = [path for _, path, _ in twin.requests[before:]]
    assert paths.count("/api/v3/user") == 1
    assert asked(recorder, "Revisions") == 7
    # For the report, for the first look of the run, and for the report at the end.
    assert asked(recorder, "Editors") == 3


def test_steps_that_are_done_are_not_looked_at_again(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    assert cli("sync").code == 0
    counts = []
    for arguments in (("status",), ("run", "--yes", "--until", "push-tag")):
        before = len(twin.requests)
        assert cli(*arguments).code == 0
        counts.append(len(twin.requests) - before)
    report, run = counts
    assert run <= report + 2  # whether its ticks are there


def test_a_skip_that_is_forged_between_two_ticks_of_a_run_does_not_count(
    cli: Cli, project: Project, twin: Twin
) -> None:
    twin.store.add_user("tim", "triage")
    open_ready(cli, project)
    issue = twin.store.issues[38]

    def forge() -> None:
        twin.store.edit_body(issue, skipped(issue.body, "push-tag"), "tim")

    # The answer to a tick's own look at the revisions comes before it.
    twin.faults.add(Fault("GET", "/milestones", after=3, wrong=Wrong.NOTHING, meanwhile=forge))
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "push-tag")
    assert not twin.faults.coming
    assert done.code == 0, done.err
    assert "v0.2.0" in project.git("ls-remote", "--tags", "origin")


def test_a_step_that_was_done_when_the_run_began_is_looked_at_again_after_an_effect(
    cli: Cli, project: Project, twin: Twin
) -> None:
    open_ready(cli, project)
    assert cli("status", "--json").statuses()["main-ci"] == "done"

    def red() -> None:
        store = twin.store
        store.statuses.append(
            CommitStatus(store.new_id(), store.bare.resolve("main"), "jenkins", "failure", "ada", store.now())
        )

    twin.faults.add(Fault("POST", "/milestones", wrong=Wrong.NOTHING, meanwhile=red))
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert not twin.faults.coming
    assert stopped.code != 0
    assert "main-ci" in stopped.err.rpartition("error:")[2]
    assert project.git("status", "--porcelain") == ""


def test_ticks_that_the_run_writes_at_its_beginning_are_in_its_report(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    assert cli("untick", "push-tag").code == 0
    steps = cli("run", "--yes", "--until", "push-tag", "--json").json["steps"]
    assert isinstance(steps, list)
    assert [one["ticked"] is not None for one in steps if one["id"] == "push-tag"] == [True]
