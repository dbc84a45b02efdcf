"""Foreign text without control characters."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control, format (zero-width, direction-changing), surrogate, line and paragraph separator."""


def plain(text: str) -> str:
    """Foreign text that cannot move the cursor, colour the screen or turn the direction of writing."""
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in UNSEEN)


def plain_line(text: str) -> str:
    """Foreign text on one line, so that it cannot look like a line of ours."""
    return plain(" ".join(text.split()))
