"""The page in Firefox: it refreshes and filters as in Chromium."""

from __future__ import annotations

from pathlib import Path

from browser import served
from docs_site import site_of
from firefox import firefox
from stage import Cli, Project, begin_release

FOLLOWED = "document.querySelector('.fastrel-header .fastrel-read:not([hidden])')"


def test_the_page_refreshes_and_filters_in_firefox(cli: Cli, project: Project, tmp_path: Path) -> None:
    begin_release(cli)
    site = site_of(project)
    cli("tick", "docs-current", "--note", "read")
    with served(site) as address, firefox(tmp_path / "profile") as page:
        page.open(f"{address}/release-guide/")
        page.wait_for(FOLLOWED)
        assert (
            page.run("return document.querySelector('.fastrel-header .fastrel-count').textContent") == "2 of 25 steps"
        )
        assert page.run("return document.querySelector('#step-docs-current').matches('.fastrel-done')") is True
        assert page.run("return document.querySelectorAll('.fastrel-cell.fastrel-done').length") == 2
        page.run("document.querySelector('[data-fastrel-show=open]').click()")
        assert page.run("return document.querySelector('#step-docs-current').checkVisibility()") is False
        assert page.run("return document.querySelector('#step-open-bugs').checkVisibility()") is True
        # The mark, the strip and the small bar are drawn.
        assert page.run("return document.querySelector('.fastrel-cell').getBoundingClientRect().width > 3") is True
        assert page.run("return getComputedStyle(document.querySelector('.fastrel-cell')).backgroundColor") != (
            "rgba(0, 0, 0, 0)"
        )
