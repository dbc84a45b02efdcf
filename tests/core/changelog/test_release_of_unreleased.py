"""“Unreleased” becomes the version: the heading and the links change, and nothing else."""

from __future__ import annotations

import re
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fastrel.changelog.keep_a_changelog import Naming, with_release
from fastrel.changelog.section_notes import Origin, section_notes
from fastrel.changelog.sections import Section, read_changelog
from fastrel.errors import UsageError

CASES = yaml.safe_load((Path(__file__).parent / "released.yml").read_text(encoding="utf-8"))


def naming(version: str = "0.2.0", template: str = "v{version}", title: str = "Unreleased") -> Naming:
    tag = template.replace("{version}", version)
    return Naming("CHANGELOG.md", title, version, tag, template, date(2026, 11, 28))


@pytest.mark.parametrize("case", CASES, ids=[one["name"] for one in CASES])
def test_a_changelog_is_released(case: dict[str, str]) -> None:
    before = case.get("before") or case["same"]
    names = naming(case.get("version", "0.2.0"), case.get("tag", "v{version}"), case.get("title", "Unreleased"))
    if "problem" in case:
        with pytest.raises(UsageError) as error:
            with_release(before, names)
        assert error.value.problem == case["problem"]
        return
    after = with_release(before, names)
    assert after == case.get("after", before)
    assert with_release(after, names) == after


LOOK_ALIKES = [
    "- [x] `## [Unreleased]`",
    "```\n## [Unreleased]\n## 0.2.0\n```",
    "<!-- ## [0.2.0] -->",
    "> ## Unreleased",
    "    ## 0.2.0",
]
LINES = st.one_of(
    st.sampled_from(["- New [#1](https://e.org/1).", "* Old", "### Added", "Text.", "", "", *LOOK_ALIKES]),
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20).map(lambda words: f"- {words}"),
)
BODIES = st.lists(LINES, max_size=6).map(lambda lines: "\n".join(["- Something.", *lines, ""]))
HEADINGS = ["## [{0}] - 2024-01-0{1}", "## {0} (2024-01-0{1})", "## v{0}", "## [v{0}] / January {1}, 2024"]
LINKS = ["https://e.org/o/r/compare/v{0}...v{1}", "https://e.org/o/r/releases/tag/v{1}", ""]


@st.composite
def changelogs(draw: st.DrawFn) -> str:
    heading, link = draw(st.sampled_from(HEADINGS)), draw(st.sampled_from(LINKS))
    unreleased = draw(st.sampled_from(["## [Unreleased]", "## Unreleased", "## [unreleased] - ReleaseDate"]))
    versions = ["0.1.2", "0.1.1", "0.1.0"][: draw(st.integers(0, 3))]
    parts = ["# Changelog\n", f"{unreleased}\n", draw(BODIES)]
    for number, version in enumerate(versions):
        parts += [heading.format(version, number + 1) + "\n", draw(BODIES)]
    if link:
        parts.append(f"\n[unreleased]: https://e.org/o/r/compare/v{[*versions, '0.0.0'][0]}...HEAD")
        parts += [f"[{one}]: {link.format('0.0.9', one)}" for one in versions]
    text = "\n".join(parts) + draw(st.sampled_from(["", "\n"]))
    return draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(changelogs())
def test_only_the_heading_and_the_links_change_and_twice_is_once(before: str) -> None:
    after = with_release(before, naming())
    assert with_release(after, naming()) == after
    old, new = re.split("(?<=\n)", before), re.split("(?<=\n)", after)
    changed = [one for one in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if one[0] != "equal"]
    gone = [line for _, start, end, _, _ in changed for line in old[start:end]]
    come = [line.strip() for _, _, _, start, end in changed for line in new[start:end]]
    assert all(re.match(r"(?i)\[unreleased\]: |\[\d|\Z", line) for line in gone), gone
    kinds = r"(?i)\Z|## (?:\[?v?0\.2\.0|\[?unreleased)|\[unreleased\]: \S+v0\.2\.0\.\.\.HEAD\Z|\[v?0\.2\.0\]: \S+v0\.2\.0\Z|\[0\.1"
    assert all(re.match(kinds, line) for line in come), come
    ours, was = read_changelog(after, "Unreleased").of("0.2.0"), read_changelog(before, "Unreleased").coming[0]
    assert ours is not None
    assert body(after, ours) == body(before, was)


def body(text: str, section: Section) -> str:
    """The text of a section, without the links at the end of the page."""
    return re.sub(r"(?m)^\[[^\]\n]+\]: \S+\s*", "", text[section.heading.end : section.end]).rstrip()


PIECES = ["## [Unreleased]", "## 0.1.0 (2024-01-02)", "0.2.0", "---", "```", "<!--", "-->", "[Unreleased]: https://e.org/compare/v0.1.0...HEAD", "[", "](", "`", "#", " ", "\n", "\r\n", "\r", "\t", "\ufeff", "- x", "1.2.3", "..."]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=30).map("".join))
def test_any_text_is_released_or_refused(text: str) -> None:
    try:
        after = with_release(text, naming())
    except UsageError:
        return
    changelog = read_changelog(after, "Unreleased")
    for section in changelog.sections:
        section_notes(changelog, section, Origin("https://e.org/o/r", "v0.2.0", "CHANGELOG.md"))


@pytest.mark.parametrize(
    "line",
    ["# a" + " " * 30_000 + "b", "## " + "1." * 20_000, "- " + " " * 30_000 + "x", "- " + "` `` " * 10_000, "[" * 30_000, "![" * 20_000, "- --" * 20_000, "[Unreleased]: https://e.org/compare/" + "v..." * 10_000],
    ids=["spaces", "numbers", "blanks", "ticks", "brackets", "images", "rules", "dots"],
)  # fmt: skip
def test_long_lines_do_not_take_long(line: str) -> None:
    text = f"## [Unreleased]\n\n{line}\n- New.\n{line}\n"
    changelog = read_changelog(with_release(text, naming()), "Unreleased")
    for section in changelog.sections:
        section_notes(changelog, section, Origin("https://e.org/o/r", "v0.2.0", "CHANGELOG.md"))
