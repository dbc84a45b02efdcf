"""Foreign text in an issue body: shown as typed, on one line; it cannot mention, refer, link, format or forge a marker.

GitHub looks for mentions and references after Markdown is rendered, so neither a backslash nor an entity for `@` or
`#` stops them (https://github.com/github/cmark-gfm/issues/181). An invisible space between the sign and the name does.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from fastrel.text.plain import UNSEEN

_GAP = "\u200b"
_REFERENCE = re.compile(r"@(?=\w)|#(?=\w)|\bGH-(?=\d)|\bwww(?=\.)|:(?=//|[\w+-]+:)", re.IGNORECASE)
"""What would become a mention, a reference, a link or an emoji together with what follows it."""
_MARKUP = re.compile(r"[\\`*_\[\]~|$#<>&]")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def escape_inline(text: str, limit: int = 0) -> str:
    """Text made inert in GitHub's Markdown; cut to `limit` characters (before escaping) when given."""
    line = shorten(one_line(text), limit) if limit else one_line(text)
    apart = _REFERENCE.sub(lambda match: match[0] + _GAP, line)
    escaped = _MARKUP.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), apart)
    return escaped.replace(_GAP, "&#8203;")


def one_line(text: str) -> str:
    """Text without line breaks, control characters and invisible or direction-changing marks."""
    if text.isascii() and text.isprintable():  # nearly always; looking at each character takes long
        return " ".join(text.split())
    seen = (" " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one) not in UNSEEN)
    return " ".join("".join(seen).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters; an ellipsis stands for what is cut."""
    return text if len(text) <= limit else f"{text[: max(limit - 1, 0)].rstrip()}…"


def safe_url(url: str) -> str:
    """The address as it can stand in a Markdown link and in our comments; empty when it is not http or https."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        quoted = quote(url.strip(), safe=":/?#!&'+,;=%._-")
    except ValueError:  # not an address, or not even text
        return ""
    return quoted.replace("--", "-%2D")


def code_span(text: str, limit: int = 100) -> str:
    """A name, such as a login, as code: GitHub neither mentions nor links inside of code."""
    name = shorten(one_line(re.sub(r"[`<>]", "", text)), limit)  # entities are not read inside of code
    return f"`{name}`" if name else ""
