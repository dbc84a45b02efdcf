"""Texts that a person has typed, kept in a file until they are saved where they belong."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from fastrel.text.atomic_write import write_whole


def kept_place(repository: str, name: str) -> Path:
    """The file that keeps a text of a repository on this machine; others cannot read it."""
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    parts = [re.sub(r"[^\w.-]", "_", one).lstrip(".") or "_" for one in (*repository.split("/"), name)]
    return Path(state).expanduser().joinpath("fastrel-checklist", *parts)


def keep(file: Path, text: str) -> None:
    """Write the text. OSError when that cannot be done."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(file, text, 0o600)


def kept(file: Path | None) -> str | None:
    """The text that is kept; None when there is none."""
    try:
        return file.read_text(encoding="utf-8") if file else None
    except (OSError, UnicodeDecodeError):
        return None


def keep_edit(file: Path, before: str, edited: str) -> None:
    """Write a text that a person has edited, and what it was before. OSError when that cannot be done."""
    keep(_before(file), before)
    keep(file, edited)


def kept_edit(file: Path | None) -> tuple[str, str] | None:
    """A kept text as it was before it was edited, and as it is; None when there is none."""
    edited = kept(file)
    if file is None or edited is None:
        return None
    before = kept(_before(file))
    return (edited if before is None else before), edited


def drop(file: Path | None) -> None:
    """Remove what is kept; it is where it belongs."""
    for one in (file, _before(file)) if file else ():
        with suppress(OSError):
            one.unlink()


def _before(file: Path) -> Path:
    return file.with_name(f"{file.name}.before")
