"""The version in JSON: `version` of the outermost object, found by the span of its value."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from fastrel.version_files.statement import NotStated, Place, Statement, expression, place_in

_BLANK = re.compile(r"[ \t\r\n]*")
_VALUE = JSONDecoder()


def statement(path: str, text: str, key: str = "") -> Statement:
    """Where a JSON file states the version. NotStated when it does not."""
    wanted = tuple((key or "version").split("."))
    return Statement((_place(path, text, wanted),))


def lock_statement(path: str, text: str) -> Statement:
    """Where npm's lock states the version: at the top and, since its version 2, in `packages`, under `""`.

    Source: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
    """
    keys: list[tuple[str, ...]] = [("version",)]
    if span_of(path, text, ("packages", "")) is not None:
        keys.append(("packages", "", "version"))
    return Statement(tuple(sorted((_place(path, text, one) for one in keys), key=lambda place: place.start)))


def _place(path: str, text: str, keys: tuple[str, ...]) -> Place:
    span = span_of(path, text, keys)
    if span is None:
        raise NotStated(path, f"has no `{'.'.join(keys)}`")
    if not text.startswith('"', span[0]):
        raise expression(path, f"{keys[-1]}: {text[span[0] : span[1]]}")
    return place_in(path, text, *span)


def span_of(path: str, text: str, keys: tuple[str, ...]) -> tuple[int, int] | None:
    """The half-open range of the value under these keys; None when there is none. NotStated when a key is there twice,
    or the text is no JSON."""
    try:
        at = _blank(text, 1 if text.startswith("\ufeff") else 0)
        end = _VALUE.raw_decode(text, at)[1]
        if text[end:].strip():
            raise JSONDecodeError("Extra data", text, end)
        for key in keys:
            spans = _members(text, at).get(key, [])
            if len(spans) > 1:
                raise NotStated(path, f"has `{key}` {len(spans)} times in one object")
            if not spans:
                return None
            at, end = spans[0]
    except JSONDecodeError as error:
        raise NotStated(path, f"is not valid JSON: {error.msg} in line {error.lineno}") from None
    except (RecursionError, ValueError):
        raise NotStated(path, "is not valid JSON") from None
    return at, end


def _members(text: str, at: int) -> dict[str, list[tuple[int, int]]]:
    """The ranges of the values of the object at a position, by key; empty when that is no object."""
    members: dict[str, list[tuple[int, int]]] = {}
    if not text.startswith("{", at):
        return members
    at = _blank(text, at + 1)
    while text.startswith('"', at):
        key, at = _VALUE.raw_decode(text, at)
        start = _blank(text, _blank(text, at) + 1)  # behind the colon
        _, end = _VALUE.raw_decode(text, start)
        members.setdefault(key, []).append((start, end))
        at = _blank(text, _blank(text, end) + 1)  # behind the comma, or the end
    return members


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
