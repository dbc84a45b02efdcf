"""Guides of other projects: packages in an index, files of a release, shell steps with checks and needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastrel_twin.faults import Fault
from fastrel_twin.records import Asset, Release
from fastrel_twin.server import Twin
from stage import Cli, Project, step_of
from web import running_site

FRONT = """---
fastrel:
  repository: ServiceNow/Fast-LLM
  branch: main
  tag: "v{version}"
  version_files:
    - path: setup.cfg
---
# Release guide

## 1. All

<!-- checklist role=write -->
"""
TAGGED = """- [ ] Set the version. <!-- step set-version uses=version.set -->
- [ ] Commit it. <!-- step commit-version uses=version.commit -->
- [ ] Tag it. <!-- step create-tag uses=tag.create -->
- [ ] Push the tag. <!-- step push-tag uses=tag.push -->
"""
DRAFTED = f"{TAGGED}- [ ] Draft the release. <!-- step draft uses=release.draft -->\n"


def use_guide(project: Project, steps: str) -> None:
    """Replace the project's guide."""
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(f"{FRONT}{steps}<!-- /checklist -->\n")
    ignored = project.path / ".gitignore"
    ignored.write_text(f"{ignored.read_text()}dist/\nran\n")
    project.git("add", "--all")
    project.git("commit", "--quiet", "-m", "Another guide")
    project.git("push", "--quiet", "origin", "main")


def opened(cli: Cli, project: Project, steps: str) -> None:
    use_guide(project, steps)
    result = cli("open", "0.2.0")
    assert result.code == 0, result.err


def walked(cli: Cli, *arguments: str) -> str:
    done = cli("run", *arguments, "--yes", "--interval", "0.02")
    assert done.code == 0, done.err
    return done.err


def shown(cli: Cli, step: str) -> tuple[str, str]:
    found = step_of(cli, step)
    return str(found["status"]), str(found["summary"])


# Packages


def test_a_package_in_an_index(cli: Cli, project: Project, twin: Twin) -> None:
    index = f"{twin.url}/simple/"
    step = f'- [ ] On the index. <!-- step on-index uses=package.available package=Fast_LLM index="{index}" -->\n'
    opened(cli, project, TAGGED + step)
    assert shown(cli, "on-index") == ("blocked", "v0.2.0 is not on the remote yet")
    walked(cli, "--until", "push-tag")
    assert shown(cli, "on-index") == ("waiting", "the index does not serve Fast_LLM 0.2.0 yet")
    twin.store.packages["fast-llm"] = ["fast_llm-0.1.0.tar.gz", "fast_llm-0.2.0rc1-py3-none-any.whl"]
    assert shown(cli, "on-index")[0] == "waiting"
    twin.store.packages["fast-llm"] += ["fast_llm-0.2.0-py3-none-any.whl", "fast_llm-0.2.0.tar.gz"]
    assert shown(cli, "on-index") == ("done", "the index serves 2 files of Fast_LLM 0.2.0")
    files = twin.store.packages["fast-llm"]
    twin.store.packages["fast-llm"] = [f"{one} yanked" if "-0.2.0" in one else one for one in files]
    assert shown(cli, "on-index") == ("failed", "Fast_LLM 0.2.0 is yanked")


def test_an_index_in_its_html_form(cli: Cli, project: Project, twin: Twin) -> None:
    with running_site("/simple") as index:
        step = f'- [ ] On the index. <!-- step on-index uses=package.available index="{index.url}" -->\n'
        opened(cli, project, TAGGED + step)
        walked(cli, "--until", "push-tag")
        assert shown(cli, "on-index")[0] == "waiting"
        index.pages["/simple/fast-llm/"] = "<a href='../../f/fast_llm-0.1.0.tar.gz'>x</a><a href=''>y</a><a>z</a>"
        assert shown(cli, "on-index")[0] == "waiting"
        index.pages["/simple/fast-llm/"] += "<a href='https://f.example/fast%5Fllm-0.2.0.tar.gz#sha256=0'>w</a>"
        assert shown(cli, "on-index") == ("done", "the index serves 1 file of Fast-LLM 0.2.0")
    status, summary = shown(cli, "on-index")
    assert status == "unknown"
    assert "cannot be reached" in summary


# Files of a release


def built(project: Project, **files: str) -> None:
    folder = project.path / "dist"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("_dot_", ".")).write_text(content)


UPLOAD = '- [ ] Upload. <!-- step upload uses=release.assets path="dist/*" names="*.whl,*.gz" -->\n'


