"""Files of the GitHub release: which must be there, and uploading those that are built.

A file is found again by its name, which GitHub may have changed, or by its digest, and verified by its digest. One that
is there already is never replaced.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from fastrel.actions.action import Action, Context, Effect, Plan
from fastrel.actions.artifacts.asset_names import comparable, is_named
from fastrel.actions.calls import request
from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.release import release_entry, release_taken_away, required_entry
from fastrel.errors import FastrelError, GuideError
from fastrel.github.model import Asset
from fastrel.github.transport.failures import Invalid
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
        there = [one for one in entry.assets if one.uploaded]
        found = {file: _asset(there, file) for file in local}
        other = [file.name for file, asset in found.items() if asset and not _is_equal(asset, file)]
        link = Link(entry.name or entry.tag, entry.url)
        if other:
            return failed(f"the release has another {', '.join(other)} than {context.parameter('path')}", link)
        missing = [one for one in names if not any(is_named(asset.name, one) for asset in there)]
        missing += [file.name for file, asset in found.items() if asset is None]
        if missing:
            words = f"missing: {', '.join(dict.fromkeys(missing))}"
            return todo(words, link) if context.parameter("path") else waiting(words, link)
        listed = ", ".join(sorted(one.name for one in there)[:5])
        return done(f"{len(there)} {'file' if len(there) == 1 else 'files'}: {listed}", link)

    def plan(self, context: Context, prompter: Prompter) -> Plan:
        entry = required_entry(context)
        there = [one for one in entry.assets if one.uploaded]
        files = [file for file in _local(context) if _asset(there, file) is None]
        if not files:
            raise FastrelError(
                f"No local file matches {context.parameter('path')}.",
                done="Nothing was uploaded.",
                next_step="Build the files first.",
            )
        return Plan(
            tuple(
                Effect(
                    f"upload {file.name} ({_size(file)})",
                    partial(_upload, context, file),
                    calls=(request(context, "POST", f"releases/{entry.id}/assets?{urlencode({'name': file.name})}"),),
                    public=not entry.draft,
                )
                for file in files
            )
        )

    def taken_away(self, context: Context) -> str:
        entry = release_entry(context)
        return "all files of the release" if entry else release_taken_away(context)


def _local(context: Context) -> list[Path]:
    """The files that `path=` finds in the checkout; none without a checkout."""
    pattern = context.parameter("path")
    if not pattern or context.worktree is None:
        return []
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise GuideError(f"path=“{pattern}” is not inside the repository.", next_step="Correct it in the guide.")
    root = context.worktree.root
    found = sorted(file for file in root.glob(pattern) if file.is_file())
    by_name: dict[str, Path] = {}
    for file in found:
        context.worktree.inside(str(file.relative_to(root)))
        first = by_name.setdefault(comparable(file.name), file)
        if first != file:
            raise GuideError(
                f"{first.name} and {file.name} have the same name on GitHub, which replaces special characters.",
                done="Nothing was uploaded.",
                next_step="Rename one of them, or make `path=` name only one.",
            )
    return found


def _upload(context: Context, file: Path) -> None:
    entry = required_entry(context)
    found = _asset(entry.assets, file)
    if found and found.uploaded:
        return
    if found:
        context.repository.releases.delete_asset(found)  # left by an upload that broke off
    try:
        context.repository.releases.upload(entry, file)
    except Invalid as error:
        if "already_exists" not in error.codes:
            raise


def _asset(assets: Sequence[Asset], file: Path) -> Asset | None:
    """The asset that a local file became: by its name, by the name that GitHub makes of it, or, where that is not known
    for sure, by its content."""
    wanted = comparable(file.name)
    same = [one for one in assets if one.name == file.name] or [one for one in assets if comparable(one.name) == wanted]
    if not same and wanted != file.name:
        same = [one for one in assets if one.uploaded and one.digest and _is_equal(one, file)]
    return same[0] if same else None


def _is_equal(asset: Asset, file: Path) -> bool:
    if asset.digest:
        return asset.digest == f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    return asset.size == file.stat().st_size


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1000:.1f} kB"
