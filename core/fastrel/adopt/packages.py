"""The packages of a monorepo, as its workspace files name them. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastrel.adopt.findings import Found
from fastrel.adopt.listing import Listing
from fastrel.text.bounded_yaml import BadYaml, read_yaml

MANIFESTS = ("pyproject.toml", "Cargo.toml", "package.json")


@dataclass(frozen=True, slots=True)
class Package:
    """A package in a folder of its own."""

    folder: str
    name: str
    """As its manifest names it; the folder's name where that is not known."""
    workspace: str
    """What the workspace is called: `npm workspaces`."""

    @property
    def short(self) -> str:
        """The name without its scope."""
        return self.name.rpartition("/")[2]


def packages_of(listing: Listing) -> tuple[Package, ...]:
    """The packages that the workspace files at the top name, by folder."""
    found: dict[str, Package] = {}
    for kind, manifest, patterns in _workspaces(listing.texts):
        for path in listing.paths:
            folder, _, name = path.rpartition("/")
            if name == manifest and folder and any(_matches(one, folder) for one in patterns):
                found.setdefault(folder, Package(folder, _name(path, listing.texts.get(path, "")), kind))
    return tuple(found[one] for one in sorted(found))


def package_in(listing: Listing, folder: str) -> Package:
    """The package of a folder, also of one that no workspace names."""
    known = next((one for one in packages_of(listing) if one.folder == folder), None)
    manifests = (f"{folder}/{one}" for one in MANIFESTS)
    path = next((one for one in manifests if one in listing.texts), f"{folder}/")
    return known or Package(folder, _name(path, listing.texts.get(path, "")), "")


def is_private_root(texts: Mapping[str, str]) -> bool:
    """Whether the package.json at the top only holds a workspace together: no package has its version."""
    root = _json(texts.get("package.json", ""))
    return root.get("private") in (True, "true") and (
        "workspaces" in root or "lerna.json" in texts or _pnpm(texts) != []
    )


def tag_of_package(tags: Sequence[str], package: Package) -> Found:
    """How the tags of a package are named: as those that there are, else in the way of its ecosystem."""
    for name in dict.fromkeys((package.name, package.short, PurePosixPath(package.folder).name)):
        for between in ("-v", "@", "-", "/v", "/", "@v", "_v"):
            count = sum(re.fullmatch(rf"{re.escape(name + between)}\d+\.\d+\S*", tag) is not None for tag in tags)
            if count:
                return Found(f"{name}{between}{{version}}", f"{count} {'tag' if count == 1 else 'tags'}")
    if package.workspace in ("npm workspaces", "pnpm", "Lerna"):
        return Found(f"{package.name}@{{version}}", "as npm's tools name them, as there is no tag of it yet")
    return Found(f"{package.short}-v{{version}}", "the default, as there is no tag of it yet")


def words_of(packages: Sequence[Package]) -> str:
    """What was found, and how to go on."""
    kinds = ", ".join(dict.fromkeys(one.workspace for one in packages))
    shown = ", ".join(one.folder for one in packages[:5]) + (", …" if len(packages) > 5 else "")
    return (
        f"this is a workspace of several packages ({kinds}): {shown}. "
        f"`fastrel-checklist init --path {packages[0].folder}` makes the guide of one of them"
    )


def _workspaces(texts: Mapping[str, str]) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, name of the manifests, and patterns of the folders."""
    root = _json(texts.get("package.json", ""))
    workspaces = root.get("workspaces")
    yield (
        "npm workspaces",
        "package.json",
        _texts(workspaces.get("packages") if isinstance(workspaces, dict) else workspaces),
    )
    yield "pnpm", "package.json", _pnpm(texts)
    yield "Lerna", "package.json", _texts(_json(texts.get("lerna.json", "")).get("packages"))
    yield "Cargo workspace", "Cargo.toml", _texts(_at(texts.get("Cargo.toml", ""), "workspace", "members"))
    yield (
        "uv workspace",
        "pyproject.toml",
        _texts(_at(texts.get("pyproject.toml", ""), "tool", "uv", "workspace", "members")),
    )


def _matches(pattern: str, folder: str) -> bool:
    """Whether a pattern such as `packages/*` or `libs/**` names a folder."""
    parts = re.split(r"(\*\*|\*)", pattern.removeprefix("./").strip("/"))
    ways = {"**": ".*", "*": "[^/]*"}
    return re.fullmatch("".join(ways.get(part, re.escape(part)) for part in parts), folder) is not None


def _pnpm(texts: Mapping[str, str]) -> list[str]:
    text = texts.get("pnpm-workspace.yaml", texts.get("pnpm-workspace.yml", ""))
    try:
        data = read_yaml(text)[0] if text.strip() else None
    except BadYaml:
        return []
    return _texts(data.get("packages")) if isinstance(data, dict) else []


def _name(path: str, text: str) -> str:
    folder = PurePosixPath(path).parent.name if path.rpartition("/")[2] else PurePosixPath(path).name
    if path.endswith(".json"):
        name = _json(text).get("name")
    else:
        name = _at(text, "project", "name") or _at(text, "package", "name") or _at(text, "tool", "poetry", "name")
    return name if isinstance(name, str) and re.fullmatch(r"(?:@[\w.-]+/)?[\w.-]+", name) else folder


def _json(text: str) -> Mapping[str, object]:
    try:
        data = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _at(text: str, *keys: str) -> object:
    try:
        value: object = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
