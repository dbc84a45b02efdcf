"""Version files as projects have them: expressions are never written, optional files are left out, locks are noticed."""

from __future__ import annotations

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release, step_of

GUIDE = """---
fastrel:
  repository: ServiceNow/Fast-LLM
  branch: main
  version_files:
{files}
---
# Release guide

<!-- checklist role=write -->
- [ ] Set the version. <!-- step set-version uses=version.set -->
{steps}- [ ] Commit it. <!-- step commit-version uses=version.commit -->
- [ ] Tag it. <!-- step create-tag uses=tag.create -->
<!-- /checklist -->
"""
UV_LOCK = 'version = 1\n\n[[package]]\nname = "fast-llm"\nversion = "0.1.1-dev"\nsource = { editable = "." }\n'


def with_files(project: Project, entries: str, texts: dict[str, str], steps: str = "") -> None:
    files = "\n".join(f"    - {entry}" for entry in entries.split(";"))
    (project.path / "docs" / "release-guide.md").write_text(GUIDE.format(files=files, steps=steps))
    for path, text in texts.items():
        (project.path / path).parent.mkdir(parents=True, exist_ok=True)
        (project.path / path).write_text(text)
    project.git("add", "--all")
    project.git("commit", "--quiet", "-m", "Other version files")
    project.git("push", "--quiet", "origin", "main")


EXPRESSIONS = [
    ("path: setup.cfg", {"setup.cfg": "[metadata]\nversion = attr: fast_llm.__version__\n"}, "setup.cfg", "fast_llm/__init__.py"),
    ("path: crates/a/Cargo.toml", {"crates/a/Cargo.toml": '[package]\nname = "a"\nversion = { workspace = true }\n', "Cargo.toml": '[workspace.package]\nversion = "0.1.1-dev"\n'}, "crates/a/Cargo.toml", "Cargo.toml"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "texts", "path", "where"), EXPRESSIONS)
def test_an_expression_is_refused_by_lint_doctor_and_run_and_stays_as_it_is(
    cli: Cli, project: Project, entries: str, texts: dict[str, str], path: str, where: str
) -> None:
    with_files(project, entries, texts)
    words = f"the version stands in {where}"
    lint = cli("lint")
    assert lint.code == 1
    assert "docs/release-guide.md:6: " in lint.out
    assert words in lint.out
    assert words in cli("doctor").out
    begin_release(cli)
    shown = step_of(cli, "set-version", "0.2.0")
    assert (shown["status"], words in str(shown["summary"])) == ("unknown", True)
    run = cli("run", "0.2.0", "--yes")
    assert run.code != 0
    assert words in run.err
    assert f"Name {where} instead of {path}" in run.err
    assert (project.path / path).read_text() == texts[path]
    assert "v0.2.0" not in project.git("tag", "--list")


def test_a_version_file_that_is_moved_in_the_middle_of_a_release_stops_nothing(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("push-tag")
    project.git("mv", "fast_llm/__init__.py", "fast_llm/version.py")
    project.git("commit", "--quiet", "-m", "Move the version")
    project.change_guide("fast_llm/__init__.py", "fast_llm/version.py", push=True)
    step = step_of(cli, "set-version")
    assert (step["status"], str(step["summary"])[-33:]) == ("done", "the guide names other files by now"[-33:])
    assert cli("run", "--yes", "--defer-open", "--interval", "0.05").code == 0
    assert "0.2.1-dev" in (project.path / "fast_llm" / "version.py").read_text()


def test_an_optional_file_without_a_version_is_left_out_and_named(cli: Cli, project: Project) -> None:
    with_files(
        project,
        "path: fast_llm/__init__.py;{path: setup.cfg, optional: true}",
        {"setup.cfg": "[metadata]\nname = fast_llm\n"},
    )
    lint = cli("lint")
    assert lint.code == 0
    assert "warning: setup.cfg is left out: it has no `version` in [metadata]" in lint.out
    begin_release(cli)
    assert cli("run", "0.2.0", "--yes").code == 0
    shown = step_of(cli, "set-version", "0.2.0")
    assert shown["status"] == "done"
    assert "setup.cfg is left out" in str(shown["summary"])
    assert (project.path / "setup.cfg").read_text() == "[metadata]\nname = fast_llm\n"


@pytest.mark.parametrize(
    ("entries", "step", "words"),
    [
        ("path: fast_llm/__init__.py", "", "uv.lock states 0.1.1-dev of this project, and no step brings it up to date"),
        ("path: fast_llm/__init__.py", "- [ ] Lock. <!-- step lock run -->\n\n  ```bash\n  uv lock\n  ```\n", "step lock changes it, and step commit-version does not commit it"),
        ("path: fast_llm/__init__.py;path: uv.lock", "", ""),
    ],
)  # fmt: skip
def test_a_lock_file_that_would_be_stale_in_the_tag_is_named(
    cli: Cli, project: Project, entries: str, step: str, words: str
) -> None:
    with_files(project, entries, {"uv.lock": UV_LOCK}, step)
    lint, doctor = cli("lint"), cli("doctor").out
    assert lint.code == 0
    assert words in lint.out
    assert words in doctor
    assert ("warning" in lint.out) == bool(words)
