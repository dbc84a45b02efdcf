"""How a project names its releases: scheme, tags, development versions and milestones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastrel.versions.semantic import SEMVER
from fastrel.versions.version import Scheme, Version

SCHEMES = ("semver", "pep440", "calver")
MILESTONE_VALUES = ("version", "line", "major", "minor", "patch")
"""What the template of a milestone's title may hold."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a guide says of names; all of it is decided without looking at the project."""

    tag: str = "v{version}"
    scheme: Scheme = SEMVER
    dev_version: str = ""
    """Template of development versions; empty: the scheme's usual one."""
    milestone: str = ""
    """Template of the titles of milestones; empty: the version, or as the milestones of the project are named."""


def scheme_of(name: str, pattern: str = "") -> Scheme:
    """The scheme that a guide names. Those that few guides name are imported where one does."""
    if name == "calver":
        from fastrel.versions.calendar import calendar

        return calendar(pattern)
    if name == "pep440":
        from fastrel.versions.python import PYTHON

        return PYTHON
    return SEMVER


def milestone_title(version: Version, naming: Naming) -> str:
    """The title of the milestone of a final version."""
    values = dict(zip(MILESTONE_VALUES, _milestone_values(version, naming.scheme), strict=True))
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), naming.milestone or "{version}")


def development_of(version: Version, naming: Naming) -> tuple[str, str]:
    """The version that development goes on to, and what the files say until then: higher than the release, for its
    scheme and for Python. After a pre-release that is a development version of the next pre-release, since 0.2.0-dev is
    lower than 0.2.0-rc.1."""
    scheme, template = naming.scheme, naming.dev_version or naming.scheme.dev_version
    name, _, suffix = template.partition("}")
    if version.prerelease:
        following = scheme.next_prerelease(version)
        joined = suffix if suffix.startswith(".") or "-" not in str(following) else f".{suffix.lstrip('-')}"
        return str(scheme.final(version)), f"{following}{joined}"
    following = scheme.next_minor(version) if name == "{next_minor" else scheme.after(version)
    return str(following), f"{following}{suffix}"


def development_problem(naming: Naming) -> str:
    """What is wrong with the template of development versions; empty when nothing is: what it makes must be lower than
    the version that it prepares."""
    suffix = naming.dev_version.partition("}")[2]
    if not suffix:
        return ""
    if re.fullmatch(r"[.-]?(?:post|rev|r|\d).*|\+.*", suffix):
        return "is not lower than the version that comes next; write {next}.dev0 or {next}-dev"
    return ""


def _milestone_values(version: Version, scheme: Scheme) -> tuple[str, ...]:
    return (str(version), scheme.line(version), *map(str, version.numbers[:3]))
