"""ASCII signs for streams whose encoding lacks ours, such as in the C locale."""

from __future__ import annotations

import codecs

SIGNS = {
    "✔": "+",
    "○": "o",
    "✘": "x",
    "·": ".",
    "…": "...",
    "–": "-",
    "—": "-",
    "→": "->",
    "−": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "━": "=",
    "─": "-",
    "│": "|",
    "\N{NO-BREAK SPACE}": " ",
}
NAME = "fastrel-signs"
"""How the way is called for `errors=` of a stream."""


def in_ascii(error: UnicodeError) -> tuple[str | bytes, int]:
    """Signs for those that cannot be encoded; `?` for what is none of ours."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(SIGNS.get(one, "?") for one in error.object[error.start : error.end]), error.end


codecs.register_error(NAME, in_ascii)
