"""The words that recognition knows, from `recognisers.toml`: data, so that a phrase is added without code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """The tables `words` and `vocabulary`."""
    loaded = _loaded()
    return {name: {key: str(value) for key, value in loaded[name].items()} for name in ("words", "vocabulary")}  # type: ignore[attr-defined]  # the file is ours


def rows() -> list[Mapping[str, str]]:
    """The rows, with vocabularies filled in."""
    return [{key: filled(str(value)) for key, value in row.items()} for row in _loaded()["row"]]  # type: ignore[attr-defined]  # the file is ours


def word_pattern(name: str) -> str:
    """A pattern of the table `words`."""
    return tables()["words"][name]


def word_set(name: str) -> frozenset[str]:
    """The words of a list in the table `words`."""
    return frozenset(tables()["words"][name].split())


def filled(text: str) -> str:
    """A value with `{name}` replaced."""
    known = {**tables()["vocabulary"], "see": tables()["words"]["see"]}
    return re.sub(r"\{([a-z-]+)\}", lambda match: known.get(match[1], match[0]), text)


def has(pattern: str, words: str) -> bool:
    """Whether a pattern of whole words stands in the words."""
    return bool(first(pattern, words))


def first(pattern: str, words: str) -> str:
    """The first words that fit a pattern of whole words; empty when none do."""
    match = _compiled(pattern).search(words)
    return match[0] if match else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])")


@cache
def _loaded() -> Mapping[str, object]:
    return tomllib.loads(Path(__file__).with_name("recognisers.toml").read_text(encoding="utf-8"))
