"""Long lines are folded between words; what somebody may copy stays in one piece."""

from __future__ import annotations

import pytest

from fastrel_cli.streams.wrap import folded


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("short", "short"),
        ("      in every version file of it", "      in every\n        version\n        file of it"),
        ("  next: then `run 0.2.0 --until x` ends", "  next: then\n    `run 0.2.0 --until x`\n    ends"),
        ("one\n  two three four five six", "one\n  two three four\n    five six"),
        ("https://example.org/a/long/address", "https://example.org/a/long/address"),
        ("  see https://example.org/a/long/address", "  see\n    https://example.org/a/long/address"),
        ("an open ` and more words here", "an open ` and more\n  words here"),
        ("\x1b[33mseven words\x1b[0m in all", "\x1b[33mseven words\x1b[0m in all"),
        ("\x1b[33m  note: three words more\x1b[0m", "\x1b[33m  note: three words\n    more\x1b[0m"),
        ("", ""),
    ],
)
def test_lines_are_folded_between_words(line: str, shown: str) -> None:
    assert folded(line, 18 if line.startswith("      ") else 20) == shown
