"""The generated reference pages are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastrel_cli.reference import pages

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", ["cli.md", "actions.md"])
def test_the_reference_is_as_fresh_as_the_code(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "type `make reference`"
