"""Which changelog a project has, and the steps that a new guide has for it."""

from __future__ import annotations

import pytest

from fastrel.actions.registry import parameters_of_actions
from fastrel.adopt.changelogs import changelog_note, changelog_of
from fastrel.adopt.drafting import drafted_guide
from fastrel.adopt.findings import Findings
from fastrel.guide.advice import advice
from fastrel.guide.lint import lint
from fastrel.guide.model import VersionFile
from fastrel.guide.parser import parse_guide

KEPT = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2024-01-02\n"
FOUND = [
    ({"CHANGELOG.md": KEPT}, "CHANGELOG.md (“[Unreleased]”)"),
    ({"HISTORY.md": "## Next release\n\n## v0.1.0\n", "docs/news.md": KEPT}, "HISTORY.md (“Next release”)"),
    ({"docs/changelog.md": "## 0.1.1 (unreleased)\n## 0.1.0 (2024-01-02)\n"}, "docs/changelog.md (“0.1.1 (unreleased)”)"),
    ({"CHANGES.md": "# 0.1.0\n"}, "CHANGES.md (a section for each version)"),
    ({"CHANGELOG.md": "# What we did\n\nMuch.\n"}, ""),
    ({"README.md": KEPT}, ""),
    ({"pyproject.toml": "[tool.towncrier]\n"}, "NEWS.rst (fragments in newsfragments/, collected by towncrier)"),
    ({"pyproject.toml": '[tool.towncrier]\npackage = "a.b"\npackage_dir = "src"\nfilename = "CHANGES.md"\n', "CHANGES.md": KEPT}, "CHANGES.md (fragments in src/a/b/newsfragments/, collected by towncrier)"),
    ({"towncrier.toml": '[tool.towncrier]\ndirectory = "./news.d/"\n'}, "NEWS.rst (fragments in news.d/, collected by towncrier)"),
    ({"pyproject.toml": '[tool.scriv]\nformat = "md"\n', "CHANGELOG.md": KEPT}, "CHANGELOG.md (fragments in changelog.d/, collected by scriv)"),
    ({"setup.cfg": "[tool.scriv]\nfragment_directory = news\nchangelog = HISTORY.rst\n"}, "HISTORY.rst (fragments in news/, collected by scriv)"),
    ({"changelog.d/scriv.ini": "[scriv]\n"}, "CHANGELOG.rst (fragments in changelog.d/, collected by scriv)"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "words"), FOUND)
def test_a_changelog_is_found(texts: dict[str, str], words: str) -> None:
    found, notes = changelog_of(tuple(texts), texts)
    assert (found.words if found else "") == words
    assert notes == ()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (".changeset/config.json", "CHANGELOG.md is written by changesets, so no step is proposed for it"),
        ("release-please-config.json", "CHANGELOG.md is written by release-please, so no step is proposed for it"),
        ("changelog.d/1.added.md", "changelog.d/ holds fragments, and no program was found that collects them into CHANGELOG.md"),
    ],
)  # fmt: skip
def test_a_changelog_of_another_program_is_named(path: str, words: str) -> None:
    found, notes = changelog_of((path, "CHANGELOG.md"), {"CHANGELOG.md": KEPT})
    assert found is None
    assert notes[0].startswith(words)


@pytest.mark.parametrize("texts", [texts for texts, words in FOUND if words])
@pytest.mark.parametrize("files", [(VersionFile("a.py"),), ()])
def test_a_new_guide_releases_the_changelog_before_the_tag(
    texts: dict[str, str], files: tuple[VersionFile, ...]
) -> None:
    found, _ = changelog_of(tuple(texts), texts)
    assert found
    text = drafted_guide(Findings(changelog=found, version_files=files))
    guide = parse_guide(text)
    assert lint(guide, parameters_of_actions()) == ()
    assert advice(guide) == ()
    steps = {step.id: step for step in guide.steps()}
    order = list(steps)
    own = steps["collect-changelog" if found.tool else "changelog"]
    assert order.index(own.id) < order.index("commit-version") < order.index("create-tag")
    if found.tool:
        assert own.script == f"{found.command}\n"
        assert "{{ version }}" in own.check
        assert steps["commit-version"].params["files"] == f"{found.path},{found.fragments}/**"
    else:
        assert (own.uses, own.params.get("file", "CHANGELOG.md")) == ("changelog.release", found.path)
    source = steps["generate-notes"].params.get("source", "generated")
    assert source == ("changelog" if found.is_markdown else "generated")
    assert changelog_note(found, text) == ()


def test_a_page_that_was_there_is_told_how() -> None:
    found, _ = changelog_of((), {"CHANGELOG.md": KEPT})
    assert found
    (note,) = changelog_note(found, "- [ ] Tag it.\n")
    assert note.startswith("CHANGELOG.md: a step with `uses=changelog.release` before the version is committed makes")


def test_a_project_without_a_changelog_is_not_bothered() -> None:
    assert changelog_of(("README.md",), {"README.md": "# Hi\n"}) == (None, ())
    assert "hangelog" not in drafted_guide(Findings(version_files=(VersionFile("a.py"),)))
