"""What the version commit holds, and how it is found again."""

from __future__ import annotations

import pytest

from fastrel_twin.merging import merge
from fastrel_twin.server import Twin
from stage import Cli, Project, open_ready, run_until, step_of

LOCK = """
- [ ] Refresh the lock file. <!-- step lock run -->

    ```bash
    echo "{{ version }}" > uv.lock
    ```

"""


def with_lock_step(project: Project, files: str = "") -> None:
    (project.path / "uv.lock").write_text("0.1.0\n")
    project.git("add", "uv.lock")
    project.git("commit", "--quiet", "-m", "A lock file")
    guide = (project.path / "docs" / "release-guide.md").read_text()
    line = next(line for line in guide.splitlines() if "uses=version.commit " in line)
    more = line.replace("uses=version.commit", f"uses=version.commit{files}")
    project.change_guide(line, LOCK.lstrip("\n") + more, push=True)


def test_a_file_that_a_step_before_has_changed_stops_the_version_commit(cli: Cli, project: Project, twin: Twin) -> None:
    with_lock_step(project)
    open_ready(cli, project)
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert stopped.code == 1
    assert "changes that the version commit would leave out: uv.lock." in stopped.err
    assert 'files="uv.lock"' in stopped.err
    assert "refs/tags/v0.2.0" not in twin.store.bare.refs()
    assert twin.store.bare.commit(twin.store.bare.resolve("main")).message.strip() != "Bump version to 0.2.0"


@pytest.mark.parametrize("bump", ["direct", "pull-request"])
def test_the_version_commit_takes_the_files_that_its_step_names(
    cli: Cli, project: Project, twin: Twin, bump: str
) -> None:
    with_lock_step(project, ' files="*.lock,changes/**"')
    project.change_guide("branch: main", f"branch: main\n  bump: {bump}", push=True)
    open_ready(cli, project)
    cli("run", "--yes", "--defer-open", "--interval", "0.05", "--timeout", "0.01", "--until", "commit-version")
    branch = "main" if bump == "direct" else "fastrel/version-0.2.0"
    found = twin.store.bare.file(twin.store.bare.resolve(branch), "uv.lock")
    assert found
    assert found[1] == b"0.2.0\n"
    assert not project.git("status", "--porcelain", "--untracked-files=no")


def test_titles_of_version_commits_are_settings(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide(
        "branch: main",
        'branch: main\n  version_message: "chore(release): {version}"\n  next_message: "chore: begin {version}"',
        push=True,
    )
    open_ready(cli, project)
    done = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert done.code == 0, done.err
    bare = twin.store.bare
    titles = [bare.commit(sha).message.strip() for sha in bare.history(bare.resolve("main"))]
    assert titles[:2] == ["chore: begin 0.2.1", "chore(release): 0.2.0"]


@pytest.mark.parametrize("title", ["chore: release (#99)", "[skip ci]", "fastrel/version-0.2.0"])
def test_a_squash_under_another_title_is_the_version_commit(cli: Cli, project: Project, twin: Twin, title: str) -> None:
    project.change_guide("branch: main", "branch: main\n  bump: pull-request", push=True)
    open_ready(cli, project)
    cli("run", "--yes", "--defer-open", "--interval", "0.05", "--timeout", "0.01", "--until", "commit-version")
    (pull,) = [one for one in twin.store.issues.values() if one.pull and one.pull.opened and one.state == "open"]
    pull.title = title
    merge(twin.store, pull, "squash", "ada")
    step = step_of(cli, "commit-version")
    assert step["status"] == "done", step
    assert step_of(cli, "set-version")["status"] == "done"
    run_until(cli, "push-tag")
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()


def test_a_guide_that_lacks_the_step_that_sets_the_version_is_told_so(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide("uses=version.set", "", push=True)
    open_ready(cli, project)
    assert cli("tick", "set-version").code == 0
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert "The checkout does not say 0.2.0: " in stopped.err
    assert "No step of the guide sets it: give the one that should `uses=version.set`." in stopped.err
