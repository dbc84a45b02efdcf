"""Questions at a terminal: few, answered by letters and beginnings of words, or beforehand with `--answer`."""

from __future__ import annotations

import re

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, converse, run_until

FEWEST = (
    "run", "0.2.0", "--interval", "0.05",
    "--answer", "milestone-issues=defer",
    "--answer", "milestone-pulls=defer",
    "--answer", "docs-current=yes",
    "--answer", "open-bugs=ship: all cosmetic",
    "--answer", "next-milestone=2027-03-01",
)  # fmt: skip
"""The way with the fewest questions, for somebody who trusts the guide but wants to see each thing before others do:
decisions beforehand, and A at the first question."""
QUESTION = re.compile(r"\[[^\]\s]*\?\](?: \(Enter: \S+\))? ")


def test_a_release_asks_at_most_ten_questions(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide("mkdocs build --strict", "true", push=True)
    begin_release(cli)
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    code, screen = converse(list(FEWEST), [("Do this?", "A")], otherwise=("(Enter: y)", ""), columns=200)
    assert code == 0, screen
    asked = QUESTION.findall(screen)
    assert len(asked) <= 10, screen
    # What becomes public is asked for each by itself.
    public = re.findall(
        r"→ (push tag|push the commit|publish|comment on the release's|post in)[^→]*?\n.*?Do this\?", screen
    )
    assert len(public) == 6, screen
    assert "25 of 25 steps are done or skipped." in screen
    assert "ship with 3 open bugs: all cosmetic" in twin.store.issues[38].body


def test_letters_and_beginnings_of_words_answer(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    answers = [
        ("[s,q,?] (Enter: 1)", "?"), ("[s,q,?] (Enter: 1)", "ea"),
        ("[s,q,?] (Enter: 1)", "com"), ("[s,q,?] (Enter: 1)", "not"), ("[s,q,?] (Enter: 1)", "d"),
        ("Do this? [y,n,s,a,A,q,?] (Enter: y)", "?"), ("[y,n,s,a,A,q,?] (Enter: y)", "ye"),
    ]  # fmt: skip
    code, screen = converse(["run", "0.2.0", "--until", "milestone-issues"], answers)
    assert code == 0, screen
    issues = twin.store.issues
    assert [issues[29].state_reason, issues[30].state_reason, issues[31].state] == ["completed", "not_planned", "open"]


def test_skip_for_now_leaves_a_step_open_and_goes_on(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    answers = [("Do this?", "s"), ("Number or word", "sk")]
    code, screen = converse(["run", "milestone-issues", "open-bugs", "--answer", "milestone-issues=defer"], answers)
    assert code == 3, screen
    assert "milestone-issues stays open: skipped for now." in screen
    assert "open-bugs stays open: skipped for now." in screen
    words = " ".join(screen.split())
    assert "stopped: Not done yet: milestone-issues, open-bugs." in words, screen
    answers_first = ["--answer", "milestone-issues=defer", "--answer", "milestone-pulls=keep"]
    code, screen = converse(["run", "0.2.0", "--until", "milestone-pulls", *answers_first], [("Do this?", "skip")])
    assert "milestone-issues stays open: skipped for now." in screen
    assert {twin.store.issues[number].milestone for number in (29, 30, 31)} == {2}


def test_pull_requests_that_are_kept_leave_their_step_open_and_the_run_goes_on(
    cli: Cli, project: Project, twin: Twin
) -> None:
    begin_release(cli)
    ran = cli("run", "milestone-pulls", "main-ci", "--yes", "--answer", "milestone-pulls=keep")
    assert ran.code == 3, ran.err
    assert "milestone-pulls stays open: 2 pull requests are left in milestone 0.2.0." in ran.err
    assert "main-ci: 4 checks are green" in ran.err
    words = " ".join(ran.err.split())
    assert "Settle what is left, or skip the step with a reason." in words
    assert "stopped: Not done yet: milestone-pulls." in words, ran.err
    assert {twin.store.issues[number].milestone for number in (32, 33)} == {2}
    planned = cli("run", "milestone-pulls", "main-ci", "--yes", "--dry-run", "--answer", "milestone-pulls=keep")
    assert planned.code == 0, planned.err
    assert "2 pull requests are left in milestone 0.2.0." in planned.out


def test_a_pull_request_that_is_kept_beside_one_that_moves_leaves_the_step_open(
    cli: Cli, project: Project, twin: Twin
) -> None:
    begin_release(cli)
    said = [("(Enter: 1)", "each"), ("#32", "keep"), ("#33", "defer"), ("Do this?", "y")]
    code, screen = converse(["run", "milestone-pulls"], said)
    assert code == 3, screen
    assert "milestone-pulls stays open: 1 pull request is left in milestone 0.2.0." in screen
    assert "was run, but" not in screen
    assert sorted(str(twin.store.issues[number].milestone) for number in (32, 33)) == ["2", "3"]


@pytest.mark.parametrize("typed", ["q", "n", "qu"])
def test_no_and_quit_stop_before_the_step(cli: Cli, project: Project, twin: Twin, typed: str) -> None:
    begin_release(cli)
    more = ["--answer", "milestone-issues=defer"]
    code, screen = converse(["run", "0.2.0", "--until", "milestone-issues", *more], [("Do this?", typed)])
    assert code == 3, screen
    assert "stopped: Stopped before milestone-issues." in screen
    again = "fastrel-checklist run 0.2.0 --until milestone-issues --answer milestone-issues=defer"
    assert f"Continue with `{again}`." in " ".join(screen.split())


def test_an_answer_that_is_none_is_refused_before_anything_is_done(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    before = len([one for one in twin.requests if one[0] in ("POST", "PATCH") and "graphql" not in one[1]])
    for answer, said in {
        "milestone-issues=move": "“move” is not a valid answer for step milestone-issues; it takes defer, completed or not_planned.",
        "milestone-isues=defer": "Did you mean milestone-issues?",
        "open-bugs=ship": "it takes ship: REASON or fix.",
        "next-milestone=soon": "it takes YYYY-MM-DD.",
        "push-tag=no": "it takes yes.",
        "milestone-issues": "is not a valid answer.",
    }.items():
        done = cli("run", "0.2.0", "--yes", "--answer", answer)
        assert done.code == 2, (answer, done.err)
        assert said in done.err
        assert "Nothing was changed." in done.err
    assert len([one for one in twin.requests if one[0] in ("POST", "PATCH") and "graphql" not in one[1]]) == before


def test_answers_decide_where_nobody_is(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    answers = ["--answer", "milestone-issues=completed", "--answer", "milestone-pulls=defer"]
    done = cli("run", "0.2.0", "--yes", *answers, "--until", "milestone-pulls")
    assert done.code == 0, done.err
    assert {twin.store.issues[number].state_reason for number in (29, 30, 31)} == {"completed"}
    left = cli("run", "open-bugs", "--yes")
    assert "or give `--answer open-bugs='ship: REASON'`" in left.err.replace("\n", " "), left.err


def test_yes_beforehand_covers_one_step_alone(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    for step in ("milestone-issues", "milestone-pulls", "docs-current", "pull-labels", "open-bugs"):
        cli("skip", step, "--reason", "x")
    done = cli("run", "0.2.0", "--answer", "set-version=yes", "--until", "commit-version")
    assert "commit-version" in done.err
    assert "✔ set-version" in done.err
    assert "Nobody is there to confirm step commit-version." in done.err
    assert "Bump version to 0.2.0" not in project.git("log", "--format=%s", "origin/main")


def test_notes_are_confirmed_by_one_question(cli: Cli, project: Project, released_up_to: object) -> None:
    assert callable(released_up_to)
    released_up_to()
    cli("untick", "edit-notes")
    run_until(cli, "generate-notes")
    code, screen = converse(["run", "edit-notes"], [("Are they right? [y,e,n,s,q,?] (Enter: y)", "")])
    assert code == 0, screen
    assert "notes confirmed" in cli("status", "--json").out
