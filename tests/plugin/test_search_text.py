"""The state of a page is not in its search index, in any theme."""

from __future__ import annotations

import json

import pytest

from docs_site import build
from fastrel_mkdocs.search_text import without_state
from stage import Cli, Project, begin_release


def test_marked_elements_are_left_out_with_all_that_is_inside() -> None:
    html = (
        '<p>a&amp;b<!-- c --></p><div data-search-exclude="true"><div>x<input/><br></div>y</div><img src="z"/><p>c</p>'
    )
    assert without_state(html) == '<p>a&amp;b<!-- c --></p><img src="z"/><p>c</p>'
    assert without_state("<p>no mark") == "<p>no mark"


@pytest.mark.parametrize("theme", ["{name: mkdocs, highlightjs: false}", "{name: readthedocs, highlightjs: false}"])
def test_the_state_is_not_in_the_search_index_and_stays_on_the_page(cli: Cli, project: Project, theme: str) -> None:
    begin_release(cli)
    (project.path / "mkdocs.yml").write_text(
        f"site_name: Plain\ntheme: {theme}\nplugins: [search, fastrel]\nmarkdown_extensions: [pymdownx.superfences, toc]\n"
    )
    code, said, page = build(project.path)
    assert code == 0, said
    index = json.loads((project.path / "site" / "search" / "search_index.json").read_text())
    text = " ".join(one["text"] for one in index["docs"])
    assert "Settle every open issue" in text
    assert "by mia" in page
    assert "by mia" not in text
    assert "fastrel-checklist run 0.2.0 milestone-issues" not in text
