"""Release arithmetic on semver: kind, tag, milestone, previous and next versions, and what may follow what.

Policy (Semantic Versioning, https://semver.org): MAJOR for big, stable milestones; MINOR for features, tied to a
milestone; PATCH for fixes only, without a milestone. Pre-releases belong to the version that they precede.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from semver import Version

from fastrel.errors import UsageError


class Kind(StrEnum):
    """What a release is; drives `if=` in guides."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


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
    base: str = ""
    """SHA of the commit that a hotfix starts from, on a branch of its own; empty: the head of the branch."""

    def values(self, repository: str) -> dict[str, str]:
        """What `{{ }}` in a guide may name."""
        version = Version.parse(self.version)
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
            "major": str(version.major),
            "minor": str(version.minor),
            "patch": str(version.patch),
            "line": f"{version.major}.{version.minor}",
            "pep440": pep440(self.version),
        }

    def is_for(self, kinds: tuple[str, ...]) -> bool:
        """Whether a step with this `if=` applies: any of `major`, `minor`, `patch`, `prerelease`, `final`."""
        own = {self.kind.value, "prerelease" if self.prerelease else "final"}
        return not kinds or bool(own & set(kinds))


KINDS = ("major", "minor", "patch", "prerelease", "final")
"""What `if=` may name."""


_LOOKS_LIKE_ONE = re.compile(r"(?<![0-9.])[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}(?![0-9])")
FIRST = Version(0, 1, 0)
"""What a new project releases first."""
LONGEST = 200
"""Characters of a version; Python refuses to read numbers of some thousand digits."""


def pep440(version: str) -> str:
    """A version as Python spells it, such as 0.2.0rc1 for 0.2.0-rc.1; as it is where Python has no such version.

    Source: https://packaging.python.org/en/latest/specifications/version-specifiers/#normalization
    """
    from packaging.version import InvalidVersion
    from packaging.version import Version as PythonVersion

    try:
        return str(PythonVersion(version))
    except InvalidVersion:
        return version


def semantic(text: str) -> Version | None:
    """The semantic version that a text is; None when it is none."""
    return Version.parse(text) if len(text) <= LONGEST and Version.is_valid(text) else None


def is_version(text: str) -> bool:
    """Whether a text is the version of a release, as it is written."""
    found = semantic(text)
    return found is not None and not found.build


def parse_version(text: str) -> Version:
    """A semantic version without leading `v` and build metadata. UsageError otherwise, with the nearest valid spelling.

    Versions that differ by build metadata alone are the same, and no image can have the `+` in its tag.
    """
    found = semantic(text)
    if found is not None and found.build:
        raise UsageError(
            f"“{text}” has build metadata, +{found.build}, which no release has.",
            done="Nothing was changed.",
            next_step=f"Did you mean {found.replace(build=None)}?",
        )
    if found is not None:
        return found
    bare = text.strip().removeprefix("v").removeprefix("V")
    parts = bare.split(".")
    guess = ".".join([*parts, "0", "0"][:3]) if len(parts) < 3 else bare
    hint = f"Did you mean {guess}?" if semantic(guess) else "Write it as MAJOR.MINOR.PATCH, such as 0.2.0."
    raise UsageError(f"“{text}” is not a semantic version.", done="Nothing was changed.", next_step=hint)


def version_of_tag(tag: str, template: str) -> Version | None:
    """The version in a tag such as `v0.2.0`, or None when the tag does not follow the template."""
    before, _, after = template.partition("{version}")
    if not (tag.startswith(before) and tag.endswith(after)):
        return None
    inner = tag[len(before) : len(tag) - len(after) if after else None]
    return semantic(inner)


def released_versions(tags: Iterable[str], template: str) -> list[Version]:
    """The versions that the tags name, ascending."""
    return sorted(found for tag in tags if (found := version_of_tag(tag, template)) is not None)


def strangers(tags: Iterable[str], template: str) -> list[str]:
    """Where no tag follows the template: those that look like versions all the same, the highest first."""
    names = list(tags)
    if released_versions(names, template):
        return []
    found = [(tuple(int(part) for part in m[0].split(".")), one) for one in names if (m := _LOOKS_LIKE_ONE.search(one))]
    return [one for _, one in sorted(found, reverse=True)]


def release_of(
    text: str, tags: Iterable[str], *, template: str = "v{version}", branch: str = "main", base: str = ""
) -> Release:
    """Everything that follows from a version, given the tags that exist. UsageError when it is no semver.

    With a `base`, the release is a hotfix: it happens on the branch `release/VERSION`, which starts at that commit.
    """
    version = parse_version(text)
    kind = _kind(version)
    below = [one for one in released_versions(tags, template) if one < version]
    if not version.prerelease:
        # A final release describes the changes since the last final one, not since its own release candidate.
        below = [one for one in below if not one.prerelease] or below
    final = version.finalize_version()
    next_version = final if version.prerelease else final.bump_patch()
    return Release(
        version=str(version),
        kind=kind,
        prerelease=bool(version.prerelease),
        tag=template.replace("{version}", str(version)),
        branch=f"release/{version}" if base else branch,
        milestone="" if kind is Kind.PATCH else str(final),
        previous_tag=template.replace("{version}", str(below[-1])) if below else "",
        dev_version=_dev_version(version, next_version),
        next_version=str(next_version),
        next_minor=str(final.bump_minor()),
        base=base,
    )


