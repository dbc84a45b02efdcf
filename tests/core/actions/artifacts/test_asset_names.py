"""GitHub renames files that are uploaded; they are found again. Pure."""

from __future__ import annotations

import pytest

from fastrel.actions.artifacts.asset_names import comparable, is_named

RENAMED = [
    ("My App 1.0.0 Setup.exe", "My.App.1.0.0.Setup.exe"),
    ("tobwen-1.1.0-1~buster_amd64.deb", "tobwen-1.1.0-1.buster_amd64.deb"),
    ("app-(15-5)-release.apk", "app-.15-5.-release.apk"),
    ("zxcvbn-v2.3+2.tbz", "zxcvbn-v2.3+2.tbz"),
    ("zxcvbn-v2.3+2.tbz", "zxcvbn-v2.3.2.tbz"),
    ("a;=@b.txt", "a.b.txt"),
    (".config", "default.config"),
    ("c#.zip", "c.zip"),
    ("café.txt", "cafe.txt"),
    ("plain-1.0.tar.gz", "plain-1.0.tar.gz"),
]
"""Names before and after, of the sources in `asset_names`."""


@pytest.mark.parametrize(("local", "github"), RENAMED)
def test_a_file_is_known_under_the_name_that_github_gives_it(local: str, github: str) -> None:
    assert comparable(local) == comparable(github)
    assert is_named(github, local)


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("My App *.exe", "My.App.1.0.exe", True),
        ("*~buster_*.deb", "a-1.buster_amd64.deb", True),
        ("*.whl", "a.whl", True),
        ("*.whl", "a.gz", False),
        ("a-[0-9].txt", "a-1.txt", True),
        ("a-[0-9].txt", "a-x.txt", False),
        ("My App.exe", "My.Application.exe", False),
    ],
)
def test_patterns_are_those_of_names_before_or_after(pattern: str, name: str, fits: bool) -> None:
    assert is_named(name, pattern) is fits


def test_other_names_stay_apart() -> None:
    assert comparable("a-1.0.whl") != comparable("a-1.0.gz")
    assert comparable("a_1.txt") != comparable("a-1.txt")
