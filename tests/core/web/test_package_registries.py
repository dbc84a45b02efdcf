"""Versions in npm's registry and the index of crates.io."""

from __future__ import annotations

import json

import pytest

from fastrel.errors import RemoteError
from fastrel.web.package_registries import crate_path, crate_versions, npm_versions
from web import running_site


def test_npm_has_the_versions_of_scoped_packages_too() -> None:
    with running_site("/npm/") as site:
        page = json.dumps({"name": "@octo/thing", "versions": {"0.1.0": {}, "0.2.0": {}}})
        site.pages = {"/npm/@octo%2Fthing": page, "/npm/thing": page, "/npm/broken": "<html>"}
        assert npm_versions("@octo/thing", site.url) == {"0.1.0": False, "0.2.0": False}
        assert set(npm_versions("thing", site.url)) == {"0.1.0", "0.2.0"}
        assert npm_versions("nobody", site.url) == {}
        with pytest.raises(RemoteError, match="not JSON"):
            npm_versions("broken", site.url)


def test_crates_tells_which_are_yanked() -> None:
    lines = [{"vers": "0.1.0", "yanked": True}, {"vers": "0.2.0+abc", "yanked": False}]
    with running_site("/index/") as site:
        site.pages["/index/th/in/thing"] = "\n".join(map(json.dumps, lines))
        assert crate_versions("Thing", site.url) == {"0.1.0": True, "0.2.0": False}
        assert crate_versions("other", site.url) == {}


@pytest.mark.parametrize(
    ("name", "path"),
    [("a", "1/a"), ("ab", "2/ab"), ("abc", "3/a/abc"), ("Serde", "se/rd/serde"), ("a-b_c", "a-/b_/a-b_c")],
)
def test_where_the_index_has_a_crate(name: str, path: str) -> None:
    assert crate_path(name) == path
