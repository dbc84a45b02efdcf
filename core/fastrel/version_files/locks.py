"""Lock files beside the version files: whether they state the version, and whether a step brings them up to date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastrel.guide.model import Guide, Step, VersionFile
from fastrel.version_files.cargo_paths import stale_paths
from fastrel.version_files.formats import statement_of
from fastrel.version_files.lock_file import REFRESH
from fastrel.version_files.reading import Read
from fastrel.version_files.statement import NotStated

_REFRESHES = {
    "uv.lock": r"\buv (?:lock|sync|version|run)\b",
    "poetry.lock": r"\bpoetry (?:lock|update|version)\b",
    "Cargo.lock": r"\bcargo (?:update|check|build|test|metadata|generate-lockfile|package|set-version)\b",
    "package-lock.json": r"\bnpm (?:install|i|version|update)\b",
    "npm-shrinkwrap.json": r"\bnpm (?:install|i|version|update|shrinkwrap)\b",
}


@dataclass(frozen=True, slots=True)
class LockFile:
    """A lock file; `problem` says why it would be stale in the tag, `mend` what to do, `words` what it is otherwise."""

    path: str
    words: str = ""
    problem: str = ""
    mend: str = ""


def lock_files(guide: Guide, read: Read, paths: Sequence[str] = ()) -> tuple[LockFile, ...]:
    """The lock files beside the version files and above them, up to the top of the project; and what Cargo's path
    dependencies say besides, also in the manifests among these paths."""
    named = {file.path for file in guide.settings.version_files}
    folders = {folder for path in named for folder in PurePosixPath(path).parents}
    locks = sorted((folder / name).as_posix() for folder in folders for name in REFRESH)
    found = []
    for path in locks:
        text = read(path)
        if text is not None:
            found.append(_judged(guide, path, text, path in named))
    return (*found, *_path_dependencies(guide, read, paths))


def _path_dependencies(guide: Guide, read: Read, paths: Sequence[str]) -> Iterator[LockFile]:
    """Path dependencies whose version no step changes; Cargo refuses those that do not fit the crate."""
    manifests = [one for one in paths if PurePosixPath(one).name == "Cargo.toml"]
    for one in stale_paths(guide.settings.version_files, read, manifests):
        steps = list(guide.steps())
        if any(re.search(r"\bcargo (?:set-version|release|workspaces)\b", step.script or "") for step in steps):
            continue
        entry = f"`- path: {one.path}` with `key: {one.key}` to `version_files:`"
        yield LockFile(
            one.path,
            problem=f"{one.path} has version {one.requirement} beside the path of {one.name}, and no step changes it: "
            "it will be stale in the tag",
            mend=f"Add {entry}." if one.is_plain else f"Add a step that changes it, or write it bare and add {entry}.",
        )


def _judged(guide: Guide, path: str, text: str, named: bool) -> LockFile:
    name = PurePosixPath(path).name
    if named:
        return LockFile(path, f"{path} is one of the version files")
    try:
        version = statement_of(VersionFile(path), text).value
    except NotStated as error:
        return LockFile(path, f"{path} {error.why}")
    steps = list(guide.steps())
    commit = next((number for number, step in enumerate(steps) if "version.commit" in step.actions), len(steps))
    refreshing = [step for step in steps[:commit] if re.search(_REFRESHES[name], step.script or "")]
    states = f"{path} states {version} of this project"
    if not refreshing:
        return LockFile(
            path,
            problem=f"{states}, and no step brings it up to date: it will be stale in the tag",
            mend=f"Add `- path: {path}` to `version_files:`, or a step with `{REFRESH[name]}` before the version is "
            f"committed, and `files={path}` to the step that commits it.",
        )
    if commit < len(steps) and path not in _committed(steps[commit]):
        return LockFile(
            path,
            problem=f"{states}; step {refreshing[0].id} changes it, and step {steps[commit].id} does not commit it",
            mend=f"Add `files={path}` to the step {steps[commit].id}.",
        )
    return LockFile(path, f"{path} is brought up to date by step {refreshing[0].id}")


def _committed(step: Step) -> Iterable[str]:
    return re.split(r"[,\s]+", step.params.get("files", ""))
