"""Removes the duplicate when two operators create the same thing at the same moment; GitHub has no lock for that.

The one with the lowest number stays, and whoever made another one takes it back: only what they made a moment ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastrel.errors import FastrelError

LOOKS = (0, 0.5, 1, 2, 4)
"""Seconds between looks, until what somebody else has made as well is gone."""


def keep_first(made: int, found: Iterable[int], take_back: Callable[[], object], *, words: str, url: str) -> bool:
    """Take back what was just made when one with a lower number was found since; whether it was taken back.

    FastrelError when it cannot be taken back; `words` and `url` say what it is and where.
    """
    if all(one >= made for one in found):
        return False
    try:
        take_back()
    except FastrelError as error:
        raise FastrelError(
            f"Somebody else has made {words} at the same moment, and this one cannot be taken back: {error.problem}",
            done=f"It is there twice; the newer one is {url}",
            next_step="Delete the newer one on GitHub.",
        ) from None
    return True
