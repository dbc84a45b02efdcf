"""What was not named is offered at a terminal, and nowhere else."""

from __future__ import annotations

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, converse


def test_without_arguments_the_one_release_in_progress_goes_on(cli: Cli, project: Project) -> None:
    begin_release(cli)
    result = cli("run", "--yes", "--until", "milestone-issues", "--defer-open")
    assert result.code == 0, result.err
    assert "Release 0.2.0" in result.err


def test_of_several_releases_a_person_picks_one(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    cli("open", "0.1.1")
    code, screen = converse(
        ["run", "--dry-run", "--until", "main-ci"],
        [("Which release?", "9"), ("Which release?", ""), ("Which release?", "0.1.1")],
    )
    assert "1. 0.2.0  (1 of 25 steps)" in screen
    assert "2. 0.1.1  (" in screen
    assert "Release 0.1.1 (patch)" in screen
    assert "“9” is not one of the choices." in screen
    assert code in (0, 3)
    code, screen = converse(["tick", "edit-notes"], [("Which release?", "1")])
    assert code == 0, screen
    assert "edit-notes -->" in twin.store.issues[38].body
    assert "[x]" in next(line for line in twin.store.issues[38].body.splitlines() if "step edit-notes" in line)


def test_without_a_terminal_several_releases_are_an_error_that_names_them(cli: Cli, project: Project) -> None:
    begin_release(cli)
    cli("open", "0.1.1")
    result = cli("run", "--yes")
    assert result.code == 2
    assert "2 releases are in progress: 0.2.0, 0.1.1." in result.err
    assert "Name one: `fastrel-checklist run 0.2.0 --yes`, for example." in result.err
    status = cli("status")
    assert "Release 0.2.0 (minor)" in status.out
    assert "Warning: In progress, too: 0.1.1. Type `fastrel-checklist status 0.1.1` to see 0.1.1." in status.out
    assert "In progress, too" not in cli("status", "0.1.1").out


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (["tick", "open-bugs", "--note", "ship it"], "tick 0.2.0 open-bugs --note 'ship it'"),
        (["untick", "open-bugs"], "untick 0.2.0 open-bugs"),
        (["skip", "docs-current", "--reason", "none"], "skip 0.2.0 docs-current --reason none"),
        (["sync", "--json"], "sync 0.2.0 --json"),
        (["abort", "--reason", "a; b", "--dry-run"], "abort 0.2.0 --reason 'a; b' --dry-run"),
        (["run", "set-version", "--until", "push-tag"], "run 0.2.0 set-version --until push-tag"),
    ],
)
def test_what_to_type_for_one_of_several_releases_is_a_whole_command(
    cli: Cli, project: Project, arguments: list[str], typed: str
) -> None:
    begin_release(cli)
    cli("open", "0.1.1")
    refused = cli(*arguments)
    assert refused.code == 2
    assert f"Name one: `fastrel-checklist {typed}`, for example." in " ".join(refused.err.split())


def test_a_person_picks_the_step(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    code, screen = converse(["tick"], [("Which step?", "1")])
    assert code == 0, screen
    assert "1. milestone-issues: " in screen
    assert "Set the version to 0.2.0 in every version file." in screen
    assert "Set the next development version, 0.2.1-dev." in screen
    assert "Open milestone 0.3.0 with a due date." in screen
    code, screen = converse(
        ["untick"], [("Number or name [q,?]", "milestone-isues"), ("Number or name [q,?]", "milestone-issues")]
    )
    assert code == 0, screen
    assert "1. milestone-issues: " in screen
    assert "- [ ]" in next(line for line in twin.store.issues[38].body.splitlines() if "step milestone-issues" in line)


def test_a_person_is_asked_why_a_step_is_skipped(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    code, screen = converse(["skip", "announce-forum"], [("Why is announce-forum skipped?", "a quiet patch")])
    assert code == 0, screen
    assert "announce-forum: skipped, a quiet patch" in screen
    assert "a quiet patch" in twin.store.issues[38].body
    code, screen = converse(["skip", "docs-current"], [("Why is docs-current skipped?", "")])
    assert code == 2
    assert "Skipping a step needs a reason." in screen


def test_a_person_is_asked_why_a_release_is_given_up(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    code, screen = converse(["abort", "--yes"], [("Why is the release given up?", "")])
    assert code == 2
    assert "Giving up a release needs a reason." in screen
    assert twin.store.issues[38].state == "open"
    code, screen = converse(["abort", "0.2.0", "--yes"], [("Why is release 0.2.0 given up?", "0.2.1 takes its place")])
    assert code == 0, screen
    (comment,) = twin.store.issues[38].comments
    assert "This release is given up: 0.2.1 takes its place" in comment.body


@pytest.mark.parametrize("arguments", [["skip", "announce-forum"], ["abort", "--yes"]])
def test_without_a_terminal_a_missing_reason_is_wrong_use(
    cli: Cli, project: Project, twin: Twin, arguments: list[str]
) -> None:
    begin_release(cli)
    body = twin.store.issues[38].body
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Missing option '--reason'" in result.err
    assert twin.store.issues[38].body == body


@pytest.mark.parametrize("arguments", [["tick"], ["untick"], ["skip", "--reason", "x"]])
def test_without_a_terminal_a_missing_step_is_wrong_use(
    cli: Cli, project: Project, twin: Twin, arguments: list[str]
) -> None:
    begin_release(cli)
    body = twin.store.issues[38].body
    result = cli(*arguments)
    assert result.code == 2
    assert "Missing argument 'STEP'" in result.err
    assert twin.store.issues[38].body == body


def test_while_github_is_slow_a_terminal_says_what_is_read_and_takes_it_back(
    cli: Cli, project: Project, twin: Twin
) -> None:
    begin_release(cli)
    twin.delay(0.4)
    code, screen = converse(["board"], [], raw=True)
    assert code == 0
    assert "reading GitHub" in screen
    assert screen.rindex("reading GitHub") < screen.rindex("\x1b[2K") < screen.index("Fast-LLM")
    assert "reading GitHub" not in cli("board").err
    assert "reading GitHub" not in converse(["board", "--quiet"], [])[1]
