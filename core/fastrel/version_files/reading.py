"""Reads the versions that all version files of a guide state, by a function that can read a commit or a checkout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fastrel.errors import FastrelError, GuideError
from fastrel.guide.model import VersionFile
from fastrel.version_files.formats import statement_of
from fastrel.version_files.statement import NotStated

Read = Callable[[str], str | None]
"""The text of a file of the project by its path; None when there is none."""
_ASKED = 12
"""How many other files are looked into for a version."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The version that each file states, and why the optional ones are left out that state none."""

    said: Mapping[VersionFile, str]
    left_out: Mapping[VersionFile, str] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        """Paths of the files that state a version, each once."""
        return list(dict.fromkeys(file.path for file in self.said))

    def all_say(self, version: str) -> bool:
        return set(self.said.values()) == {version}

    def words(self, where: str = "") -> str:
        """`setup.cfg and pyproject.toml say 0.2.0`, or each file with its own version when they differ; where that is;
        and what is left out."""
        names = [file.name for file in self.said]
        if len(set(self.said.values())) == 1:
            version = next(iter(self.said.values()))
            words = f"{' and '.join(names)} {'says' if len(names) == 1 else 'say'} {version}"
        else:
            words = ", ".join(f"{file.name} says {version}" for file, version in self.said.items())
        return f"{words} {where}".rstrip() + "".join(
            f"; {file.name} is left out: it {why}" for file, why in self.left_out.items()
        )


def read_versions(files: Sequence[VersionFile], read: Read) -> Versions:
    """What the files state. NotStated or GuideError when one states no version and is not optional."""
    if not files:
        raise GuideError(
            "The guide names no version_files.", next_step="Add `version_files:` under `fastrel:` in its front matter."
        )
    said: dict[VersionFile, str] = {}
    left_out: dict[VersionFile, str] = {}
    for file in files:
        text = read(file.path)
        if text is None and not file.optional:
            raise GuideError(
                f"The version file {file.path} does not exist.",
                next_step="Correct `version_files:` under `fastrel:` in the guide's front matter.",
            )
        try:
            if text is None:
                left_out[file] = "does not exist"
            else:
                said[file] = statement_of(file, text).value
        except NotStated as error:
            if not file.optional:
                raise explained(error, read) from None
            left_out[file] = error.why
    if not said:
        why = "; ".join(f"{file.path} {reason}" for file, reason in left_out.items())
        raise GuideError(
            f"No version file states the version: {why}.",
            next_step="Correct `version_files:` under `fastrel:` in the guide's front matter.",
        )
    return Versions(said, left_out)


def stated_in(files: Sequence[VersionFile], read: Read) -> Mapping[VersionFile, str]:
    """What the files state, those left out that state none or cannot be read."""
    said: dict[VersionFile, str] = {}
    for file in files:
        text = _text(file.path, read)
        try:
            said |= {file: statement_of(file, text).value} if text is not None else {}
        except NotStated:
            continue
    return said


def explained(error: NotStated, read: Read) -> NotStated:
    """The error with the file in which the version really stands, as far as it is found."""
    if not error.candidates:
        return error
    found = _found(error.candidates, read, set())
    if isinstance(found, NotStated):
        return NotStated(error.path, error.why, from_tags=True)
    return NotStated(error.path, error.why, candidates=(found,) if found else ())


def _found(candidates: Sequence[str], read: Read, seen: set[str]) -> str | NotStated:
    """The first file that states a version, or that it comes from tags; empty when there is none."""
    for path in candidates:
        if path in seen or len(seen) >= _ASKED:
            continue
        seen.add(path)
        text = _text(path, read)
        if text is None:
            continue
        try:
            statement_of(VersionFile(path), text)
            return path
        except NotStated as error:
            further = error if error.from_tags else _found(error.candidates, read, seen)
        if further:
            return further
    return ""


def _text(path: str, read: Read) -> str | None:
    try:
        return read(path)
    except (FastrelError, OSError):
        return None
