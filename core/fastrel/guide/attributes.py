"""The attributes in our HTML comments: bare words, `key=value` and `key="quoted value"`; reading and safe writing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

_TOKEN = re.compile(r"""([A-Za-z_][\w-]*)=("[^"]*"|'[^']*'|[^\s"']+)|(\S+)""")
_SAFE = " !$&()*+,/:;=?@[]^_`{|}~.#"


@dataclass(frozen=True, slots=True)
class Attributes:
    """What stands in a comment: the words without a value, the pairs, and what could not be read."""

    words: tuple[str, ...]
    pairs: Mapping[str, str]
    problems: tuple[str, ...] = ()


def parse_attributes(text: str) -> Attributes:
    """Read the inside of a comment, without its first word."""
    words: list[str] = []
    pairs: dict[str, str] = {}
    problems: list[str] = []
    for match in _TOKEN.finditer(text):
        key, value, word = match.groups()
        if key is None:
            words.append(word)
            if "=" in word or '"' in word or "'" in word:
                problems.append(f"“{word}” is not KEY=VALUE; put values with spaces in double quotes")
        elif key in pairs:
            problems.append(f"attribute “{key}” is given twice")
        else:
            pairs[key] = value[1:-1] if value[0] in "\"'" else value
    return Attributes(tuple(words), pairs, tuple(problems))


def write_value(value: str) -> str:
    """A value between double quotes that can neither end the comment nor the quotes; percent-encoded where needed."""
    return f'"{quote(value, safe=_SAFE).replace("--", "-%2D")}"'


def read_value(value: str) -> str:
    """The text that `write_value` has written."""
    return unquote(value)
