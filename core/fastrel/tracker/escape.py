"""Foreign text in an issue body: shown as typed, on one line; it cannot mention, link, format or forge a marker."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlparse

_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+!|~@&$:^=-]")
_KEEP = {"-", "(", ")", "+", "!", "="}
"""Harmless within a line, and frequent."""
_ENTITIES = {"@": "&#64;", "#": "&#35;", "<": "&lt;", ">": "&gt;", "&": "&amp;"}
_CODE = re.compile(r"`([^`]+)`")


def escape_inline(text: str, limit: int = 0) -> str:
    """Text made inert in GitHub's Markdown; cut to `limit` characters (before escaping) when given."""
    line = one_line(text)
    if limit and len(line) > limit:
        line = f"{line[: max(limit - 1, 0)]}…"
    escaped = _SPECIAL.sub(lambda match: _escaped(match[0]), line)
    # Addresses, `GH-1` and commit hashes would become links by themselves.
    escaped = re.sub(r"(?i)\b(www)\.", r"\1&#46;", escaped)
    escaped = re.sub(r"(?i)\b(GH)-(?=\d)", r"\1&#45;", escaped)
    return escaped.replace("--", "-&#45;")


def one_line(text: str) -> str:
    """Text without line breaks, control characters and invisible or direction-changing marks."""
    joined = " ".join(text.split())
    return "".join(one for one in joined if unicodedata.category(one) not in ("Cc", "Cf", "Zl", "Zp", "Cs"))


def safe_url(url: str) -> str:
    """The address for a Markdown link; empty when it is not http or https."""
    if urlparse(url).scheme not in ("http", "https"):
        return ""
    return quote(url, safe=":/?#[!$&'*+,;=%~._-").replace("[", "%5B").replace("--", "-%2D")


def code_span(text: str) -> str:
    """A name, such as a login, as code: GitHub neither mentions nor links inside of code."""
    return f"`{one_line(text).replace('`', '')}`" if one_line(text).replace("`", "").strip() else ""


def _escaped(character: str) -> str:
    if character in _KEEP:
        return character
    if character == ":":
        return "&#58;"
    return _ENTITIES.get(character, f"\\{character}")
