"""Versions written out in an item, where a guide should name the release's. Pure."""

from __future__ import annotations

import re

from fastrel.guide.outline import Item

_TAG_COMMAND = re.compile(r"git tag\b[^\n`]{0,200}")
_VERSION = re.compile(r"\bv?(?:\d+\.\d+(?:\.\d+)?|x\.y(?:\.z)?)(?![\w.])", re.IGNORECASE)


def spelled_out(item: Item) -> str:
    """What to fix in the text of an item that makes the tag; empty for nothing."""
    command = _TAG_COMMAND.search("\n".join([item.text, *(one.content for one in item.fences)]))
    version = _VERSION.search(command[0]) if command and "{{" not in command[0] else None
    if command is None or version is None:
        return ""
    words = f"readers see {version[0]} for every release; write `{{{{ tag }}}}` in its place"
    if re.search(r"\s-[a-z]*m\b|--message", command[0]):
        words += ", and as the message “Release version {{ version }}”, which is what the step writes"
    return words
