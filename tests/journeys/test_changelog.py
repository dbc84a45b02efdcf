"""A project with a changelog: “Unreleased” becomes the version, is committed with it, and the notes are its section."""

from __future__ import annotations

import pytest

from fastrel_twin.records import Release
from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, step_of

GUIDE = """---
fastrel:
  repository: ServiceNow/Fast-LLM
  branch: main
  version_files:
    - path: fast_llm/__init__.py
---
# Release guide

<!-- checklist role=write -->
- [ ] Set the version. <!-- step set-version uses=version.set -->
- [ ] Release the changelog. <!-- step changelog uses=changelog.release -->
- [ ] Commit both. <!-- step commit-version uses=version.commit -->
- [ ] Tag it. <!-- step tag uses=tag.create,tag.push -->
- [ ] Draft it. <!-- step draft uses=release.draft -->
- [ ] Notes. <!-- step notes uses=release.notes source=changelog -->
- [ ] Edit them. <!-- step edit uses=release.edit -->
- [ ] Publish it. <!-- step publish uses=release.publish -->
<!-- /checklist -->
"""
CHANGELOG = """# Changelog

## [Unreleased]

### Added

### Fixed

- Faster, see [the docs](docs/index.md) and [#12].

## [0.1.0] - 2025-01-01

- First.

[Unreleased]: https://github.com/ServiceNow/Fast-LLM/compare/v0.1.0...HEAD
[#12]: https://github.com/ServiceNow/Fast-LLM/issues/12
"""


def with_changelog(project: Project, *changes: tuple[str, str], text: str = CHANGELOG) -> None:
    guide = GUIDE
    for old, new in changes:
        assert old in guide
        guide = guide.replace(old, new)
    (project.path / "docs" / "release-guide.md").write_text(guide)
    (project.path / "CHANGELOG.md").write_text(text)
    push(project)


def push(project: Project) -> None:
    project.git("add", "--all")
    project.git("commit", "--quiet", "-m", "A changelog")
    project.git("push", "--quiet", "origin", "main")


def run(cli: Cli, *arguments: str) -> None:
    done = cli("run", "0.2.0", "--yes", "--interval", "0.05", *arguments)
    assert done.code == 0, done.err


def opened(cli: Cli, version: str = "0.2.0") -> None:
    done = cli("open", version)
    assert done.code == 0, done.err
    assert cli("tick", "edit", "--version", version, "--note", "read").code == 0


