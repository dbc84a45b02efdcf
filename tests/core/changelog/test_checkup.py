"""What lint and doctor say of the changelogs that a guide names."""

from __future__ import annotations

import pytest

from fastrel.changelog.checkup import checkout_problems, checkout_warnings, checkups
from fastrel.guide.lint import lint
from fastrel.guide.parser import parse_guide

CASES = [
    ("uses=changelog.release", "## Unreleased\n", "", "CHANGELOG.md has “Unreleased” in line 1"),
    ("uses=changelog.release file=a.md", "## Unreleased\n", "step a: there is no a.md", ""),
    ("uses=changelog.release file=NEWS.rst", "## Unreleased\n", "step a: NEWS.rst is not a Markdown page", ""),
    ("uses=changelog.release", "## 0.1.0\n", "CHANGELOG.md has no heading “Unreleased”, so the section of a version must be written by hand", ""),
    ("uses=changelog.release heading=Next", "## Next\n", "", "CHANGELOG.md has “Next” in line 1"),
    ("uses=changelog.release", "## Unreleased\n## Unreleased\n", "CHANGELOG.md has several sections of what is not released, 1 and 2", ""),
    ("uses=release.notes source=changelog", "## Unreleased\n- x\n", "", "notes come from CHANGELOG.md"),
    ("uses=release.notes source=changelog", "## Unreleased\n" + "- x\n" * 40_000, "“Unreleased” of CHANGELOG.md has 159,999 characters, and GitHub takes 125,000 in the notes of a release", ""),
    ("uses=release.notes source=changelog cut=true", "## Unreleased\n" + "- x\n" * 40_000, "", "notes come from CHANGELOG.md"),
    ("uses=release.notes", "", "", ""),
    ("uses=version.set", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "text", "problem", "words"), CASES)
def test_a_changelog_is_looked_at(attributes: str, text: str, problem: str, words: str) -> None:
    guide = parse_guide(f"# G\n\n<!-- checklist -->\n- [ ] A. <!-- step a {attributes} -->\n<!-- /checklist -->\n")
    found = list(checkups(guide, {"CHANGELOG.md": text}.get))
    assert "; ".join(one.problem for one in found) == problem
    assert "; ".join(one.words for one in found) == words
    told = [
        *checkout_problems(guide, {"CHANGELOG.md": text}.get),
        *checkout_warnings(guide, {"CHANGELOG.md": text}.get),
    ]
    assert [one.message for one in told] == ([problem] if problem else [])
    assert all(one.line == 4 and one.suggestion for one in told)


def test_lint_knows_where_notes_may_come_from() -> None:
    step = "- [ ] A. <!-- step a uses=release.notes source={} -->\n"
    actions = {"release.notes": frozenset({"source"})}
    for source in ("generated", "changelog", '"changelog, generated"'):
        guide = parse_guide(f"<!-- checklist -->\n{step.format(source)}<!-- /checklist -->\n")
        assert lint(guide, actions) == ()
    guide = parse_guide(f"<!-- checklist -->\n{step.format('git')}<!-- /checklist -->\n")
    (problem,) = lint(guide, actions)
    assert problem.message == "step a takes notes from an unknown source “git”"
    assert "generated; changelog; changelog,generated" in problem.suggestion
