"""A person at a terminal: asked before effects, asked for decisions, free to stop and to go on."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from stage import TOO_EARLY, Cli, Project, ReleasedUpTo, begin_release, converse, run_until


def test_a_person_decides_confirms_and_stops(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    answers = [
        ("(Enter: 1)", "1"), ("(Enter: 1)", "1"), ("(Enter: 1)", "2"), ("(Enter: 1)", "3"), ("Do this?", "y"),
        ("(Enter: 1)", "3"), ("Do this?", "n"),
    ]  # fmt: skip
    code, screen = converse(["run", "0.2.0", "--until", "milestone-pulls"], answers, anew=True)
    assert code == 3, screen
    assert "milestone 0.2.0: 3 are open." in screen
    assert "Nothing is changed before the last answer." in screen
    assert "#29 Support sequence-parallel loss: move it to 0.3.0, or close it?" in screen
    assert "move #29 to milestone 0.3.0" in screen
    assert "close #30 as completed" in screen
    assert "close #31 as not planned" in screen
    assert "Stopped before milestone-pulls." in screen
    assert "Continue with fastrel-checklist run 0.2.0 --until milestone-pulls." in screen.replace("`", "")
    issues = twin.store.issues
    assert (issues[30].state, issues[30].state_reason) == ("closed", "completed")
    assert (issues[31].state, issues[31].state_reason) == ("closed", "not_planned")
    assert twin.store.milestones[issues[29].milestone].title == "0.3.0"
    assert issues[32].milestone == 2


def test_a_decision_to_ship_is_recorded_with_its_reason(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    code, screen = converse(
        ["run", "open-bugs"],
        [("Number or word", "s"), ("Number or word", "ship"), ("Why can the release ship", "all cosmetic")],
    )
    assert code == 0, screen
    assert "ship with 3 open bugs: all cosmetic" in twin.store.issues[38].body


@pytest.mark.parametrize("columns", [60, 80])
def test_questions_are_folded_between_words(cli: Cli, project: Project, columns: int) -> None:
    begin_release(cli)
    answers = [("Number or word", "ship"), ("them?:", "all cosmetic")]
    code, screen = converse(["run", "open-bugs"], answers, columns=columns)
    assert code == 0, screen
    asked = screen[screen.index("  #31 ", screen.index("Number or word")) : screen.index("all cosmetic")].splitlines()
    assert len(asked) > 1
    assert all(len(line) <= columns and line.startswith("    ") for line in asked[1:]), screen
    assert " ".join(" ".join(asked).split()).endswith("in narrow terminals: Why can the release ship with them?:")


def test_notes_are_folded_between_words(cli: Cli, released_up_to: ReleasedUpTo) -> None:
    released_up_to()
    cli("untick", "edit-notes")
    run_until(cli, "generate-notes")
    _, screen = converse(["run", "edit-notes"], [("Are they right?", "y")], columns=80)
    notes = screen[screen.index("Read the notes of v0.2.0:") : screen.index("Are they right?")]
    assert re.search(r"\n    \* Log the memory use by @tom in\s+\n      http://\S+/pull/27\s", notes), screen
    assert all(len(line) <= 80 for line in notes.splitlines()), screen


def test_a_label_is_given_by_its_name(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    answers = [("Number or word", "nonsense"), ("Number or word", "Enhancement"), ("Number or word", "bug")]
    code, screen = converse(["run", "pull-labels"], [*answers, ("Do this?", "y")])
    assert code == 0, screen
    assert "“nonsense” is not one of the choices." in screen
    assert "enhancement" in twin.store.issues[24].labels


def test_a_list_that_was_not_saved_decides_nothing(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.delenv("VISUAL", raising=False)
    code, screen = converse(["run", "milestone-issues"], [("(Enter: 1)", "2"), ("Take it as it is?", "")])
    assert code == 3, screen
    assert "The list was not saved: nothing is decided." in screen
    code, screen = converse(
        ["run", "milestone-issues"], [("(Enter: 1)", "2"), ("Take it as it is?", "y"), ("Do this?", "n")]
    )
    assert "move #29 to milestone 0.3.0" in screen


def test_what_was_typed_before_a_question_does_not_answer_it(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    typed = [("Release issue #38", f"{TOO_EARLY}\n\n"), ("Do this?", "n")]
    code, screen = converse(["run", "milestone-pulls", "--defer-open"], typed)
    assert code == 3, screen
    moved = [int(number) for number in re.findall(r"→ move #(\d+)", screen)]
    assert moved
    assert all(twin.store.issues[number].milestone == 2 for number in moved), screen


def test_notes_are_not_confirmed_by_what_was_typed_before(cli: Cli, released_up_to: ReleasedUpTo) -> None:
    released_up_to()
    cli("untick", "edit-notes")
    run_until(cli, "generate-notes")
    typed = [("Release issue #38", f"{TOO_EARLY}\n\n"), ("Are they right?", "n")]
    code, screen = converse(["run", "edit-notes"], typed)
    assert code == 3, screen
    assert "The notes are not confirmed." in screen


def test_an_answer_may_be_what_stands_behind_a_number(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    typed = [
        ("Number", "Decide one by one"),
        *[("Number", "close it as completed")] * 3,
        ("Do this?", "y"),
    ]
    code, screen = converse(["run", "milestone-issues"], typed)
    assert code == 0, screen
    assert {twin.store.issues[number].state for number in (29, 30, 31)} == {"closed"}


def test_fixing_first_fails_the_step(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    code, screen = converse(["run", "open-bugs"], [("Number or word", "2")])
    assert code == 1
    assert "3 open bugs must be fixed first" in screen
    assert "- [ ] Decide about the open bugs" in twin.store.issues[38].body


def test_the_status_in_a_terminal_is_a_table(cli: Cli, project: Project) -> None:
    code, screen = converse(["status", "0.2.0", "--all"], [], anew=True)
    assert code == 0
    assert "1. Get ready" in screen
    assert "✔" in screen
    assert re.search(r"○ +milestone-issues +todo +3 open issues in milestone 0\.2\.0", screen)


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_the_table_keeps_its_words_whole_at_any_width(cli: Cli, project: Project, columns: int) -> None:
    begin_release(cli)
    _, screen = converse(["status", "--all"], [], columns=columns)
    rows = screen[screen.index("1. Get ready") :].splitlines()
    assert all(len(row) <= columns for row in rows), screen
    words = " ".join(" ".join(rows).split())
    assert re.search(r"ticked by mia, 20\d\d-\d\d-\d\d \d\d:\d\d UTC", words), screen
    # A link stands behind its name, which is not said twice; how many there are is not hidden.
    assert re.search(r"4 checks are green on main \([0-9a-f]{7}\) ticked by", words), screen
    assert re.search(r"in milestone 0\.2\.0, due on [-\d]+ · #29 #30 #31 ○", words), screen
    # Of a blocked step, what counts is what comes before it.
    assert re.search(r"close-milestone blocked after milestone-issues and 16 more · next-milestone", words), screen
    assert "23 steps are not done: milestone-issues, milestone-pulls, docs-current and 20 more Next: " in words, screen


def test_without_a_terminal_effects_need_yes(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    twin.store.milestones[2].title = "0.2.0"
    result = cli("run", "0.2.0", "--defer-open", "--until", "milestone-issues")
    assert result.code == 3
    assert twin.store.issues[29].milestone == 2


def test_whoever_is_not_there_is_told_what_to_decide_and_how(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    result = cli("run", "0.2.0", "--yes", "--until", "push-tag")
    assert result.code == 3
    said = result.err
    assert "milestone-issues stays open: A person must decide: #29 Support sequence-parallel loss" in said
    assert "Run the step in a terminal, without --yes, or give `--answer milestone-issues=defer`." in said
    assert "open-bugs stays open: A person must decide: #31 " in said
    assert "When it is settled, `fastrel-checklist tick open-bugs --note WORDS`." in said
    assert "next: `fastrel-checklist run 0.2.0 --yes --until push-tag`, once" in said
    assert (
        "once a person has decided, as said at each step: milestone-issues, milestone-pulls, docs-current and" in said
    )
    assert "done: 1 of the 10 steps of this run are done and ticked." in said
    assert "stays open" in cli("run", "0.2.0", "--yes", "--until", "milestone-issues", "--quiet").err


def test_a_script_that_nobody_can_confirm_is_not_run_again_and_again(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    project.change_guide("mkdocs build --strict", "echo >> ran", push=True)
    result = cli("run", "0.2.0", "--yes", "--until", "docs-current")
    assert result.code == 3
    assert "docs-current stays open: A person must confirm: Does the documentation describe this version?" in result.err
    assert "when it is so, `fastrel-checklist tick docs-current`" in result.err
    assert not (project.path / "ran").exists()
    named = cli("run", "0.2.0", "docs-current", "--yes")
    assert named.code == 3
    assert (project.path / "ran").read_text() == "\n"


def test_what_becomes_public_is_read_before_it_is_confirmed(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    shown = cli("run", "0.2.0", "--dry-run")
    assert "would post in Announcements: “Fast-LLM 0.2.0 is released”" in shown.out
    assert "        The release notes say what has changed." in shown.out
    assert "would comment on the release's discussion\n        Version 0.2.0 is out. The Docker image" in shown.out
    assert shown.out.count("Version 0.2.0 is out.") == 1
    assert "needs you: read and confirm the notes of v0.2.0\n" in shown.out


def test_who_says_no_is_told_how_to_go_on(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    project.change_guide("mkdocs build --strict", "echo the pages are in site", push=True)
    for step in ("milestone-issues", "milestone-pulls"):
        cli("skip", step, "--reason", "x")
    answers = [("guide as it is now?", "y"), ("Do this?", "y"), ("(Enter: n)", "n")]
    code, screen = converse(["run", "0.2.0", "--until", "docs-current"], answers)
    assert code == 3, screen
    assert "docs-current stays open: Step docs-current is not confirmed." in screen
    assert "Fix it, then `fastrel-checklist run 0.2.0 docs-current`." in screen
    assert re.search(r"running …\s+the pages are in site\s+Build the doc.*read what is new in it: Does", screen), screen


def test_what_was_done_is_said_once(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide("mkdocs build --strict", "echo the pages are in site", push=True)
    begin_release(cli)
    code, screen = converse(["run", "docs-current"], [("Do this?", "y"), ("(Enter: n)", "n")])
    assert code == 3, screen
    words = " ".join(screen.split())
    assert (
        "done: run `echo the pages are in site`. next: Fix it, then `fastrel-checklist run 0.2.0 docs-current`."
        in words
    )


def test_many_issues_are_decided_in_the_editor(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    editor = tmp_path / "editor"
    # The first attempt has a mistake, which is said in the list of the second.
    editor.write_text(
        "#!/bin/sh\n"
        "if ! test -f once; then touch once; printf 'nonsense #29 x\\n' > \"$1\"; exit; fi\n"
        'cp "$1" "$1.seen"\n'
        "{ while IFS= read -r line; do case $line in\n"
        '  *\'#30\'*) printf \'completed #%s\\n\' "${line#*#}";; *) printf \'%s\\n\' "$line";; esac; done; } < "$1.seen" > "$1"\n'
        f'cat "$1.seen" > {tmp_path / "seen"}\n'
    )
    editor.chmod(0o755)
    (tmp_path / "cp").symlink_to(shutil.which("cp", path="/bin:/usr/bin") or "cp")
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{tmp_path}")
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.chdir(project.path)
    code, screen = converse(["run", "milestone-issues"], [("(Enter: 1)", "2"), ("Do this?", "y")])
    assert code == 0, screen
    assert "# PROBLEM: there are 1 lines for 3 subjects" in (tmp_path / "seen").read_text()
    issues = twin.store.issues
    assert (issues[30].state, issues[30].state_reason) == ("closed", "completed")
    assert {twin.store.milestones[issues[number].milestone].title for number in (29, 31)} == {"0.3.0"}
