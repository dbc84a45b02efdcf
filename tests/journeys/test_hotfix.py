"""A release from a commit that is not the newest: its own branch, pinned to the commit that the tracker names."""

from __future__ import annotations

import pytest

from fastrel_twin.server import Twin
from stage import DECISIONS, Cli, Project, open_ready, run_until, step_of


@pytest.fixture
def base(cli: Cli, project: Project) -> str:
    """The commit to release; the branch has moved on with something that is not wanted."""
    sha = project.git("rev-parse", "HEAD")
    (project.path / "feature.txt").write_text("not wanted")
    project.git("add", "feature.txt")
    project.git("commit", "--quiet", "-m", "Add a feature")
    project.git("push", "--quiet", "origin", "main")
    return sha


def test_a_hotfix_from_its_opening_to_its_end(cli: Cli, project: Project, twin: Twin, base: str) -> None:
    opened = cli("open", "0.1.1", "--commit", base[:9])
    assert opened.code == 0, opened.err
    body = twin.store.issues[38].body
    assert f'base="{base}"' in body or f"base={base}" in body
    again = cli("open", "0.1.1", "--commit", base)
    assert again.out == opened.out
    assert "exists already" in again.err

    # The checkout must be on the hotfix's branch, and the command that makes it is said.
    wrong = cli("run", "0.1.1", "--yes")
    assert wrong.code == 2
    assert f"`git switch -c release/0.1.1 {base[:12]}`" in wrong.err
    assert "Nothing was changed." in wrong.err
    project.git("switch", "--quiet", "--create", "release/0.1.1", base)

    for step in DECISIONS:
        assert cli("tick", step, "--note", "decided").code == 0
    for number in (24, 27):
        twin.store.issues[number].labels.append("bug")
    done = cli("run", "--yes", "--interval", "0.05")
    assert done.code == 0, done.err

    refs = twin.store.bare.refs()
    tag = refs["refs/tags/v0.1.1"]
    commit = twin.store.bare.commit(tag.commit)
    assert commit.parents == (base,)
    assert commit.message == "Bump version to 0.1.1"
    assert "feature.txt" not in twin.store.bare.git("ls-tree", "--name-only", "v0.1.1").split()
    # The branch has its feature and nothing of the hotfix.
    main = twin.store.bare.commit(refs["refs/heads/main"].commit)
    assert main.message == "Add a feature"
    assert refs["refs/heads/release/0.1.1"].commit == tag.commit
    assert step_of(cli, "next-dev-version", "0.1.1")["summary"] == "a hotfix leaves main as it is"
    assert twin.store.issues[38].state == "closed"
    # What is published stays done when its branch is tidied away.
    project.git("push", "--quiet", "--delete", "origin", "release/0.1.1")
    steps = cli("status", "0.1.1", "--json").statuses()
    assert set(steps.values()) <= {"done", "skipped"}


def test_the_checks_of_the_commit_count_not_those_of_the_branch(
    cli: Cli, project: Project, twin: Twin, base: str
) -> None:
    from fastrel_twin.records import Check

    store = twin.store
    store.checks.append(Check(store.new_id(), store.bare.resolve("main"), "later", "completed", "failure", store.now()))
    assert cli("open", "0.1.1", "--commit", base).code == 0
    step = step_of(cli, "main-ci")
    assert (step["status"], f"the commit {base[:7]}" in str(step["summary"])) == ("done", True)
    store.checks.append(Check(store.new_id(), base, "own", "completed", "failure", store.now()))
    assert step_of(cli, "main-ci")["status"] == "failed"


def test_a_tag_of_a_hotfix_must_be_on_its_own_branch(cli: Cli, project: Project, twin: Twin, base: str) -> None:
    open_ready(cli, project, "0.1.1", "--commit", base)
    project.git("switch", "--quiet", "--create", "release/0.1.1", base)
    run_until(cli, "push-tag")
    assert step_of(cli, "create-tag")["status"] == "done"
    project.git("push", "--quiet", "--delete", "origin", "release/0.1.1")
    step = step_of(cli, "create-tag")
    assert step["status"] == "failed"
    assert "which is not on GitHub's release/0.1.1; bring that commit to release/0.1.1" in str(step["summary"])
    project.git("push", "--quiet", "origin", "release/0.1.1")
    assert step_of(cli, "create-tag")["status"] == "done"


