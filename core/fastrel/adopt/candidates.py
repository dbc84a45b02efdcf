"""Which page of a project is, or could become, its release guide. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from fastrel.adopt.annotation import task_items
from fastrel.adopt.prose import Boxed, with_boxes
from fastrel.guide.settings import has_settings

FEWEST = 2
"""Task items that make a list a checklist."""
_KIND = "(?:checklist|guide|process|procedure|howto|how-to|steps)"
PATTERNS = (
    rf"(?:\.github/|docs?/)?(?:RELEASE|RELEASING|RELEASES|HOW_TO_RELEASE|PUBLISHING)(?:[-_ ]?{_KIND}|[-_ ]\w+)?\.md",
    rf"docs?/(?:.*/)?[^/]*releas[^/]*{_KIND}[^/]*\.md",
    r"docs?/(?:.*/)?(?:how-to-|making-a-|cutting-a-)?releas(?:e|ing)\.md",
    r"(?:\.github/|dev/|doc/|documentation/|maintainers?/|development/)(?:.*/)?[^/]*releas[^/]*\.md",
    r"(?:\.github/|docs?/)?(?:CONTRIBUTING|MAINTAIN(?:ING|ERS)|DEVELOP(?:MENT|ING)|HACKING)\.md",
)
"""Paths in the order in which they are looked at."""
_NOTES = re.compile(r"(?i)release[-_ ]?notes|/releases?/\d|changelog|template/pull|pull_request_template")
SHARED = re.compile(r"(?i)(?:^|/)(?:CONTRIBUTING|README|DEVELOP(?:MENT|ING)?|MAINTAIN(?:ING|ERS)?|HACKING)\.md$")
"""Pages about more than releases: only their sections about releases are taken."""
ONLY = r"releas|publishing"


def guides(texts: Mapping[str, str], docs: str) -> list[str]:
    """The pages that are guides already, those of the docs first."""
    found = [path for path, text in texts.items() if path.endswith(".md") and has_settings(text)]
    return sorted(found, key=lambda path: (not _is_in(path, docs), path))


def checklist(texts: Mapping[str, str]) -> str:
    """The page that looks most like a release checklist; empty when none does."""
    for pattern in PATTERNS:
        for path in sorted(texts, key=lambda one: (one.count("/"), one)):
            if re.fullmatch(pattern, path, re.IGNORECASE) and not _NOTES.search(path):
                if SHARED.search(path) and not re.search(r"(?im)^#{1,6} .*releas", texts[path]):
                    continue
                if task_items(texts[path], ONLY if SHARED.search(path) else "") >= FEWEST:
                    return path
    return ""


def prose(texts: Mapping[str, str]) -> tuple[str, Boxed | None]:
    """A page that describes releases without task items, and what it becomes with boxes when steps are found in it;
    empty and None when there is none."""
    described = ""
    for pattern in PATTERNS:
        for path in sorted(texts, key=lambda one: (one.count("/"), one)):
            if re.fullmatch(pattern, path, re.IGNORECASE) and not _NOTES.search(path):
                shared = bool(SHARED.search(path))
                boxed = with_boxes(texts[path], ONLY if shared else "")
                if boxed.steps:
                    return path, boxed
                described = described or ("" if shared else path)
    return described, None


def sections(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Pages about more than releases that have a section with steps, for a person to choose."""
    found = [path for path in sorted(texts) if SHARED.search(path) and "/" not in path]
    return tuple(
        f"{path} has a section about releases; `--guide {path}` makes it the guide"
        for path in found
        if with_boxes(texts[path], ONLY).steps or task_items(texts[path], ONLY) >= FEWEST
    )


def unsupported(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Pages about releases in forms that cannot become a guide."""
    found: list[str] = []
    for path in paths:
        if re.fullmatch(r"(?i)(?:docs?/(?:.*/)?)?[^/]*releas[^/]*\.(?:rst|adoc|txt|org)", path) and not _NOTES.search(
            path
        ):
            found.append(f"{path} is not Markdown; a copy of it as a .md page can become a guide")
        elif re.fullmatch(r"(?i)\.github/ISSUE_TEMPLATE/[^/]*releas[^/]*\.ya?ml", path):
            found.append(f"{path} is an issue form, not Markdown; its steps as a .md page can become a guide")
    return tuple(found[:5])


def new_guide(paths: tuple[str, ...], docs: str) -> str:
    """Where a new guide goes, at a path that is free."""
    names = (
        [f"{docs}/{name}.md" for name in ("release-guide", "release-checklist", "how-we-release")]
        if docs
        else ["RELEASING.md", "RELEASE-GUIDE.md", "RELEASE-CHECKLIST.md"]
    )
    taken = {path.lower() for path in paths}
    return next((name for name in names if name.lower() not in taken), names[-1].replace(".md", "-2.md"))


def _is_in(path: str, folder: str) -> bool:
    return bool(folder) and PurePosixPath(path).is_relative_to(folder)
