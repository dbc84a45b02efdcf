"""Foreign text without control characters."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control, format (zero-width, direction-changing), surrogate, line and paragraph separator."""


_CONTROLS = {
    "\t": "TAB", "\r": "CARRIAGE RETURN", "\x0b": "VERTICAL TAB", "\x0c": "FORM FEED", "\x1b": "ESCAPE",
    "\x1c": "FILE SEPARATOR", "\x1d": "GROUP SEPARATOR", "\x1e": "RECORD SEPARATOR", "\x85": "NEXT LINE",
    "\x00": "NULL", "\x07": "BELL", "\x08": "BACKSPACE",
}  # fmt: skip
"""Names of control characters, which Unicode does not give."""


def plain(text: str) -> str:
    """Foreign text that cannot move the cursor, colour the screen or turn the direction of writing."""
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in UNSEEN)


def named(text: str) -> str:
    """Foreign text that shows by name each character that is not seen, or moves the cursor or the line; line feeds
    stay."""
    return "".join(one if one == "\n" or not _is_hidden(one) else _name(one) for one in text)


def _is_hidden(one: str) -> bool:
    return unicodedata.category(one) in UNSEEN or (one.isspace() and one != " ")


def _name(one: str) -> str:
    name = unicodedata.name(one, _CONTROLS.get(one, ""))
    return f"<U+{ord(one):04X}{f' {name}' if name else ''}>"


def plain_line(text: str) -> str:
    """Foreign text on one line, so that it cannot look like a line of ours."""
    return plain(" ".join(text.split()))
