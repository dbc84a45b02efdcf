"""A guide that is not the one that the tracker names: announced, agreed to, recorded once, and not executed before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, converse

NEW = "- [ ] Push the tag. <!-- step push-tag"
TRAP = """- [ ] Look around. <!-- step look run check="touch trap-check && false" role=write -->

    ```bash
    touch trap-script
    ```

- [ ] Push the tag. <!-- step push-tag"""


@pytest.fixture
def opened(cli: Cli, project: Project) -> Project:
    begin_release(cli)
    return project


def trapped(project: Project) -> list[str]:
    return [one.name for one in project.path.glob("trap-*")]


def marker(twin: Twin) -> str:
    return twin.store.issues[38].body.splitlines()[0]


def test_an_unchanged_guide_is_not_announced_and_costs_no_request(cli: Cli, opened: Project, twin: Twin) -> None:
    opened.git("commit", "--quiet", "--allow-empty", "-m", "Something else")
    opened.git("push", "--quiet", "origin", "main")
    before = len(twin.requests)
    status = cli("status", "--json")
    assert status.json["guide"] is None
    assert not [path for _, path, _ in twin.requests[before:] if "release-guide.md" in path or "/compare/" in path]
    assert "Warning" not in cli("run", "--dry-run").out


def test_a_changed_guide_is_announced_once_and_its_commit_is_recorded(cli: Cli, opened: Project, twin: Twin) -> None:
    twin.store.issues[38].body += "\r\nWords of a person  \r\n"
    body, old = twin.store.issues[38].body, opened.git("rev-parse", "HEAD")
    opened.change_guide(NEW, TRAP)
    opened.change_guide("Push the tag. <!-- step push-tag", "Push it. <!-- step push-tag", push=True)
    new = opened.git("rev-parse", "HEAD")

    status = cli("status")
    for line in (
        f"Warning: The guide docs/release-guide.md has changed since commit {old[:7]}, which the release issue records:",
        "  + look: Look around.",
        "      script: touch trap-script",
        "      check: touch trap-check && false",
        "  ~ push-tag: Push it.",
        "      text: Push the tag. → Push it.",
        f"To see the full diff: `git diff {old[:7]} -- docs/release-guide.md`",
    ):
        assert line in status.out.splitlines(), line
    assert "its command is not the one of the release issue's guide; `run` shows it and asks" in status.out
    assert twin.store.issues[38].body == body

    done = cli("run", "look", "--yes")
    assert "+ look: Look around." in done.err
    assert twin.store.issues[38].body.startswith(body.splitlines()[0].replace(old, new))
    assert twin.store.issues[38].body.endswith("\r\nWords of a person  \r\n")
    again = cli("run", "look", "--yes")
    assert "is not the same" not in again.err
    assert cli("status", "--json").json["guide"] is None


@pytest.mark.parametrize("command", [("status",), ("sync",), ("run", "--dry-run"), ("run",), ("tick", "open-bugs")])
def test_no_command_of_a_changed_guide_is_executed_before_somebody_agreed(
    cli: Cli, opened: Project, twin: Twin, command: tuple[str, ...]
) -> None:
    opened.change_guide(NEW, TRAP, push=True)
    commit = marker(twin)
    cli(*command)
    assert trapped(opened) == []
    assert marker(twin) == commit
    cli("run", "main-ci", "--yes")
    assert trapped(opened) == ["trap-check"]


def test_without_a_terminal_and_without_yes_nothing_goes_on(cli: Cli, opened: Project, twin: Twin) -> None:
    opened.change_guide("role=maintain", "role=write", push=True)
    body = twin.store.issues[38].body
    refused = cli("run", "main-ci")
    assert refused.code == 3
    assert "role: maintain → write" in refused.err
    assert "Nobody is there to agree to the guide as it is now." in refused.err
    assert "add --yes" in refused.err
    assert "Nothing was changed." in refused.err
    assert twin.store.issues[38].body == body


def test_a_person_is_asked_and_may_refuse(cli: Cli, opened: Project, twin: Twin) -> None:
    opened.change_guide(NEW, TRAP, push=True)
    body = twin.store.issues[38].body
    code, screen = converse(["run", "main-ci"], [("Go on with the guide as it is now? [y,n,?] (Enter: n)", "")])
    assert code == 3
    assert "Stopped before the first step." in screen
    assert "git log -p" in screen
    assert twin.store.issues[38].body == body
    assert trapped(opened) == []
    code, screen = converse(["run", "main-ci"], [("Go on with the guide as it is now? [y,n,?] (Enter: n)", "y")])
    assert code == 0, screen
    assert opened.git("rev-parse", "HEAD") in marker(twin)
    code, screen = converse(["run", "main-ci"], [])
    assert (code, "Go on with" in screen) == (0, False)


def test_json_tells_what_was_announced(cli: Cli, opened: Project) -> None:
    old = opened.git("rev-parse", "HEAD")
    opened.change_guide("uses=tag.push", "uses=tag.push dispatch=evil.yml", push=True)
    run = cli("run", "main-ci", "--yes", "--json")
    assert run.code == 0, run.err
    assert run.json["guide"] == {
        "path": "docs/release-guide.md",
        "recorded": old,
        "current": opened.git("rev-parse", "HEAD"),
        "problem": None,
        "uncommitted": False,
        "to_agree": True,
        "changes": [
            {
                "id": "push-tag",
                "how": "changed",
                "title": "Push the tag.",
                "parts": [{"part": "parameter dispatch", "old": None, "new": "evil.yml"}],
            }
        ],
    }


def test_other_words_around_the_steps_are_said_and_nobody_is_asked(cli: Cli, opened: Project, twin: Twin) -> None:
    guide = opened.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text() + "\nMore words.\n")
    opened.git("commit", "--quiet", "-am", "Words")
    opened.git("push", "--quiet", "origin", "main")
    done = cli("run", "main-ci")
    assert done.code == 0
    assert "The text around the steps of docs/release-guide.md has changed" in done.err
    assert "has changed since" not in cli("run", "main-ci").err


def test_changes_that_are_not_committed_are_said_and_not_recorded(cli: Cli, opened: Project, twin: Twin) -> None:
    commit = marker(twin)
    opened.change_guide("Push the tag.", "Push it.")
    for _ in range(2):
        done = cli("run", "main-ci")
        assert done.code == 0, done.err
        assert "Warning: The guide in the checkout has changes that are not committed." in done.err
        assert "text: Push the tag. → Push it." in done.err
    assert marker(twin) == commit


def test_opening_with_changes_that_are_not_committed_is_said(cli: Cli, project: Project) -> None:
    project.change_guide("Push the tag.", "Push it.")
    opened = cli("open", "0.2.0")
    assert opened.code == 0
    assert "The guide in the checkout has changes that are not committed." in opened.err


def test_a_guide_that_was_renamed_is_compared_with_what_it_was(cli: Cli, opened: Project, twin: Twin) -> None:
    opened.git("mv", "docs/release-guide.md", "docs/releasing.md")
    opened.git("commit", "--quiet", "-am", "Rename")
    opened.git("push", "--quiet", "origin", "main")
    assert "Warning: The guide" not in cli("status").out


@pytest.mark.parametrize("forged", ["", "HEAD", "main", "1a2b3c4", "--output=trap-x", "$(touch trap-x)", "x" * 40])
def test_a_commit_in_the_tracker_that_is_none_is_not_believed(
    cli: Cli, opened: Project, twin: Twin, forged: str
) -> None:
    issue, sha = twin.store.issues[38], opened.git("rev-parse", "HEAD")
    issue.body = issue.body.replace(f'commit="{sha}"', f'commit="{forged}"' if forged else "")
    status = cli("status")
    assert "The release issue does not name the commit of its guide." in status.out
    assert "so all commands of the guide count as new" in status.out
    assert trapped(opened) == []
    assert cli("run", "main-ci").code == 3
    assert cli("run", "main-ci", "--yes").code == 0
    assert f'commit="{sha}"' in issue.body.splitlines()[0]
    assert "Warning: The release issue" not in cli("status").out


def test_a_commit_that_nobody_knows_is_announced(cli: Cli, opened: Project, twin: Twin) -> None:
    issue, sha = twin.store.issues[38], opened.git("rev-parse", "HEAD")
    issue.body = issue.body.replace(sha, "0123456789" * 4)
    status = cli("status").out
    assert "names the commit 0123456 for its guide, which main does not hold" in status
    assert cli("run", "main-ci").code == 3


def test_a_commit_of_another_branch_is_announced_though_its_guide_is_the_same(
    cli: Cli, opened: Project, twin: Twin
) -> None:
    """Whoever may push a branch and edit the tracker must not be able to make a changed guide look known."""
    old = opened.git("rev-parse", "HEAD")
    opened.git("switch", "--quiet", "--create", "evil")
    opened.change_guide(NEW, TRAP)
    opened.git("commit", "--quiet", "-am", "Evil")
    opened.git("push", "--quiet", "origin", "evil")
    evil = opened.git("rev-parse", "HEAD")
    opened.git("switch", "--quiet", "main")
    opened.git("checkout", "--quiet", "evil", "--", "docs/release-guide.md")
    opened.git("commit", "--quiet", "-m", "Merged somehow")
    opened.git("push", "--quiet", "origin", "main")
    issue = twin.store.issues[38]
    issue.body = issue.body.replace(old, evil)
    assert f"names the commit {evil[:7]} for its guide, which main does not hold" in cli("status").out
    assert cli("run", "main-ci").code == 3
    assert trapped(opened) == []


def test_a_commit_that_git_does_not_have_is_read_from_github(
    cli: Cli, opened: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.change_guide(NEW, TRAP, push=True)
    shutil.rmtree(opened.path / ".git" / "refs" / "tags", ignore_errors=True)
    opened.git("clone", "--quiet", "--depth", "1", twin.clone_url, str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    status = cli("status")
    assert "  + look: Look around." in status.out
    assert not list((tmp_path / "shallow").glob("trap-*"))
    before = len(twin.requests)
    cli("status")
    asked = [path for _, path, _ in twin.requests[before:]]
    assert sum("/contents/docs/release-guide.md" in path for path in asked) == 1


def test_a_checkout_that_is_older_than_the_trackers_guide_is_told(cli: Cli, opened: Project, twin: Twin) -> None:
    opened.change_guide("Push the tag.", "Push it.", push=True)
    assert cli("run", "main-ci", "--yes").code == 0
    opened.git("reset", "--quiet", "--hard", "HEAD~1")
    status = cli("status")
    assert "The guide in the checkout is older than the release issue's" in status.out
    assert "text: Push it. → Push the tag." in status.out


def test_outside_of_a_checkout_the_guide_is_read_from_github_before_a_run(
    cli: Cli, opened: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (opened.path / "docs" / "release-guide.md").read_text()
    elsewhere = tmp_path / "elsewhere" / "docs"
    elsewhere.mkdir(parents=True)
    (elsewhere / "release-guide.md").write_text(text)
    monkeypatch.chdir(elsewhere.parent)
    assert cli("run", "main-ci").code == 0
    (elsewhere / "release-guide.md").write_text(text.replace("Push the tag.", "Push it."))
    refused = cli("run", "main-ci")
    assert refused.code == 3
    assert "text: Push the tag. → Push it." in refused.err
    before = marker(twin)
    assert cli("run", "main-ci", "--yes").code == 0
    assert marker(twin) == before


SEPARATORS = {
    "line feed": "\n", "U+2028": "\u2028", "U+0085": "\x85", "vertical tab": "\x0b", "form feed": "\x0c",
    "file separator": "\x1c", "record separator": "\x1e", "carriage return": "\r", "U+2029": "\u2029",
}  # fmt: skip


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("push", [True, False])
def test_a_changed_check_that_begins_with_a_separator_is_withheld_and_shown_by_name(
    cli: Cli, opened: Project, separator: str, push: bool
) -> None:
    def agree() -> None:
        opened.change_guide(NEW, TRAP.replace("touch trap-check", "true"), push=True)
        assert cli("run", "look", "--yes").code in (0, 1, 3)
        assert trapped(opened) in ([], ["trap-script"])

    character = SEPARATORS[separator]
    cli.reach(("agreed to the trap",), agree)
    opened.change_guide('check="true && false"', f'check="{character}touch trap-check; true"', push=push)
    for command in (("status",), ("sync",), ("run", "--dry-run"), ("snapshot", "--output", "x.json")):
        cli(*command)
        assert "trap-check" not in trapped(opened), command
    if character not in "\n\r":  # a comment that a line ends is none
        shown = cli("status").out
        assert f"<U+{ord(character):04X}" in shown
        assert "touch trap-check" in shown
