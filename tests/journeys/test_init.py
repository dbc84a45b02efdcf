"""`init` in repositories as they are: what is proposed, that it is written after a yes only, and nothing twice."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Golden, Project, converse

pytestmark = pytest.mark.usefixtures("hasty")

Repo = Callable[..., Path]
PYTHON = {
    "pyproject.toml": '[project]\nname = "thing"\nversion = "0.1.1-dev"\n',
    "src/thing/__init__.py": '__version__ = "0.1.1-dev"\n',
    ".github/workflows/ci.yml": "name: CI\non: [push, pull_request]\njobs: {}\n",
    ".github/workflows/publish.yml": "name: Publish\non: {release: {types: [published]}}\njobs:\n  a:\n    steps:\n"
    "      - uses: pypa/gh-action-pypi-publish@release/v1\n      - uses: docker/metadata-action@v5\n"
    "        with: {images: ghcr.io/octo/thing}\n",
    ".github/release.yml": "changelog:\n  categories:\n    - title: New\n      labels: [enhancement]\n",
    "docs/index.md": "# Thing\n",
    "mkdocs.yml": "site_name: Thing  # ours\nsite_url: !ENV [SITE, 'https://octo.github.io/thing/']\n"
    "markdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
    "nav:\n  - Home: index.md\n",
}
CHECKLIST = """# How to release

Ask in the chat first.

- [ ] Make sure that CI is green on `main`
- [ ] Bump the version in `pyproject.toml`
- [ ] Commit the version bump
- [ ] Create the tag

  ```bash
  git tag -a v1.2.3 -m "Version 1.2.3"
  ```
- [ ] Push the tag
  - [ ] Look at the sky
