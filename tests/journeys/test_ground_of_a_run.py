"""Between an answer and its effects, the tracker and what came before are read again: what has changed stops a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from fastrel.actions.action import Effect
from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.errors import WorkRemains
from fastrel.report.report import StepReport
from fastrel.running.reporter import Options, Outcome
from fastrel.running.run import run
from fastrel_cli.terminal.run_log import TerminalReporter
from fastrel_twin.server import Twin
from stage import Cli, Project, open_ready, step_of


class Thinks(TerminalReporter):
    """Somebody who says yes to a step after something else has happened."""

    def __init__(self, step: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(agreed=True)
        self.step = step
        self.meanwhile = meanwhile

    def allows(self, one: StepReport, effects: Sequence[Effect]) -> bool:
        if one.step.id == self.step:
            self.meanwhile()
        return True


def walk(
    project: Project, step: str, meanwhile: Callable[[], object], pause: Callable[[float], None] = lambda seconds: None
) -> Outcome:
    """Run all steps. `meanwhile` happens before somebody says yes to one, `pause` while another look is waited for."""
    prompter = NonInteractive({"open-issue": "completed", "open-pull": "defer"})
    settings = Options(poll=0.05, patience=60)
    session = replace(project.session(), pause=pause)
    return run(session, "0.2.0", settings, prompter, Thinks(step, meanwhile))


def stopped(outcome: Outcome) -> WorkRemains:
    assert isinstance(outcome.stopped, WorkRemains), outcome.stopped
    return outcome.stopped


@pytest.mark.parametrize("step", ["push-tag", "publish-release", "announce-forum"])
def test_a_release_that_a_colleague_gives_up_meanwhile_goes_no_further(
    cli: Cli, project: Project, twin: Twin, step: str
) -> None:
    open_ready(cli, project)

    def give_up() -> None:
        twin.store.close(twin.store.issues[38], "not_planned", by="ada")

    why = stopped(walk(project, step, give_up))
    assert "Release 0.2.0 is given up: release issue #38 is closed by ada, " in why.problem
    assert f"{step} was not run." in why.done
    assert ("refs/tags/v0.2.0" in twin.store.bare.refs()) == (step != "push-tag")
    assert all(one.draft for one in twin.store.releases.values() if one.tag == "v0.2.0") == (step != "announce-forum")


def test_a_release_issue_that_somebody_closes_as_completed_stops_the_run(
    cli: Cli, project: Project, twin: Twin
) -> None:
    open_ready(cli, project)
    why = stopped(walk(project, "push-tag", lambda: twin.store.close(twin.store.issues[38], by="ada")))
    assert "Release 0.2.0 does not go on: " in why.problem
    assert "#38 is closed by ada, " in why.problem
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()


def test_a_tick_that_is_taken_back_meanwhile_stops_what_comes_after(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)

    def untick() -> None:
        issue = twin.store.issues[38]
        line = next(line for line in issue.body.splitlines() if "<!-- step docs-current" in line)
        twin.store.edit_body(issue, issue.body.replace(line, line.replace("[x]", "[ ]")), "ada")

    why = stopped(walk(project, "push-tag", untick))
    assert "docs-current was unticked in release issue #38 by ada, " in why.problem
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()


def test_a_tick_that_another_write_took_away_and_brings_back_stops_nothing(
    cli: Cli, project: Project, twin: Twin
) -> None:
    open_ready(cli, project)
    issue, waited, whole = twin.store.issues[38], list[float](), list[str]()

    def take_away() -> None:
        whole.append(issue.body)
        line = next(line for line in issue.body.splitlines() if "<!-- step docs-current" in line)
        twin.store.edit_body(issue, issue.body.replace(line, line.replace("[x]", "[ ]")), "ada")

    def bring_back(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            twin.store.edit_body(issue, whole[0], "ada")

    assert walk(project, "push-tag", take_away, bring_back).stopped is None
    assert waited[:2] == [0.5, 1]
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()


def test_an_issue_that_comes_while_somebody_thinks_stops_a_maintainers_step(
    cli: Cli, project: Project, twin: Twin
) -> None:
    open_ready(cli, project)

    def one_more() -> None:
        twin.store.add_issue("It crashes", "rae", milestone=2)

    why = stopped(walk(project, "publish-release", one_more))
    assert "milestone-issues is not done any more: 1 open issue in milestone 0.2.0" in why.problem
    assert all(one.draft for one in twin.store.releases.values() if one.tag == "v0.2.0")


def test_complete_is_said_only_after_a_last_look(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)

    def a_bug() -> None:
        twin.store.add_issue("It crashes", "rae", labels=["bug"])

    why = stopped(walk(project, "close-tracker", a_bug))
    assert "open-bugs is not done any more" in why.problem
    assert twin.store.issues[38].state == "open"
    assert not twin.store.issues[38].comments


@pytest.mark.parametrize("step", ["create-tag", "push-tag"])
def test_a_step_that_is_undone_meanwhile_stops_other_steps_of_maintainers(
    cli: Cli, project: Project, twin: Twin, step: str
) -> None:
    open_ready(cli, project)
    why = stopped(walk(project, step, lambda: twin.store.add_issue("It crashes", "rae", labels=["bug"])))
    assert "open-bugs is not done any more" in why.problem
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()


def test_publishing_looks_again_whatever_role_the_guide_asks_for(cli: Cli, project: Project, twin: Twin) -> None:
    guide = (project.path / "docs" / "release-guide.md").read_text()
    (project.path / "docs" / "release-guide.md").write_text(guide.replace("role=maintain", "role=write"))
    project.git("commit", "--quiet", "-am", "Anybody releases")
    project.git("push", "--quiet", "origin", "main")
    open_ready(cli, project)
    # Without a discussion, GitHub itself asks for no higher role than write.
    assert cli("skip", "release-discussion", "--reason", "none this time").code == 0
    assert step_of(cli, "publish-release")["role"] == "write"
    why = stopped(walk(project, "publish-release", lambda: twin.store.add_issue("No", "rae", milestone=2)))
    assert "milestone-issues is not done any more" in why.problem
    assert all(one.draft for one in twin.store.releases.values() if one.tag == "v0.2.0")


def test_a_base_that_somebody_writes_meanwhile_stops_the_run(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)

    def rebase() -> None:
        issue = twin.store.issues[38]
        base = project.git("rev-parse", "HEAD")
        twin.store.edit_body(issue, issue.body.replace('version="0.2.0"', f'version="0.2.0" base={base}', 1), "ada")

    why = stopped(walk(project, "push-tag", rebase))
    assert "The commit that the release starts from was changed in release issue #38 by ada, " in why.problem
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()


def test_before_the_last_step_those_below_it_count_too(cli: Cli, project: Project, twin: Twin) -> None:
    close = "- [ ] Close the release issue. <!-- step close-tracker uses=tracker.close -->"
    project.change_guide(close, f"{close}\n- [ ] Rest. <!-- step rest -->", push=True)
    open_ready(cli, project)
    assert cli("tick", "rest", "--note", "soon").code == 0

    def untick() -> None:
        issue = twin.store.issues[38]
        line = next(line for line in issue.body.splitlines() if "<!-- step rest -->" in line)
        twin.store.edit_body(issue, issue.body.replace(line, line.replace("[x]", "[ ]")), "ada")

    assert "rest was unticked in release issue #38 by ada, " in stopped(walk(project, "close-tracker", untick)).problem
    assert twin.store.issues[38].state == "open"
