"""New, hidden and odd files in the checkout of a release: what belongs to it is never left out without a word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, open_ready, run_until

MADE = {
    "files and folders": (
        "touch uv.lock; mkdir -p gen/deep; touch gen/{1,2,3,4} gen/deep/5; git init --quiet inner; touch inner/x",
        "gen/ (5 files), inner/, uv.lock, new since step make",
        "gen/1,gen/2,gen/3",
    ),
    "odd names and a link": (
        "touch $'a\\nb' 'c, \"d\"' 'é[1].txt'; python -c 'import os; os.symlink(\"/nowhere\", \"link\")'",
        'a<U+000A LINE FEED>b, c, "d", link, é[1].txt, new since step make',
        "a?b,c???d?,link",
    ),
}
CHANGED = (
    "python -c 'import os; os.chmod(\"README.md\", 0o755)'; rm LICENSE; cat mkdocs.yml > docs.yml; rm mkdocs.yml; "
    "echo 1 > staged; git add staged; git config diff.ignoreSubmodules all; "
    "git -C sub -c user.name=a -c user.email=a commit --quiet --allow-empty -m x"
)


def with_step(project: Project, script: str, files: str = "") -> None:
    guide = (project.path / "docs" / "release-guide.md").read_text()
    line = next(line for line in guide.splitlines() if "uses=version.commit " in line)
    step = f"- [ ] Make it. <!-- step make run -->\n\n    ```bash\n    {script}\n    ```\n\n"
    named = f' files="{files}"' if files else ""
    project.change_guide(line, step + line.replace("uses=version.commit", f"uses=version.commit{named}"), push=True)


def with_submodule(project: Project) -> None:
    inner = project.path / "sub"
    subprocess.run(["git", "init", "--quiet", str(inner)], check=True)
    for words in (["commit", "--quiet", "--allow-empty", "-m", "First"],):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=inner, check=True)
    project.git("add", "sub")
    project.git("commit", "--quiet", "-m", "A submodule")
    project.git("push", "--quiet", "origin", "main")


def title(twin: Twin) -> str:
    return twin.store.bare.commit(twin.store.bare.resolve("main")).message.strip()


@pytest.mark.parametrize("case", MADE)
def test_what_a_step_has_made_stops_the_version_commit_and_is_named(
    cli: Cli, project: Project, twin: Twin, case: str
) -> None:
    script, named, files = MADE[case]
    with_step(project, script)
    open_ready(cli, project)
    (project.path / "scratch.txt").write_text("mine")
    # In pieces, as two processes would do it.
    run_until(cli, "make")
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert stopped.code == 1, stopped.err
    assert f"new files that the version commit would leave out: {named}." in " ".join(stopped.err.split())
    assert f'files="{files}"`; otherwise delete or ignore what is new.' in " ".join(stopped.err.split())
    assert "scratch" not in stopped.err
    assert title(twin) != "Bump version to 0.2.0"
    dry = cli("run", "--dry-run", "--defer-open")
    assert named in " ".join((dry.out + dry.err).split())


def test_each_kind_of_change_is_seen_whatever_git_is_configured_to_show(cli: Cli, project: Project, twin: Twin) -> None:
    for name in ("README.md", "LICENSE", "mkdocs.yml"):
        (project.path / name).write_text("x")
        project.git("add", name)
    with_submodule(project)
    with_step(project, CHANGED)
    open_ready(cli, project)
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert stopped.code == 1, stopped.err
    words = " ".join(stopped.err.split())
    named = (
        "changes that the version commit would leave out: LICENSE, README.md, mkdocs.yml, staged, sub; docs.yml, new "
    )
    assert f"{named}since step make." in words
    assert "otherwise stash the changes and delete or ignore what is new." in words
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert "The checkout has uncommitted changes: LICENSE, README.md, mkdocs.yml, staged, sub." in stopped.err


@pytest.mark.parametrize("bump", ["direct", "pull-request"])
def test_new_files_that_the_guide_names_are_committed_whatever_their_names(
    cli: Cli, project: Project, twin: Twin, bump: str
) -> None:
    project.change_guide("branch: main", f"branch: main\n  bump: {bump}", push=True)
    with_step(project, "mkdir gen; touch $'gen/a\\nb' 'gen/é[1]*.txt' ':(top)x'", "gen/**,:(top)x")
    open_ready(cli, project)
    (project.path / "gen-1").write_text("mine")
    until = ("--until", "commit-version")
    ran = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--timeout", "0.01", *until)
    assert ran.code == (0 if bump == "direct" else 3), ran.err
    branch = "main" if bump == "direct" else "fastrel/version-0.2.0"
    listed = twin.store.bare.git("ls-tree", "-rz", "--name-only", branch).split("\0")
    assert {"gen/a\nb", "gen/é[1]*.txt", ":(top)x"} <= set(listed)
    assert "gen-1" not in listed
    assert project.git("status", "--porcelain").splitlines() == ["?? gen-1"]


def test_other_new_files_do_not_stop_the_release_and_are_named(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    (project.path / "todo").mkdir()
    for name in ("notes.txt", *(f"todo/{number}" for number in range(9)), *(f"x{number}" for number in range(9))):
        (project.path / name).write_text("mine")
    (project.path / ".git" / "info" / "exclude").write_text("x8\n")
    said = "New files stay out of the commit: notes.txt, todo/ (9 files), x0, x1, x2 and 5 more."
    dry = cli("run", "--dry-run", "--defer-open", "--until", "commit-version")
    assert said in " ".join((dry.out + dry.err).split())
    ran = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "commit-version")
    assert ran.code == 0, ran.err
    assert said in " ".join((ran.out + ran.err).split())
    assert title(twin) == "Bump version to 0.2.0"


def test_a_new_file_is_of_the_step_that_made_it_also_when_its_process_was_killed(
    cli: Cli, project: Project, twin: Twin
) -> None:
    with_step(project, 'touch made; if [ -e kill ]; then rm kill; kill -9 "$PPID"; fi')
    open_ready(cli, project)
    (project.path / "kill").touch()
    arguments = ["-m", "fastrel_cli", "run", "--yes", "--defer-open", "--interval", "0.05", "--until", "make"]
    killed = subprocess.run([sys.executable, *arguments], cwd=project.path, env=os.environ, check=False)
    assert killed.returncode == -9
    (project.path / "later.txt").touch()
    run_until(cli, "make")
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert "made" in stopped.err
    (project.path / "made").unlink()
    (project.path / "later.txt").unlink()
    run_until(cli, "commit-version")
    assert title(twin) == "Bump version to 0.2.0"


@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_a_version_file_whose_changes_git_does_not_see_stops_the_run_before_anything_is_changed(
    cli: Cli, project: Project, twin: Twin, flag: str
) -> None:
    open_ready(cli, project)
    project.git("update-index", f"--{flag}", "setup.cfg")
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert stopped.code == 2, stopped.err
    words = " ".join(stopped.err.split())
    assert "Git was told not to see changes of setup.cfg, so that no commit would hold it." in words
    command = f"git update-index --no-{flag} -- setup.cfg"
    assert command in words
    project.git(*command.split()[1:])
    run_until(cli, "commit-version")
    assert title(twin) == "Bump version to 0.2.0"


def test_a_named_file_that_git_ignores_stops_the_commit(cli: Cli, project: Project, twin: Twin) -> None:
    with_step(project, "touch ignored.lock; echo ignored.lock > .git/info/exclude", "ignored.lock")
    open_ready(cli, project)
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05")
    assert stopped.code == 1
    assert "Step commit-version names ignored.lock, which git ignores." in stopped.err
    assert title(twin) != "Bump version to 0.2.0"


def test_what_is_made_after_the_release_does_not_stop_the_next_version(cli: Cli, project: Project, twin: Twin) -> None:
    guide = (project.path / "docs" / "release-guide.md").read_text()
    line = next(line for line in guide.splitlines() if "uses=discussion.forum" in line)
    step = "- [ ] Build. <!-- step build run -->\n\n    ```bash\n    touch built.whl\n    ```\n\n"
    project.change_guide(line, step + line, push=True)
    open_ready(cli, project)
    run_until(cli, "close-tracker")
    assert title(twin) == "Start development on version 0.2.1"
