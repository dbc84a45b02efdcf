"""Which texts name a version, and which name only another one."""

from __future__ import annotations

import json

import pytest

from fastrel.web.docs_site import names, site_answers, site_shows
from web import running_site

OTHERS = """
10.2.0 1.0.2.0 0.2.01 0.2.0.1 1!0.2.0
0.2.0a1 0.2.0b1 0.2.0c1 0.2.0rc1 0.2.0RC1 0.2.0alpha1 0.2.0beta2 0.2.0pre1 0.2.0preview1 0.2.0dev3 0.2.0post1 0.2.0r1
0.2.0.a1 0.2.0.b1 0.2.0.rc1 0.2.0.alpha.1 0.2.0.beta_2 0.2.0.dev3 0.2.0.dev 0.2.0.post1 0.2.0.post 0.2.0.rev1 0.2.0.DEV3
0.2.0_rc1 0.2.0_dev3 0.2.0-rc1 0.2.0-a.1 0.2.0-1 0.2.0-post1 0.2.0.dev3+g12 0.2.0rc1.dev4 0.2.0.post1.dev2
0.2.0-rc.1 0.2.0-alpha 0.2.0-alpha.beta 0.2.0-0.3.7 0.2.0-x.7.z.92 0.2.0-dev 0.2.0-SNAPSHOT 0.2.0-rc.1+build.5
0.2.0+g12 0.2.0+20130313144700 0.2.0+exp.sha.5114f85 0.2.0+local
"""
SAME = (
    "0.2.0", "v0.2.0", "V0.2.0", "Version 0.2.0", "Fast-LLM-0.2.0", "fast_llm==0.2.0", "/0.2.0/", "(0.2.0)", "[0.2.0]",
    "<b>0.2.0</b>", '"0.2.0"', "`0.2.0`", "“0.2.0”", "0.2.0.", "0.2.0. Read on", "0.2.0, and", "0.2.0;", "0.2.0: new",
    "0.2.0!", "0.2.0?", "0.2.0…", "0.2.0 - new", "0.2.0 – new", "0.2.0– new", "0.2.0—new", "0.2.0- and", "0.2.0+", "0.2.0+,",
    "0.2.0/new", "0.2.0\n", "0.2.0&nbsp;", "0.2.0版", "0.2.0.tar.gz", "0.2.0.html", "0.2.0rc1 and 0.2.0", "10.2.0, 0.2.0",
)  # fmt: skip


@pytest.mark.parametrize("text", OTHERS.split())
def test_another_version_is_not_taken_for_this_one(text: str) -> None:
    for one in (text, f"v{text}", f"<p>Version {text}.</p>", f"({text})"):
        assert not names(one, "0.2.0"), one


@pytest.mark.parametrize("text", SAME)
def test_a_version_is_found_whatever_stands_around_it(text: str) -> None:
    assert names(text, "0.2.0")


@pytest.mark.parametrize("text", ["0.2.0", "0.2.0-rc.10", "0.2.0-rc.1.2", "0.2.0-rc.1+g12", "0.2.0-rc.1-x"])
def test_a_pre_release_is_told_from_others(text: str) -> None:
    assert not names(text, "0.2.0-rc.1")
    assert names(f"{text} 0.2.0-rc.1.", "0.2.0-rc.1")


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"version": "0.2", "title": "0.2.0", "aliases": ["latest"]}, True),
        ({"version": "0.2", "title": "0.2.0 (latest)", "aliases": []}, True),
        ({"version": "v0.2.0"}, True),
        ({"version": "0.2", "title": "0.2", "aliases": ["0.2.0"]}, True),
        ({"version": "0.2", "title": "0.2", "aliases": ["latest"]}, False),
        ({"version": "0.2.0rc1", "title": "0.2.0rc1", "aliases": None}, False),
    ],
)
def test_a_version_of_mike_is_known_by_its_title_and_aliases(row: dict[str, object], shown: bool) -> None:
    with running_site() as site:
        site.pages["/versions.json"] = json.dumps([row])
        site.pages["/"] = "<h1>Docs</h1>"
        assert bool(site_shows(site.url, "0.2.0")) is shown
        assert bool(site_shows(site.url, "0.2")) is (row["version"] == "0.2")


def test_the_folder_of_a_version_may_answer() -> None:
    with running_site() as site:
        site.pages["/en/v0.2.0/"] = ""
        assert [site_answers(f"{site.url}/en/v0.{minor}.0") for minor in (1, 2)] == [False, True]
