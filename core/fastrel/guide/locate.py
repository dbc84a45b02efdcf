"""Finding the guide of a project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from fastrel.errors import GuideError, NoGuide
from fastrel.guide.settings import has_settings

HEAD = 65_536
"""Bytes of a page in which the front matter must be."""


def find_guide(root: Path) -> Path:
    """The page whose front matter has `fastrel:`, under the docs folder; where there is none, at the top of the project
    or under `.github/`. NoGuide when there is none, GuideError when there are several."""
    docs = root / docs_folder(root)
    found = _guides(docs.rglob("*.md")) or _guides([*root.glob("*.md"), *(root / ".github").rglob("*.md")])
    return _the_one(found, root, docs)


def guide_in(folder: Path) -> Path:
    """The page in a folder whose front matter has `fastrel:`. GuideError when there is none or several."""
    return _the_one(_guides(folder.rglob("*.md")), folder.parent, folder)


def docs_folder(root: Path) -> str:
    """Where MkDocs has its pages: `docs`, unless `mkdocs.yml` says something else."""
    for name in ("mkdocs.yml", "mkdocs.yaml"):
        found = re.search(r"""(?m)^docs_dir:[ \t]*["']?([^"'#\r\n]+)""", _head(root / name))
        if found and not Path(found[1]).is_absolute() and ".." not in Path(found[1]).parts:
            return found[1].strip()
    return "docs"


def _guides(pages: Iterable[Path]) -> list[Path]:
    return [page for page in sorted(pages) if page.is_file() and is_guide(page)]


def _the_one(found: list[Path], root: Path, folder: Path) -> Path:
    if len(found) == 1:
        return found[0]
    if not found:
        raise NoGuide(
            f"No guide was found: no page under {folder} has `fastrel:` in its front matter.",
            done="Nothing was changed.",
            next_step="Name the guide with --guide PATH, change to the top folder of the project, or make a guide with "
            "`fastrel-checklist init`.",
        )
    names = ", ".join(page.relative_to(root).as_posix() for page in found)
    raise GuideError(
        f"Several pages are guides: {names}.", done="Nothing was changed.", next_step="Name one with --guide PATH."
    )


def is_guide(page: Path) -> bool:
    """Whether a page has `fastrel:` in its front matter."""
    return has_settings(_head(page))


def _head(page: Path) -> str:
    try:
        with page.open("rb") as file:
            return file.read(HEAD).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
