"""A step's title on the screen: Markdown's marks go, what is meant literally stays."""

from __future__ import annotations

import pytest

from fastrel_cli.terminal.report_parts import title_words


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Set the next one, `{{ dev_version }}`", "Set the next one, {{ dev_version }}"),
        ("Open {{ next_minor }} by _hand_", "Open {{ next_minor }} by hand"),
        ("Upload it with `twine upload dist/*`", "Upload it with twine upload dist/*"),
        ("**Run** `make __all__` and *look*", "Run make __all__ and look"),
        ("**Run `make`** now", "Run make now"),
        ("Write `__init__.py`, my_own_file and 2 * 3 * 4", "Write __init__.py, my_own_file and 2 * 3 * 4"),
        ("Read [the `notes`](https://x.example/a_b_c)", "Read the notes"),
        ("an open ` tick and an open * star", "an open ` tick and an open * star"),
    ],
)
def test_marks_go_and_words_stay(title: str, shown: str) -> None:
    assert title_words(title) == shown
