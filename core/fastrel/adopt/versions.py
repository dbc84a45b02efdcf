"""Where a project states its version, and how it names its tags. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion
from semver import Version

from fastrel.adopt.findings import Found
from fastrel.errors import UsageError
from fastrel.guide.model import VersionFile
from fastrel.guide.version_file import place_of_version

NAMED = ("pyproject.toml", "setup.cfg", "setup.py", "Cargo.toml", "package.json", "VERSION", "CITATION.cff")
"""Files at the top that may state the version, the one that counts most first."""
SETUP_PY = r"""^[ \t]*version[ \t]*=[ \t]*["']([^"']+)["']"""
_MODULE = re.compile(r"(?:(?:src|lib)/)?(?:([^/]+)/)?(?:__init__|_version|__version__|__about__|about|version)\.py")
_ELSEWHERE = re.compile(r"(?:tests?|docs?|examples?|benchmarks?|scripts?|tools|vendor|third_party|build|dist)")
_DYNAMIC = re.compile(r"^dynamic\s*=\s*\[[^\]]*[\"']version[\"']", re.MULTILINE)
_FROM_TAGS = re.compile(
    r"setuptools[-_]scm|hatch-vcs|versioningit|poetry-dynamic-versioning|versioneer|pdm-backend.*scm"
)
_PLACEHOLDER = re.compile(r"0(?:\.0)+(?:[+-].*|\.(?:dev|post)\d*)?")
_TAG = re.compile(r"(.*?)(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)")


@dataclass(frozen=True, slots=True)
class VersionFindings:
    """The files that state the version and agree about it."""

    version: str = ""
    files: tuple[VersionFile, ...] = ()
    notes: tuple[str, ...] = ()


def version_files(texts: Mapping[str, str]) -> VersionFindings:
    """The files in which exactly one place states the version, as long as they agree with the most important one."""
    modules = sorted(path for path in texts if (m := _MODULE.fullmatch(path)) and not _ELSEWHERE.fullmatch(m[1] or ""))
    files = [VersionFile(name, SETUP_PY if name == "setup.py" else "") for name in NAMED if name in texts]
    files[1:1] = [VersionFile(path) for path in modules]
    said = {file: value for file in files if (value := _stated(file, texts[file.path]))}
    notes: list[str] = []
    if not said:
        return VersionFindings(notes=(*notes, *_without_file(texts)))
    version = next(iter(said.values()))
    agreeing = tuple(file for file, value in said.items() if value == version)
    notes += [
        f"{file.path} says {value}, {agreeing[0].path} says {version}: it is left out of version_files"
        for file, value in said.items()
        if value != version
    ]
    if not Version.is_valid(version):
        notes.append(f"{version} is no semantic version; releases are named MAJOR.MINOR.PATCH")
    nested = sorted(
        path
        for path in texts
        if "/" in path and path.rpartition("/")[2] in ("pyproject.toml", "package.json", "Cargo.toml")
    )
    if nested:
        shown = ", ".join(nested[:3]) + (", …" if len(nested) > 3 else "")
        notes.append(f"{shown}: packages in subfolders are left out; add those that follow the release")
    return VersionFindings(version, agreeing, tuple(notes))


def tag_template(tags: tuple[str, ...]) -> tuple[Found, tuple[str, ...]]:
    """How most tags are named, with `{version}` in place of the version, and what to know about the others."""
    prefixes = Counter(match[1] for tag in tags if (match := _TAG.fullmatch(tag)))
    if not prefixes:
        notes = (f"no tag names a MAJOR.MINOR.PATCH version (such as {tags[-1]})",) if tags else ()
        return Found("v{version}", "the default, as there is no tag of a version yet"), notes
    (prefix, count), *others = prefixes.most_common()
    named = ", ".join(f"{name}{{version}}" for name, _ in others[:3])
    notes = (f"other tags are named {named}: a guide releases what one name stands for",) if others else ()
    return Found(f"{prefix}{{version}}", f"{count} {'tag' if count == 1 else 'tags'}"), notes


def _stated(file: VersionFile, text: str) -> str:
    """The version that the file states; empty when it states none, several, or something else."""
    try:
        value = place_of_version(file, text).value
    except UsageError:
        return ""
    return value if _is_version(value) and not _PLACEHOLDER.fullmatch(value) else ""


def _is_version(text: str) -> bool:
    if Version.is_valid(text):
        return True
    try:
        return "." in text and bool(PythonVersion(text))
    except InvalidVersion:
        return False


def _without_file(texts: Mapping[str, str]) -> tuple[str, ...]:
    project = texts.get("pyproject.toml", "") + texts.get("setup.cfg", "") + texts.get("setup.py", "")
    if _FROM_TAGS.search(project):
        return ("the version is made from git's tags, so no file has to be changed for a release",)
    if _DYNAMIC.search(texts.get("pyproject.toml", "")):
        return ("pyproject.toml takes its version from elsewhere (dynamic), and no file was found that states it",)
    return ("no file was found that states the version",)