- [ ] Draft a release on GitHub
- [ ] Generate the release notes
- [ ] Publish the release
- [ ] Check that the new version is on [PyPI](https://pypi.org/project/thing)
- [ ] Write a blog post and tell everybody
"""
BY_HAND = """# Release

- [ ] Bump the version
- [ ] Update CHANGELOG
- [ ] Commit and push to main
- [ ] Wait for CI
- [ ] Create the tag
- [ ] Push the tag
"""
WORKFLOW = ".github/workflows/release-checklist.yml"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Makes a repository of files, and changes into it."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ann@example.org")

    def make(files: dict[str, str], *tags: str, remote: str = "https://github.com/octo/thing.git") -> Path:
        path = tmp_path / "thing"
        path.mkdir()
        monkeypatch.chdir(path)
        git(path, "init", "--quiet", "--initial-branch=main")
        for name, text in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(text.encode())
        if remote:
            git(path, "remote", "add", "origin", remote)
        if files:
            commit(path)
        for tag in tags:
            git(path, "tag", tag)
        return path

    return make


def git(path: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=path, check=True, capture_output=True, text=True).stdout


def commit(path: Path) -> None:
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--message", "Files")


def state(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and ".git" not in file.relative_to(path).parts
    }


def adopted(cli: Cli, path: Path, *arguments: str) -> dict[str, bytes]:
    """Adopt, with everything that must hold in any repository."""
    before = state(path)
    dry = cli("init", "--offline", "--dry-run", *arguments)
    assert dry.code == 0, dry.err
    assert dry.err.endswith("Dry run: nothing was written.\n")
    assert state(path) == before
    asked = cli("init", "--offline", *arguments)
    assert asked.code == 3
    assert "Add --yes" in asked.err
    assert state(path) == before
    done = cli("init", "--offline", "--yes", *arguments)
    assert done.code == 0, done.err
    assert done.out == dry.out
    after = state(path)
    again = cli("init", "--offline", "--yes", *arguments)
    assert (again.code, again.out) == (0, "")
    assert "Nothing to do." in again.err
    assert state(path) == after
    guide = json.loads(cli("init", "--offline", "--json").out)["guide"]
    assert cli("lint").out.strip().endswith("nothing wrong")
    assert cli("lint", guide).code == 0
    # What git shows is what was announced.
    assert dry.out.count("\n+++ ") == len([name for name in after if after[name] != before.get(name)])
    return after


def test_a_python_package(cli: Cli, repo: Repo, golden: Golden) -> None:
    path = repo(PYTHON, "v0.1.0")
    shown = cli("init", "--offline", "--dry-run")
    golden("journeys/init-python.txt", f"{shown.err}\n{shown.out}")
    adopted(cli, path)
    git(path, "diff", "--check")


def test_a_checklist_that_is_there(cli: Cli, repo: Repo, golden: Golden) -> None:
    path = repo({**PYTHON, "RELEASING.md": CHECKLIST}, "v0.1.0")
    shown = cli("init", "--offline", "--dry-run")
    golden("journeys/init-checklist.txt", f"{shown.err}\n{shown.out}")
    after = adopted(cli, path)
    assert "docs/release-guide.md" not in after
    assert after["mkdocs.yml"] == PYTHON["mkdocs.yml"].encode()  # the guide is not one of its pages


def test_a_page_of_the_docs_is_named_with_guide(cli: Cli, repo: Repo) -> None:
    path = repo({**PYTHON, "docs/shipping.md": "# Ship\n\n- [ ] Close the milestone\n- [ ] Rest\n"})
    after = adopted(cli, path, "--guide", "docs/shipping.md")
    assert b"  - Release guide: shipping.md\n\nplugins:\n  - search\n  - fastrel\n" in after["mkdocs.yml"]
    assert b"uses=milestone.close" in after["docs/shipping.md"]


def test_a_node_project(cli: Cli, repo: Repo) -> None:
    files = {
        "package.json": '{\n  "name": "@octo/thing",\n  "version": "1.2.3"\n}\n',
        "README.md": "# Thing\n",
        ".github/workflows/publish.yml": "name: Publish\non:\n  push:\n    tags: ['[0-9]*']\njobs:\n  a:\n    steps:\n"
        "      - run: npm publish\n",
    }
    guide = adopted(cli, repo(files, "1.2.2", "1.2.3"))["RELEASING.md"].decode()
    assert 'tag: "{version}"' in guide
    assert "- path: package.json" in guide
    assert "See that npm serves `@octo/thing` {{ version }}." in guide
    assert "uses=ci.tag" in guide
    assert "version.next" not in guide  # nothing says that the project marks development versions


def test_an_empty_repository_without_a_remote(cli: Cli, repo: Repo) -> None:
    after = adopted(cli, repo({}, remote=""))
    assert set(after) == {"RELEASING.md", WORKFLOW}
    assert b"repository:" not in after["RELEASING.md"]


def test_a_monorepo_and_a_mkdocs_configuration_that_cannot_be_edited(cli: Cli, repo: Repo) -> None:
    files = {
        "package.json": '{\n  "name": "root",\n  "private": true,\n  "version": "2.0.0"\n}\n',
        "packages/a/package.json": '{\n  "name": "a",\n  "version": "1.0.0"\n}\n',
        "handbook/index.md": "# Hi\n",
        "mkdocs.yml": "INHERIT: base.yml\ndocs_dir: handbook\nnav: !ENV [NAV]\n",
        "CONTRIBUTING.md": "# Contributing\n\n## Tests\n\n- [ ] Run them\n- [ ] All of them\n",
    }
    path = repo(files, "a-1.0.0", "b-1.0.0", "a-1.1.0")
    shown = cli("init", "--offline", "--dry-run").err
    assert "mkdocs.yml:\n    plugins:\n      - search\n      - fastrel" in shown
    assert "other tags are named b-{version}" in shown
    assert "packages/a/package.json: packages in subfolders are left out" in shown
    after = adopted(cli, path)
    assert set(after) - set(files) == {"handbook/release-guide.md", WORKFLOW}
    assert after["mkdocs.yml"] == files["mkdocs.yml"].encode()


def test_a_page_without_boxes_becomes_the_guide_and_none_is_written_beside_it(cli: Cli, repo: Repo) -> None:
    path = repo({"RELEASING.md": "# R\n\n1. Tag it.\n2. Push it.\n", "docs/release-guide.md": "# Mine\n"})
    after = adopted(cli, path)
    assert b"1. [ ] Tag it." in after["RELEASING.md"]
    assert after["docs/release-guide.md"] == b"# Mine\n"
    assert "docs/release-checklist.md" not in after


def test_words_without_steps_stay_and_an_existing_page_is_never_overwritten(cli: Cli, repo: Repo) -> None:
    path = repo({"RELEASING.md": "# R\n\nWe tag, then we push.\n", "docs/release-guide.md": "# Mine\n"})
    after = adopted(cli, path)
    assert after["RELEASING.md"] == b"# R\n\nWe tag, then we push.\n"
    assert after["docs/release-guide.md"] == b"# Mine\n"
    assert b"uses=tag.create" in after["docs/release-checklist.md"]


def test_boxes_about_something_else_are_no_release_checklist(cli: Cli, repo: Repo) -> None:
    page = "# C\n\n## Before a pull request\n\n- [ ] Tests pass.\n- [ ] Docs.\n\n## Releases\n\nMaintainers tag.\n"
    after = adopted(cli, repo({"CONTRIBUTING.md": page}))
    assert after["CONTRIBUTING.md"] == page.encode()
    assert "RELEASING.md" in after


def test_line_endings_and_modes_of_files_are_kept(cli: Cli, repo: Repo) -> None:
    path = repo({"RELEASING.md": CHECKLIST.replace("\n", "\r\n"), **PYTHON})
    (path / "RELEASING.md").chmod(0o755)
    after = adopted(cli, path)["RELEASING.md"]
    assert after.count(b"\n") == after.count(b"\r\n")
    assert (path / "RELEASING.md").stat().st_mode & 0o777 == 0o755


def test_github_is_asked_where_it_can_be(cli: Cli, project: Project, twin: Twin) -> None:
    (project.path / "docs" / "release-guide.md").unlink()
    (project.path / "mkdocs.yml").write_text("site_name: x\n")
    del twin.store.labels["bug"]
    twin.store.add_label("kind: bug")
    found = cli("init", "--yes")
    assert found.code == 0, found.err
    assert "Milestones     in use" in found.err
    assert "Discussions    Announcements" in found.err
    text = (project.path / "docs" / "release-guide.md").read_text()
    assert "uses=milestone.issues" in text
    assert "uses=discussion.announce" in text
    assert 'bug_label: "kind: bug"' in text
    assert cli("lint").code == 0
    status = cli("status", "0.2.0", "--json")
    assert status.code == 0, status.err
    assert len(status.json["steps"]) == text.count("- [ ]")  # type: ignore[arg-type]  # a list


def test_the_guide_of_the_sample_project_is_left_alone(cli: Cli, project: Project, twin: Twin) -> None:
    before = state(project.path)
    found = cli("init", "--yes", "--action", "octo/fastrel-checklist@v1")
    assert "docs/release-guide.md is a guide already and stays as it is" in found.err
    after = state(project.path)
    assert {name for name in after if after[name] != before.get(name)} == {WORKFLOW}
    assert all(method == "GET" or path == "/api/graphql" for method, path, _ in twin.requests[1:] if "/api/" in path)


def test_the_workflow_calls_the_commit_of_a_tag(cli: Cli, project: Project, twin: Twin) -> None:
    tag = next(name for name in git(project.path, "tag").split() if name.startswith("v"))
    found = cli("init", "--yes", "--action", f"{twin.store.name}@{tag}")
    assert found.code == 0, found.err
    commit = git(project.path, "rev-parse", f"{tag}^{{commit}}").strip()
    assert f"uses: {twin.store.name}/.github/workflows/checklist.yml@{commit} # {tag}\n" in (
        project.path / WORKFLOW
    ).read_text(encoding="utf-8")
    assert "can be moved" not in found.err


@pytest.mark.parametrize("more", [(), ("--offline",)])
def test_a_tag_whose_commit_is_not_known_is_said(cli: Cli, project: Project, twin: Twin, more: tuple[str, ...]) -> None:
    name = twin.store.name if more else "octo/nowhere"
    found = cli("init", "--yes", "--action", f"{name}@v0.1.0", *more)
    assert found.code == 0, found.err
    assert f"calls {name} by the name v0.1.0, which can be moved" in found.err
    assert f"{name}/.github/workflows/checklist.yml@v0.1.0\n" in (project.path / WORKFLOW).read_text()


@pytest.mark.parametrize("connected", [True, False])
def test_without_github_it_says_what_could_not_be_found_out(
    cli: Cli, repo: Repo, monkeypatch: pytest.MonkeyPatch, connected: bool
) -> None:
    repo(PYTHON)
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9/api/v3")
    found = cli("init", "--dry-run", *([] if connected else ["--offline"]))
    assert found.code == 0
    words = (
        "could not be found out: http://127.0.0.1:9/api/v3 cannot be reached" if connected else "GitHub was not asked"
    )
    assert words in found.err


# Refusals


def test_outside_of_a_checkout(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = cli("init")
    assert found.code == 2
    assert "is not in a git checkout" in found.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--guide", "nowhere.md"], "nowhere.md is not a Markdown page of this checkout"),
        (["--guide", "/etc/hostname"], "/etc/hostname is not in this checkout"),
        (["--guide", "docs/index.md"], "docs/index.md cannot become a guide as it stands"),
        (["--repo", "thing"], "“thing” is not OWNER/NAME"),
        (["--action", "thing"], "“thing” is not OWNER/NAME@REF"),
    ],
)
def test_wrong_options_change_nothing(cli: Cli, repo: Repo, arguments: list[str], words: str) -> None:
    path = repo(PYTHON)
    before = state(path)
    found = cli("init", "--offline", "--yes", *arguments)
    assert found.code in (1, 2)
    assert words in found.err
    assert state(path) == before


def test_a_link_that_leads_out_of_the_checkout_is_not_followed(cli: Cli, repo: Repo, tmp_path: Path) -> None:
    path = repo(PYTHON)
    outside = tmp_path / "outside.yml"
    (path / "mkdocs.yml").rename(outside)
    (path / "mkdocs.yml").symlink_to(outside)
    before = outside.read_bytes()
    found = cli("init", "--offline", "--yes")
    assert found.code == 0  # what it leads to is neither read nor written
    assert "mkdocs.yml" not in found.out
    assert outside.read_bytes() == before
    assert (path / "mkdocs.yml").is_symlink()


def test_a_guide_that_leads_out_of_the_checkout_is_not_written(cli: Cli, repo: Repo, tmp_path: Path) -> None:
    path = repo(PYTHON)
    outside = tmp_path / "outside.md"
    outside.write_text(CHECKLIST)
    (path / "RELEASING.md").symlink_to(outside)
    cli("init", "--offline", "--yes", "--guide", "RELEASING.md")
    assert outside.read_text() == CHECKLIST


def test_a_no_changes_nothing_and_a_yes_writes(repo: Repo) -> None:
    path = repo(PYTHON)
    before = state(path)
    code, screen = converse(["init", "--offline"], [("Write these 3 files?", "n")])
    assert code == 3
    assert "Nothing was changed." in screen
    assert state(path) == before
    code, screen = converse(["init", "--offline"], [("Write these 3 files?", "y")])
    assert code == 0
    assert "fastrel-checklist rehearse" in screen
    assert set(state(path)) - set(before) == {"docs/release-guide.md", WORKFLOW}


def test_json_holds_the_proposal(cli: Cli, repo: Repo) -> None:
    path = repo({**PYTHON, "RELEASING.md": CHECKLIST})
    found = cli("init", "--offline", "--dry-run", "--json").json
    assert (found["schema"], found["guide"], found["written"]) == ("fastrel.init/1", "RELEASING.md", False)
    items = found["items"]
    assert isinstance(items, list)
    assert [one["uses"] for one in items if one["uses"]] == [
        "ci.branch", "version.set", "version.commit", "tag.create", "tag.push", "release.draft", "release.notes", "release.publish", "package.available",
    ]  # fmt: skip
    written = cli("init", "--offline", "--yes", "--json").json
    assert written["written"] is True
    assert (path / WORKFLOW).is_file()


def test_foreign_text_cannot_steer_the_terminal(cli: Cli, repo: Repo) -> None:
    repo({"RELEASING.md": "- [ ] Red \x1b[31m alert\n- [ ] Two\n"})
    found = cli("init", "--offline", "--dry-run")
    assert "\x1b" not in found.out + found.err


# What comes of it


@pytest.mark.parametrize("checklist", [True, False])
def test_the_guide_is_rehearsed_to_its_end(cli: Cli, repo: Repo, checklist: bool) -> None:
    path = repo({**PYTHON, **({"RELEASING.md": CHECKLIST} if checklist else {})}, "v0.1.0")
    assert cli("init", "--offline", "--yes").code == 0
    commit(path)
    done = cli("rehearse", "--json")
    assert done.code == 0, done.err
    report = done.json
    steps = report["steps"]
    assert isinstance(steps, list)
    assert len(steps) > 10
    assert {one["status"] for one in steps} <= {"done", "skipped"}


def test_a_project_whose_version_is_its_tag_is_rehearsed_to_its_end(cli: Cli, repo: Repo) -> None:
    scm = '[project]\nname = "thing"\ndynamic = ["version"]\n[build-system]\nrequires = ["setuptools-scm"]\n'
    path = repo({"pyproject.toml": scm}, "v0.1.0")
    assert cli("init", "--offline", "--yes").code == 0
    assert "version.set" not in (path / "RELEASING.md").read_text()
    commit(path)
    done = cli("rehearse", "--json")
    assert done.code == 0, done.err
    rehearsal = done.json["rehearsal"]
    assert isinstance(rehearsal, dict)
    assert "v0.2.0" in json.dumps(rehearsal)


def test_a_list_that_commits_in_general_words_is_rehearsed_to_its_end(cli: Cli, repo: Repo) -> None:
    path = repo({**PYTHON, "RELEASING.md": BY_HAND}, "v0.1.0")
    assert cli("init", "--offline", "--yes").code == 0
    commit(path)
    done = cli("rehearse", "--json")
    assert done.code == 0, done.err

    guide = path / "RELEASING.md"
    guide.write_text(guide.read_text().replace(" uses=version.commit proposed", ""))
    assert "warning: step create-the-tag tags the commit that carries the version" in cli("lint").out
    stopped = cli("rehearse", "--json")
    assert stopped.code == 1
    assert "No commit on main carries version 0.2.0." in stopped.err
    assert "If no step commits it, give the one that should `uses=version.commit`." in stopped.err


@pytest.mark.parametrize("named", [True, False])
def test_an_origin_on_a_disk_needs_a_name_and_is_rehearsed_with_it(cli: Cli, repo: Repo, named: bool) -> None:
    path = repo(PYTHON, "v0.1.0", remote="../own.git")
    assert cli("init", "--offline", "--yes", *(["--repo", "octo/thing"] if named else [])).code == 0
    assert ("repository: octo/thing" in (path / "docs" / "release-guide.md").read_text()) is named
    commit(path)
    if not named:
        refused = cli("rehearse", "--json")
        assert refused.code == 2
        assert "Give --repo OWNER/NAME" in refused.err
    done = cli("rehearse", "--repo", "octo/thing", "--json")
    assert done.code == 0, done.err
    assert done.json["repository"] == "octo/thing"