def release(twin: Twin) -> Release:
    (found,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0"]
    return found


def notes_of(twin: Twin) -> str:
    page = f"{twin.url}/ServiceNow/Fast-LLM/blob/v0.2.0"
    return (
        f"### Fixed\n\n- Faster, see [the docs]({page}/docs/index.md) and [#12].\n\n"
        "[#12]: https://github.com/ServiceNow/Fast-LLM/issues/12\n\n<!-- 0.2.0 of CHANGELOG.md -->"
    )


def test_from_unreleased_to_published_notes(cli: Cli, project: Project, twin: Twin) -> None:
    with_changelog(project)
    assert cli("lint").out.endswith("nothing wrong\n")
    opened(cli)
    assert step_of(cli, "changelog")["summary"] == "“[Unreleased]” of CHANGELOG.md is not released yet"
    dry = " ".join(cli("run", "0.2.0", "--dry-run").out.split())
    assert "into CHANGELOG.md, with an empty “Unreleased” above it" in dry
    assert "commit fast_llm/__init__.py, CHANGELOG.md: “Bump version to 0.2.0”" in dry
    assert "take the notes from CHANGELOG.md at v0.2.0" in dry
    assert project.git("status", "--porcelain") == ""
    run(cli, "--until", "changelog")
    before, after = CHANGELOG.splitlines(), (project.path / "CHANGELOG.md").read_text().splitlines()
    date = after[4].removeprefix("## [0.2.0] - ")
    assert [line for line in after if line not in before] == [
        f"## [0.2.0] - {date}",
        "[Unreleased]: https://github.com/ServiceNow/Fast-LLM/compare/v0.2.0...HEAD",
        "[0.2.0]: https://github.com/ServiceNow/Fast-LLM/compare/v0.1.0...v0.2.0",
    ]
    shown = step_of(cli, "changelog")
    assert shown["summary"] == f"CHANGELOG.md in the checkout: “[0.2.0] - {date}”"
    run(cli)
    assert project.git("show", "--name-only", "--format=%s", "v0.2.0^{}").split("\n\n") == [
        "Bump version to 0.2.0", "CHANGELOG.md\nfast_llm/__init__.py",
    ]  # fmt: skip
    assert "it also changes" not in str(step_of(cli, "commit-version", "0.2.0")["summary"])
    assert "“[0.2.0] - " in str(step_of(cli, "changelog", "0.2.0")["summary"])
    assert step_of(cli, "notes", "0.2.0")["summary"] == "notes from CHANGELOG.md"
    assert release(twin).body == notes_of(twin)
    assert not release(twin).draft
    assert project.git("status", "--porcelain") == ""


def test_nothing_under_unreleased_is_said_before_anything_happens(cli: Cli, project: Project) -> None:
    with_changelog(
        project, text=CHANGELOG.replace("- Faster, see [the docs](docs/index.md) and [#12].", "_Nothing yet._")
    )
    opened(cli)
    assert step_of(cli, "changelog")["summary"] == "nothing is written under “[Unreleased]” of CHANGELOG.md yet"
    stopped = cli("run", "0.2.0", "--yes")
    assert stopped.code == 2
    assert "changelog: Nothing is written under “[Unreleased]” of CHANGELOG.md, line 3." in stopped.err
    assert project.git("status", "--porcelain") == ""
    # A version that nobody needs to hear about.
    assert cli("skip", "changelog", "--reason", "nothing to say").code == 0
    run(cli, "--until", "draft")
    notes = step_of(cli, "notes")
    assert notes["status"] == "failed"
    assert "CHANGELOG.md has no section of 0.2.0 at v0.2.0. Skip step notes" in str(notes["summary"])


def test_a_script_may_fill_the_changelog_first(cli: Cli, project: Project) -> None:
    script = "- [ ] Fill it. <!-- step fill run -->\n\n  ```bash\n  echo '- Filled.' >> CHANGELOG.md\n  ```\n"
    with_changelog(
        project, ("- [ ] Release the", f"{script}- [ ] Release the"), text="# Changelog\n\n## Unreleased\n\n"
    )
    opened(cli)
    run(cli, "--until", "tag")
    assert "## 0.2.0 - 20" in project.git("show", "v0.2.0:CHANGELOG.md")
    assert project.git("show", "v0.2.0:CHANGELOG.md").endswith("\n- Filled.")


def test_a_version_commit_without_the_changelog_is_not_tagged(cli: Cli, project: Project) -> None:
    with_changelog(project)
    opened(cli)
    refused = cli("run", "0.2.0", "set-version", "commit-version", "--yes")
    assert refused.code == 3
    assert "CHANGELOG.md does not name 0.2.0 yet." in refused.err
    assert "Run step changelog first, or skip it with a reason." in refused.err
    project.git("commit", "--quiet", "-am", "Bump version to 0.2.0")
    project.git("push", "--quiet", "origin", "main")
    shown = step_of(cli, "changelog")
    assert (shown["status"], "has no section of 0.2.0" in str(shown["summary"])) == ("failed", True)
    refused = cli("run", "0.2.0", "tag", "--yes")
    assert refused.code == 3
    assert "CHANGELOG.md does not name 0.2.0 at " in refused.err
    assert "v0.2.0" not in project.git("tag", "--list")


@pytest.mark.parametrize("bump", ["direct", "pull-request"])
def test_fragments_that_a_program_collects_and_removes_are_in_the_commit(
    cli: Cli, project: Project, twin: Twin, bump: str
) -> None:
    """As towncrier does: the changelog is staged, and the fragments are removed by `git rm`."""
    step = """- [ ] Collect. <!-- step changelog run check='[[ $(<NEWS.md) == *"thing {{ version }}"* ]]' -->

  ```bash
  printf '# News\\n\\n## thing {{ version }}\\n\\n- Faster.\\n' > NEWS.md
  git add NEWS.md
  git rm -q news.d/1.fix.md
  ```
"""
    (project.path / "news.d").mkdir()
    (project.path / "news.d" / "1.fix.md").write_text("Faster.\n")
    (project.path / "NEWS.md").write_text("# News\n\n- Faster.\n")
    with_changelog(
        project,
        ("  branch: main\n", f"  branch: main\n  bump: {bump}\n"),
        ("- [ ] Release the changelog. <!-- step changelog uses=changelog.release -->\n", step),
        ("uses=version.commit", 'uses=version.commit files="NEWS.md,news.d/**"'),
        ("source=changelog", "source=changelog file=NEWS.md"),
    )
    opened(cli)
    cli("run", "0.2.0", "--yes", "--interval", "0.05", "--until", "commit-version", "--timeout", "0")
    ref = "main" if bump == "direct" else "fastrel/version-0.2.0"
    assert twin.store.bare.git("show", "--name-status", "--format=", ref).split() == [
        "M", "NEWS.md", "M", "fast_llm/__init__.py", "D", "news.d/1.fix.md",
    ]  # fmt: skip
    assert project.git("status", "--porcelain") == ""
    if bump == "direct":
        run(cli, "--until", "notes")
        assert release(twin).body == "- Faster.\n\n<!-- 0.2.0 of NEWS.md -->"


@pytest.mark.parametrize(
    ("move", "above", "words"),
    [
        ("changelog", "draft", "step changelog releases the changelog after step tag tags the version (move it above tag)"),
        ("changelog", "tag", "step changelog releases the changelog after step commit-version commits the version (move it above commit-version)"),
        ("commit-version", "draft", "step changelog releases the changelog, and no step commits it before step tag tags"),
    ],
)  # fmt: skip
def test_lint_knows_the_order(cli: Cli, project: Project, move: str, above: str, words: str) -> None:
    lines = GUIDE.splitlines(keepends=True)
    (line,) = [one for one in lines if f"step {move} " in one]
    lines.remove(line)
    place = next(number for number, one in enumerate(lines) if f"step {above} " in one)
    (project.path / "docs" / "release-guide.md").write_text("".join([*lines[:place], line, *lines[place:]]))
    assert words in cli("lint").out


def test_the_changelog_comes_with_the_pull_request(cli: Cli, project: Project, twin: Twin) -> None:
    with_changelog(project, ("  branch: main\n", "  branch: main\n  bump: pull-request\n"))
    opened(cli)
    waiting = cli("run", "0.2.0", "--yes", "--until", "commit-version", "--timeout", "0")
    assert waiting.code == 3, waiting.err
    assert "waits to be reviewed and merged" in waiting.err
    assert "## [0.2.0] - " in twin.store.bare.git("show", "fastrel/version-0.2.0:CHANGELOG.md")
    assert project.git("status", "--porcelain") == ""
    assert "in pull request #" in str(step_of(cli, "changelog")["summary"])


def test_a_version_from_tags_is_committed_with_its_changelog_alone(cli: Cli, project: Project) -> None:
    with_changelog(
        project,
        ("  version_files:\n    - path: fast_llm/__init__.py\n", ""),
        ("- [ ] Set the version. <!-- step set-version uses=version.set -->\n", ""),
    )
    assert cli("lint").out.endswith("nothing wrong\n")
    opened(cli)
    run(cli, "--until", "tag")
    assert project.git("show", "--name-only", "--format=%s", "v0.2.0^{}").split("\n\n") == [
        "Bump version to 0.2.0", "CHANGELOG.md",
    ]  # fmt: skip


def test_both_sources_stand_in_the_notes_once(cli: Cli, project: Project, twin: Twin) -> None:
    with_changelog(project, ("source=changelog", "source=changelog,generated"))
    opened(cli)
    run(cli, "--until", "draft")
    release(twin).body = "Dear users,"
    run(cli, "--until", "notes")
    body = release(twin).body
    assert body.startswith(f"Dear users,\n\n{notes_of(twin)}\n\n")
    assert body.count("**Full Changelog**") == 1
    # Edited by people, and the tick is taken back: still nothing comes twice.
    release(twin).body = edited = body.replace("Faster", "Much faster")
    assert cli("untick", "notes").code == 0
    run(cli, "notes")
    assert release(twin).body == edited
    # What is lost comes back at its place.
    release(twin).body = body.replace(f"{notes_of(twin)}\n\n", "")
    assert cli("untick", "notes").code == 0
    run(cli, "notes")
    assert release(twin).body.startswith(notes_of(twin))
    assert release(twin).body.count("Dear users,") == 1


def test_notes_that_a_workflow_has_taken_from_the_changelog_are_taken_as_they_are(
    cli: Cli, project: Project, twin: Twin
) -> None:
    with_changelog(project)
    opened(cli)
    run(cli, "--until", "draft")
    page = f"{twin.url}/ServiceNow/Fast-LLM/blob/v0.2.0/docs/index.md"
    release(twin).body = body = f"## Fixed\n\n- Faster, see [the docs]({page}) and [#12].\n"
    run(cli, "--until", "notes")
    assert release(twin).body == body


def test_notes_that_github_would_not_take_are_known_before_and_cut_on_request(
    cli: Cli, project: Project, twin: Twin
) -> None:
    long = "".join(f"- Change number {number} of many.\n" for number in range(5_000))
    text = CHANGELOG.replace("### Fixed\n", f"### Fixed\n\n{long}")
    with_changelog(project, text=text)
    opened(cli)
    words = "and GitHub takes 125,000"
    assert words in cli("lint").out
    assert words in str(step_of(cli, "notes")["summary"])
    stopped = cli("run", "0.2.0", "--yes")
    assert stopped.code == 2
    assert "notes: CHANGELOG.md: " in stopped.err
    assert words in stopped.err
    with_changelog(project, ("source=changelog", "source=changelog cut=true"), text=text)
    assert words not in cli("lint").out
    run(cli, "--until", "notes")
    body = release(twin).body
    assert 124_000 < len(body) <= 125_000
    assert body.startswith("### Fixed\n\n- Change number 0 of many.\n")
    assert "/blob/v0.2.0/CHANGELOG.md) has all of them._\n\n[#12]: " in body
    assert body.endswith("\n\n<!-- 0.2.0 of CHANGELOG.md -->")


def test_a_generated_list_that_is_too_long_stops_or_is_cut(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_changelog(project, (" source=changelog", ""))
    opened(cli)
    run(cli, "--until", "draft")
    lines = "".join(f"* Change {number} by @mia in https://e.org/pull/{number}\n" for number in range(4_000))
    generated = (
        f"## What's Changed\n{lines}\n\n**Full Changelog**: {twin.url}/ServiceNow/Fast-LLM/compare/v0.1.0...v0.2.0"
    )
    monkeypatch.setattr("fastrel_twin.rest.releases.generated_notes", lambda *_: generated)
    stopped = cli("run", "0.2.0", "notes", "--yes")
    assert stopped.code == 2
    assert f"The notes are too long: {len(generated):,} characters, and GitHub takes 125,000." in stopped.err
    assert release(twin).body == ""
    with_changelog(project, ("source=changelog", "cut=true"))
    run(cli, "notes")
    body = release(twin).body
    assert len(body) <= 125_000
    words = "_The list is too long for a release; the link below shows all changes._"
    assert body.partition(words)[2].strip() == generated.splitlines()[-1]


def test_a_pre_release_without_a_section_has_notes_of_what_is_unreleased(
    cli: Cli, project: Project, twin: Twin
) -> None:
    with_changelog(project, ("uses=changelog.release", "uses=changelog.release if=final"))
    opened(cli, "0.2.0-rc.1")
    done = cli("run", "0.2.0-rc.1", "--yes", "--interval", "0.05", "--until", "notes")
    assert done.code == 0, done.err
    (found,) = [one for one in twin.store.releases.values() if one.tag == "v0.2.0-rc.1"]
    assert found.body.startswith("### Fixed\n\n- Faster")
    assert project.git("show", "v0.2.0-rc.1:CHANGELOG.md") == CHANGELOG.strip()


def test_from_init_to_published_notes(cli: Cli, project: Project, twin: Twin) -> None:
    (project.path / "docs" / "release-guide.md").unlink()
    (project.path / "CHANGELOG.md").write_text(CHANGELOG)
    push(project)
    shown = cli("init", "--offline", "--yes")
    assert shown.code == 0, shown.err
    assert "Changelog      CHANGELOG.md (“[Unreleased]”)" in shown.err
    assert cli("lint").out.endswith("nothing wrong\n")
    push(project)
    for number in (24, 27):
        twin.store.issues[number].labels.append("enhancement")
    begin_release(cli)
    for step in ("docs-current", "open-bugs", "edit-notes"):
        assert cli("tick", step, "--note", "decided").code == 0
    run(cli, "--defer-open", "--until", "publish-release")
    assert not release(twin).draft
    assert release(twin).body.startswith(f"{notes_of(twin)}\n\n")
    assert "**Full Changelog**" in release(twin).body
    assert "## [0.2.0] - 20" in project.git("show", "v0.2.0:CHANGELOG.md")
