"""Lines are added to `mkdocs.yml`, and every other byte stays."""

from __future__ import annotations

import difflib

import pytest

from fastrel.adopt.mkdocs_file import has_plugin, in_navigation, with_page, with_plugin

HEAD = "site_name: Thing  # said so\n"
TAGS = (
    "theme:\n  custom_dir: !ENV [THEME, x]\nmarkdown_extensions:\n  - pymdownx.emoji:\n"
    "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
)


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (HEAD, ["", "plugins:", "  - search", "  - fastrel"]),
        (HEAD + TAGS, ["", "plugins:", "  - search", "  - fastrel"]),
        (HEAD.rstrip("\n"), ["", "plugins:", "  - search", "  - fastrel"]),
        (HEAD + "plugins:\n  - search\n" + TAGS, ["  - fastrel"]),
        (HEAD + "plugins:\n- search\n- blog\n" + TAGS, ["- fastrel"]),
        (HEAD + "plugins: # ours\n    - search:\n        lang: en\n\n    # the last\n    - blog\n# end\nnav: []\n", ["    - fastrel"]),
        (HEAD + "plugins:\n  search: {}\n" + TAGS, ["  fastrel: {}"]),
        (HEAD + "plugins:\n  - search\n  - !ENV [MORE, tags]", ["  - fastrel"]),
    ],
)  # fmt: skip
def test_the_plugin_is_added_and_nothing_else_changes(text: str, added: list[str]) -> None:
    after = with_plugin(text)
    assert after is not None
    changes = [one for one in difflib.ndiff(text.splitlines(), after.splitlines()) if one[0] in "+-"]
    assert [one[2:] for one in changes] == added
    assert all(one[0] == "+" for one in changes)
    assert has_plugin(after)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("plugins: [search] # two\n", "plugins: [search, fastrel] # two\n"),
        ("plugins: { search: {} }\n", "plugins: { search: {}, fastrel: {}}\n"),
    ],
)
def test_a_list_on_one_line_stays_on_it(text: str, after: str) -> None:
    assert with_plugin(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "INHERIT: base.yml\n",
        "plugins: !ENV [PLUGINS]\n",
        "plugins: &all\n  - search\n",
        "plugins:\n",
        "plugins: []\n",
        "plugins: [\n  search\n]\n",
        "site_name: a\n...\n",
        "{site_name: a}\n",
        "a: [\n",
    ],
)
def test_what_cannot_be_edited_safely_is_left_to_people(text: str) -> None:
    assert with_plugin(text) is None


def test_line_endings_are_kept() -> None:
    text = "plugins:\r\n  - search\r\nnav:\r\n  - Home: index.md\r\n"
    assert with_plugin(text) == "plugins:\r\n  - search\r\n  - fastrel\r\nnav:\r\n  - Home: index.md\r\n"
    assert with_page(text, "Guide", "g.md") == text + "  - Guide: g.md\r\n"


def test_the_page_comes_to_the_end_of_the_navigation() -> None:
    text = "nav:\n  - Home: index.md\n  - More:\n      - A: a.md\n      - B: b.md\n\nplugins:\n  - search\n"
    after = with_page(text, "Release guide", "release-guide.md")
    assert after == text.replace("B: b.md\n", "B: b.md\n  - Release guide: release-guide.md\n")
    assert in_navigation(after, "release-guide.md")
    assert in_navigation(after, "b.md")
    assert with_page("nav: [a.md, b.md]\n", "R", "r.md") == "nav: [a.md, b.md, {R: r.md}]\n"
    assert with_page("site_name: a\n", "R", "r.md") is None