def release_of(twin: Twin) -> Release:
    (found,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    return found


def test_files_are_uploaded_and_found_again(cli: Cli, project: Project, twin: Twin) -> None:
    opened(cli, project, DRAFTED + UPLOAD)
    walked(cli, "--until", "draft")
    stopped = cli("run", "upload", "--yes")
    assert "No local file matches dist/*." in stopped.err
    assert "Build the files first." in stopped.err
    built(project, a_dot_whl="wheel", a_dot_gz="source")
    screen = walked(cli, "upload")
    assert "→ upload a.gz (0.0 kB)" in screen
    assert {one.name: one.content for one in release_of(twin).assets} == {"a.whl": b"wheel", "a.gz": b"source"}
    uploads = [one for one in twin.requests if "/assets?name=" in one[1] and one[0] == "POST"]
    walked(cli, "upload")
    assert [one for one in twin.requests if "/assets?name=" in one[1] and one[0] == "POST"] == uploads


def test_a_second_run_after_a_half_upload_goes_on(cli: Cli, project: Project, twin: Twin) -> None:
    """openai-cli#37 and many others: the re-run dies of 422 `already_exists`."""
    opened(cli, project, DRAFTED + UPLOAD)
    walked(cli, "--until", "draft")
    built(project, a_dot_whl="wheel", b_dot_gz="source")
    twin.faults.add(Fault("POST", "/assets", 502, after=1))
    broken = cli("run", "upload", "--yes", "--interval", "0.02")
    assert broken.code == 1
    assert "done: upload a.whl" in broken.err
    # What broke off stays behind as a file without content.
    store, release = twin.store, release_of(twin)
    release.assets.append(Asset(store.new_id(), "b.gz", b"", "application/gzip", "mia", store.now(), state="open"))
    assert shown(cli, "upload")[1] == "missing: *.gz, b.gz"
    walked(cli, "upload")
    assert {one.name: (one.content, one.state) for one in release.assets} == {
        "a.whl": (b"wheel", "uploaded"), "b.gz": (b"source", "uploaded"),
    }  # fmt: skip


def test_an_upload_whose_answer_was_lost_is_there(cli: Cli, project: Project, twin: Twin) -> None:
    opened(cli, project, DRAFTED + UPLOAD)
    walked(cli, "--until", "draft")
    built(project, a_dot_whl="wheel", b_dot_gz="source")
    twin.faults.add(Fault("POST", "/assets", 502, applied=True))
    cli("run", "upload", "--yes", "--interval", "0.02")
    walked(cli, "upload")
    assert sorted(one.name for one in release_of(twin).assets) == ["a.whl", "b.gz"]


def test_another_file_under_a_name_is_never_replaced(cli: Cli, project: Project, twin: Twin) -> None:
    """By digest, not by HTTP 200 (mcp-memory-service#1137)."""
    opened(cli, project, DRAFTED + UPLOAD)
    walked(cli, "--until", "draft")
    built(project, a_dot_whl="wheel", b_dot_gz="source")
    walked(cli, "upload")
    built(project, a_dot_whl="WHEEL")
    assert shown(cli, "upload") == ("failed", "the release has another a.whl than dist/*")
    stopped = cli("run", "upload", "--yes")
    assert stopped.code == 1
    assert {one.name: one.content for one in release_of(twin).assets}["a.whl"] == b"wheel"


def test_files_that_others_upload_are_waited_for(cli: Cli, project: Project, twin: Twin) -> None:
    opened(cli, project, DRAFTED + '- [ ] Files. <!-- step files uses=release.assets names="*.whl" -->\n')
    walked(cli, "--until", "draft")
    assert shown(cli, "files") == ("waiting", "missing: *.whl")
    store = twin.store
    asset = Asset(store.new_id(), "a.whl", b"", "application/zip", "mia", store.now(), state="open")
    release_of(twin).assets.append(asset)
    assert shown(cli, "files") == ("waiting", "missing: *.whl")
    asset.state = "uploaded"
    assert shown(cli, "files") == ("done", "1 file: a.whl")


# Shell steps

SHELL = """- [ ] First. <!-- step first run check="test -f ran" -->

    ```bash
    echo "$FASTREL_VERSION of $FASTREL_TAG" > ran
    ```

- [ ] For patches. <!-- step patches run if=patch -->

    ```bash
    false
    ```

- [ ] Third. <!-- step third run needs=first,patches confirm="All well?" -->

    ```bash
    cat ran
    ```
"""


def test_shell_steps_with_a_check_a_kind_and_needs(cli: Cli, project: Project, twin: Twin) -> None:
    opened(cli, project, SHELL)
    assert shown(cli, "first") == ("todo", "`test -f ran` fails")
    assert shown(cli, "patches") == ("skipped", "only for patch; 0.2.0 is a minor release")
    assert shown(cli, "third")[0] == "blocked"
    early = cli("run", "third", "--yes")
    assert early.code == 3
    assert "Step third is blocked: after first." in early.err
    walked(cli, "first")
    assert (project.path / "ran").read_text() == "0.2.0 of v0.2.0\n"
    assert shown(cli, "first") == ("done", "`test -f ran` succeeds")
    confirm = cli("run", "third", "--yes")
    assert confirm.code == 3
    assert "All well?" in confirm.err
    assert "Confirm it with `fastrel-checklist tick third`." in confirm.err
    # The world shows that the first step is undone: its tick does not hold.
    (project.path / "ran").unlink()
    assert shown(cli, "first") == ("todo", "`test -f ran` fails")


def test_a_check_decides_not_the_tick(cli: Cli, project: Project, twin: Twin) -> None:
    """State from reality, not from a marker (Lucky#1566)."""
    opened(cli, project, SHELL)
    (project.path / "ran").touch()
    screen = walked(cli, "first")
    assert "→ run" not in screen
    assert "✔ first" in screen


def test_a_step_is_skipped_with_its_reason_and_the_next_ones_go_on(cli: Cli, project: Project, twin: Twin) -> None:
    opened(cli, project, SHELL)
    assert cli("skip", "first", "--reason", "not <b>today</b>").code == 0
    assert shown(cli, "first") == ("skipped", "not <b>today</b>")
    line = next(one for one in twin.store.issues[38].body.splitlines() if "<!-- step first -->" in one)
    assert line.startswith("- [x] First.")
    assert "<b>today" not in line
    assert shown(cli, "third")[0] == "todo"


@pytest.mark.parametrize("version", ["0.2.0; touch owned", "$(touch owned)"])
def test_nothing_but_a_version_reaches_a_script(cli: Cli, project: Project, version: str) -> None:
    opened(cli, project, SHELL)
    assert cli("run", version, "first", "--yes").code == 2
    assert not Path("owned").exists()