def _dev_version(version: Version, following: Version) -> str:
    """What the files say after a release: higher than it, for semantic versioning and for Python. After a pre-release
    that is a development version of the next pre-release, since 0.2.0-dev is lower than 0.2.0-rc.1."""
    if not version.prerelease:
        return f"{following}-dev"
    numbered = re.fullmatch(r"(.*?)(\d+)", version.prerelease)
    following_one = f"{numbered[1]}{int(numbered[2]) + 1}" if numbered else f"{version.prerelease}.1"
    return f"{version.replace(prerelease=following_one)}.dev"


def require_one_spelling(text: str, tags: Iterable[str], template: str, in_progress: Iterable[str]) -> None:
    """UsageError unless a pre-release is written as the project writes them: `rc.1`, or `rc1` where its tags say so.
    What differs by case or a dot alone is the same pre-release for people and for Python."""
    version = parse_version(text)
    if not version.prerelease:
        return
    tags = list(tags)
    if re.search(r"(^|[.-])dev([.-]?\d+)?$", version.prerelease.lower()):
        raise UsageError(
            f"{version} is what files say during development; it is no release.",
            done="Nothing was changed.",
            next_step=f"Choose {version.replace(prerelease='rc.1')}, or another pre-release.",
        )
    released = [one for one in released_versions(tags, template) if one.prerelease]
    known = [*map(str, released), *in_progress]
    double = next((one for one in known if one != str(version) and _letters(one) == _letters(str(version))), "")
    if double:
        raise UsageError(
            f"{version} differs from {double} in its spelling alone.",
            done="Nothing was changed.",
            next_step=f"Go on with {double}, or choose another number.",
        )
    dotted = not released or not re.search(r"[a-z]\d", released[-1].prerelease or "")
    found = re.fullmatch(r"([A-Za-z]+)[.-]?(\d+)", version.prerelease)
    usual = f"{found[1]}{'.' if dotted else ''}{found[2]}".lower() if found else version.prerelease.lower()
    if usual != version.prerelease:
        raise UsageError(
            f"{version} is not written as the pre-releases of this project are.",
            done="Nothing was changed.",
            next_step=f"Did you mean {version.replace(prerelease=usual)}?",
        )


def _letters(version: str) -> list[str]:
    """The letters and numbers of a version, without what stands between them."""
    return re.findall(r"[a-z]+|\d+", version.lower())


def may_follow(released: Iterable[Version]) -> list[Version]:
    """The final versions that may be released next; a pre-release of any of them may, too. Where nothing is released,
    any version may, and these are the usual ones."""
    finals = sorted(one for one in released if not one.prerelease)
    if not finals:
        return [FIRST, Version(1, 0, 0)]
    latest = finals[-1]
    return [latest.bump_patch(), latest.bump_minor(), latest.bump_major()]


def next_version(released: Iterable[Version], planned: Iterable[str]) -> str:
    """The version that comes next: one that may follow and has an open milestone, else the next minor. Before the first
    release: the lowest that has an open milestone, else 0.1.0."""
    finals = [one for one in released if not one.prerelease]
    titles = {one.removeprefix("v") for one in planned}
    if not finals:
        versions = [one for title in titles if (one := semantic(title)) and not (one.prerelease or one.build)]
        return str(min(versions, default=FIRST))
    following = may_follow(finals)
    return next((str(one) for one in following if str(one) in titles), str(following[1]))


def require_may_follow(text: str, tags: Iterable[str], template: str = "v{version}", *, base: str = "") -> None:
    """UsageError, naming the versions that may follow, unless this one may follow the latest release.

    A PATCH of an older line may follow the latest patch of that line from a base, not from the branch, whose files say
    a later version. Where nothing is released, any version may come, because nobody knows what was before.
    """
    version = parse_version(text)
    released = released_versions(tags, template)
    finals = [one for one in released if not one.prerelease]
    target = version.finalize_version()
    if version in released or any(one == target for one in finals):
        raise UsageError(
            f"{version} cannot be released: {target if target in finals else version} is released already.",
            done="Nothing was changed.",
            next_step=f"Choose {_either(may_follow(released))}.",
        )
    if version.prerelease and any(one > version for one in released if one.finalize_version() == target):
        raise UsageError(
            f"{version} cannot be released: a later pre-release of {target} exists.",
            done="Nothing was changed.",
            next_step=f"Choose a higher pre-release of {target}, or {target} itself.",
        )
    older = target in _older_lines(finals)
    if not finals or target in may_follow(released) or (older and base):
        return
    command = f"`fastrel-checklist open {version} --commit SHA`"
    raise UsageError(
        f"{version} may not follow the latest release, {finals[-1]}.",
        done="Nothing was changed.",
        next_step=f"Choose {_either(may_follow(released))}, or a pre-release of one of them."
        + (f" A patch of an older line starts from an older commit: {command}." if older else ""),
    )


def release_beyond(version: str, tags: Iterable[str], template: str) -> str:
    """The latest final release above a version; empty when there is none."""
    finals = [one for one in released_versions(tags, template) if not one.prerelease]
    return str(finals[-1]) if finals and finals[-1] > parse_version(version) else ""


def _kind(version: Version) -> Kind:
    if version.patch:
        return Kind.PATCH
    return Kind.MINOR if version.minor or not version.major else Kind.MAJOR


def _older_lines(finals: list[Version]) -> list[Version]:
    latest_of_line = {(one.major, one.minor): one for one in finals}
    return [one.bump_patch() for one in latest_of_line.values()]


def _either(versions: list[Version]) -> str:
    *first, last = [str(one) for one in versions]
    return f"{', '.join(first)} or {last}" if first else last
