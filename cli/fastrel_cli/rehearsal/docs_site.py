"""Builds the docs site of a rehearsed project, in an empty folder or one of an earlier rehearsal."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from fastrel.errors import FastrelError, UsageError

MADE_HERE = ".made-by-fastrel-checklist-rehearse"
"""The file by which a folder is known again. MkDocs empties the folder of a site, but for hidden files."""


def require_ours(folder: Path) -> None:
    """UsageError when a site in this folder would replace something that no rehearsal has put there."""
    try:
        is_ours = not folder.exists() or (folder / MADE_HERE).is_file() or not any(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be used for the site ({error.strerror}).",
            done="Nothing was started.",
            next_step="Name a folder that is not there yet, or leave --site-dir out.",
        ) from None
    if not is_ours:
        raise UsageError(
            f"{folder} holds files that no rehearsal has made, and building the site would remove them.",
            done="Nothing was started.",
            next_step="Name a folder that is empty or not there yet, or leave --site-dir out.",
        )


def build_site(project: Path, folder: Path | None, version: str) -> Path:
    """Build the project's site from the state of now; returns its folder, a new temporary one if none is given."""
    target = folder.resolve() if folder else Path(tempfile.mkdtemp(prefix="fastrel-site-"))
    if folder:
        require_ours(target)
        target.mkdir(parents=True, exist_ok=True)
    (target / MADE_HERE).touch()
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "mkdocs", "build", "--strict", "--quiet"),
            "--no-directory-urls",  # so that its links work when it is opened from the disk
            *("--site-dir", str(target)),
        ],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "SHOWN_VERSION": version},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FastrelError(
            f"The docs site could not be built:\n{done.stdout}{done.stderr}".rstrip(),
            done="The release itself was rehearsed to its end.",
        )
    return target
