"""Installed packages, compared with the ranges that this program was tested with: those of its own metadata."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import metadata

from packaging.requirements import Requirement

from fastrel.adopt.mkdocs_file import CONFIGURATIONS
from fastrel.doctor.finding import Finding, ok, problem, unknown, warning
from fastrel.doctor.subject import Subject
from fastrel.text.install_hint import DISTRIBUTION, install_words


def packages_check(subject: Subject) -> Finding:
    try:
        wanted = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return unknown("packages", f"{DISTRIBUTION} is not installed as a package")
    outside, missing = _outside(wanted, "")
    if missing:
        return problem("packages", f"not installed: {', '.join(missing)}", install_words())
    if outside:
        return warning("packages", f"not tested with {', '.join(outside)}", install_words(upgrade=True))
    return ok("packages", "all in the ranges that are tested")


def docs_check(subject: Subject) -> Finding:
    """Whether the docs site can be built here, where the project has one."""
    if not any(map(subject.has_file, CONFIGURATIONS)):
        return ok("docs", "there is no mkdocs.yml")
    try:
        outside, missing = _outside(metadata.requires(DISTRIBUTION) or [], "mkdocs")
    except metadata.PackageNotFoundError:
        return unknown("docs", f"{DISTRIBUTION} is not installed as a package")
    install = install_words("mkdocs")
    if missing:
        return warning("docs", f"not installed: {', '.join(missing)}; the docs cannot be built here", install)
    if outside:
        return warning("docs", f"not tested with {', '.join(outside)}", install)
    return ok("docs", "MkDocs and Material are in the ranges that are tested")


def _outside(wanted: Iterable[str], extra: str) -> tuple[list[str], list[str]]:
    """The packages whose installed version is outside of its range, in words, and those that are not installed; of the
    extra alone when one is named."""
    outside: list[str] = []
    missing: list[str] = []
    for one in map(Requirement, wanted):
        belongs = one.marker is None or one.marker.evaluate({"extra": extra})
        if not belongs or (extra and (one.marker is None or one.marker.evaluate({"extra": ""}))):
            continue
        try:
            version = metadata.version(one.name)
        except metadata.PackageNotFoundError:
            missing.append(one.name)
            continue
        if not one.specifier.contains(version, prereleases=True):
            outside.append(f"{one.name} {version} ({one.specifier})")
    return outside, missing
