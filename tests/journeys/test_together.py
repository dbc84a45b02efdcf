"""Several at once: people in the browser, two operators, two processes. What anybody did is there, and nothing twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fastrel.actions.questions.non_interactive import NonInteractive
from fastrel.actions.questions.prompts import Brought, Question
from fastrel.errors import RemoteError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.issues import Issues
from fastrel.github.transport.client import Client
from fastrel.tracker.body import parse_body
from fastrel.tracker.issue import change_tracker
from fastrel.tracker.model import Change, Evidence
from fastrel_twin.clone import clone_sample
from fastrel_twin.faults import Fault
from fastrel_twin.records import Edit, Issue
from fastrel_twin.server import Twin
from operators import Operator
from stage import Cli, Project, ReleasedUpTo, begin_release, run_until, step_of


def ticking(twin: Twin, *, role: str = "maintain", step: str = "open-bugs") -> Operator:
    """Somebody who ticks a step, stopped before their first request."""
    changes = [Change(step, True, Evidence(f"by {role}", by=role))]

    def work(client: Client) -> object:
        return change_tracker(
            Repository(client, twin.store.name), 38, changes, believes=lambda *_: True, pause=lambda _: None
        )

    return Operator(twin.api_url, twin.tokens[role], work)


def types(twin: Twin, words: str) -> None:
    """A person ticks a box in the browser and writes something below the text."""
    issue = twin.store.issues[38]
    step = next(line for line in issue.body.splitlines() if "<!-- step docs-current -->" in line)
    twin.store.edit_body(issue, issue.body.replace(step, step.replace("[ ]", "[x]")) + words, "rae")


def types_only(twin: Twin, words: str) -> None:
    issue = twin.store.issues[38]
    twin.store.edit_body(issue, issue.body + words, "rae")


def entry(twin: Twin, step: str) -> bool:
    return parse_body(twin.store.issues[38].body).entries[step].ticked


def test_what_a_person_does_between_reading_and_writing_is_there(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tool = ticking(twin)
    tool.goes_on()  # it has read the body
    types(twin, "\nAsk rae first.\n")
    before = len(twin.requests)
    tool.goes_on()  # its write takes what the person did away
    assert "Ask rae" not in twin.store.issues[38].body
    tool.outcome()
    assert twin.store.issues[38].body.endswith("\nAsk rae first.\n")
    assert entry(twin, "docs-current")
    assert entry(twin, "open-bugs")
    written = [one for one in twin.requests[before:] if one[0] == "PATCH"]
    assert len(written) == 2


def test_two_tools_carry_each_others_ticks_with_their_evidence(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    one, other = ticking(twin), ticking(twin, role="admin", step="docs-current")
    for tool in (one, other, one, other):
        tool.goes_on()
    assert not entry(twin, "open-bugs")
    for tool in (one, other):
        tool.outcome()
    found = parse_body(twin.store.issues[38].body).entries
    for step, role in (("open-bugs", "maintain"), ("docs-current", "admin")):
        evidence = found[step].evidence
        assert found[step].ticked
        assert evidence
        assert evidence.by == role


def test_who_takes_a_tick_back_right_after_us_wins(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    tool = ticking(twin)
    tool.goes_on()
    tool.goes_on()
    issue = twin.store.issues[38]
    line = next(one for one in issue.body.splitlines() if "<!-- step open-bugs -->" in one)
    twin.store.edit_body(issue, issue.body.replace(line, line.replace("[x]", "[ ]")), "rae")
    tool.outcome()
    assert not entry(twin, "open-bugs")


def test_a_third_one_does_not_take_for_a_wish_what_was_only_written_over(
    cli: Cli, project: Project, twin: Twin
) -> None:
    """Found by drawing orders: a tool carried the loss of a tick further, and its maker did not see it any more."""
    begin_release(cli)
    one, other = ticking(twin), ticking(twin, role="admin", step="edit-notes")
    one.goes_on()
    types(twin, "\nFirst words.\n")
    other.goes_on()  # has read the person's tick
    one.goes_on()  # takes it away
    types_only(twin, "\nLast words.\n")
    other.goes_on()
    one.outcome()
    other.outcome()
    assert all(entry(twin, step) for step in ("docs-current", "open-bugs", "edit-notes"))
    assert "First words." in twin.store.issues[38].body
    assert "Last words." in twin.store.issues[38].body


def test_who_takes_an_old_tick_back_while_a_tool_writes_wins(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    types(twin, "\nAsk rae first.\n")
    issue = twin.store.issues[38]
    issue.revisions = [replace(one, at=one.at - timedelta(hours=1)) for one in issue.revisions]
    tool = ticking(twin)
    tool.goes_on()
    line = next(one for one in issue.body.splitlines() if "<!-- step docs-current -->" in one)
    body = issue.body.replace(line, line.replace("[x]", "[ ]")).replace("\nAsk rae first.\n", "")
    twin.store.edit_body(issue, body, "rae")
    tool.outcome()
    assert entry(twin, "open-bugs")
    assert not entry(twin, "docs-current")
    assert "Ask rae first." not in issue.body


def test_a_tick_costs_three_requests(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    before = len(twin.requests)
    ticking(twin).outcome()
    assert [one[0] for one in twin.requests[before:]] == ["GET", "PATCH", "POST"]


@pytest.mark.parametrize("status", [403, 502])
def test_where_revisions_are_not_told_a_write_is_read_back(cli: Cli, project: Project, twin: Twin, status: int) -> None:
    begin_release(cli)
    twin.faults.add(*[Fault("POST", "/graphql", status)] * 4)
    tool = ticking(twin)
    tool.goes_on()
    before = twin.store.issues[38].body
    tool.goes_on()
    twin.store.edit_body(twin.store.issues[38], before + "words", "bot")  # by somebody who did not know of ours
    tool.outcome()
    assert entry(twin, "open-bugs")
    assert twin.store.issues[38].body.endswith("words")


def test_revisions_that_come_late_are_waited_for(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    told, looks = twin.store.edits, []

    def late(issue: Issue) -> list[Edit]:
        looks.append(issue.number)
        # The PATCH notices the person's edit, then GraphQL is asked twice in vain.
        return told(issue)[1:] if len(looks) in (2, 3) else told(issue)

    tool = ticking(twin)
    tool.goes_on()
    types(twin, "\nAsk rae first.\n")
    monkeypatch.setattr(twin.store, "edits", late)
    tool.outcome()
    assert len(looks) > 3
    assert "Ask rae first." in twin.store.issues[38].body
    assert entry(twin, "open-bugs")


def test_where_our_revision_never_comes_a_write_is_read_back(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("open", "0.2.0")
    known = len(twin.store.edits(twin.store.issues[38]))
    told = twin.store.edits
    monkeypatch.setattr(twin.store, "edits", lambda issue: told(issue)[-known:])
    ticking(twin).outcome()
    assert entry(twin, "open-bugs")


def test_giving_up_says_where_the_words_are(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    change = Issues.change
    written: list[str] = []

    def interrupted(self: Issues, number: int, content: Mapping[str, object]) -> object:
        written.append(f"Words {len(written)}.")
        types(twin, f"\n{written[-1]}\n")
        return change(self, number, content)

    monkeypatch.setattr(Issues, "change", interrupted)
    with pytest.raises(RemoteError) as stopped:
        ticking(twin).outcome()
    assert "is being changed by others at the same time" in stopped.value.problem
    assert "“edited” at the top of the issue" in stopped.value.done
    monkeypatch.undo()
    # Only the last words are missing, and the issue's history has them.
    assert [one for one in written if one not in twin.store.issues[38].body] == written[-1:]
    assert any(written[-1] in one.body for one in twin.store.issues[38].revisions)


def test_a_tag_that_two_made_at_the_same_time_is_the_one_on_the_remote(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    pushed = project.git("rev-parse", "v0.2.0")
    project.git("tag", "--delete", "v0.2.0")
    moment = {"GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in moment.items():
            patch.setenv(name, value)
        project.git("tag", "--annotate", "v0.2.0", "HEAD", "--message", "Release version 0.2.0")
    assert project.git("rev-parse", "v0.2.0") != pushed
    step = step_of(cli, "push-tag")
    assert (step["status"], step["summary"]) == (
        "todo", "v0.2.0 is on the remote, made by somebody else at the same time as the local one",
    )  # fmt: skip
    done = cli("run", "push-tag", "--yes")
    assert done.code == 0, done.err
    assert "for the local one, which was never pushed" in done.err
    assert project.git("rev-parse", "v0.2.0") == pushed
    assert twin.store.bare.refs()["refs/tags/v0.2.0"].sha == pushed


def test_a_version_commit_that_two_push_is_there_once_and_no_checkout_is_left_apart(
    cli: Cli,
    project: Project,
    twin: Twin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    released_up_to: ReleasedUpTo,
) -> None:
    released_up_to()
    other = Project(twin, clone_sample(twin, tmp_path / "other" / "Fast-LLM", name="Carl"), project.token)
    for file in ("fast_llm/__init__.py", "setup.cfg"):
        path = other.path / file
        path.write_text(path.read_text().replace("0.1.1-dev", "0.2.0"))
    other.git("commit", "--quiet", "-am", "Bump version to 0.2.0")
    push = Worktree.push_branch
    refused: list[str] = []

    def late(self: Worktree, remote: str, branch: str) -> None:
        if not refused:
            refused.append(self.head())
            other.git("push", "--quiet", "origin", "main")
        push(self, remote, branch)

    monkeypatch.setattr(Worktree, "push_branch", late)
    run_until(cli, "commit-version")
    assert refused != [other.git("rev-parse", "HEAD")]
    assert project.git("rev-parse", "HEAD") == other.git("rev-parse", "HEAD") == twin.store.bare.resolve("main")
    assert project.git("status", "--porcelain") == ""
    run_until(cli, "next-milestone")
    assert project.git("rev-parse", "HEAD") == twin.store.bare.resolve("main")


def test_notes_that_somebody_else_changed_while_the_editor_was_open_keep_both(
    cli: Cli, twin: Twin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, released_up_to: ReleasedUpTo
) -> None:
    released_up_to()
    assert cli("untick", "edit-notes").code == 0
    run_until(cli, "generate-notes")
    (release,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    mine = tmp_path / "notes.md"
    mine.write_text(f"Mine above.\n{release.body}")
    bring = NonInteractive.brought

    def slowly(self: NonInteractive, question: Question) -> Brought | None:
        text = bring(self, question)
        release.body += "\nTheirs below.\n"
        return text

    monkeypatch.setattr(NonInteractive, "brought", slowly)
    done = cli("run", "edit-notes", "--yes", "--notes-file", str(mine))
    assert done.code == 0, done.err
    assert release.body.startswith("Mine above.\n")
    assert release.body.endswith("\nTheirs below.\n")


def test_two_processes_run_a_release_and_each_thing_happens_once(
    project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, released_up_to: ReleasedUpTo
) -> None:
    released_up_to()
    other = clone_sample(twin, tmp_path / "other" / "Fast-LLM", name="Ada Admin", email="ada@example.org")
    command = [sys.executable, "-m", "fastrel_cli", "run", "0.2.0", "--yes", "--defer-open", "--interval", "0.05"]
    processes = []
    for folder, role in ((project.path, "maintain"), (other, "admin")):
        monkeypatch.setenv("GH_TOKEN", twin.tokens[role])
        processes.append(subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True))
    for process in processes:
        _, said = process.communicate(timeout=300)
        # Who is so late that the other has closed the tracker already is told so.
        assert process.returncode == 0 or "is closed" in said, said
    store = twin.store
    (release,) = [one for one in store.releases.values() if one.tag == "v0.2.0"]
    assert not release.draft
    assert len(store.discussions[release.discussion].comments) == 1
    assert set(Counter(one.title for one in store.discussions.values()).values()) == {1}
    messages = Counter(store.bare.commit(sha).message for sha in store.bare.history(store.bare.resolve("main")))
    assert messages["Bump version to 0.2.0"] == messages["Start development on version 0.2.1"] == 1
    tracker = store.issues[38]
    assert (tracker.state, len(tracker.comments)) == ("closed", 1)
    assert "- [ ]" not in tracker.body
    assert set(Counter(one.title for one in store.milestones.values()).values()) == {1}
