"""Lock files that state the version of the project itself, such as `uv.lock` and `Cargo.lock`. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastrel.version_files.statement import NotStated, Place, Statement

_PACKAGE = re.compile(r'^\[\[package\]\]\r?\nname = "(?P<name>[^"\r\n]+)"\r?\nversion = "(?P<version>[^"\r\n]+)"', re.M)
REFRESH = {
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
    "Cargo.lock": "cargo update --workspace",
    "package-lock.json": "npm install --package-lock-only",
    "npm-shrinkwrap.json": "npm install --package-lock-only",
}
"""The commands that bring lock files up to date."""


@dataclass(frozen=True, slots=True)
class _Package:
    name: str
    top: bool
    """Whether it is the project at the top, not a member of a workspace."""


def statement(path: str, text: str) -> Statement:
    """Where a lock file states the version of the project and of its members, as long as they have the same one.
    NotStated when it does not."""
    own = {one.name: one for one in _own_packages(path, text)}
    places = {
        match["name"]: Place(match["version"], match.start("version"), match.end("version"))
        for match in _PACKAGE.finditer(text)
        if match["name"] in own
    }
    if len({place.value for place in places.values()}) > 1:
        places = {name: place for name, place in places.items() if own[name].top}
    if not places:
        refresh = REFRESH[PurePosixPath(path).name]
        error = NotStated(path, "does not state one version of this project")
        error.next_step = f"Take {path} out of `version_files:`; a step with `{refresh}` brings it up to date."
        raise error
    return Statement(tuple(sorted(places.values(), key=lambda place: place.start)))


def _own_packages(path: str, text: str) -> Iterator[_Package]:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise NotStated(path, f"is not valid TOML: {error}") from None
    packages = data.get("package")
    for one in packages if isinstance(packages, list) else ():
        if not isinstance(one, Mapping) or not isinstance(one.get("name"), str):
            continue
        source = one.get("source")
        if PurePosixPath(path).name == "Cargo.lock":
            if source is None:  # https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
                yield _Package(one["name"], False)
        elif isinstance(source, Mapping):
            place = source.get("editable") or source.get("virtual") or source.get("directory")
            if source.get("type") == "directory":  # Poetry
                place = source.get("url")
            if isinstance(place, str):
                yield _Package(one["name"], place == ".")
