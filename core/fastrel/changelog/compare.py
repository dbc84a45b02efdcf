"""Addresses that show the changes of a version, such as `…/compare/v0.1.0...v0.2.0`, for the next version."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

_COMPARE = re.compile(
    r"(?P<before>.*/compare/|.*?[/=])(?P<old>[^?#=&]+?)(?P<dots>\.{3}|\.\.|%0[dD])(?P<new>[^?#&]+)(?P<after>.*)"
)
_LONGEST = 1_000
"""Characters above which an address is left as it is."""
_BRANCHES = ("main", "master", "head", "develop", "trunk")
_VERSION = re.compile(r"\d+(?:\.\d+)+")


@dataclass(frozen=True, slots=True)
class Compare:
    """An address with two refs. `backwards`: the newer one comes first, as Bitbucket has it."""

    before: str
    old: str
    dots: str
    new: str
    after: str
    backwards: bool = False

    @classmethod
    def read(cls, address: str) -> Compare | None:
        match = _COMPARE.fullmatch(address) if len(address) <= _LONGEST else None
        if match is None:
            return None
        backwards = _VERSION.search(match["old"]) is None and _VERSION.search(match["new"]) is not None
        old, new = (match["new"], match["old"]) if backwards else (match["old"], match["new"])
        return cls(match["before"], old, match["dots"], new, match["after"], backwards)

    def of(self, old: str, new: str) -> str:
        """The address of the same form for two other refs."""
        first, second = (new, old) if self.backwards else (old, new)
        return f"{self.before}{first}{self.dots}{second}{self.after}"

    def ref(self, tag: str) -> str:
        """A tag as these addresses write it."""
        refs = self.old + self.new
        return quote(tag, safe=re.sub(r"[\w%]", "", refs)) if unquote(refs) != refs else tag

    def up_to(self, version: str) -> Compare:
        """The same address, read so that this version is the newer one, when one of them is."""
        if _names(self.old, version) and not _names(self.new, version):
            return replace(self, old=self.new, new=self.old, backwards=not self.backwards)
        return self


@dataclass(frozen=True, slots=True)
class Step:
    """From one version to the next: their names and tags. Before the first version there is none."""

    version: str
    tag: str
    previous: str = ""
    previous_tag: str = ""


def unreleased_address(address: str, step: Step) -> str:
    """The address of the changes to come, after the version."""
    found = Compare.read(address)
    if found:
        return found.of(found.ref(step.tag), found.new)
    return _replaced(address, {step.previous: step.version}) if step.previous else address


def version_address(step: Step, unreleased: str, previous: str, before: str) -> str:
    """The address of the version's changes, from that of the changes to come (as it was), of the previous version and
    of the version before that; empty where none of them tells."""
    found, model = Compare.read(unreleased), Compare.read(previous)
    if model and step.previous:
        model = model.up_to(step.previous)
        base = _base(found, found.old, step) if found else _base(model, model.new, step)
        return model.of(base, model.ref(step.tag))
    # One that shows a tag is how many name their first version; two of them are a style.
    if previous and (not found or (before and not Compare.read(before))):
        return _replaced(previous, {step.previous: step.version, step.previous_tag: step.tag})
    if found and (step.previous or found.old.lower() not in _BRANCHES):
        return found.of(_base(found, found.old, step), found.ref(step.tag))
    hub = re.match(r"https?://[^/]+/[^/]+/[^/]+(?=/(?:commits|tree|compare)/)", unreleased)
    return f"{hub[0]}/releases/tag/{step.tag}" if hub else ""


def _base(form: Compare, ref: str, step: Step) -> str:
    """The older ref: the one that is there, unless it is a tag of another version than the previous."""
    if not step.previous or _names(ref, step.previous) or re.fullmatch("[0-9a-f]{7,40}", ref):
        return ref
    return form.ref(step.previous_tag)


def _names(ref: str, version: str) -> bool:
    """Whether a ref is a tag of a version."""
    name = unquote(ref)
    return name.endswith(version) and not re.search(r"[\d.]\Z", name[: len(name) - len(version)])


def _replaced(address: str, names: dict[str, str]) -> str:
    """The address with each of the names replaced; a longer name counts more."""
    known = sorted(filter(None, names), key=len, reverse=True)
    if not known:
        return address
    pattern = rf"(?<![\w.])v?(?:{'|'.join(map(re.escape, known))})(?![\w]|\.\d)"

    def other(match: re.Match[str]) -> str:
        found = match[0]
        name = next(one for one in known if found.endswith(one))
        return f"{found[: -len(name)]}{names[name]}"

    return re.sub(pattern, other, address)
