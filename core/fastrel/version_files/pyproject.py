"""Finds where a Python project takes its version from when `pyproject.toml` does not state it itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from fastrel.version_files.python_module import ROOTS, module_files
from fastrel.version_files.statement import NotStated, expression

FROM_TAGS = re.compile(
    r"setuptools[-_]scm|hatch-vcs|versioningit|(?:poetry|uv)-dynamic-versioning|versioneer|setuptools-git-versioning"
    r"|flit[-_]scm|dunamai|^pbr\b",
    re.MULTILINE,
)
"""Build requirements that make the version from git's tags."""

Table = Mapping[str, object]


def source_of_version(path: str, data: Table) -> NotStated | None:
    """Why `pyproject.toml` states no version, with the files that may; None when it states one, or should."""
    tool, project = _table(data, "tool"), _table(data, "project")
    poetry = _table(tool, "poetry")
    if _table(tool, "poetry-dynamic-versioning").get("enable") is True:
        return _tags(path, "poetry-dynamic-versioning")
    dynamic = project.get("dynamic")
    if not (isinstance(dynamic, list) and "version" in dynamic):
        return None
    if isinstance(poetry.get("version"), str):
        return None  # Poetry 2 fills in what it states itself
    maker = _made_from_tags(data, tool)
    if maker:
        return _tags(path, maker)
    return expression(path, 'dynamic = ["version"]', candidates=_candidates(path, data, tool, project))


def _tags(path: str, maker: str) -> NotStated:
    return NotStated(path, f"states no version ({maker})", from_tags=True)


def _made_from_tags(data: Table, tool: Table) -> str:
    """What makes the version from git's tags; empty when nothing does."""
    sources = {_text(_table(tool, *keys), "source") for keys in (("hatch", "version"), ("pdm", "version"))}
    for source, maker in (("vcs", "hatch-vcs"), ("versioningit", "versioningit"), ("scm", "pdm-backend")):
        if source in sources:
            return maker
    if "uv-dynamic-versioning" in sources:
        return "uv-dynamic-versioning"
    for name in ("setuptools_scm", "versioningit", "setuptools-git-versioning"):
        if name in tool:
            return name
    if "path" in _table(tool, "hatch", "version") or _table(tool, "setuptools", "dynamic").get("version"):
        return ""
    requires = _table(data, "build-system").get("requires")
    found = FROM_TAGS.search("\n".join(map(str, requires)) if isinstance(requires, list) else "")
    return found[0] if found else ""


def _candidates(path: str, data: Table, tool: Table, project: Table) -> tuple[str, ...]:
    folder = PurePosixPath(path).parent.as_posix()
    paths: list[str] = []
    for table in (
        _table(tool, "hatch", "version"),
        _table(tool, "pdm", "version"),
        _table(tool, "setuptools", "dynamic", "version"),
        _table(tool, "scikit-build", "metadata", "version"),
    ):
        named = table.get("path") or table.get("file") or table.get("input")
        listed = named if isinstance(named, list) else [named]
        paths += [(PurePosixPath(folder) / one).as_posix() for one in listed if isinstance(one, str)]
        attribute = _text(table, "attr")
        paths += module_files(folder, attribute.rpartition(".")[0])
    if paths:
        return tuple(paths)
    backend = _text(_table(data, "build-system"), "build-backend")
    if backend == "maturin":
        return ((PurePosixPath(folder) / "Cargo.toml").as_posix(),)
    if backend.startswith("flit"):
        name = _text(_table(tool, "flit", "module"), "name") or _text(project, "name").replace("-", "_")
        return module_files(folder, name)
    beside = [(PurePosixPath(folder) / one).as_posix() for one in ("setup.cfg", "setup.py")]
    package = re.sub(r"[-.]+", "_", _text(project, "name"))
    modules = [
        (PurePosixPath(folder) / root / package / f"{one}.py").as_posix()
        for root in ROOTS
        for one in ("__init__", "_version", "__about__", "version")
        if package
    ]
    return (*beside, *modules)


def _table(table: Table, *keys: str) -> Table:
    for key in keys:
        value = table.get(key)
        table = value if isinstance(value, Mapping) else {}
    return table


def _text(table: Table, key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""
