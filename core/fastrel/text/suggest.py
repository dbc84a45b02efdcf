"""Suggests a name that somebody may have meant, by difflib."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 100
"""Characters of a word that anybody may have meant; comparing longer ones takes long."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like this one; empty when none is near."""
    if len(word) > LONGEST:
        return ""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return found[0] if found else ""
