"""The tag: on the version commit or an error, annotated, never moved, and started workflows that GitHub does not start."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, open_ready, run_until, step_of

TAG = "refs/tags/v0.2.0"


def ready_to_tag(cli: Cli, project: Project) -> None:
    open_ready(cli, project)
    run_until(cli, "commit-version")


def refused(cli: Cli, twin: Twin, *words: str, code: int = 2) -> None:
    """A run of the tag's steps stops before its first effect, and no tag is moved."""
    before = twin.store.bare.git("for-each-ref", "refs/tags")
    result = cli("run", "create-tag", "push-tag", "--yes")
    assert result.code == code, result.err
    for word in words:
        assert word in result.err, result.err
    assert "Nothing was changed." in result.err
    assert twin.store.bare.git("for-each-ref", "refs/tags") == before


def test_tags_are_asked_for_as_github_lists_them_without_pages(project: Project, twin: Twin) -> None:
    for number in range(120):
        twin.store.bare.set_ref(f"refs/tags/v0.0.{number}", twin.store.bare.resolve("main"))
    assert len(project.session().repository.code.tags()) == 121
    asked = [path for _, path, _ in twin.requests if "matching-refs" in path]
    assert [path.partition("?")[2] for path in asked] == [""]


def test_a_tag_that_exists_on_the_right_commit_is_done(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """zulip#23404: a retry that meets “tag exists” goes on."""
    released_up_to("commit-version")
    project.git("tag", "--annotate", "v0.2.0", "--message", "Release version 0.2.0")
    assert step_of(cli, "create-tag")["status"] == "done"
    assert "in the checkout" in str(step_of(cli, "create-tag")["summary"])
    run_until(cli, "push-tag")
    assert twin.store.bare.refs()[TAG].sha == project.git("rev-parse", "v0.2.0")


def test_a_tag_elsewhere_is_an_error_and_stays(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """axion-release#69."""
    released_up_to("commit-version")
    project.git("tag", "--annotate", "v0.2.0", "HEAD~1", "--message", "Release version 0.2.0")
    local = project.git("rev-parse", "v0.2.0")
    head = project.git("rev-parse", "--short=7", "HEAD")
    refused(cli, twin, f"but the version commit is {head}; nothing was moved")
    assert project.git("rev-parse", "v0.2.0") == local
    project.git("push", "--quiet", "origin", "v0.2.0")
    assert step_of(cli, "create-tag")["status"] == "failed"
    refused(cli, twin, "on the remote, but the version commit is")


def test_a_tag_without_a_version_commit_is_judged_by_what_the_files_say_there(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to()
    project.git("tag", "--annotate", "v0.2.0", "--message", "Release version 0.2.0")
    refused(cli, twin, "where the files do not say 0.2.0")


def test_a_lightweight_tag_is_an_error(cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("commit-version")
    project.git("tag", "v0.2.0")
    refused(cli, twin, "is a lightweight tag, not an annotated one")
    project.git("push", "--quiet", "origin", "v0.2.0")
    refused(cli, twin, "on the remote is a lightweight tag")


def test_a_local_tag_on_a_commit_that_was_not_pushed_is_an_error(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """get-pip#113: the tag lands, the branch is rejected."""
    released_up_to()
    for file in ("fast_llm/__init__.py", "setup.cfg"):
        path = project.path / file
        path.write_text(path.read_text().replace("0.1.1-dev", "0.2.0"))
    project.git("commit", "--quiet", "-am", "Bump version to 0.2.0")
    project.git("tag", "--annotate", "v0.2.0", "--message", "Release version 0.2.0")
    step = step_of(cli, "create-tag")
    assert step["status"] == "failed"
    assert "which is not on GitHub's main" in str(step["summary"])


def tagged_aside(project: Project) -> str:
    """A tag on a commit of another branch, whose files say the version; only the tag is pushed."""
    project.git("switch", "--quiet", "--create", "side")
    for file in ("fast_llm/__init__.py", "setup.cfg"):
        path = project.path / file
        path.write_text(path.read_text().replace("0.1.1-dev", "0.2.0"))
    project.git("commit", "--quiet", "-am", "Some other work")
    (project.path / "unreviewed.txt").write_text("unreviewed")
    project.git("add", "unreviewed.txt")
    project.git("commit", "--quiet", "-m", "Unreviewed work")
    project.git("tag", "--annotate", "v0.2.0", "--message", "whatever")
    project.git("push", "--quiet", "origin", "v0.2.0")
    project.git("tag", "--delete", "v0.2.0")
    sha = project.git("rev-parse", "HEAD")
    project.git("switch", "--quiet", "main")
    return sha


def test_a_tag_on_a_commit_of_another_branch_is_an_error(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("open-bugs")
    sha = tagged_aside(project)
    step = step_of(cli, "create-tag")
    words = (
        f"v0.2.0 is on {sha[:7]} on the remote, which is not on GitHub's main; bring that commit to main, or delete "
        "the tag: `git push --delete origin v0.2.0`"
    )
    assert (step["status"], step["summary"]) == ("failed", words)
    # Nothing that the tag marks is evidence for other steps.
    assert step_of(cli, "commit-version")["summary"] == "no commit “Bump version to 0.2.0” on main"
    assert step_of(cli, "set-version")["status"] == "todo"
    assert "is tagged" not in str(step_of(cli, "main-ci")["summary"])
    refused(cli, twin, "which is not on GitHub's main")
    project.git("push", "--quiet", "--delete", "origin", "v0.2.0")
    run_until(cli, "push-tag")
    assert step_of(cli, "create-tag")["status"] == "done"


def test_what_was_published_stays_done_and_what_is_other_than_usual_is_said(
    cli: Cli, project: Project, twin: Twin
) -> None:
    """A project's past releases may come from branches that are gone."""
    sha = tagged_aside(project)
    releases = project.session().repository.releases
    releases.change(releases.create_draft("v0.2.0", prerelease=False), {"draft": False})
    tag, commit = step_of(cli, "create-tag", "0.2.0"), step_of(cli, "commit-version", "0.2.0")
    assert (tag["status"], commit["status"]) == ("done", "done")
    assert tag["summary"] == f"annotated tag v0.2.0 on {sha[:7]} on the remote; its message is “whatever”"
    assert commit["summary"] == f"{sha[:7]} not on main: Unreviewed work; it also changes unreviewed.txt"


def test_the_real_title_of_the_version_commit_is_said(cli: Cli, project: Project, released_up_to: ReleasedUpTo) -> None:
    """Somebody set the version in other words, and tagged it by hand."""
    released_up_to()
    for file in ("fast_llm/__init__.py", "setup.cfg"):
        path = project.path / file
        path.write_text(path.read_text().replace("0.1.1-dev", "0.2.0"))
    project.git("commit", "--quiet", "-am", "Release it")
    project.git("tag", "--annotate", "v0.2.0", "--message", "Release version 0.2.0\n\nWith more words.")
    project.git("push", "--quiet", "origin", "main", "v0.2.0")
    sha = project.git("rev-parse", "--short=7", "HEAD")
    assert step_of(cli, "commit-version")["summary"] == f"{sha} on main: Release it"
    assert step_of(cli, "create-tag")["summary"] == f"annotated tag v0.2.0 on {sha} on the remote"


def test_pushed_but_not_local_is_done(cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo) -> None:
    released_up_to("push-tag")
    project.git("tag", "--delete", "v0.2.0")
    assert step_of(cli, "create-tag")["status"] == step_of(cli, "push-tag")["status"] == "done"
    run_until(cli, "draft-release")


def test_another_object_under_the_name_is_never_overwritten(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    pushed = twin.store.bare.refs()[TAG].sha
    project.git("tag", "--delete", "v0.2.0")
    project.git("tag", "--annotate", "v0.2.0", "HEAD", "--message", "Another message")
    step = step_of(cli, "push-tag")
    assert step["status"] == "failed"
    assert f"is another object ({pushed[:7]}) than the local one" in str(step["summary"])
    result = cli("run", "--yes")
    assert result.code == 1
    assert "Step push-tag needs repair" in result.err
    assert twin.store.bare.refs()[TAG].sha == pushed


def test_the_tag_waits_for_the_version_commit(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to()
    result = cli("run", "create-tag", "--yes")
    assert result.code == 3
    assert "Step create-tag is blocked" in result.err
    assert project.git("tag") == "v0.1.0"


def test_a_moved_branch_is_said_and_the_tag_stays_on_the_version_commit(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    """talex-touch/tuff#736."""
    released_up_to("commit-version")
    version = project.git("rev-parse", "HEAD")
    for name in ("later.txt", "last.txt"):
        (project.path / name).write_text(name)
        project.git("add", name)
        project.git("commit", "--quiet", "-m", f"Add {name}")
    project.git("push", "--quiet", "origin", "main")
    made = cli("run", "create-tag", "push-tag", "--yes")
    assert made.code == 0, made.err
    assert "main has moved on since: 2 newer commits are not in v0.2.0." in made.err
    assert twin.store.bare.refs()[TAG].commit == version


def test_the_tag_is_signed_as_the_users_git_says(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = shutil.which("ssh-keygen", path="/usr/bin:/bin:/usr/local/bin")
    if program is None:
        pytest.skip("ssh-keygen is not installed")
    ready_to_tag(cli, project)
    key = tmp_path / "key"
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    project.git("config", "gpg.format", "ssh")
    project.git("config", "gpg.ssh.program", program)
    project.git("config", "user.signingkey", f"{key}.pub")
    project.git("config", "tag.gpgsign", "true")
    run_until(cli, "push-tag")
    assert "-----BEGIN SSH SIGNATURE-----" in twin.store.bare.git("cat-file", "tag", "v0.2.0")
    assert step_of(cli, "create-tag")["status"] == "done"


def test_a_signature_that_fails_says_what_git_said(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("commit-version")
    project.git("config", "tag.gpgsign", "true")
    project.git("config", "gpg.program", "false")
    result = cli("run", "create-tag", "--yes")
    assert result.code == 1
    assert "gpg failed to sign" in result.err
    assert project.git("tag") == "v0.1.0"


def as_actions(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, with the `GITHUB_TOKEN` of a workflow."""
    bot = twin.store.add_user("github-actions[bot]", "maintain", bot=True, app=True)
    monkeypatch.setenv("GH_TOKEN", bot.token)


def push_as_actions(project: Project, twin: Twin) -> None:
    """What actions/checkout sets up: git pushes with the workflow's token."""
    address = twin.clone_url.replace("://", f"://x-access-token:{twin.store.users['github-actions[bot]'].token}@")
    project.git("remote", "set-url", "origin", address)


def test_a_tag_pushed_with_the_token_of_actions_starts_nothing_and_that_is_said_before(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch, released_up_to: ReleasedUpTo
) -> None:
    """mainsail#1721: the tag is there, no image is ever built."""
    released_up_to("commit-version")
    as_actions(twin, monkeypatch)
    push_as_actions(project, twin)
    dry = cli("run", "push-tag", "--dry-run")
    assert "GitHub starts no workflow for a tag that is pushed with the GITHUB_TOKEN of Actions" in dry.out
    run_until(cli, "push-tag")
    assert step_of(cli, "tag-ci")["status"] == "waiting"


def test_workflows_that_the_guide_names_are_started_once(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = project.path / "docs" / "release-guide.md"
    files = ("ci.yaml",)
    guide.write_text(guide.read_text().replace("uses=tag.push", f'uses=tag.push dispatch="{",".join(files)}"'))
    project.git("commit", "--quiet", "-am", "Start the workflows")
    project.git("push", "--quiet", "origin", "main")
    ready_to_tag(cli, project)
    as_actions(twin, monkeypatch)
    push_as_actions(project, twin)
    run_until(cli, "create-tag")
    pushed = cli("run", "push-tag", "--yes", "--interval", "0.05")
    assert pushed.code == 0, pushed.err
    assert all(f"→ start {file} on v0.2.0" in pushed.err for file in files)
    assert step_of(cli, "tag-ci")["status"] == "done"
    assert cli("run", "push-tag", "--yes").code == 0
    started = [found[1] for one in twin.requests if (found := re.search(r"/workflows/([^/]+)/dispatches", one[1]))]
    assert sorted(started) == sorted(files)


@pytest.mark.parametrize("other", ["another commit", "another message", "a signature"])
def test_a_local_tag_that_is_more_than_a_double_is_never_given_up(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo, other: str
) -> None:
    released_up_to("push-tag")
    pushed = project.git("rev-parse", "v0.2.0")
    project.git("tag", "--delete", "v0.2.0")
    commit = "HEAD~1" if other == "another commit" else "HEAD"
    message = {
        "another message": "Ours",
        "a signature": "Release version 0.2.0\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----",
    }.get(other, "Release version 0.2.0")
    project.git("tag", "--annotate", "v0.2.0", commit, "--message", message)
    mine = project.git("rev-parse", "v0.2.0")
    step = step_of(cli, "push-tag")
    assert step["status"] == "failed"
    assert str(step["summary"]).startswith("the remote's v0.2.0 is another object")
    assert cli("run", "push-tag", "--yes").code == 1
    assert project.git("rev-parse", "v0.2.0") == mine
    assert twin.store.bare.refs()["refs/tags/v0.2.0"].sha == pushed
