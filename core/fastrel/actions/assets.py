"""Files of the GitHub release: which must be there, and uploading those that are built.

A file is found again by its name and verified by its digest. One that is there already is never replaced.
"""

from __future__ import annotations

import hashlib
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.prompts import Prompter
from fastrel.actions.release import release_entry, required_entry
from fastrel.errors import FastrelError, GuideError
from fastrel.github.failures import Invalid
from fastrel.github.model import Asset, ReleaseEntry
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, todo, waiting


class ReleaseAssets(Action):
    name = "release.assets"
    summary = (
        "Done when the release has a file for each name or pattern, completely uploaded, and equal to the local one "
        "where `path=` finds it. Uploads what `path=` finds; a file that is there is never replaced."
    )
    parameters = {
        "names": "names or patterns of files that must be there, separated by commas, such as `*.whl,*.tar.gz`",
        "path": "pattern of local files to upload, such as `dist/*`; without it somebody else uploads, and `run` waits",
    }

    def check(self, context: Context) -> Verdict:
        entry = release_entry(context)
        if entry is None:
            return blocked(f"there is no release for {context.release.tag} yet")
        names = [one.strip() for one in context.parameter("names").split(",") if one.strip()]
        local = _local(context)
        if not names and not context.parameter("path"):
            raise GuideError(
                f"Step {context.step.id} names no files.", next_step="Give `names=` or `path=` in the guide."
            )
        there = {one.name: one for one in entry.assets if one.uploaded}
        other = [file.name for file in local if file.name in there and not _is_equal(there[file.name], file)]
        link = Link(entry.name or entry.tag, entry.url)
        if other:
            return failed(f"the release has another {', '.join(other)} than {context.parameter('path')}", link)
        missing = [one for one in names if not any(fnmatchcase(name, one) for name in there)]
        missing += [file.name for file in local if file.name not in there]
        if missing:
            words = f"missing: {', '.join(dict.fromkeys(missing))}"
            return todo(words, link) if context.parameter("path") else waiting(words, link)
        listed = ", ".join(sorted(there)[:5])
        return done(f"{len(there)} {'file' if len(there) == 1 else 'files'}: {listed}", link)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        there = {one.name for one in required_entry(context).assets if one.uploaded}
        files = [file for file in _local(context) if file.name not in there]
        if not files:
            raise FastrelError(
                f"No local file matches {context.parameter('path')}.",
                done="Nothing was uploaded.",
                next_step="Build the files first.",
            )
        return Plan(
            tuple(Effect(f"upload {file.name} ({_size(file)})", partial(_upload, context, file)) for file in files)
        )


def _local(context: Context) -> list[Path]:
    """The files that `path=` finds in the checkout; none without a checkout."""
    pattern = context.parameter("path")
    if not pattern or context.worktree is None:
        return []
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise GuideError(f"path=“{pattern}” is not inside the repository.", next_step="Correct it in the guide.")
    root = context.worktree.root
    found = sorted(file for file in root.glob(pattern) if file.is_file())
    for file in found:
        context.worktree.inside(str(file.relative_to(root)))
    return found


def _upload(context: Context, file: Path) -> None:
    entry = required_entry(context)
    found = _asset(entry, file.name)
    if found and found.uploaded:
        return
    if found:
        context.repository.releases.delete_asset(found)  # left by an upload that broke off
    try:
        context.repository.releases.upload(entry, file)
    except Invalid as error:
        if "already_exists" not in error.codes:
            raise


def _asset(entry: ReleaseEntry, name: str) -> Asset | None:
    return next((one for one in entry.assets if one.name == name), None)


def _is_equal(asset: Asset, file: Path) -> bool:
    if asset.digest:
        return asset.digest == f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    return asset.size == file.stat().st_size


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1000:.1f} kB"
