"""The version in TOML: `pyproject.toml`, `Cargo.toml` and others, by a parser that keeps layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fastrel.version_files.pyproject import source_of_version
from fastrel.version_files.statement import NotStated, Place, Statement, agreed, expression, place_in

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Keys = tuple[str, ...]
_MARK = "fastrel-place-of-the-version"
_PLACEHOLDER = re.compile(r"0(?:\.0)+")


def statement(path: str, text: str, key: str = "") -> Statement:
    """Where a TOML file states the version. NotStated when it does not."""
    document = _parsed(path, text)
    name = PurePosixPath(path).name
    if key:
        return Statement((_required(path, text, document, tuple(key.split("."))),))
    if name == "pyproject.toml":
        return agreed(path, _of_pyproject(path, text, document))
    if name == "Cargo.toml":
        return agreed(path, _of_cargo(path, text, document))
    return Statement((_required(path, text, document, ("version",)),))


def _of_pyproject(path: str, text: str, document: TOMLDocument) -> Iterator[tuple[str, Place]]:
    data = document.unwrap()
    elsewhere = source_of_version(path, data)
    if elsewhere is not None:
        raise elsewhere
    found = _found(path, text, document, [("project", "version"), ("tool", "poetry", "version")])
    if len(found) == 2:  # Poetry 2 takes that of [project]; the other one is a placeholder then
        found = [one for one in found if one[0] == "[project]" or not _PLACEHOLDER.fullmatch(one[1].value)]
    if not found:
        raise NotStated(path, "has no `version` in [project] or [tool.poetry]")
    yield from found


def _of_cargo(path: str, text: str, document: TOMLDocument) -> Iterator[tuple[str, Place]]:
    """Source: https://doc.rust-lang.org/cargo/reference/workspaces.html#the-package-table"""
    package = _value(document, ("package", "version"))
    workspace = _value(document, ("workspace", "package", "version"))
    inherited = isinstance(package, Mapping) and package.get("workspace") is True
    if inherited and workspace is None:
        above = [(folder / "Cargo.toml").as_posix() for folder in list(PurePosixPath(path).parents)[1:]]
        raise expression(path, "version.workspace = true", candidates=above)
    keys: list[Keys] = [] if inherited else [("package", "version")]
    found = _found(path, text, document, [*keys, ("workspace", "package", "version")])
    if not found:
        raise NotStated(path, "has no `version` in [package] or [workspace.package]")
    yield from found


def _found(path: str, text: str, document: TOMLDocument, keys: Sequence[Keys]) -> list[tuple[str, Place]]:
    places = ((one, _place(path, text, document, one)) for one in keys)
    return [(f"[{'.'.join(one[:-1])}]", place) for one, place in places if place]


def _required(path: str, text: str, document: TOMLDocument, keys: Keys) -> Place:
    place = _place(path, text, document, keys)
    if place is None:
        raise NotStated(path, f"has no `{'.'.join(keys)}`")
    return place


def _parsed(path: str, text: str) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text.removeprefix("\ufeff"))
    except (TOMLKitError, ValueError, RecursionError) as error:
        said = str(error).partition("\n")[0]
        raise NotStated(path, f"is not valid TOML: {said}") from None


def _value(document: TOMLDocument, keys: Keys) -> object:
    value: object = document
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value


def _place(path: str, text: str, document: TOMLDocument, keys: Keys) -> Place | None:
    """The place of a value: what differs when the parser writes the document with a mark there instead."""
    value = _value(document, keys)
    if value is None:
        return None
    if not isinstance(value, str):
        raise expression(path, f"{keys[-1]} = {_shown(value)}")
    table = _value(document, keys[:-1])
    assert isinstance(table, dict | Mapping)
    before = str(value)
    table[keys[-1]] = _MARK  # type: ignore[index]  # tables of the parser can be written
    marked = document.as_string()
    table[keys[-1]] = value  # type: ignore[index]
    head, found, tail = marked.partition(f'"{_MARK}"')
    shift = 1 if text.startswith("\ufeff") else 0
    start, end = shift + len(head), len(text) - len(tail)
    if not found or text[shift:start] != head or text[end:] != tail:
        raise NotStated(path, f"has a `{'.'.join(keys)}` that cannot be changed without changing more")
    place = place_in(path, text, start, end)
    if place.value != before.removeprefix("v").removeprefix("V"):
        raise expression(path, text[start:end])
    return place


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {str(one).lower()}' for key, one in value.items())} }}"
    return str(value)
