"""Finding the guide of a project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from fastrel.errors import GuideError, NoGuide
from fastrel.guide.settings import has_settings, parse_settings

HEAD = 65_536
"""Bytes of a page in which the front matter must be."""


class SeveralGuides(GuideError):
    """Several pages are guides, and nothing tells which is meant."""

    def __init__(self, problem: str, pages: list[Path], *, done: str, next_step: str) -> None:
        super().__init__(problem, done=done, next_step=next_step)
        self.pages = pages


def find_guide(root: Path) -> Path:
    """The page whose front matter has `fastrel:`, under the docs folder; where there is none, at the top of the project
    or under `.github/`. NoGuide when there is none, GuideError when there are several."""
    docs = root / docs_folder(root)
    found = _guides(docs.rglob("*.md")) or _guides([*root.glob("*.md"), *(root / ".github").rglob("*.md")])
    return _the_one(found, root, docs)


def guide_for(here: Path, root: Path) -> Path:
    """The guide for a folder of a checkout: that of the package which the folder is in, else that of the repository.
    NoGuide when there is none, GuideError when it cannot be told which.

    A package has its guide in its own folder, or names it by `path:` in a guide of the repository.
    """
    here, root = here.resolve(), root.resolve()
    if not here.is_relative_to(root):
        return find_guide(here)
    for folder in (here, *here.parents):
        if folder == root:
            break
        own = _guides((folder / docs_folder(folder)).rglob("*.md")) or _guides(folder.glob("*.md"))
        if len(own) == 1:
            return own[0]
    try:
        return find_guide(root)
    except SeveralGuides as error:
        place = PurePosixPath(here.relative_to(root).as_posix())
        of = {page: PurePosixPath(parse_settings(_head(page), "")[0].path or ".") for page in error.pages}
        around = [page for page, path in of.items() if place.is_relative_to(path)]
        longest = max((len(of[page].parts) for page in around), default=0)
        nearest = [page for page in around if len(of[page].parts) == longest]
        if len(nearest) == 1:
            return nearest[0]
        if any(path.parts for path in of.values()):
            error.next_step = "Name one with --guide PATH, or change to the folder of its package."
        raise
    except NoGuide as error:
        if packages := _guides([*root.glob("*/*.md"), *root.glob("*/*/*.md")])[:5]:
            names = ", ".join(page.relative_to(root).as_posix() for page in packages)
            error.next_step = f"Change to the folder of a package, or name its guide with --guide PATH: {names}."
        raise


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
    raise SeveralGuides(
        f"Several pages are guides: {names}.",
        found,
        done="Nothing was changed.",
        next_step="Name one with --guide PATH.",
    )


def is_guide(page: Path) -> bool:
    """Whether a page has `fastrel:` in its front matter."""
    head = _head(page)
    return "fastrel" in head and has_settings(head)


def _head(page: Path) -> str:
    try:
        with page.open("rb") as file:
            return file.read(HEAD).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
