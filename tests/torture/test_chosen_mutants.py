"""The chosen changes of the source fit the source: a text that moved, or a test that got another name, is no check any more."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from stage import ROOT
from torture.mutate import ROOMS, Mutant, chosen


@pytest.mark.parametrize("mutant", list(chosen(ROOT)), ids=lambda one: f"{Path(one.file).stem}-{one.means}")
def test_its_text_is_there_once_and_its_tests_are_there(mutant: Mutant) -> None:
    assert mutant.text, f"{mutant.file} does not hold the text to change, or more than once"
    assert mutant.tests or mutant.same
    assert [one for one in mutant.tests if not is_there(one)] == []


def test_the_files_and_tests_of_drawn_changes_are_there() -> None:
    assert [file for file in ROOMS if not (ROOT / file).is_file()] == []
    assert [one for tests in ROOMS.values() for one in tests if not is_there(one)] == []


def is_there(test: str) -> bool:
    place, _, name = test.partition("::")
    file = ROOT / "tests" / place
    if not name:
        return file.exists()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return name.partition("[")[0] in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
