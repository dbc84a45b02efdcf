"""The rehearsal, as a stranger types it: in a process of its own, in an empty folder, without a token."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fastrel.errors import UsageError
from fastrel_cli.rehearsal.docs_site import build_site, require_ours
from stage import Cli, Project, Result


def rehearse(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fastrel_cli", "rehearse", *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


MILESTONE = {"milestone-issues", "milestone-pulls", "close-milestone", "next-milestone"}


def test_a_whole_release_is_walked_to_its_end(tmp_path: Path) -> None:
    done = rehearse(tmp_path, "0.2.0", "--json", "--site-dir", "site")
    walked(Result(done.returncode, done.stdout, done.stderr), tmp_path / "site", "0.2.0", set())


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("version", ["0.1.1", "0.2.0-rc.1"])
def test_the_sample_comes_with_its_own_guide_wherever_it_is_asked_for(
    cli: Cli, project: Project, tmp_path: Path, version: str
) -> None:
    """In the middle of another project, and for versions without a milestone of their own."""
    project.change_guide("- [ ] Push the tag.", "- [ ] Ring the bell. <!-- step bell -->\n- [ ] Push the tag.")
    done = cli("rehearse", version, "--sample", "--json", "--site-dir", str(tmp_path / "built"))
    walked(done, tmp_path / "built", version, MILESTONE)
    assert project.git("status", "--porcelain") == "M docs/release-guide.md"


def walked(done: Result, site: Path, version: str, skipped: set[str]) -> None:
    """Assert that all steps of the sample's guide were gone through."""
    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert report["version"] == version
    assert report["stopped"] is None
    assert len(report["steps"]) == 25
    assert {one["status"] for one in report["steps"]} <= {"done", "skipped"}
    assert {one["id"] for one in report["steps"] if one["status"] == "skipped"} == skipped
    assert all(one["ticked"] for one in report["steps"])
    assert report["tracker"]["state"] == "closed"
    page = (site / "release-guide.html").read_text(encoding="utf-8")
    assert f"Release {version}" in page
    assert "25 of 25 steps" in page
    # Decisions that belong to people are shown as the rehearsal's.
    assert "the rehearsal answers: ship with them" in done.err
    assert "Traceback" not in done.err
    # The end fits on a screen, and gives no address that leads nowhere.
    end = done.err.partition("✔ close-tracker")[2].splitlines()
    assert len(end) < 6
    assert not [line for line in end if "http" in line]
    assert "The local GitHub is stopped, so its URLs lead nowhere; `--serve` keeps it running." in end


def test_a_version_that_may_not_follow_cannot_be_rehearsed(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli("rehearse", "0.9.0", "--site-dir", "site")
    assert done.code == 2
    assert "0.9.0 may not follow the latest release, 0.1.0" in done.err
    assert "A rehearsal" not in done.err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("own", [True, False])
def test_a_package_that_is_missing_is_named_and_how_to_install_it(project: Project, tmp_path: Path, own: bool) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "uvicorn.py").write_text("raise ModuleNotFoundError('none', name='uvicorn')")
    done = rehearse(project.path if own else tmp_path, PYTHONPATH=str(tmp_path / "without"))
    assert done.returncode == 2
    assert "error: The local GitHub needs a package that is not installed (uvicorn)." in done.stderr
    assert (
        "next: Type `pip install 'fastrel-checklist[rehearse]'`; if it was installed from a clone, "
        "`pip install '.[rehearse]'` there." in done.stderr
    )


def test_the_site_is_built_where_nothing_of_anybody_else_is(tmp_path: Path) -> None:
    """MkDocs empties the folder into which it builds."""
    (tmp_path / "here" / "site").mkdir(parents=True)
    mine = tmp_path / "here" / "site" / "mine.txt"
    mine.write_text("precious")
    (tmp_path / "temporary").mkdir()
    done = rehearse(tmp_path / "here", "--guide", short_guide(tmp_path), TMPDIR=str(tmp_path / "temporary"))
    assert done.returncode == 0, done.stderr
    (page,) = (tmp_path / "temporary").glob("fastrel-site-*/release-guide.html")
    assert f"The docs site with the final state: {page}" in done.stderr

    refused = rehearse(tmp_path / "here", "--site-dir", "site")
    assert refused.returncode == 2
    assert "site holds files that no rehearsal has made, and building the site would remove them." in refused.stderr
    assert "Nothing was started." in refused.stderr
    assert {file.name for file in (tmp_path / "here").rglob("*")} == {"site", "mine.txt"}
    assert mine.read_text() == "precious"


def test_a_quiet_rehearsal_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    done = rehearse(tmp_path, "--guide", short_guide(tmp_path), "--quiet", TMPDIR=str(tmp_path / "temporary"))
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_site_of_the_rehearsal_before_is_built_anew(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert build_site(_project(tmp_path, "One"), folder, "") == folder
    assert "One" in (folder / "index.html").read_text()
    assert build_site(_project(tmp_path, "Two"), folder, "") == folder
    assert "Two" in (folder / "index.html").read_text()
    for other in (tmp_path / "one", tmp_path / "one" / "mkdocs.yml"):
        with pytest.raises(UsageError):
            require_ours(other)


def _project(folder: Path, title: str) -> Path:
    project = folder / title.lower()
    (project / "docs").mkdir(parents=True)
    (project / "docs" / "index.md").write_text(f"# {title}\n")
    (project / "mkdocs.yml").write_text("site_name: Thing\n")
    return project


SHORT = (
    "---\nfastrel:\n  repository: ServiceNow/Fast-LLM\n---\n# R\n\n<!-- checklist -->\n"
    "- [ ] Say hello. <!-- step hello run -->\n\n    ```bash\n    echo hello $FASTREL_VERSION > hello.txt\n    ```\n"
    "- [ ] Wave. <!-- step wave -->\n<!-- /checklist -->\n"
)
"""A guide of two steps, for what happens around them."""


def short_guide(folder: Path) -> str:
    file = folder / "short.md"
    file.write_text(SHORT, encoding="utf-8")
    return str(file)


def test_the_guide_of_the_folder_is_the_one_that_is_rehearsed(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "release.md").write_text(SHORT, encoding="utf-8")
    done = rehearse(tmp_path, "0.2.0", "--json", "--site-dir", "site")
    assert done.returncode == 0, done.stderr
    assert {one["id"]: one["status"] for one in json.loads(done.stdout)["steps"]} == {"hello": "done", "wave": "done"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_a_rehearsal_and_does_not_promise_to_go_on(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "fastrel_cli", "rehearse"],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(folder)},
    )  # fmt: skip
    assert process.stderr
    seen = next(line for line in process.stderr if "Opened the release issue" in line)
    process.send_signal(number)
    rest = process.stderr.read()
    assert process.wait(timeout=60) == 130, seen + rest
    assert "Stopped. Nothing of the rehearsal is left; the same command begins a new one." in rest
    assert "continue where" not in rest
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_twin_that_is_ended_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "fastrel_cli", "twin"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )  # fmt: skip
    assert process.stderr
    assert "Ctrl-C stops it." in next(line for line in process.stderr if line.strip())
    assert len(list(folder.iterdir())) == 1
    process.send_signal(number)
    assert "Stopped." in process.communicate()[1]
    assert process.returncode == 0
    assert list(folder.iterdir()) == []
