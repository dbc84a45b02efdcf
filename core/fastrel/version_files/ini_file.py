"""The version in INI files such as `setup.cfg`: an option of a section, found by the span of its value."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from fastrel.version_files.python_module import module_files
from fastrel.version_files.statement import NotStated, Statement, expression, place_in

# Lines as configparser reads them: https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_SECTION = re.compile(r"\[(?P<name>[^\]\r\n]+)\]")
_OPTION = re.compile(r"(?P<key>[^\s=:#;\[][^=:\r\n]*)[=:][ \t]*(?P<value>[^\r\n]*)")
_COMMENT = re.compile(r"(?<![ \t])[ \t]+[#;].*\Z")


def statement(path: str, text: str, key: str = "") -> Statement:
    """Where an INI file states the version; `key` is `SECTION.OPTION`. NotStated when it does not."""
    section, _, option = (key or "metadata.version").rpartition(".")
    spans = _spans(text, section, option.lower())
    if not spans:
        raise NotStated(path, f"has no `{option}` in [{section}]")
    if len(spans) > 1:
        raise NotStated(path, f"has `{option}` {len(spans)} times in [{section}]")
    start, end = spans[0]
    value = text[start:end].strip()
    start = end - len(value)  # the value may begin in the line below
    kind, colon, given = value.partition(":")
    if colon and kind.strip() in ("attr", "file"):
        raise expression(path, value, candidates=_named(path, kind.strip(), given.strip()))
    if not value or "\n" in value or "\r" in value:
        raise expression(path, value or "(nothing)")
    return Statement((place_in(path, text, start, end),))


def _spans(text: str, section: str, option: str) -> list[tuple[int, int]]:
    """The ranges of the values of an option, with the lines that continue them."""
    spans: list[tuple[int, int]] = []
    inside = continued = False
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        found = _LINE.match(text, at)
        line, start = (found[0] if found else ""), at
        at += len(line)
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if line[0] in " \t":
            if continued:
                spans[-1] = spans[-1][0], start + len(line.rstrip())
            continue
        continued = False
        header = _SECTION.match(line)
        if header:
            inside = header["name"].strip() == section
            continue
        match = _OPTION.match(line)
        if inside and match and match["key"].strip().lower() == option:
            value = _COMMENT.sub("", match["value"]).rstrip()
            begin = start + match.start("value")
            spans.append((begin, begin + len(value)))
            continued = True
    return spans


def _named(path: str, kind: str, given: str) -> tuple[str, ...]:
    folder = PurePosixPath(path).parent
    if kind == "file":
        return tuple((folder / one.strip()).as_posix() for one in given.split(",") if one.strip())
    return module_files(folder.as_posix(), given.rpartition(".")[0])
