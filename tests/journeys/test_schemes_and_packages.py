"""Projects with other versions than semver, and several packages: from `init` to the published release, on the twin."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from stage import Cli, Project, Result, begin_release, step_of

pytestmark = pytest.mark.usefixtures("hasty")

Made = Callable[..., Path]
CI = "name: CI\non: {push: {branches: [main]}}\njobs: {test: {runs-on: ubuntu-latest, steps: []}}\n"
RELEASE = """name: Release
on: {push: {tags: ["*"]}}
jobs:
  release:
    steps:
      - run: uv build
      - uses: pypa/gh-action-pypi-publish@release/v1
      - run: gh release create "$TAG" --draft dist/*
"""
PYTHON = '[project]\nname = "thing"\nversion = "{}"\n'


def git(path: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    return subprocess.run(["git", *who, *arguments], cwd=path, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Makes a repository with a commit for each set of files, each with its title and the tags on it."""

    def make(*commits: tuple[str, dict[str, str], tuple[str, ...]]) -> Path:
        path = tmp_path / "thing"
        path.mkdir()
        monkeypatch.chdir(path)
        git(path, "init", "--quiet", "--initial-branch=main")
        git(path, "config", "user.name", "Ann")
        git(path, "config", "user.email", "ann@example.org")
        git(path, "remote", "add", "origin", "https://github.com/octo/thing.git")
        for title, files, tags in commits:
            for name, text in files.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_text(text)
            git(path, "add", "--all")
            git(path, "commit", "--quiet", "--message", title)
            for tag in tags:
                git(path, "tag", tag)
        return path

    return make


def rehearsed(cli: Cli, path: Path, *arguments: str) -> tuple[Result, dict[str, object]]:
    """Commit the guide, and rehearse in that folder without a token."""
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--message", "Guide")
    assert "GH_TOKEN" not in os.environ
    with chdir(path):
        done = cli("rehearse", "--json", *arguments)
    assert done.code == 0, done.err
    found = done.json["rehearsal"]
    assert isinstance(found, dict)
    return done, found


def test_a_project_of_pep_440_whose_workflow_makes_the_release(cli: Cli, made: Made) -> None:
    files = {"pyproject.toml": PYTHON.format("6.0.0a4"), ".github/workflows/release.yml": RELEASE}
    path = made(("Files", files, ("v5.1.0", "v6.0.0a3", "v6.0.0a4")))
    assert cli("init", "--offline", "--yes").code == 0
    guide = (path / "RELEASING.md").read_text()
    assert "versions: pep440" in guide
    assert "release.draft" not in guide
    assert 'uses=ci.tag required="Release"' in guide
    done, summary = rehearsed(cli, path, "6.0.0a5")
    assert "Made up, as gh release create makes it in .github/workflows/release.yml" in done.err
    assert "Not run: Release." in done.err
    assert '"v6.0.0a5"' in json.dumps(summary)
    report = json.loads(done.out)
    assert (report["version"], report["previous_tag"], report["kind"]) == ("6.0.0a5", "v6.0.0a4", "major")
    assert {one["status"] for one in report["steps"]} <= {"done", "skipped"}


def test_a_project_of_the_calendar(cli: Cli, made: Made) -> None:
    files = {"package.json": '{"name": "thing", "version": "2025.12.0"}\n', ".github/workflows/ci.yml": CI}
    path = made(("Files", files, ("2025.11.0", "2025.12.0")))
    assert cli("init", "--offline", "--yes").code == 0
    assert "versions: calver" in (path / "RELEASING.md").read_text()
    done, summary = rehearsed(cli, path, "2026.1.0")
    assert '+{\\"name\\": \\"thing\\", \\"version\\": \\"2026.1.0\\"}' in json.dumps(summary)
    report = json.loads(done.out)
    assert (report["version"], report["previous_tag"], report["kind"]) == ("2026.1.0", "2025.12.0", "minor")
    assert {one["status"] for one in report["steps"]} <= {"done", "skipped"}


def test_two_packages_of_one_repository(cli: Cli, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    root = '{"name": "root", "private": true, "version": "9.9.9", "workspaces": ["packages/*"]}\n'
    files = {f"packages/{one}/package.json": f'{{"name": "{one}", "version": "0.1.0"}}\n' for one in ("a", "b")}
    path = made(
        ("Files", {**files, "package.json": root, ".github/workflows/ci.yml": CI}, ("a-v0.1.0", "b-v0.3.0", "v9.9.9")),
        ("Mend a (#1)", {"packages/a/x.js": "1"}, ()),
        ("Mend b (#2)", {"packages/b/x.js": "1"}, ()),
    )
    for one in ("a", "b"):
        shown = cli("init", "--offline", "--yes", "--path", f"packages/{one}")
        assert shown.code == 0, shown.err
    monkeypatch.chdir(path / "packages" / "a")
    assert cli("lint").out.strip().endswith("nothing wrong")
    assert cli("init", "--offline", "--yes", "--path", ".").err.strip().endswith("Nothing to do.")
    done, summary = rehearsed(cli, path / "packages" / "a", "0.2.0")
    text = json.dumps(summary)
    assert "Mend a" in text
    assert "Mend b" not in text
    assert "Bump version to 0.2.0 of packages/a" in text
    assert "Release a-v0.2.0" in text
    report = json.loads(done.out)
    assert (report["previous_tag"], report["guide_path"]) == ("a-v0.1.0", "packages/a/RELEASING.md")


def test_release_issues_of_two_packages_with_the_same_version(cli: Cli, project: Project) -> None:
    """Each guide knows its own release issue; the board names both by their tags."""
    guide = (project.path / "docs" / "release-guide.md").read_text()
    for one in ("a", "b"):
        folder = project.path / "packages" / one
        folder.mkdir(parents=True)
        settings = f'fastrel:\n  path: packages/{one}\n  tag: "{one}-v{{version}}"\n'
        (folder / "RELEASING.md").write_text(
            guide.replace("fastrel:\n", settings, 1).replace('  tag: "v{version}"\n', "")
        )
    paths = [f"packages/{one}/RELEASING.md" for one in ("a", "b")]
    for path in paths:
        assert cli("open", "0.2.0", "--guide", path).code == 0
    begin_release(cli)
    issues = project.twin.store.issues
    assert [issues[number].title for number in (38, 39, 40)] == [
        "Release a-v0.2.0",
        "Release b-v0.2.0",
        "Release 0.2.0",
    ]
    assert cli("open", "0.2.0", "--guide", paths[1]).out.strip().endswith("/39")
    assert cli("tick", "docs-current", "--guide", paths[1], "--note", "read").code == 0
    assert [step_of(cli, "docs-current", "--guide", path)["status"] for path in paths] == ["todo", "done"]
    assert step_of(cli, "docs-current")["status"] == "todo"
    board = cli("board", "--json").json["releases"]
    assert isinstance(board, list)
    assert {(one["tag"], one["guide"]) for one in board} == {
        ("a-v0.2.0", paths[0]),
        ("b-v0.2.0", paths[1]),
        (None, "docs/release-guide.md"),
    }


def test_a_version_that_goes_back_is_warned_of(cli: Cli, project: Project) -> None:
    project.git("push", "--quiet", "--delete", "origin", "v0.1.0")
    file = project.path / "fast_llm" / "__init__.py"
    file.write_text(file.read_text().replace("0.1.1-dev", "0.4.0-dev"))
    project.git("commit", "--quiet", "-am", "Go on")
    project.git("push", "--quiet", "origin", "main")
    assert "The next version would be 0.2.0" in cli("open").err  # of the milestone
    opened = cli("open", "0.1.1")
    words = "0.1.1 goes back: fast_llm/__init__.py says 0.4.0-dev, which is higher."
    assert f"warning: {words}" in opened.err
    assert words in cli("status").out
    project.twin.store.milestones.clear()
    cli("abort", "0.1.1", "--reason", "too low", "--yes")
    assert "The next version would be 0.4.0" in cli("open").err
