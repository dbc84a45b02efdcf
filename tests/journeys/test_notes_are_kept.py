"""Notes that people write are on GitHub before their step is ticked, or in a file that the message names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fastrel_twin.faults import ANSWERS, Fault, Wrong
from fastrel_twin.server import Twin
from stage import Cli, Project, converse, open_ready, run_until, step_of


@pytest.fixture
def drafted(cli: Cli, project: Project) -> Project:
    """A release whose notes are generated and not decided on."""
    open_ready(cli, project)
    run_until(cli, "generate-notes")
    assert cli("untick", "edit-notes").code == 0
    return project


def notes(twin: Twin) -> str:
    (found,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    return found.body


def set_notes(twin: Twin, text: str) -> None:
    (found,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    found.body = text


REFUSALS = ["bad gateway", "not found", "bad credentials", "refused as invalid", "missing scope", "conflict"]


@pytest.mark.parametrize("answer", REFUSALS)
def test_notes_that_github_refuses_are_not_ticked_as_edited(
    cli: Cli, drafted: Project, twin: Twin, tmp_path: Path, answer: str
) -> None:
    before, mine = notes(twin), tmp_path / "mine.md"
    mine.write_text("Ours.\n")
    twin.faults.add(ANSWERS[answer].at("PATCH", "/Fast-LLM/releases/", times=9))
    failed = cli("run", "edit-notes", "--yes", "--notes-file", str(mine), "--interval", "0.01")
    twin.faults.clear()
    assert failed.code != 0, failed.err
    assert "✔ edit-notes" not in failed.err
    assert notes(twin) == before
    assert step_of(cli, "edit-notes")["status"] == "manual"
    assert cli("run", "edit-notes", "--yes", "--notes-file", str(mine)).code == 0
    assert notes(twin) == f"Ours.\n\n{before}"


def test_notes_whose_answer_was_lost_are_edited(cli: Cli, drafted: Project, twin: Twin, tmp_path: Path) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("Ours.\n")
    twin.faults.add(Fault("PATCH", "/Fast-LLM/releases/", 502, applied=True))
    done = cli("run", "edit-notes", "--yes", "--notes-file", str(mine))
    assert done.code == 0, done.err
    assert notes(twin).startswith("Ours.\n")


def test_notes_that_github_took_and_does_not_show_are_not_ticked_as_edited(
    cli: Cli, drafted: Project, twin: Twin, tmp_path: Path
) -> None:
    before, mine = notes(twin), tmp_path / "mine.md"
    mine.write_text("Ours.\n")

    def somebody() -> None:
        if notes(twin) != before:
            set_notes(twin, before)

    twin.faults.add(Fault("GET", "/Fast-LLM/releases", wrong=Wrong.NOTHING, times=999, meanwhile=somebody))
    failed = cli("run", "edit-notes", "--yes", "--notes-file", str(mine), "--interval", "0.01")
    twin.faults.clear()
    assert failed.code != 0
    assert "GitHub does not show what step edit-notes did" in failed.err
    assert "edit-notes is not ticked." in failed.err
    assert step_of(cli, "edit-notes")["status"] == "manual"


def test_notes_from_a_file_stand_above_the_generated_list(
    cli: Cli, drafted: Project, twin: Twin, tmp_path: Path
) -> None:
    generated, mine = notes(twin), tmp_path / "mine.md"
    mine.write_text("Highlights.\n")
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--notes-file", str(mine))
    assert done.code == 0, done.err
    assert notes(twin) == f"Highlights.\n\n{generated}"
    assert twin.store.issues[38].state == "closed"


def test_notes_from_a_file_replace_all_when_that_is_asked_for(
    cli: Cli, drafted: Project, twin: Twin, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("Only this.\n")
    done = cli("run", "edit-notes", "--yes", "--notes-file", str(mine), "--replace-notes")
    assert done.code == 0, done.err
    assert notes(twin) == "Only this.\n"
    # The list was there, and a person has decided against it.
    assert step_of(cli, "generate-notes")["status"] == "done"
    walked = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert walked.code == 0, walked.err
    assert notes(twin) == "Only this.\n"


def test_notes_that_are_too_long_are_refused_before_github_is_asked(
    cli: Cli, drafted: Project, twin: Twin, tmp_path: Path
) -> None:
    before, mine = notes(twin), tmp_path / "mine.md"
    mine.write_text("x" * 125_001)
    refused = cli("run", "edit-notes", "--yes", "--notes-file", str(mine))
    assert refused.code == 2
    assert "GitHub takes 125,000" in refused.err
    assert notes(twin) == before
    mine.write_text(
        "x" * (125_000 - len(before) - 2)
    )  # as many as there may be, with the generated list and the blank line
    assert cli("run", "edit-notes", "--yes", "--notes-file", str(mine)).code == 0
    assert len(notes(twin)) == 125_000


@pytest.mark.parametrize(
    "remove", [r"\*\*Full Changelog\*\*.*", r"(?m)^.*/pull/\d+\s*$|\*\*Full Changelog\*\*.*"], ids=["the link", "all"]
)
def test_a_list_from_which_people_removed_lines_is_not_generated_again(
    cli: Cli, drafted: Project, twin: Twin, remove: str
) -> None:
    set_notes(twin, re.sub(remove, "", notes(twin)))
    left = notes(twin)
    assert step_of(cli, "generate-notes")["status"] == "done"
    assert cli("tick", "edit-notes", "--note", "confirmed").code == 0
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert done.code == 0, done.err
    assert notes(twin) == left


def test_published_notes_are_not_generated(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    run_until(cli, "draft-release")
    (release,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    release.draft, release.published_at, release.body = False, twin.store.now(), "By hand."
    assert cli("run", "generate-notes", "--yes").code == 0
    assert notes(twin) == "By hand."


@pytest.mark.parametrize("answer", ["bad gateway", "missing scope"])
def test_a_text_from_the_editor_that_is_not_saved_is_kept_and_offered_again(
    drafted: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    before = notes(twin)
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho 'An hour of work.' >> \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    twin.faults.add(ANSWERS[answer].at("PATCH", "/Fast-LLM/releases/", times=9))
    code, screen = converse(
        ["run", "edit-notes", "--interval", "0.01"], [("Are they right?", "e"), ("Do this?", "y")], columns=400
    )
    twin.faults.clear()
    assert code != 0, screen
    assert notes(twin) == before
    kept = re.search(r"What you have typed is kept in (\S+);", screen)
    assert kept, screen
    assert "An hour of work." in Path(kept[1]).read_text()
    set_notes(twin, f"A colleague's words.\n\n{before}")
    code, screen = converse(
        ["run", "edit-notes"],
        [("Go on with it? [y,n,?] (Enter: y)", "y"), ("Are they right?", "y"), ("Do this?", "y")],
    )
    assert code == 0, screen
    assert notes(twin).startswith(f"A colleague's words.\n\n{before}")
    assert "An hour of work." in notes(twin)
    assert list(Path(kept[1]).parent.iterdir()) == []
