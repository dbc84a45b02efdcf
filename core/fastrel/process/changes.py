"""The changes that this process has made, for the `done` line of an error."""

from __future__ import annotations

_made: list[str] = []
SHOWN = 3


def made(words: str) -> None:
    """Remember a change that has succeeded."""
    _made.append(words)


def any_made() -> bool:
    """Whether something was changed."""
    return bool(_made)


def forget() -> None:
    """Begin anew, such as for another command in the same process."""
    _made.clear()


def words() -> str:
    """What was changed, in words."""
    if not _made:
        return "Nothing was changed."
    more = f" and {len(_made) - SHOWN} more" if len(_made) > SHOWN else ""
    return f"Changed before, and stays: {', '.join(_made[-SHOWN:])}{more}."
