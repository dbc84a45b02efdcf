"""A release and what follows from its version: kind, tag, milestone, previous and next versions, what may follow what.

Policy: MAJOR for big, stable milestones; MINOR for features, tied to a milestone; PATCH for fixes only, without a
milestone. Pre-releases belong to the version that they precede. How versions are written is the scheme's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fastrel.errors import UsageError
from fastrel.versions.compare import prepared
from fastrel.versions.naming import Naming, development_of, milestone_title
from fastrel.versions.semantic import SEMVER
from fastrel.versions.version import Kind, Scheme, Version

__all__ = ["Kind", "Naming", "Release", "Version"]

DEFAULT = Naming()


@dataclass(frozen=True, slots=True)
class Release:
    """A target version with all that follows from it."""

    version: str
    kind: Kind
    prerelease: bool
    tag: str
    branch: str
    milestone: str
    """Title of the milestone; empty for a PATCH, which has none."""
    previous_tag: str
    """Tag of the latest release below this version; empty for the first release."""
    dev_version: str
    """What the version files say after the release."""
    next_version: str
    """The version that development starts on after the release."""
    next_minor: str
    next_milestone: str = ""
    """Title of the milestone of the next minor version."""
    line: str = ""
    """The line of releases, such as 0.2."""
    numbers: tuple[int, ...] = (0, 0, 0)
    base: str = ""
    """SHA of the commit that a hotfix starts from, on a branch of its own; empty: the head of the branch."""

    def values(self, repository: str) -> dict[str, str]:
        """What `{{ }}` in a guide may name."""
        return {
            "version": self.version,
            "kind": self.kind.value,
            "tag": self.tag,
            "branch": self.branch,
            "milestone": self.milestone,
            "previous_tag": self.previous_tag,
            "dev_version": self.dev_version,
            "next_version": self.next_version,
            "next_minor": self.next_minor,
            "repository": repository,
            "major": str(self.numbers[0]),
            "minor": str(self.numbers[1]),
            "patch": str(self.numbers[2]),
            "line": self.line,
            "pep440": pep440(self.version),
        }

    def is_for(self, kinds: tuple[str, ...]) -> bool:
        """Whether a step with this `if=` applies: any of `major`, `minor`, `patch`, `prerelease`, `final`."""
        own = {self.kind.value, "prerelease" if self.prerelease else "final"}
        return not kinds or bool(own & set(kinds))


KINDS = ("major", "minor", "patch", "prerelease", "final")
"""What `if=` may name."""


_LOOKS_LIKE_ONE = re.compile(r"(?<![0-9.])[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}(?![0-9])")
_OF_ANY = re.compile(r"[0-9]{2,4}[._-][0-9]{1,9}(?:[._-][0-9]{1,9}){0,3}(?:[-._]?[a-z]{1,5}[.-]?[0-9]{1,9})?")
"""As calendar versions of any pattern are."""
_ALIKE = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*")
"""Versions that everybody spells as Python does."""


def pep440(version: str) -> str:
    """A version as Python spells it, such as 0.2.0rc1 for 0.2.0-rc.1; as it is where Python has no such version.

    Source: https://packaging.python.org/en/latest/specifications/version-specifiers/#normalization
    """
    if _ALIKE.fullmatch(version):
        return version
    from packaging.version import InvalidVersion
    from packaging.version import Version as PythonVersion

    try:
        return str(PythonVersion(version))
    except InvalidVersion:
        return version


def parse_version(text: str, scheme: Scheme = SEMVER) -> Version:
    """A version as the scheme writes it, without leading `v` and build metadata. UsageError otherwise, with the nearest
    valid spelling.

    Versions that differ by build metadata alone are the same, and no image can have the `+` in its tag.
    """
    found = scheme.parse(text)
    if found is not None:
        return found
    bare, plus, build = text.partition("+")
    if plus and build and scheme.parse(bare):
        raise UsageError(
            f"“{text}” has build metadata, +{build}, which no release has.",
            done="Nothing was changed.",
            next_step=f"Did you mean {bare}?",
        )
    raise UsageError(f"“{text}” is not {scheme.called}.", done="Nothing was changed.", next_step=scheme.hint(text))


def require_version(text: str) -> str:
    """A text that is a version of some scheme. UsageError otherwise, as for a semantic version."""
    if SEMVER.parse(text) or _OF_ANY.fullmatch(text):
        return text
    from fastrel.versions.python import PYTHON

    return text if PYTHON.parse(text) and text.count(".") > 1 else str(parse_version(text))


def version_of_tag(tag: str, naming: Naming = DEFAULT) -> Version | None:
    """The version in a tag such as `v0.2.0`, or None when the tag does not follow the template."""
    before, _, after = naming.tag.partition("{version}")
    if not (tag.startswith(before) and tag.endswith(after)):
        return None
    inner = tag[len(before) : len(tag) - len(after) if after else None]
    return naming.scheme.read(inner)


def released_versions(tags: Iterable[str], naming: Naming = DEFAULT) -> list[Version]:
    """The versions that the tags name, ascending."""
    return sorted(found for tag in tags if (found := version_of_tag(tag, naming)) is not None)


def strangers(tags: Iterable[str], naming: Naming = DEFAULT) -> list[str]:
    """Where no tag follows the template: those that look like versions all the same, the highest first."""
    names = list(tags)
    if released_versions(names, naming):
        return []
    found = [(tuple(int(part) for part in m[0].split(".")), one) for one in names if (m := _LOOKS_LIKE_ONE.search(one))]
    return [one for _, one in sorted(found, reverse=True)]


def release_of(
    text: str, tags: Iterable[str], naming: Naming = DEFAULT, *, branch: str = "main", base: str = ""
) -> Release:
    """Everything that follows from a version, given the tags that exist. UsageError when the scheme has no such one.

    With a `base`, the release is a hotfix: it happens on the branch `release/VERSION`, which starts at that commit.
    """
    scheme = naming.scheme
    version = parse_version(text, scheme)
    kind = scheme.kind(version)
    below = [one for one in released_versions(tags, naming) if one < version]
    if not version.prerelease:
        # A final release describes the changes since the last final one, not since its own release candidate.
        below = [one for one in below if not one.prerelease] or below
    final = scheme.final(version)
    next_minor = scheme.next_minor(final)
    development = development_of(version, naming)
    tag = naming.tag.replace("{version}", str(version))
    return Release(
        version=str(version),
        kind=kind,
        prerelease=bool(version.prerelease),
        tag=tag,
        branch=f"release/{tag.removeprefix('v')}" if base else branch,
        milestone="" if kind is Kind.PATCH else milestone_title(final, naming),
        previous_tag=naming.tag.replace("{version}", str(below[-1])) if below else "",
        dev_version=development[1],
        next_version=development[0],
        next_minor=str(next_minor),
        next_milestone=milestone_title(next_minor, naming),
        line=scheme.line(final),
        numbers=version.numbers,
        base=base,
    )


def require_one_spelling(text: str, tags: Iterable[str], naming: Naming, in_progress: Iterable[str]) -> None:
    """UsageError unless a pre-release is written as the project writes them: `rc.1`, or `rc1` where its tags say so.
    What differs by case or a dot alone is the same pre-release for people and for Python."""
    scheme = naming.scheme
    version = parse_version(text, scheme)
    if not version.prerelease:
        return
    tags = list(tags)
    if re.search(r"(^|[.-])dev([.-]?\d+)?$", version.prerelease.lower()):
        base = scheme.final(version)
        meant = next(one for one in (f"{base}-rc.1", f"{base}rc1") if scheme.parse(one))
        raise UsageError(
            f"{version} is a development version, not a release.",
            done="Nothing was changed.",
            next_step=f"Choose {meant}, or another pre-release.",
        )
    released = [one for one in released_versions(tags, naming) if one.prerelease]
    known = [*map(str, released), *in_progress]
    double = next((one for one in known if one != str(version) and _letters(one) == _letters(str(version))), "")
    if double:
        raise UsageError(
            f"{version} differs from {double} in its spelling alone.",
            done="Nothing was changed.",
            next_step=f"Go on with {double}, or choose another number.",
        )
    if scheme.name != SEMVER.name:
        return
    own = [one for one in released if scheme.parse(str(one))]
    dotted = not own or not re.search(r"[a-z]\d", own[-1].prerelease)
    found = re.fullmatch(r"([A-Za-z]+)[.-]?(\d+)", version.prerelease)
    usual = f"{found[1]}{'.' if dotted else ''}{found[2]}".lower() if found else version.prerelease.lower()
    if usual != version.prerelease:
        raise UsageError(
            f"{version} is not written as the pre-releases of this project are.",
            done="Nothing was changed.",
            next_step=f"Did you mean {scheme.final(version)}-{usual}?",
        )


def _letters(version: str) -> list[str]:
    """The letters and numbers of a version, without what stands between them."""
    return re.findall(r"[a-z]+|\d+", version.lower())


def may_follow(released: Iterable[Version], naming: Naming = DEFAULT, today: date | None = None) -> list[Version]:
    """The usual final versions that may be released next; a pre-release of any of them may, too. Where nothing is
    released, any version may, and these are the usual ones."""
    today = today or datetime.now(UTC).date()
    finals = sorted(one for one in released if not one.prerelease)
    return naming.scheme.may_follow(finals, today) if finals else naming.scheme.first(today)


def next_version(
    released: Iterable[Version],
    planned: Iterable[str],
    naming: Naming = DEFAULT,
    *,
    stated: str = "",
    today: date | None = None,
) -> str:
    """The version that comes next: one that may follow and has an open milestone, else the next minor, or the version
    of the calendar. Before the first release: the lowest that has an open milestone, else the one that the version
    files have stated, else the usual first one."""
    scheme = naming.scheme
    finals = [one for one in released if not one.prerelease]
    titles = list(planned)
    following = may_follow(finals, naming, today)
    if not finals:
        versions = [one for title in titles if (one := scheme.parse(title.removeprefix("v"))) and not one.prerelease]
        return str(min(versions, default=prepared(stated, scheme) or following[0]))
    wanted = next((one for one in following if _is_planned(one, titles, naming)), None)
    return str(wanted or scheme.proposed(following))


def _is_planned(version: Version, titles: Iterable[str], naming: Naming) -> bool:
    """Whether a milestone is open for a version; a patch has none of its line."""
    own = {str(version)}
    if naming.scheme.kind(version) is not Kind.PATCH:
        own.add(milestone_title(version, naming).removeprefix("v"))
    return bool(own & {one.removeprefix("v") for one in titles})


def require_may_follow(text: str, tags: Iterable[str], naming: Naming = DEFAULT, *, base: str = "") -> None:
    """UsageError, naming the versions that may follow, unless this one may follow the latest release.

    A PATCH of an older line may follow the latest patch of that line from a base, not from the branch, whose files say
    a later version. Where nothing is released, any version may come, because nobody knows what was before.
    """
    scheme = naming.scheme
    version = parse_version(text, scheme)
    released = released_versions(tags, naming)
    finals = [one for one in released if not one.prerelease]
    target = scheme.final(version)
    if version in released or target in finals:
        raise UsageError(
            f"{version} cannot be released: {target if target in finals else version} is released already.",
            done="Nothing was changed.",
            next_step=f"Choose {_either(may_follow(released, naming))}.",
        )
    if version.prerelease and any(one > version for one in released if scheme.final(one) == target):
        raise UsageError(
            f"{version} cannot be released: a later pre-release of {target} exists.",
            done="Nothing was changed.",
            next_step=f"Choose a higher pre-release of {target}, or {target} itself.",
        )
    older = bool(finals) and target in scheme.patches(finals)
    if not finals or scheme.follows(target, finals[-1]) or (older and base):
        return
    command = f"`fastrel-checklist open {version} --commit SHA`"
    raise UsageError(
        f"{version} may not follow the latest release, {finals[-1]}.",
        done="Nothing was changed.",
        next_step=f"Choose {_either(may_follow(released, naming))}, or a pre-release of one of them."
        + (f" A patch of an older line starts from an older commit: {command}." if older else ""),
    )


def release_beyond(version: str, tags: Iterable[str], naming: Naming = DEFAULT) -> str:
    """The latest final release above a version; empty when there is none."""
    finals = [one for one in released_versions(tags, naming) if not one.prerelease]
    return str(finals[-1]) if finals and finals[-1] > parse_version(version, naming.scheme) else ""


def _either(versions: list[Version]) -> str:
    *first, last = [str(one) for one in versions]
    return f"{', '.join(first)} or {last}" if first else last
