"""The sample project's docs site, built by the real MkDocs, strictly."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from stage import Project


def build(project: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, what MkDocs said, and the guide's page as text with tags."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    page = project / "site" / "release-guide" / "index.html"
    return done.returncode, done.stdout + done.stderr, page.read_text(encoding="utf-8") if page.exists() else ""


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def with_option(project: Project, line: str) -> None:
    config = project.path / "mkdocs.yml"
    config.write_text(config.read_text().replace("  - fastrel:\n", f"  - fastrel:\n      {line}\n"))
