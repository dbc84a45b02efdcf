"""The notes of a version: its section, with links that work on the release's page."""

from __future__ import annotations

import pytest

from fastrel.changelog.section_notes import Origin, SectionNotes, section_notes, shortened
from fastrel.changelog.sections import read_changelog

ORIGIN = Origin("https://github.com/o/r", "v0.2.0", "docs/CHANGELOG.md")
PAGE = "https://github.com/o/r/blob/v0.2.0"
END = "\n## [0.1.0] - 2024-01-02\n\n- Old.\n\n[#1]: https://e.org/1\n[the issue]: <../a.md> 'A title'\n[0.1.0]: https://e.org/0.1.0\n[0.2.0]: https://e.org/0.2.0\n"

CASES = {
    "lists and headings": ("### Added\n\n- New.\n", "### Added\n\n- New."),
    "empty headings": ("### Added\n\n### Fixed\n\n- A bug.\n\n### Removed\n\n#### More\n", "### Fixed\n\n- A bug."),
    "comments": ("<!-- write here -->\n\n- New. <!-- x -->\n", "- New. <!-- x -->"),
    "references that are used": ("- New [#1], see [this][The  Issue] and `[0.1.0]`.\n", f"- New [#1], see [this][The  Issue] and `[0.1.0]`.\n\n[#1]: https://e.org/1\n[the issue]: {PAGE}/a.md 'A title'"),
    "relative links": ("- [a](b.md#c) [d](/e.md) [f](#g) [h](../../../issues/3) ![i](j.png) [k](https://l.org) [m](<n o.md>)\n", f"- [a]({PAGE}/docs/b.md#c) [d]({PAGE}/e.md) [f]({PAGE}/docs/CHANGELOG.md#g) [h](https://github.com/o/r/issues/3) ![i](https://github.com/o/r/raw/v0.2.0/docs/j.png) [k](https://l.org) [m](<{PAGE}/docs/n o.md>)"),
    "links in code": ("- `[a](b.md)`\n\n```\n[a](b.md) [#1]\n```\n", "- `[a](b.md)`\n\n```\n[a](b.md) [#1]\n```"),
    "a rule and an anchor before the next": ("- New.\n\n---\n\n<a id='changelog-0.1.0'></a>\n", "- New."),
    "a rule in it": ("- New.\n\n---\n\n- More.\n", "- New.\n\n---\n\n- More."),
    "nothing": ("### Added\n\n", ""),
    "a definition in it": ("- [x]\n\n[x]: https://e.org/x\n", "- [x]\n\n[x]: https://e.org/x"),
}  # fmt: skip


@pytest.mark.parametrize(("section", "notes"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_section_becomes_notes(section: str, notes: str, ending: str) -> None:
    text = f"\ufeff# Changelog\n\n## [0.2.0] - 2024-02-03\n\n{section}{END}".replace("\n", ending)
    changelog = read_changelog(text, "Unreleased")
    found = changelog.of("0.2.0")
    assert found
    assert section_notes(changelog, found, ORIGIN).text == notes


def test_the_last_section_ends_before_the_links() -> None:
    changelog = read_changelog("## 0.2.0\n\n- New.\n\n[0.2.0]: https://e.org/x\n", "Unreleased")
    assert section_notes(changelog, changelog.sections[0], ORIGIN).text == "- New."


def test_sections_of_patches_may_be_one_level_lower() -> None:
    text = "# [0.2.0](https://e.org) (2024-02-03)\n\n### Features\n\n* a\n\n## [0.1.1](https://e.org) (2024-02-02)\n\n* b\n"
    changelog = read_changelog(text, "Unreleased")
    assert [one.version.version for one in changelog.sections if one.version] == ["0.2.0", "0.1.1"]
    assert section_notes(changelog, changelog.sections[0], ORIGIN).text == "### Features\n\n* a"


@pytest.mark.parametrize("limit", [120, 200, 333])
def test_notes_that_are_too_long_end_with_a_line_and_a_link(limit: int) -> None:
    lines = [f"- Change {number}." for number in range(20)]
    body = "\n".join([*lines, "```", *("code" for _ in range(20)), "```", *lines])
    found = shortened(SectionNotes(body, ("[a]: https://e.org",)), "[More](https://e.org/more)", limit)
    assert len(found) <= limit
    assert found.endswith("\n\n[More](https://e.org/more)\n\n[a]: https://e.org")
    kept = found.partition("\n\n[More]")[0].split("\n")
    assert kept == body.split("\n")[: len(kept)]
    assert kept.count("```") in (0, 2)


def test_notes_that_fit_stay_as_they_are() -> None:
    assert shortened(SectionNotes("x" * 125_000), "more") == "x" * 125_000
    assert len(shortened(SectionNotes("x" * 125_001), "more")) == 125_000
