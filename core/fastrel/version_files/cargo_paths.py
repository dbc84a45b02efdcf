"""Cargo's path dependencies with a version beside the path, which must change with that of the crate they name.

Source: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#multiple-locations
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastrel.guide.model import VersionFile
from fastrel.version_files.reading import Read

_TABLES = ("dependencies", "dev-dependencies", "build-dependencies")
_MANIFEST = "Cargo.toml"
_MOST = 200
"""How many manifests are looked into."""


@dataclass(frozen=True, slots=True)
class PathDependency:
    """A dependency of a crate on another one of the same project, with a version beside the path."""

    path: str
    """The manifest that has it."""
    key: str
    """Where its version stands, such as `dependencies.core.version`."""
    requirement: str
    crate: str
    """The manifest of the crate that it names."""

    @property
    def name(self) -> str:
        return self.key.split(".")[-2]

    @property
    def is_plain(self) -> bool:
        """Whether it is a version and nothing else, which can be one of the version files."""
        return re.fullmatch(r"\d+\.\d+\.\d+\S*", self.requirement) is not None


def path_dependencies(read: Read, manifests: Sequence[str]) -> Iterator[PathDependency]:
    """Those of the manifests, and of the manifests that they lead to by their paths and members."""
    left, seen = list(manifests), set[str]()
    while left and len(seen) < _MOST:
        path = left.pop(0)
        if path in seen or (data := _manifest(path, read)) is None:
            continue
        seen.add(path)
        folder = posixpath.dirname(path)
        members = _at(data, ("workspace", "members"))
        named = [one for one in members if isinstance(one, str)] if isinstance(members, list) else []
        left += [_joined(folder, one) for one in named if not set(one) & set("*?[")]
        for key, table in _tables(data):
            for name, one in table.items():
                if not isinstance(one, Mapping) or not isinstance(one.get("path"), str):
                    continue
                crate = _joined(folder, str(one["path"]))
                left.append(crate)
                if isinstance(one.get("version"), str):
                    yield PathDependency(path, f"{key}.{name}.version", str(one["version"]), crate)


def stale_paths(files: Sequence[VersionFile], read: Read, manifests: Sequence[str] = ()) -> tuple[PathDependency, ...]:
    """The path dependencies on crates whose version is that of the release, which no version file names."""
    versioned = {one.path for one in files if PurePosixPath(one.path).name == _MANIFEST and not one.key}
    named = {(one.path, one.key) for one in files}
    if not versioned:
        return ()
    inherits = {one for one in versioned if _at(_manifest(one, read) or {}, ("workspace", "package", "version"))}
    found = path_dependencies(read, [*sorted(versioned), *manifests])
    return tuple(
        one
        for one in dict.fromkeys(found)
        if (one.path, one.key) not in named
        and (one.crate in versioned or (inherits and _is_inheriting(_manifest(one.crate, read))))
    )


def _is_inheriting(data: Mapping[str, object] | None) -> bool:
    """Whether a crate has the version of its workspace."""
    return _at(data or {}, ("package", "version", "workspace")) is True


def _tables(data: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for keys in (("workspace", "dependencies"), *((one,) for one in _TABLES)):
        table = _at(data, keys)
        if isinstance(table, Mapping):
            yield ".".join(keys), table


def _manifest(path: str, read: Read) -> Mapping[str, object] | None:
    text = None if path.startswith("../") else read(path)
    try:
        return tomllib.loads(text) if text is not None else None
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path, _MANIFEST))


def _at(data: Mapping[str, object], keys: Sequence[str]) -> object:
    value: object = data
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
