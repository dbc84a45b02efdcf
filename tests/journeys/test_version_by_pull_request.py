"""The version comes by pull requests, because the guide wants it or the branch is protected."""

from __future__ import annotations

import subprocess
import threading
import time

import pytest
import requests

from fastrel_twin.records import Protection
from fastrel_twin.server import Twin
from fastrel_twin.workflows.simulated_ci import Timing
from stage import Cli, Project, open_ready, run_until, step_of

NAME = "ServiceNow/Fast-LLM"


def merge(twin: Twin, how: str) -> int:
    """Merge the one open pull request of the tool, as a reviewer; returns its number."""
    (pull,) = [one for one in twin.store.issues.values() if one.pull and one.pull.opened and one.state == "open"]
    answer = requests.put(
        f"{twin.api_url}/repos/{NAME}/pulls/{pull.number}/merge",
        json={"merge_method": how},
        headers={"Authorization": f"Bearer {twin.tokens['admin']}"},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    return pull.number


def waits(cli: Cli, step: str) -> None:
    """The run goes on until it waits for a merge, and is given up at once."""
    result = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--timeout", "0.002", "--until", step)
    assert result.code == 3, result.err
    assert "waits to be reviewed and merged" in result.err


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
def test_a_release_of_a_protected_branch(cli: Cli, project: Project, twin: Twin, how: str) -> None:
    twin.store.protect("main")
    head = project.git("rev-parse", "HEAD")
    open_ready(cli, project)

    waits(cli, "commit-version")
    assert project.git("rev-parse", "HEAD") == head
    assert project.git("status", "--porcelain") == ""
    assert project.git("worktree", "list").count("\n") == 0
    assert "in pull request #39" in str(step_of(cli, "set-version")["summary"])
    assert step_of(cli, "commit-version")["status"] == "waiting"
    assert "ignore-for-release" in twin.store.issues[39].labels
    number = merge(twin, how)
    # What the checkout lacks came by the tool's own pull request, so the run goes on.
    run_until(cli, "push-tag")
    tag = twin.store.bare.refs()["refs/tags/v0.2.0"]
    assert twin.store.bare.commit(tag.commit).message.startswith("Bump version to 0.2.0")
    # Our own pull request needs no label for the notes, and is not in them.
    assert step_of(cli, "pull-labels")["status"] == "done"
    waits(cli, "commit-next")
    (release,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    assert f"pull/{number}" not in release.body
    merge(twin, how)
    project.git("pull", "--quiet", "--ff-only", "origin", "main")
    done = cli("run", "--yes", "--interval", "0.05")
    assert done.code == 0, done.err
    setup = twin.store.bare.file(twin.store.bare.resolve("main"), "setup.cfg")
    assert setup is not None
    assert b"version = 0.2.1-dev" in setup[1]


def test_a_script_of_the_guide_never_sees_the_files_from_before_the_merge(
    cli: Cli, project: Project, twin: Twin
) -> None:
    push = "- [ ] Push the tag. <!-- step push-tag"
    look = "- [ ] Look around. <!-- step look run role=write -->\n\n    ```bash\n    touch looked\n    ```\n\n"
    project.change_guide(push, look + push, push=True)
    twin.store.protect("main")
    open_ready(cli, project)
    waits(cli, "commit-version")
    merge(twin, "squash")
    refused = cli("run", "--yes", "--until", "look")
    assert refused.code != 0
    assert "The checkout is behind origin/main. Type `git pull --ff-only origin main`." in refused.err
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()
    assert not (project.path / "looked").exists()


def test_one_run_goes_through_when_somebody_merges_meanwhile(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.protect("main")
    open_ready(cli, project)

    def review() -> None:
        """Somebody merges what is opened, when it has been waited for."""
        while sum("/pulls?" in one[1] and "head=" in one[1] for one in twin.requests) < 20:
            time.sleep(0.01)
        twin.simulated_ci.timing = Timing(merge_seconds=0)

    reviewer = threading.Thread(target=review, daemon=True)
    reviewer.start()
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    reviewer.join(timeout=30)
    assert done.code == 0, done.err
    assert "Main is protected: the version comes by a pull request" in done.err
    assert "waiting: pull request #39 waits to be reviewed and merged" in done.err
    assert "bring the checkout to the newest commit of main on origin" in done.err
    assert project.git("status", "--porcelain") == ""
    pulls = [one for one in twin.store.issues.values() if one.pull and one.pull.opened]
    assert [one.title for one in pulls] == ["Bump version to 0.2.0", "Start development on version 0.2.1"]


def test_the_guide_may_want_pull_requests_or_direct_pushes(cli: Cli, project: Project, twin: Twin) -> None:
    guide = project.path / "docs" / "release-guide.md"
    text = guide.read_text()
    guide.write_text(text.replace("  branch: main\n", "  branch: main\n  bump: pull-request\n"))
    subprocess.run(["git", "commit", "-qam", "Bump by pull requests"], cwd=project.path, check=True)
    project.git("push", "--quiet", "origin", "main")
    open_ready(cli, project)
    run_until(cli, "set-version")
    dry = cli("run", "commit-version", "--dry-run")
    assert "would open a pull request of it into main" in dry.out
    assert "The guide wants it" in dry.out
    # And the other way: `direct` pushes to a protected branch, and says what to do when GitHub refuses.
    guide.write_text(text.replace("  branch: main\n", "  branch: main\n  bump: direct\n"))
    subprocess.run(["git", "commit", "-qm", "Push directly", "docs"], cwd=project.path, check=True)
    project.git("push", "--quiet", "origin", "main")
    twin.store.protect("main")
    refused = cli("run", "commit-version", "--yes")
    assert refused.code == 1
    assert "Protected branch update failed" in refused.err
    assert "Nothing was pushed." in refused.err
    assert "set `bump: pull-request`" in refused.err
    assert "Bump version" not in twin.store.bare.commit(twin.store.bare.resolve("main")).message


def test_a_branch_that_only_requires_checks_takes_no_pushes_either(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.protect("main", Protection(pulls=False, checks=("Test",)))
    open_ready(cli, project)
    run_until(cli, "set-version")
    assert "would push branch fastrel/version-0.2.0" in cli("run", "commit-version", "--dry-run").out


def test_an_interrupted_pull_request_is_taken_up_again(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.protect("main")
    open_ready(cli, project)
    waits(cli, "commit-version")
    # As if the first run had been killed between the push of the branch and the pull request.
    first = twin.store.bare.resolve("fastrel/version-0.2.0")
    del twin.store.issues[39]
    waits(cli, "commit-version")
    assert twin.store.bare.resolve("fastrel/version-0.2.0") == first
    assert len([one for one in twin.store.issues.values() if one.pull and one.pull.opened]) == 1


def test_a_pull_request_that_is_closed_without_merging(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.protect("main")
    open_ready(cli, project)
    waits(cli, "commit-version")
    twin.store.close(twin.store.issues[39], None)
    stopped = cli("run", "--yes", "--until", "commit-version")
    assert stopped.code == 1
    assert "pull request #39 was closed without merging; reopen it, or delete its branch to start again" in stopped.err
    twin.store.bare.delete_ref("refs/heads/fastrel/version-0.2.0")
    waits(cli, "commit-version")
    assert twin.store.issues[40].title == "Bump version to 0.2.0"


def test_a_pull_request_that_says_another_version_is_not_taken_for_ours(cli: Cli, project: Project, twin: Twin) -> None:
    twin.store.protect("main")
    open_ready(cli, project)
    waits(cli, "commit-version")
    project.git("fetch", "--quiet", "origin", "fastrel/version-0.2.0")
    project.git("switch", "--quiet", "-c", "edit", "FETCH_HEAD")
    setup = project.path / "setup.cfg"
    setup.write_text(setup.read_text().replace("0.2.0", "0.3.0"))
    project.git("commit", "--quiet", "-am", "Oh no")
    project.git("push", "--quiet", "origin", "HEAD:fastrel/version-0.2.0")
    step = step_of(cli, "set-version")
    assert step["status"] == "failed"
    assert "setup.cfg says 0.3.0 in pull request #39, not 0.2.0" in str(step["summary"])
