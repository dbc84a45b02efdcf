"""Finding the guide of a project."""

from __future__ import annotations

from pathlib import Path

from fastrel.errors import GuideError
from fastrel.guide.settings import has_settings

HEAD = 65_536
"""Bytes of a page in which the front matter must be."""


def find_guide(root: Path) -> Path:
    """The page under `docs/` whose front matter has `fastrel:`. GuideError when there is none or several."""
    return guide_in(root / "docs")


def guide_in(folder: Path) -> Path:
    """The page in a folder whose front matter has `fastrel:`. GuideError when there is none or several."""
    pages = sorted(folder.rglob("*.md"))
    found = [page for page in pages if page.is_file() and has_settings(_head(page))]
    if len(found) == 1:
        return found[0]
    if not found:
        raise GuideError(
            f"No guide was found: no page under {folder} has `fastrel:` in its front matter.",
            done="Nothing was changed.",
            next_step="Name the guide with --guide PATH, or change to the top folder of the project.",
        )
    names = ", ".join(page.relative_to(folder.parent).as_posix() for page in found)
    raise GuideError(
        f"Several pages are guides: {names}.", done="Nothing was changed.", next_step="Name one with --guide PATH."
    )


def _head(page: Path) -> str:
    try:
        with page.open("rb") as file:
            return file.read(HEAD).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