def test_a_branch_that_starts_elsewhere_or_holds_more_is_refused(cli: Cli, project: Project, base: str) -> None:
    assert cli("open", "0.1.1", "--commit", base).code == 0
    project.git("switch", "--quiet", "--create", "release/0.1.1", f"{base}~1")
    elsewhere = cli("run", "0.1.1", "set-version", "--yes")
    assert elsewhere.code == 2
    words = f"The branch release/0.1.1 does not start at {base[:7]}. Type `git switch -C release/0.1.1 {base[:12]}`."
    assert words in elsewhere.err
    project.git("switch", "--quiet", "-C", "release/0.1.1", base)
    project.git("commit", "--quiet", "--allow-empty", "-m", "Mend it")
    more = cli("run", "0.1.1", "set-version", "--yes")
    assert more.code == 2
    words = "origin does not have your fixes yet. Type `git push origin release/0.1.1`, and wait for its checks."
    assert words in more.err


def test_the_newest_commit_is_no_hotfix(cli: Cli, project: Project, twin: Twin) -> None:
    assert cli("open", "0.1.1", "--commit", project.git("rev-parse", "HEAD")).code == 0
    assert "base=" not in twin.store.issues[38].body


@pytest.mark.parametrize(
    ("commit", "said"),
    [
        ("main", "“main” is not the SHA of a commit."),
        ("--help;x", "is not the SHA of a commit."),
        ("0123456789abcdef", "main does not hold the commit 0123456789abcdef."),
    ],
)
def test_a_commit_that_cannot_be_released_is_refused(
    cli: Cli, project: Project, twin: Twin, commit: str, said: str
) -> None:
    refused = cli("open", "0.1.1", f"--commit={commit}")
    assert refused.code == 2
    assert said in refused.err
    assert "Nothing was changed." in refused.err
    assert 38 not in twin.store.issues


def test_a_commit_of_another_branch_is_refused(cli: Cli, project: Project, twin: Twin) -> None:
    project.git("switch", "--quiet", "--create", "topic")
    project.git("commit", "--quiet", "--allow-empty", "-m", "Not reviewed")
    project.git("push", "--quiet", "origin", "topic")
    refused = cli("open", "0.1.1", "--commit", project.git("rev-parse", "HEAD"))
    assert refused.code == 2
    assert "main does not hold the commit" in refused.err


def test_a_tracker_that_begins_elsewhere_is_not_changed(cli: Cli, project: Project, twin: Twin, base: str) -> None:
    assert cli("open", "0.1.1").code == 0
    body = twin.store.issues[38].body
    refused = cli("open", "0.1.1", "--commit", base)
    assert refused.code == 2
    assert "The release issue of 0.1.1 exists, and its release begins at the head of main" in refused.err
    assert "`fastrel-checklist abort 0.1.1`" in refused.err
    assert twin.store.issues[38].body == body


def test_a_tracker_that_somebody_pointed_elsewhere_is_noticed(
    cli: Cli, project: Project, twin: Twin, base: str
) -> None:
    """The tracker is text that people can change; only commits of the branch are released."""
    assert cli("open", "0.1.1", "--commit", base).code == 0
    project.git("switch", "--quiet", "--create", "evil")
    project.git("commit", "--quiet", "--allow-empty", "-m", "Not reviewed")
    project.git("push", "--quiet", "origin", "evil")
    evil = project.git("rev-parse", "HEAD")
    issue = twin.store.issues[38]
    issue.body = issue.body.replace(base, evil)
    step = step_of(cli, "main-ci", "0.1.1")
    assert (step["status"], step["summary"]) == ("failed", f"main does not hold the commit {evil[:7]}")
