"""Versions in files: found where the format has them, changed and nothing else."""

from __future__ import annotations

import pytest

from fastrel.errors import UsageError
from fastrel.guide.model import VersionFile
from fastrel.guide.version_file import place_of_version, with_version

FORMATS = [
    ("pkg/__init__.py", "import os\n__version__ = '0.1.0'  # the version\n", "0.1.0"),
    ("pkg/__init__.py", '__version__: str = "0.1.1-dev"', "0.1.1-dev"),
    ("setup.cfg", "[metadata]\nname = a\nversion = 0.1.0\n[options]\nversion = 9.9.9\n", "0.1.0"),
    ("setup.cfg", '[metadata]\nversion = "0.1.0" # c\n', "0.1.0"),
    ("pyproject.toml", '[project]\nname = "a"\nversion = "0.1.0"\n\n[tool.x]\nversion = "3.0.0"\n', "0.1.0"),
    ("pyproject.toml", '[tool.poetry]\r\nversion = "0.1.0"\r\n', "0.1.0"),
    (
        "package.json",
        '{\n  "name": "a",\n  "version": "0.1.0",\n  "engines": {\n      "version": "2.0.0"\n  }\n}',
        "0.1.0",
    ),
    ("CITATION.cff", "cff-version: 1.2.0\nversion: 0.1.0\n", "0.1.0"),
    ("VERSION", "0.1.0\n", "0.1.0"),
    # Bytes elsewhere: CRLF, no final newline, tabs, comments, other quotes, a byte-order mark, trailing blanks.
    ("VERSION", "0.1.0", "0.1.0"),
    ("VERSION", "0.1.0\r\n", "0.1.0"),
    ("pkg/__init__.py", "\r\n__version__='0.1.0'\r\nx = 1", "0.1.0"),
    ("pkg/__init__.py", '\ufeff__version__ = "0.1.0" \t# 0.1.0 was the first\n\n\n', "0.1.0"),
    ("setup.cfg", "[metadata]\r\nversion=0.1.0\r\nname = a", "0.1.0"),
    ("setup.cfg", "# version = 9.9.9\n[metadata]\n; version = 9.9.8\n\tversion = 1\nversion:  0.1.0  \n", "0.1.0"),
    ("package.json", '{\r\n\t"version":"0.1.0",\r\n\t"name": "a"\r\n}', "0.1.0"),
    ("CITATION.cff", "cff-version: 1.2.0\r\nversion: '0.1.0' # c\r\nmessage: version 0.1.0", "0.1.0"),
    ("pyproject.toml", "[project]\nversion = '0.1.0'\ndependencies = ['a==0.1.0']", "0.1.0"),
]


@pytest.mark.parametrize(("path", "text", "version"), FORMATS)
def test_each_format_is_read_and_only_the_version_is_changed(path: str, text: str, version: str) -> None:
    file = VersionFile(path)
    assert place_of_version(file, text).value == version
    assert with_version(file, text, "0.2.0") == text.replace(version, "0.2.0", 1)
    assert with_version(file, with_version(file, text, "0.2.0"), version) == text


def test_a_pattern_of_the_guide_is_used() -> None:
    file = VersionFile("Makefile", r"^VERSION := (\S+)$")
    assert with_version(file, "A := 1\nVERSION := 0.1.0\n", "0.2.0") == "A := 1\nVERSION := 0.2.0\n"


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("pkg/__init__.py", "", "no line"),
        ("setup.cfg", "[options]\nversion = 1.0.0\n", r"no line states the version in \[metadata\]"),
        ("VERSION", "1.0.0\n2.0.0\n", "no line"),
        ("pkg/__init__.py", '__version__ = "1.0.0"\n__version__ = "1.0.1"\n', "2 lines"),
        ("Makefile", "VERSION := 1.0.0", "not known"),
    ],
)
def test_no_place_or_several_is_an_error_that_names_the_file(path: str, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        place_of_version(VersionFile(path), text)
    assert path in caught.value.problem
    assert "pattern" in caught.value.next_step
