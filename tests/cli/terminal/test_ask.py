"""Letters, numbers and beginnings of words: what stands for what."""

from __future__ import annotations

import pytest

from fastrel_cli.streams.ascii import in_ascii
from fastrel_cli.terminal.ask import (
    HELP,
    NO,
    PHASE,
    QUIT,
    RELEASE,
    SKIP,
    YES,
    Way,
    _matching,
    _named,
    _numbered,
)

WAYS = (YES, NO, SKIP, PHASE, RELEASE, QUIT, HELP)
NAMES = [("ship", "ship with them, and say why"), ("fix", "fix them first")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("y", [YES]), ("Y", [YES]), ("ye", [YES]), ("no", [NO]), ("s", [SKIP]), ("a", [PHASE]), ("A", [RELEASE]),
        ("all", [PHASE]), ("every", [RELEASE]), ("q", [QUIT]), ("?", [HELP]), ("h", [HELP]), ("x", []), ("", [YES]),
    ],
)  # fmt: skip
def test_a_letter_or_the_beginning_of_a_word(typed: str, found: list[Way]) -> None:
    assert _matching(typed, WAYS, YES) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("1", [0]), ("2", [1]), ("3", []), ("fix", [1]), ("f", [1]), ("Ship W", [0]), ("s", [0, SKIP]), ("sk", [SKIP])],
)
def test_a_number_or_the_beginning_of_a_name(typed: str, found: list[int | Way]) -> None:
    assert (_numbered(typed, NAMES) or _named(typed, NAMES, (SKIP, QUIT, HELP))) == found


def test_signs_that_an_encoding_lacks_are_other_signs() -> None:
    words = "✔ done → “next” … ☃"
    with pytest.raises(UnicodeEncodeError):
        words.encode("ascii")
    assert in_ascii(UnicodeEncodeError("ascii", words, 0, 1, "")) == ("+", 1)
    assert "".join(str(in_ascii(UnicodeEncodeError("ascii", one, 0, 1, ""))[0]) for one in "→“…☃") == '->"...?'
