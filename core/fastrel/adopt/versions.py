"""Where a project states its version, and how it names its tags. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion
from semver import Version

from fastrel.adopt.findings import Found
from fastrel.guide.model import VersionFile
from fastrel.version_files.formats import statement_of
from fastrel.version_files.reading import explained
from fastrel.version_files.statement import NotStated

NAMED = (
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "Cargo.toml",
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "gradle.properties",
    "Chart.yaml",
    "VERSION",
    "VERSION.txt",
    "version.txt",
    "CITATION.cff",
    "uv.lock",
    "Cargo.lock",
)
"""Files at the top that may state the version, the one that counts most first."""
_MODULE = re.compile(r"(?:(?:src|lib)/)?(?:([^/]+)/)?(?:__init__|_version|__version__|__about__|about|version)\.py")
_OTHER_FOLDERS = re.compile(r"(?:tests?|docs?|examples?|benchmarks?|scripts?|tools|vendor|third_party|build|dist)")
_PLACEHOLDER = re.compile(r"0(?:\.0)+(?:[+-].*|\.(?:dev|post)\d*)?")
_TAG = re.compile(
    r"(.*?)(?<!\d)(?<!\d\.)"
    r"(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+|(?:a|b|rc|\.dev|\.post)\d+)?(?:\+[0-9A-Za-z.-]+)?"
    r"|\d{1,4}\.\d+(?:(?:a|b|rc)\d+)?)"
)
_FOUR_PARTS = re.compile(r"(?:.*?(?<!\d)(?<!\d\.))?\d+(?:\.\d+){3,}")


@dataclass(frozen=True, slots=True)
class VersionFindings:
    """The files that state the version and agree about it."""

    version: str = ""
    files: tuple[VersionFile, ...] = ()
    notes: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()
    """Files that could state the version, and say nothing of one."""


def version_files(texts: Mapping[str, str]) -> VersionFindings:
    """The files that state the version, as long as they agree with the most important one."""
    said, errors = _said(texts)
    notes: list[str] = []
    from_tags = [error for error in errors if error.from_tags]
    if from_tags:
        notes.append("the version is made from git's tags, so no file has to be changed for a release")
        said = {file: value for file, value in said.items() if not file.path.endswith(".py")}
    if not said:
        return VersionFindings(notes=tuple(notes) or _without_file(errors))
    version = next(iter(said.values()))
    if _FOUR_PARTS.fullmatch(version):
        names = " and ".join(file.path for file, value in said.items() if value == version)
        notes.append(
            f"{names} says {version}: versions of four parts are not supported, only MAJOR.MINOR.PATCH, so nothing is "
            "named under version_files"
        )
        return VersionFindings(notes=tuple(notes))
    agreeing = tuple(file for file, value in said.items() if value == version)
    notes += [
        f"{file.path} says {value}, {agreeing[0].path} says {version}: it is left out of version_files"
        for file, value in said.items()
        if value != version
    ]
    nested = sorted(
        path
        for path in texts
        if "/" in path and path.rpartition("/")[2] in ("pyproject.toml", "package.json", "Cargo.toml")
    )
    if nested:
        shown = ", ".join(nested[:3]) + (", …" if len(nested) > 3 else "")
        notes.append(f"{shown}: packages in subfolders are left out; add those that follow the release")
    # What takes the version from elsewhere is told by the checks; what is silent may be told to be filled in.
    unstated = tuple(error.path for error in errors if not (error.from_tags or error.candidates or _elsewhere(error)))
    return VersionFindings(version, agreeing, tuple(notes), unstated)


def _said(texts: Mapping[str, str]) -> tuple[dict[VersionFile, str], list[NotStated]]:
    """What the files state that may, in the order of their weight, and why others do not."""
    modules = sorted(
        path for path in texts if (m := _MODULE.fullmatch(path)) and not _OTHER_FOLDERS.fullmatch(m[1] or "")
    )
    named = [name for name in NAMED if name in texts]
    paths = [*named[:1], *modules, *named[1:]]
    said: dict[VersionFile, str] = {}
    errors: list[NotStated] = []
    for path in paths:
        try:
            value = statement_of(VersionFile(path), texts[path]).value
        except NotStated as error:
            errors.append(explained(error, texts.get))
            # What a file says of another place counts, however deep that lies.
            if error.why.startswith("states an expression"):
                paths += [one for one in errors[-1].candidates if one not in paths]
            continue
        if _is_version(value) and not _PLACEHOLDER.fullmatch(value):
            said[VersionFile(path)] = value
    return said, errors


def _elsewhere(error: NotStated) -> bool:
    return error.why.startswith("states an expression") or "dynamic" in error.why


def tag_template(tags: tuple[str, ...]) -> tuple[Found, tuple[str, ...]]:
    """How most tags are named, with `{version}` in place of the version, and what to know about the others."""
    prefixes = Counter(match[1] for tag in tags if (match := _TAG.fullmatch(tag)))
    if not prefixes:
        four = [tag for tag in tags if _FOUR_PARTS.fullmatch(tag)]
        notes = (f"no tag names a MAJOR.MINOR.PATCH version (such as {tags[-1]})",) if tags else ()
        if four:
            notes = (f"{four[-1]}: versions of four parts are not supported, only MAJOR.MINOR.PATCH",)
        return Found("v{version}", "the default, as there is no tag of a version yet"), notes
    (prefix, count), *others = prefixes.most_common()
    named = ", ".join(f"{name}{{version}}" for name, _ in others[:3])
    notes = (f"other tags are named {named}: a guide releases what one name stands for",) if others else ()
    return Found(f"{prefix}{{version}}", f"{count} {'tag' if count == 1 else 'tags'}"), notes


def _is_version(text: str) -> bool:
    if Version.is_valid(text):
        return True
    try:
        return "." in text and bool(PythonVersion(text))
    except InvalidVersion:
        return False


def _without_file(errors: Sequence[NotStated]) -> tuple[str, ...]:
    dynamic = next((error for error in errors if "dynamic" in error.why), None)
    if dynamic:
        return (f"{dynamic.path} takes its version from elsewhere (dynamic), and no file was found that states it",)
    return ("no file was found that states the version",)
